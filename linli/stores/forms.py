"""What the desk of a station writes. Money is typed in yuan and kept in cents."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.facilities.models import Facility
from linli.lib import ids
from linli.people.models import User
from linli.playbook.store import MONEY, Store
from linli.stores import reading
from linli.vault.accounts import account_of
from linli.web.widgets import DayInput

MOST: Final = Decimal(1_000_000)


def _amount(label: Any, help_text: Any = "", least: Any = Decimal("0.01")) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, help_text=help_text, min_value=least, max_value=MOST, decimal_places=2
    )


def _reason(help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Why?"), max_length=300, required=required, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


def _day() -> forms.DateField:
    return forms.DateField(
        label=gettext_lazy("Good until"), required=False, widget=DayInput,
        help_text=gettext_lazy("For food: the day printed on it."),
    )  # fmt: skip


class KeyForm(forms.Form):
    """A form whose second sending counts as the first."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, *, store: Store, facility: Facility) -> None:
        super().__init__(data, initial={"key": ids.new_uuid()})
        self.store, self.facility = store, facility

    def clean_key(self) -> Any:
        """The key it was shown with; a fresh one if somebody took it out."""
        return self.cleaned_data.get("key") or ids.new_uuid()


class ThingForm(KeyForm):
    """So much of a thing of the store."""

    money = True
    outward = False  # it takes something away: the choice says how much is there
    whole: Sequence[str] = ("amount",)  # fields counted in the unit of the thing
    item = forms.ChoiceField(label=gettext_lazy("What?"))
    amount = _amount(
        gettext_lazy("How much?"), gettext_lazy("Money in yuan, with cents behind a point.")
    )

    def __init__(self, data: Any, *, store: Store, facility: Facility) -> None:
        super().__init__(data, store=store, facility=facility)
        names = [one for one in reading.items(store) if self.money or one != MONEY]
        there = reading.good(facility) if self.outward else None
        self.fields["item"].choices = [("", _("Choose…")), *(  # type: ignore[attr-defined]
            (one, reading.choice(store, one, there)) for one in names
        )]  # fmt: skip
        if not self.money:
            self.fields["amount"].help_text = ""

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name in self.whole:
            self._count(said, name)
        goods = self.store.item(said.get("item", ""))
        if goods and goods.spoils and "best_before" in self.fields and self._wants_day(said):
            self.add_error(
                "best_before", _("These things spoil: write until which day they are good.")
            )
        return said

    def _wants_day(self, said: dict[str, Any]) -> bool:
        return not said.get("best_before") and "best_before" not in self.errors

    def _count(self, said: dict[str, Any], name: str) -> None:
        """Cents for money, whole pieces for the rest."""
        value = said.get(name)
        if value is None or "item" not in said:
            return
        if said["item"] == MONEY:
            said[name] = int(value * 100)
        elif value == value.to_integral_value():
            said[name] = int(value)
        else:
            self.add_error(name, _("Goods are counted in whole numbers."))


class ReceiveForm(ThingForm):
    """A gift."""

    best_before = _day()
    name = forms.CharField(
        label=gettext_lazy("Name of the giver"), max_length=80, required=False,
        help_text=gettext_lazy("Only if they want it. It is sealed and never shown in public."),
    )  # fmt: skip
    agreed = forms.BooleanField(
        label=gettext_lazy("The giver agrees that the name is written down"), required=False
    )
    person = forms.CharField(
        label=gettext_lazy("Telephone of the giver's account"), max_length=20, required=False,
        help_text=gettext_lazy("Then the gift stands in their own file. The number is not kept."),
    )  # fmt: skip

    def clean_person(self) -> User | None:
        """The account with this number; None for no number."""
        typed = self.cleaned_data["person"]
        try:
            user = account_of(typed)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        if user is None and typed.strip():
            raise forms.ValidationError(_("Nobody signs in with this number yet."))
        return user

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("name") and not said.get("agreed"):
            self.add_error("agreed", _("A name is written down only if the giver agrees."))
        return said


class BuyForm(ThingForm):
    """Money out, goods in."""

    money = False
    cost = _amount(gettext_lazy("What did it cost, in yuan?"))
    best_before = _day()

    def clean_cost(self) -> int:
        """In cents."""
        return int(self.cleaned_data["cost"] * 100)


class HandForm(ThingForm):
    """To a wish or to a household."""

    outward = True
    wish = forms.CharField(
        label=gettext_lazy("Number of the wish"), max_length=30, required=False,
        help_text=gettext_lazy("Ten digits, as on the wish tree."),
    )  # fmt: skip
    household = forms.CharField(
        label=gettext_lazy("Or a household, by an invented name"), max_length=40, required=False,
        help_text=gettext_lazy("For example “Plum 3”. Never a real name: nobody reads here who received."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if bool(said.get("wish")) == bool(said.get("household")):
            self.add_error("wish", _(
                "Write the number of a wish, or the invented name of a household: one of both."
            ))  # fmt: skip
        return said


class MoveForm(ThingForm):
    """To another station."""

    outward = True
    other = forms.ChoiceField(label=gettext_lazy("To which station?"))

    def __init__(self, data: Any, *, store: Store, facility: Facility) -> None:
        super().__init__(data, store=store, facility=facility)
        running = Facility.objects.running().filter(kind=facility.kind).exclude(pk=facility.pk)
        found = list(running.order_by("name", "pk")[:200])
        self.stations = {row.code: row for row in found}
        self.fields["other"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose…")), *reading.stations(found)
        ]  # fmt: skip

    def clean_other(self) -> Facility:
        """The station itself."""
        return self.stations[self.cleaned_data["other"]]


class CountForm(ThingForm):
    """What was found at a count."""

    amount = _amount(
        gettext_lazy("How much did you find in all?"),
        gettext_lazy("Money in yuan, with cents behind a point."), Decimal(0),
    )  # fmt: skip
    best_before = _day()
    reason = _reason(gettext_lazy("Only if it differs from the ledger."), required=False)

    def _wants_day(self, said: dict[str, Any]) -> bool:
        return False  # only a surplus needs one: the action knows


class WriteOffForm(KeyForm):
    """So much of a lot that cannot be used."""

    lot = forms.ChoiceField(label=gettext_lazy("Which lot?"))
    amount = forms.IntegerField(label=gettext_lazy("How much?"), min_value=1, max_value=int(MOST))
    reason = _reason(gettext_lazy("For example: expired, wet, broken."))

    def __init__(self, data: Any, *, store: Store, facility: Facility) -> None:
        super().__init__(data, store=store, facility=facility)
        found = reading.lots(facility, store)
        self.lots = {str(one.row.pk): one.row for one in found}
        self.fields["lot"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose…")), *((str(one.row.pk), one.words) for one in found)
        ]  # fmt: skip

    def clean_lot(self) -> Any:
        """The lot itself."""
        row = self.lots[self.cleaned_data["lot"]]
        row.facility = self.facility
        return row


class TakeBackForm(KeyForm):
    """Why a movement was wrong."""

    reason = _reason(gettext_lazy("A second person reads it and agrees or not."))


class NameForm(forms.Form):
    """Why somebody needs to read who gave."""

    reason = forms.CharField(label=gettext_lazy("Why do you need the name?"), max_length=200)
