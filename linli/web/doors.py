"""Doors are shut by default: every view names the row of permissions.csv that opens it.

`@door("case.submit")` is the visible mark. `people.middleware.DoorMiddleware` refuses a view
without one, and a test walks the URL resolver so that a route without a door fails the build.
What a person may do to *this* record is decided by the record's policies, not here.
"""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

ADMIN = "admin.tables"  # every view that Django's admin wraps
# Views of other packages, by the start of their module and name, and the action they stand for; the
# longest start wins.
OTHERS = {
    "allauth.mfa.": "profile.own",  # one's own keys and codes
    "allauth.mfa.base.views.AuthenticateView": "sign_in",  # half-way in: nobody yet
    "allauth.mfa.webauthn.views.LoginWebAuthnView": "sign_in",
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
    if hasattr(view, "model_admin") or hasattr(view, "admin_site"):
        return ADMIN
    target = getattr(view, "view_class", view)
    name = f"{getattr(target, '__module__', '')}.{getattr(target, '__qualname__', '')}"
    starts = [start for start in OTHERS if name.startswith(start)]
    if starts:
        return OTHERS[max(starts, key=len)]
    wrapped = getattr(view, "__wrapped__", None)
    return action_of(wrapped) if wrapped else None
