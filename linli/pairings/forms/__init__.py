"""What offices and the two sides of a tie write."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.lib import clock
from linli.pairings.actions.tying import LONGEST_LABEL, LONGEST_PURPOSE, Who
from linli.pairings.models import Tie
from linli.people.contact import normal_phone
from linli.people.models import Organisation, User
from linli.people.models.organisation import valid_on
from linli.places.models import Place
from linli.playbook.base import LEVEL_OF_PLACE
from linli.playbook.pairing import Pairing, Side
from linli.vault import sealing
from linli.web.language import lang
from linli.web.widgets import DayInput

MOST_CHOICES: Final = 400


class ProposeForm(forms.Form):
    """Two parties and what it is for; the fields of each side follow the playbook."""

    purpose = forms.CharField(
        label=gettext_lazy("What is it for?"), max_length=LONGEST_PURPOSE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, rule: Pairing, path: str, **given: Any) -> None:
        super().__init__(*args, **given)
        self.rule, self.path = rule, path
        for key in ("a", "b"):
            self._side_fields(key, rule.side(key))
        self.order_fields(["a", "a_consent", "b", "b_consent", "purpose"])

    def _side_fields(self, key: str, side: Side) -> None:
        name = side.name.text(lang())
        if side.what in ("body", "place"):
            self.fields[key] = forms.ChoiceField(label=name, choices=self._choices(side))
        elif side.what == "person":
            self.fields[key] = forms.CharField(
                label=_("%(side)s: the telephone of their account") % {"side": name}, max_length=30,
                help_text=_("The number is not kept. They say yes or no themselves."),
            )  # fmt: skip
        else:
            self.fields[key] = forms.CharField(
                label=name, max_length=LONGEST_LABEL,
                help_text=_("A surname or a name of the house is enough. It is sealed."),
            )  # fmt: skip
            self.fields[f"{key}_consent"] = forms.BooleanField(
                label=_("We asked, and they agree"), required=False
            )

    def _choices(self, side: Side) -> list[tuple[str, str]]:
        if side.what == "body":
            bodies = Organisation.objects.filter(valid_on(clock.today()), kind__in=side.bodies)
            rows = [(str(row.pk), row.name_for(lang())) for row in bodies.order_by("place__path")]
        else:
            kinds = [kind for kind, level in LEVEL_OF_PLACE.items() if level == side.at]
            places = Place.objects.current().of_kind(*kinds).defer("boundary").order_by("path")
            here = places.filter(path__startswith=self.path)[:MOST_CHOICES]
            rows = [(str(row.pk), row.full_name(lang())) for row in here]
        return [("", "—"), *rows[:MOST_CHOICES]]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for key in ("a", "b"):
            if key in said:
                try:
                    said[f"who_{key}"] = self._who(key, str(said[key]))
                except forms.ValidationError as error:
                    self.add_error(key, error)
        return said

    def _who(self, key: str, words: str) -> Who:
        side = self.rule.side(key)
        if side.what == "body":
            return Who(body=Organisation.objects.select_related("place").get(pk=int(words)))
        if side.what == "place":
            return Who(place=Place.objects.get(pk=int(words)))
        if side.what == "person":
            return Who(user=_account(words))
        return Who(home=words, consent=bool(self.cleaned_data.get(f"{key}_consent")))


def _account(phone: str) -> User:
    """The account with this telephone. ValidationError: nobody has one."""
    number = normal_phone(phone)
    subjects = sealing.find("phone", str(number)) if number else []
    user = User.objects.filter(vault_subject__in=subjects, is_active=True).first()
    if user is None:
        raise forms.ValidationError(_("Nobody has an account with this number."))
    return user


class ContactForm(forms.Form):
    """How and when the two were in touch; there is no field for what was said."""

    kind = forms.ChoiceField(label=gettext_lazy("How were you in touch?"), widget=forms.RadioSelect)
    on = forms.DateField(
        label=gettext_lazy("On which day?"), widget=DayInput(), initial=lambda: clock.today()
    )

    def __init__(self, *args: Any, rule: Pairing, **given: Any) -> None:
        super().__init__(*args, **given)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(row.id, row.name.text(lang())) for row in rule.contacts]
        field.initial = rule.contacts[0].id


class EndForm(forms.Form):
    """Why a tie ends; one side alone needs no reason."""

    why = forms.ChoiceField(
        label=gettext_lazy("Why does it end?"), widget=forms.RadioSelect, required=False,
        choices=[(row.value, row.label) for row in (Tie.End.DONE, Tie.End.MOVED, Tie.End.WISH)],
    )  # fmt: skip


class ListingForm(forms.Form):
    """A line of one's own body on one of the three lists."""

    which = forms.ChoiceField(label=gettext_lazy("Which list?"), widget=forms.RadioSelect)
    topic = forms.ChoiceField(label=gettext_lazy("About what?"))
    words = forms.CharField(
        label=gettext_lazy("In a sentence; everybody reads it"), max_length=160,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    until = forms.DateField(label=gettext_lazy("Until when?"), widget=DayInput())

    def __init__(
        self, *args: Any, rule: Pairing, lists: list[tuple[str, str]], **given: Any
    ) -> None:
        super().__init__(*args, **given)
        topics = rule.lists.topics if rule.lists else []
        for name, choices in (
            ("which", lists), ("topic", [(row.id, row.name.text(lang())) for row in topics]),
        ):  # fmt: skip
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        if lists:
            self.fields["which"].initial = lists[0][0]
