"""Puts the actor on the request and keeps the doors shut."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from linli.people import acting
from linli.people.actors import ANONYMOUS, actor_of
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
        return page(request, "site/refused.html", {"reason": ""}, status=403)
