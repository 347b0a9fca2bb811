"""Start granian with the application loaded already: `python -m linli.site.server APPLICATION …`.

granian makes its workers by fork. What is loaded before is in memory once for all of them, and a
worker answers at once, the first one and one that replaces a dead one. Where processes are not
forked (other systems), each worker loads for itself as granian does by default.
"""

import gc
import sys
from importlib import import_module

from granian.cli import entrypoint


def preload(application: str) -> None:
    """Import the application of "module:name" and what its first request would; no database."""
    gc.disable()  # nothing that is loaded here is rubbish: looking for some takes a tenth of the start
    module = import_module(application.partition(":")[0])
    for more in getattr(module, "PRELOAD", ()):
        more()
    # Objects that live as long as the process need no counting by the collector: their pages
    # stay shared.
    gc.collect()
    gc.freeze()
    gc.enable()


if __name__ == "__main__":
    preload(sys.argv[1])
    entrypoint()  # type: ignore[no-untyped-call]
