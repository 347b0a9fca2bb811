"""Setting up a second factor is showing it: who has just used the key need not use it again."""

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.forms import Form
from django.http import HttpResponse

from linli.people import second_factor
from linli.web.doors import door


class AddKey(AddWebAuthnView):
    def form_valid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        second_factor.note(self.request, Authenticator.Type.WEBAUTHN)
        return response


class AddApp(ActivateTOTPView):
    def form_valid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        second_factor.note(self.request, Authenticator.Type.TOTP)
        return response


add_key = door("profile.own")(AddKey.as_view())
add_app = door("profile.own")(AddApp.as_view())
