"""Puts the actor on the request and keeps the doors shut."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from linli.people import acting, second_factor
from linli.people.actors import ANONYMOUS, actor_of, under
from linli.people.limits import TooMany
from linli.people.roles import table
from linli.web.doors import action_of
from linli.web.pages import page

Answer = Callable[[HttpRequest], HttpResponse]


class ActorMiddleware:
    """`request.actor`: for a visitor without a session nobody asks the database."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = settings.SESSION_COOKIE_NAME in request.COOKIES
        actor = SimpleLazyObject(lambda: acting.find(request)) if known else ANONYMOUS
        request.actor = actor  # type: ignore[attr-defined]
        request.reader = lambda: actor.reader  # type: ignore[attr-defined]
        return self.get_response(request)


class DoorMiddleware:
    """Refuses a view without a door, and a role to which the table opens nothing behind it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        action = action_of(view)
        if action is None or action not in table():
            if settings.DEBUG or settings.TESTING:
                raise ImproperlyConfigured(
                    f"{view} has no door, or {action!r} is not in the table."
                )
            raise Http404
        actor = actor_of(request)
        if actor.enters(action):
            return None
        if actor.user is None:
            return redirect_to_login(request.get_full_path())
        if actor.waiting and under(actor.waiting).enters(action):
            messages.info(request, _("This page needs your passkey or the code of your app."))
            back = urlencode({"next": request.get_full_path()})
            return redirect(f"{second_factor.page_for(actor.user)}?{back}")
        return page(request, "site/refused.html", {"reason": ""}, status=403)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Too often is not "never": it has a status of its own and says when to come back."""
        if not isinstance(error, TooMany):
            return None
        response = page(request, "site/too_often.html", {"reason": str(error)}, status=429)
        response.headers["Retry-After"] = str(error.retry_after)
        return response
