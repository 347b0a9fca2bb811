"""What people type when they sign in and say who they are; nothing here saves."""

import struct
from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.people import contact
from linli.places.models import VILLAGES, Place
from linli.web.widgets import DayInput


class AddressForm(forms.Form):
    """One field for a telephone or an e-mail."""

    address = forms.CharField(
        label=_("Your mobile number or e-mail"),
        help_text=_("We send you six digits. You need no password."),
        max_length=contact.LONGEST,
        error_messages={"required": _("Please give your mobile number or your e-mail.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def clean_address(self) -> contact.Address:
        try:
            return contact.parse(self.cleaned_data["address"])
        except contact.NoAddress as error:
            raise forms.ValidationError(str(error)) from error


class CodeForm(forms.Form):
    """The six digits."""

    code = forms.CharField(
        label=_("The six digits"),
        max_length=20,
        error_messages={"required": _("Please type the digits that we sent you.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class ProfileForm(forms.Form):
    """What somebody decides about themselves."""

    display_name = forms.CharField(
        label=_("Name shown to others"),
        help_text=_("It may be invented. Leave it out and nobody sees a name."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
    large_letters = forms.BooleanField(label=_("Large letters"), required=False)


# ── Second factor: allauth's forms in our words ─────────────────────────────────────────────────
# What fido2 and allauth raise over an answer that no key would give: a bad answer, not an error.
MALFORMED = (AttributeError, IndexError, KeyError, TypeError, ValueError, struct.error)


def _no_key() -> forms.ValidationError:
    return forms.ValidationError(_("This did not fit. Please try once more."))


class _ShownKey(AuthenticateWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        try:
            shown: Authenticator = super().clean_credential()
        except MALFORMED as error:
            raise _no_key() from error
        return shown


class KeySignInForm(_ShownKey, LoginWebAuthnForm):
    """A key that signs in by itself."""


class KeyFactorForm(_ShownKey):
    """A key after the code."""


class KeyAgainForm(_ShownKey, ReauthenticateWebAuthnForm):
    """A key once more."""


class KeyForm(AddWebAuthnForm):
    """Adding a passkey; meant for signing in with it alone, unless somebody says otherwise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("What you call this key")
        self.fields["name"].help_text = _("For example: work phone")
        self.fields["passwordless"].label = _("Sign in with this key alone")
        self.fields["passwordless"].help_text = _(
            "Your device then asks for your finger, your face or its own number."
        )
        self.initial.setdefault("passwordless", True)

    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean()
        except MALFORMED as error:
            raise _no_key() from error
        return cleaned


class KeyNameForm(EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("What you call this key")


def _words_for_code(form: forms.Form) -> None:
    field = form.fields["code"]
    field.label = _("The digits your app shows, or one of your spare codes")
    field.widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"})


class FactorForm(AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words_for_code(self)


class FactorAgainForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words_for_code(self)


class AppForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words_for_code(self)
        self.fields["code"].label = _("The six digits that the app shows now")


# ── Posts ───────────────────────────────────────────────────────────────────────────────────────
class InviteForm(forms.Form):
    """Whom to ask, and whether to hold the post or to stand in for its holder."""

    user = forms.ChoiceField(
        label=_("Who is asked"),
        help_text=_("People of your unit, and people nearby who agreed to be asked."),
        error_messages={"required": _("Please choose somebody.")},
    )
    deputy = forms.BooleanField(label=_("As a deputy"), required=False)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].choices = people  # type: ignore[attr-defined]


class ReceiverForm(forms.Form):
    """Who gets what is open when an appointment ends; nobody named: the unit."""

    to = forms.ChoiceField(label=_("Who gets what is open"), required=False)

    def __init__(self, *args: Any, receivers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            ("", _("the unit itself: whoever is at the desk takes it on")),
            *receivers,
        ]


class HandoverForm(forms.Form):
    """Who takes over, and from which day until which."""

    to = forms.ChoiceField(
        label=_("Who takes over"), error_messages={"required": _("Please choose somebody.")}
    )
    starts_on = forms.DateField(
        label=_("From which day"), widget=DayInput(attrs={"class": "short"})
    )
    last_on = forms.DateField(label=_("Until and with"), widget=DayInput(attrs={"class": "short"}))

    def __init__(self, *args: Any, receivers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = receivers  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """Yes or no to holding a post, and what the door card may call the holder."""

    answer = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
    named = forms.BooleanField(label=_("The public card may show a name"), required=False)
    public_name = forms.CharField(
        label=_("Name on the card"),
        help_text=_("It may be invented, for example a surname with Ms or Mr."),
        max_length=40,
        required=False,
    )


class WillingForm(forms.Form):
    """Near which village somebody may be asked, and for what."""

    place = forms.CharField(
        label=_("Near which village or community?"),
        help_text=_("Nothing nearer is kept. Begin to type its name or choose from the list."),
        max_length=40,
        error_messages={"required": _("Please name a village or a community.")},
        widget=forms.TextInput(attrs={"list": "villages", "autocomplete": "off"}),
    )
    kinds = forms.MultipleChoiceField(
        label=_("For which posts?"),
        help_text=_("None ticked means any."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = kinds  # type: ignore[attr-defined]

    def clean_place(self) -> Place:
        """A village by its code, its name, or "name code" as the list offers it."""
        words = self.cleaned_data["place"].strip()
        rows = Place.objects.current().of_kind(*VILLAGES).light()
        found = list(rows.filter(Q(code=words.split()[-1]) | Q(name=words) | Q(name_en=words))[:2])
        if len(found) != 1:
            raise forms.ValidationError(_("Please choose one village from the list."))
        return found[0]
