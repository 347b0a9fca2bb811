"""How allauth, which keeps passkeys and authenticator codes, speaks with the rest of Linli."""

from io import BytesIO
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli import playbook
from linli.people import lockbox, preferences
from linli.people.models import User
from linli.web.language import lang

TOTP = "totp"


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by code is ours; allauth finishes it and asks for the second factor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # an account is made by sign_in.confirm alone

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **hook: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **hook)
        if isinstance(user, User):
            preferences.apply_where_new(request, response, user)
        return response

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **kw: Any,
    ) -> None:
        if message_template in {"account/messages/logged_in.txt"}:
            return  # the page itself says that you are in
        super().add_message(request, level, message_template, *args, **kw)

    def send_notification_mail(self, *args: Any, **kw: Any) -> None:
        """Letters go through the outbox, never straight from here."""


class MFAAdapter(DefaultMFAAdapter):
    """Second factors: secrets locked in the table, our words, a QR code without another package."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This did not fit. Please try once more."),
    }

    def encrypt(self, text: str) -> str:
        return lockbox.lock(text, TOTP)

    def decrypt(self, encrypted_text: str) -> str:
        return lockbox.unlock(encrypted_text, TOTP)

    def get_totp_issuer(self) -> str:
        return str(_("Linli %(county)s")) % {"county": playbook.current().county.name.text(lang())}

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return getattr(user, "display_name", "") or _("my account")

    def build_totp_svg(self, url: str) -> str:
        drawing = BytesIO()
        segno.make(url, error="m").save(drawing, kind="svg", scale=5, border=4, light="#fff")
        return drawing.getvalue().decode()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        n = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Key %(n)s") % {"n": n}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": self.get_totp_issuer()}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        """A random id and the name the person chose: the key holds nothing else about them."""
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        label = self.get_totp_label(user)
        return entity | {"name": label, "display_name": label}
