import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")

from django.core.wsgi import get_wsgi_application
from django.template import engines
from django.urls import get_resolver

from linli import playbook

application = get_wsgi_application()

# What the first page would have to do first; `linli.site.server` does it once for all workers.
PRELOAD = (
    lambda: get_resolver().url_patterns,
    lambda: engines["jinja2"].env.get_template("site/ui.html"),  # type: ignore[attr-defined]
    playbook.current,
)
