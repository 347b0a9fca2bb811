"""Signing in by a code, and signing out."""

import json
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from linli.lib import clock
from linli.people import demo_cast, limits, lockbox, sign_in
from linli.people.actors import actor_of
from linli.people.contact import Address
from linli.people.forms import AddressForm, CodeForm
from linli.people.models import User
from linli.people.policies import Denied
from linli.web.doors import door
from linli.web.pages import page

COOKIE: Final = "linli_sign_in"
PURPOSE: Final = "sign-in"


@dataclass(frozen=True)
class Asked:
    """What the asking browser keeps for ten minutes, locked: we keep no address in clear."""

    code_id: UUID
    address: Address
    next: str

    def locked(self) -> str:
        said = [str(self.code_id), str(self.address.channel), self.address.value, self.next,
                int(clock.now().timestamp())]  # fmt: skip
        return lockbox.lock(json.dumps(said), PURPOSE)


def _asked(request: HttpRequest) -> Asked | None:
    try:
        said = json.loads(lockbox.unlock(request.COOKIES.get(COOKIE, ""), PURPOSE))
    except lockbox.Unreadable:
        return None
    code_id, channel, value, target, at = said
    if clock.now().timestamp() - at > sign_in.LIFE.total_seconds():
        return None
    return Asked(UUID(code_id), Address(channel, value), target)


def _target(request: HttpRequest) -> str:
    """Where the person was going, if that is a page of ours."""
    wish = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wish, {request.get_host()}, request.is_secure())
    return wish if ours else ""


@require_http_methods(["GET", "POST"])
@door("sign_in")
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """Ask for a code. Known and unknown addresses get the same answer."""
    target = _target(request)
    if actor_of(request).user is not None:
        return redirect(target or settings.LOGIN_REDIRECT_URL)
    form = AddressForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            limits.hit("sign_in.ask", request)
            return _send(form.cleaned_data["address"], target)
        except Denied as denied:
            form.add_error(None, str(denied))
            status = 429 if isinstance(denied, limits.TooMany) else 503
    shown = {"form": form, "next": target, "cast": demo_cast.members() if settings.DEMO else []}
    return page(request, "people/sign_in.html", shown, status=status)


def _send(address: Address, target: str) -> HttpResponse:
    asked = Asked(sign_in.ask(address), address, target)
    response = redirect("sign-in-code")
    response.set_cookie(
        COOKIE,
        asked.locked(),
        max_age=int(sign_in.LIFE.total_seconds()),
        path=reverse("account_login"),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


@require_http_methods(["GET", "POST"])
@door("sign_in")
def code_page(request: HttpRequest) -> HttpResponse:
    """Give the code back."""
    asked = _asked(request)
    if asked is None:
        return redirect("account_login")
    form = CodeForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            limits.hit("sign_in.confirm", request)
            arrival = sign_in.confirm(asked.code_id, asked.address, form.cleaned_data["code"])
            return _enter(request, arrival.user, asked.next, first=arrival.is_new)
        except limits.TooMany as denied:
            form.add_error(None, str(denied))
            status = 429
        except Denied as denied:
            form.add_error("code", str(denied))
    shown = {"form": form, "masked": asked.address.masked, "minutes": sign_in.LIFE.seconds // 60}
    shown |= {"next": asked.next, "demo_code": settings.LINLI_DEMO_CODE if settings.DEMO else ""}
    return page(request, "people/code.html", shown, status=status)


def _enter(request: HttpRequest, user: User, target: str, *, first: bool = False) -> HttpResponse:
    """Hand over to allauth: it asks for the second factor where there is one, then signs in."""
    record_authentication(request, user, method="code")
    target = target or (reverse("me") if first else "")
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url=target or None))
    response.delete_cookie(COOKIE, path=reverse("account_login"))
    return response


@require_POST
@door("sign_in")
def sign_in_as(request: HttpRequest, name: str) -> HttpResponse:
    """One tap into a member of the demo's cast; there is no such door outside a demo."""
    if not settings.DEMO:
        raise Http404
    user = User.objects.filter(pk=demo_cast.user_id(name), is_active=True).first()
    if name not in demo_cast.NAMES or user is None:
        raise Http404
    logout(request)
    return _enter(request, user, _target(request))


@require_POST
@door("sign_in")
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave; also from half-way, when the second factor is still missing."""
    logout(request)
    return redirect(_target(request) or "home")
