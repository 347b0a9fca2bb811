"""Finding who else could have a matter: units around the place or by name, and colleagues."""

from django.db.models import Case as When_
from django.db.models import IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length

from linli import playbook
from linli.cases.models import Case
from linli.lib import clock
from linli.people.models import Appointment, Organisation, User

MOST = 12


def around(case: Case) -> QuerySet[Organisation]:
    """Who could have it: the offices above the place, and what the kind passes its matters to."""
    kinds = [kind for kind in case.rule.refuse.pass_to if kind in _kinds()]
    here = Q(place__code__in=case.place.codes)
    offices = Q(kind__in=[kind for kind in _kinds() if playbook.current().county.organisation(kind).everywhere])
    return fit(case).filter(here & (offices | Q(kind__in=kinds))).order_by(
        Length("place__path").desc(), "pk"
    )[:MOST]  # fmt: skip


def search(case: Case, words: str) -> QuerySet[Organisation]:
    """Units by name or a part of it, those of the place first; one statement."""
    clean = words.strip()
    if not clean:
        return Organisation.objects.none()
    by_kind = [
        row.id
        for row in playbook.current().county.organisations
        if clean.casefold() in {row.name.zh.casefold(), row.name.en.casefold()}
    ]
    named = Q(name__icontains=clean) | Q(name_en__icontains=clean) | Q(kind__in=by_kind)
    near = When_(
        When(place__code__in=case.place.codes, then=Value(0)), default=Value(1),
        output_field=IntegerField(),
    )  # fmt: skip
    return fit(case).filter(named).order_by(near, Length("name"), "pk")[:MOST]


def fit(case: Case) -> QuerySet[Organisation]:
    """Units of today that may have this case: not the one that has it, never the one it is about."""
    rows = Organisation.objects.in_force(clock.today()).select_related("place")
    return rows.exclude(pk__in=[pk for pk in (case.owner_id, case.about_id) if pk])


def _kinds() -> list[str]:
    return [row.id for row in playbook.current().county.organisations]


def colleagues(case: Case) -> QuerySet[User]:
    """The people who hold a post in the unit that has the case, today."""
    held = Appointment.objects.in_force(clock.today()).filter(post__organisation=case.owner_id)
    return User.objects.filter(pk__in=held.values("user")).order_by("display_name", "pk")
