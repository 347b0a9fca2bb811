"""Refusing with a sentence. The button on a page asks the same rule as the action behind it."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied


class Denied(PermissionDenied):
    """Not now, or not by you; the message says why and is for the person to read.

    Uncaught in a view it becomes the page of refusal (403) with that sentence on it.
    """


class NeedsReason(Denied):
    """It opens to this person once they have written down why."""


class NeedsSecond(Denied):
    """It takes two different people; one alone is refused."""


def allowed(check: Callable[..., object], *args: Any, **kwargs: Any) -> bool:
    """Whether `check` would let it pass; any refusal counts as no."""
    try:
        check(*args, **kwargs)
    except Denied:
        return False
    return True
