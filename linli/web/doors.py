"""Doors are shut by default: every view names the row of permissions.csv that opens it.

`@door("case.submit")` is the visible mark. `people.middleware.DoorMiddleware` refuses a view
without one, and a test walks the URL resolver so that a route without a door fails the build.
What a person may do to *this* record is decided by the record's policies, not here.
"""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

# Routes of other packages, by the start of their view's module, and the action they stand for.
OTHERS = {
    "allauth.mfa": "session.end",  # my own second factor: any signed-in person
    "allauth.account": "audit.heads",  # signing in and out: everybody
    "django.contrib.admin": "backup.run",  # the administrator's table view
}


def door(action: str) -> Callable[[View], View]:
    """Mark a view with the action of `people/permissions.csv` that a caller must hold."""

    def mark(view: View) -> View:
        view.door = action  # type: ignore[attr-defined]
        return view

    return mark


def action_of(view: Callable[..., Any]) -> str | None:
    """The action a view stands for, or None if nobody said."""
    named: str | None = getattr(view, "door", None)
    if named:
        return named
    module = getattr(getattr(view, "view_class", view), "__module__", "")
    wrapped = getattr(view, "__wrapped__", None)
    for start, action in OTHERS.items():
        if module.startswith(start):
            return action
    return action_of(wrapped) if wrapped else None
