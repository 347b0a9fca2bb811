"""Whether a person has a passkey or an authenticator app, and whether this session showed it."""

from allauth.account.internal.flows.login import (
    get_authentication_records,
    record_authentication,
)
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from linli.people.models import User

KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def required() -> bool:
    """Whether this installation asks staff for one (D16)."""
    return bool(settings.LINLI_REQUIRE_SECOND_FACTOR)


def shown(request: HttpRequest, user: User) -> bool:
    """Whether this session has proved a second factor of this person. No query."""
    return any(
        record.get("method") == "mfa" for record in get_authentication_records(request, user)
    )


def note(request: HttpRequest, kind: str) -> None:
    """Remember in the session that the person has just proved a second factor of this kind."""
    if isinstance(request.user, User):
        record_authentication(request, request.user, "mfa", type=str(kind), reauthenticated=True)


def enrolled(user: User) -> bool:
    """Whether the person has set one up; spare codes alone do not count."""
    return Authenticator.objects.filter(user=user, type__in=KINDS).exists()


def page_for(user: User) -> str:
    """The address where the person shows their second factor, or sets one up."""
    if not enrolled(user):
        return reverse("mfa_index")
    types = {kind for flow in get_reauthentication_flows(user) for kind in flow.get("types", [])}
    app = Authenticator.Type.TOTP in types
    return reverse("mfa_reauthenticate" if app else "mfa_reauthenticate_webauthn")
