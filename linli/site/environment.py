"""The Jinja environment of the whole site: the plumbing's, with the components on top."""

from typing import Any

from jinja2 import Environment

from linli.site.maps import svg_map
from linli.site.pins import pin_ground
from linli.web import jinja


class Components:
    """The macros of `site/ui.html` as `ui.…` in every template, and in every block htmx asks for.

    A block rendered alone does not run the imports at the top of its file, so they are not there.
    """

    def __init__(self, env: Environment) -> None:
        self._env = env

    def __getattr__(self, name: str) -> Any:
        return getattr(self._env.get_template("site/ui.html").module, name)


def environment(**options: Any) -> Environment:
    """Build it; called once by Django's Jinja2 backend."""
    env = jinja.environment(**options)
    env.globals.update(ui=Components(env), svg_map=svg_map, pin_ground=pin_ground)
    return env
