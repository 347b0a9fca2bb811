"""Start granian with the application loaded: `python -m linli.site.server BEFORE APPLICATION …`.

BEFORE it listens it does nothing, or a `check` of the ground, or that after a `migrate`.

granian makes its workers by fork. What is loaded before is in memory once for all of them, and a
worker answers at once, the first one and one that replaces a dead one. Where processes are not
forked (other systems), each worker loads for itself as granian does by default.
"""

import gc
import os
import sys
from importlib import import_module

gc.disable()  # nothing that is loaded here is rubbish: looking for some takes a tenth of the start

import django  # noqa: E402
from django.core.exceptions import ImproperlyConfigured  # noqa: E402
from django.db import connections  # noqa: E402
from granian.cli import entrypoint  # noqa: E402


def preload(application: str) -> None:
    """Import the application of "module:name" and what its first request would; no database."""
    module = import_module(application.partition(":")[0])
    for more in getattr(module, "PRELOAD", ()):
        more()
    # Objects that live as long as the process need no counting by the collector: their pages
    # stay shared.
    gc.collect()
    gc.freeze()
    gc.enable()


def refuse(before: str) -> str | None:
    """Why this ground cannot be served, if so. Leaves no connection open: workers are forks."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
    django.setup()
    prepare = import_module("linli.site.preparing").prepare  # needs Django to be set up
    try:
        prepare(migrate=before == "migrate")
    except ImproperlyConfigured as error:
        return str(error)
    finally:
        connections.close_all()
    return None


if __name__ == "__main__":
    before = sys.argv.pop(1)
    # Before the application: it takes stock of the static files that this may collect.
    if before != "nothing" and (words := refuse(before)):
        sys.exit(f"Error: {words}")
    preload(sys.argv[1])
    entrypoint()  # type: ignore[no-untyped-call]
