"""What somebody offers, and what a planner asks for."""

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli import playbook
from linli.activities.models import Enrolment, SignUp
from linli.activities.planner import words
from linli.activities.planner.actions import LONGEST
from linli.activities.planner.models import DayOff, Limits, Offer, Plan, Skill
from linli.lib import clock
from linli.people.models import Appointment, Organisation, User
from linli.places.models import Kind, Place
from linli.playbook.schema import ActivityKind
from linli.web.language import lang
from linli.web.widgets import DayInput

_TICKS: Final = forms.CheckboxSelectMultiple
MOST_DAYS: Final = 60


def bodies_of(user: User) -> list[Organisation]:
    """Bodies that somebody has to do with: posts, registrations, sign-ups, offers made."""
    today = clock.today()
    posts = Appointment.objects.in_force(today).filter(user=user)
    ids = set(posts.values_list("post__organisation", flat=True))
    ids |= set(
        Enrolment.objects.filter(user=user, ended_at=None).values_list("organisation", flat=True)
    )
    ids |= set(SignUp.objects.filter(user=user).values_list("occurrence__organisation", flat=True))
    ids |= set(Offer.objects.live().filter(user=user).values_list("organisation", flat=True))
    return list(Organisation.objects.in_force(today).filter(pk__in=ids).order_by("name", "pk"))


def _hours(label: Any, most: int, hint: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=1, max_value=most, help_text=hint
    )


