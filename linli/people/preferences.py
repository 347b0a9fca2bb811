"""What a browser keeps of a person's wishes: language and letter size, in two cookies."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from linli.people.models import User
from linli.web.shelf import LARGE_COOKIE

YEAR: Final = 365 * 24 * 3600  # seconds


def apply(response: HttpResponse, user: User) -> None:
    """Give this browser the wishes of the person."""
    wishes = {
        settings.LANGUAGE_COOKIE_NAME: user.language,
        LARGE_COOKIE: "1" if user.large_letters else "0",
    }
    for name, value in wishes.items():
        response.set_cookie(
            name, value, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )


def apply_where_new(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """The same at sign-in, unless somebody has already chosen a language in this browser."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        apply(response, user)
