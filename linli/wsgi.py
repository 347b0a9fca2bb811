import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")

from django.apps import apps
from django.core.wsgi import get_wsgi_application
from django.template import engines
from django.urls import get_resolver

from linli import playbook

application = get_wsgi_application()


def _templates() -> None:
    """All of ours: compiled already, they take less time than one that is not."""
    env = engines["jinja2"].env  # type: ignore[attr-defined]
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("linli.")}
    for name in env.list_templates(filter_func=lambda name: name.partition("/")[0] in ours):
        env.get_template(name)


# What the first page would have to do first; `linli.site.server` does it once for all workers.
PRELOAD = (
    lambda: get_resolver().url_patterns,
    _templates,
    playbook.current,
)