class OfferForm(forms.Form):
    """When I can, how much, and who may plan it. There is no field for why not."""

    bodies = forms.MultipleChoiceField(
        label=gettext_lazy("Who may plan me in?"), required=False, widget=_TICKS,
        help_text=gettext_lazy("Only those you tick see what you write here. Without a tick nobody does."),
    )  # fmt: skip
    week_hours = _hours(gettext_lazy("At most how many hours a week?"), 60)
    month_hours = _hours(gettext_lazy("At most how many hours a month?"), 200)
    rest_hours = _hours(
        gettext_lazy("How many hours of rest between two duties?"), 96,
        gettext_lazy("Everybody has at least 11, and a free morning after an evening."),
    )  # fmt: skip
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("On which weekdays?"), required=False, widget=_TICKS,
        choices=list(words.WEEKDAYS.items()),
        help_text=gettext_lazy("Without a tick: on any."),
    )  # fmt: skip
    likes = forms.MultipleChoiceField(
        label=gettext_lazy("When do you like it best?"), required=False, widget=_TICKS,
        choices=list(words.DAYPARTS.items()),
    )  # fmt: skip
    area = forms.ChoiceField(
        label=gettext_lazy("From where do you come?"), required=False,
        help_text=gettext_lazy("The village or community is enough."),
    )  # fmt: skip
    max_km = _hours(gettext_lazy("At most how many kilometres from there?"), 100)
    skills = forms.MultipleChoiceField(
        label=gettext_lazy("What can you help with?"), required=False, widget=_TICKS,
        choices=Skill.choices,
    )  # fmt: skip
    days_off = forms.CharField(
        label=gettext_lazy("Days on which you cannot come"), required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "One a line: 2026-03-14, or two with a space between for all days from one to the "
            "other. Why is nobody's business."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {body.code: body for body in bodies_of(user)}
        options = [(code, body.name_for(lang())) for code, body in self.known.items()]
        self.fields["bodies"].choices = options  # type: ignore[attr-defined]
        areas = Place.objects.current().filter(kind__in=[Kind.VILLAGE, Kind.COMMUNITY])
        named = [(place.code, place.name_for(lang())) for place in areas.light().order_by("path")]
        self.fields["area"].choices = [("", "—"), *named]  # type: ignore[attr-defined]

    @staticmethod
    def of(user: User) -> dict[str, Any]:
        """What the person said last time."""
        row = Limits.objects.filter(pk=user.pk).select_related("area").first() or Limits()
        days = DayOff.objects.filter(user=user, day__gte=clock.today()).order_by("day")
        live = Offer.objects.live().filter(user=user)
        return {
            "bodies": list(live.values_list("organisation__code", flat=True)),
            **{name: getattr(row, name) for name in (
                "week_hours", "month_hours", "rest_hours", "weekdays", "likes", "max_km", "skills",
            )},
            "area": row.area.code if row.area else "",
            "days_off": "\n".join(day.isoformat() for day in days.values_list("day", flat=True)),
        }  # fmt: skip

    def clean_area(self) -> Place | None:
        code = self.cleaned_data["area"]
        return Place.objects.current().filter(code=code).first() if code else None

    def clean_days_off(self) -> list[date]:
        found: list[date] = []
        for line in self.cleaned_data["days_off"].splitlines():
            days = [_date(word) for word in line.replace("，", " ").split() if word[:1].isdigit()]
            if len(days) == 2 and days[0] <= days[1] <= days[0] + timedelta(days=MOST_DAYS):
                found += [days[0] + timedelta(days=n) for n in range((days[1] - days[0]).days + 1)]
            elif len(days) == 1:
                found += days
            elif line.strip():
                raise forms.ValidationError(
                    _("“%(line)s” is not understood. Write 2026-03-14, one day a line.")
                    % {"line": line.strip()[:40]}
                )
        return sorted(set(found))

    @property
    def limits(self) -> dict[str, Any]:
        """The fields of `Limits`, once the form is valid."""
        return {name: self.cleaned_data[name] for name in (
            "week_hours", "month_hours", "rest_hours", "weekdays", "likes", "area", "max_km",
            "skills",
        )}  # fmt: skip

    @property
    def chosen(self) -> list[Organisation]:
        """The bodies that may plan, once the form is valid."""
        return [self.known[code] for code in self.cleaned_data["bodies"]]


def _date(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise forms.ValidationError(
            _("“%(line)s” is not understood. Write 2026-03-14, one day a line.")
            % {"line": word[:40]}
        ) from None


class DaysForm(forms.Form):
    """From one day to another."""

    first_on = forms.DateField(
        label=gettext_lazy("From"),
        widget=DayInput(attrs={"class": "short"}),
    )
    last_on = forms.DateField(
        label=gettext_lazy("Until"),
        widget=DayInput(attrs={"class": "short"}),
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        first, last = said.get("first_on"), said.get("last_on")
        if first and last and last < first:
            raise forms.ValidationError(_("The last day must not lie before the first."))
        if first and last and (last - first).days >= LONGEST:
            raise forms.ValidationError(
                _("A plan covers at most %(days)s days.") % {"days": LONGEST}
            )
        return said


class BeginForm(DaysForm):
    """Which days, which kinds, and what a seat needs."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("What is planned?"), required=False, widget=_TICKS,
        help_text=gettext_lazy("Without a tick: everything of your unit."),
    )  # fmt: skip

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hosted = hosted_by(organisation)
        options = [(kind.id, kind.name.text(lang())) for kind in self.hosted]
        self.fields["kinds"].choices = options  # type: ignore[attr-defined]
        for kind in self.hosted:
            for role in kind.roles:
                if role.gives_time:
                    self.fields[f"needs-{kind.id}/{role.id}"] = forms.ChoiceField(
                        label=f"{kind.name.text(lang())} · {role.name.text(lang())}",
                        required=False, choices=[("", "—"), *Skill.choices],
                    )  # fmt: skip

    @property
    def need_fields(self) -> list[Any]:
        """The fields that ask for a skill."""
        return [self[name] for name in self.fields if name.startswith("needs-")]

    @property
    def needs(self) -> dict[str, str]:
        """Kind and role with the skill, once the form is valid."""
        return {
            name.removeprefix("needs-"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("needs-") and value
        }

    @staticmethod
    def usual() -> dict[str, date]:
        """The week that comes."""
        today = clock.today()
        monday = today + timedelta(days=7 - today.weekday())
        return {"first_on": monday, "last_on": monday + timedelta(days=6)}


def hosted_by(organisation: Organisation) -> list[ActivityKind]:
    """The kinds that this body may hold and that need people who give time."""
    return [
        kind for kind in playbook.current().activities.values()
        if organisation.kind in kind.host and any(role.gives_time for role in kind.roles)
    ]  # fmt: skip


class AbsenceForm(DaysForm):
    """Somebody of the plan cannot come on these days."""

    person = forms.ChoiceField(label=gettext_lazy("Who cannot come?"))

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Offer.objects.live().filter(organisation=plan.organisation_id).select_related("user")
        self.people = {str(row.user_id): row.user for row in rows}
        options = sorted(
            ((key, str(user)) for key, user in self.people.items()), key=lambda p: p[1]
        )
        self.fields["person"].choices = [("", "—"), *options]  # type: ignore[attr-defined]

    @property
    def who(self) -> User:
        return self.people[self.cleaned_data["person"]]


class MovingForm(forms.Form):
    """To which day and time, and why."""

    day = forms.DateField(
        label=gettext_lazy("Which day?"),
        widget=DayInput(attrs={"class": "short"}),
    )
    begins = forms.TimeField(
        label=gettext_lazy("It begins at"),
        widget=forms.TimeInput(attrs={"type": "time", "class": "short"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why is it moved? Everybody reads this."), max_length=200
    )
