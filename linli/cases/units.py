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
    bodies = playbook.current().county.organisations
    likely = {body.id for body in bodies if body.territorial} | set(case.rule.refuse.pass_to)
    rows = fit(case).filter(place__code__in=case.place.codes, kind__in=likely)
    return rows.order_by(Length("place__path").desc(), "pk")[:MOST]


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
    """Units of today that may have it: not the one that does, never the one it is about."""
    rows = Organisation.objects.in_force(clock.today()).select_related("place")
    return rows.exclude(pk__in=[pk for pk in (case.owner_id, case.about_id) if pk])


def colleagues(case: Case) -> QuerySet[User]:
    """The people who hold a post in the unit that has the case, today."""
    held = Appointment.objects.in_force(clock.today()).filter(post__organisation=case.owner_id)
    return User.objects.filter(pk__in=held.values("user")).order_by("display_name", "pk")
