"""What people have to do at a time: occurrences they organise, and seats they promised to fill.

The floor of people asks here when a post changes hands or somebody cannot come (people/work.py).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from linli.activities.actions import seats, standing_in
from linli.activities.actions.core import tell
from linli.activities.models import Occurrence, SignUp
from linli.activities.models.people import Going
from linli.lib import clock
from linli.people.actors import Actor, as_resident
from linli.people.models import Appointment, User
from linli.people.work import Duty, Item
from linli.web.jinja import url
from linli.web.language import lang

NAME: Final = "activities"


class Organising:
    """Occurrences still to come that somebody organises for their body."""

    def held(self, row: Appointment) -> list[Item]:
        """Who has another post in the same body goes on organising."""
        today = clock.today()
        others = Appointment.objects.in_force(today).exclude(pk=row.pk)
        if others.filter(user=row.user_id, post__organisation=row.post.organisation_id).exists():
            return []
        found = _coming().filter(organiser=row.user_id, organisation=row.post.organisation_id)
        return [
            Item(NAME, str(one.pk), one.name_for(lang()), one.place.name_for(lang()),
                 one.starts_at, url("activity", one.pk))
            for one in found.select_related("place").defer("place__boundary")
        ]  # fmt: skip

    def give(
        self, row: Appointment, keys: Sequence[str], to: Appointment | None, by: Actor
    ) -> list[str]:
        """Another organises; without one the body itself does."""
        moved = []
        for one in _coming().filter(pk__in=keys, organiser=row.user_id):
            new = to.user if to else None
            if Occurrence.objects.filter(pk=one.pk, organiser=row.user_id).update(organiser=new):
                tell(one, "activity.organiser_changed", by=by,
                     facts={"to": str(new.pk) if new else ""})  # fmt: skip
                moved.append(str(one.pk))
        return moved


def _coming() -> QuerySet[Occurrence]:
    return Occurrence.objects.filter(state="planned", starts_at__gt=clock.now())


class Seats:
    """Seats that somebody promised to fill."""

    def of(self, user: User, start: datetime, end: datetime) -> list[Duty]:
        """What this person is expected at, with a seat."""
        rows = SignUp.objects.filter(
            user=user, state=Going.GOING, occurrence__state="planned",
            occurrence__starts_at__gte=start, occurrence__starts_at__lt=end,
        ).select_related("occurrence__place", "occurrence__organisation")  # fmt: skip
        return [_duty(row) for row in rows.defer("occurrence__place__boundary")]

    def candidates(self, user: User, key: str) -> list[User]:
        """The deputies of the post in which they serve, then the waiting list in its order."""
        row = _mine(user, key)
        if row is None:
            return []
        deputies = Appointment.objects.in_force(clock.today()).filter(
            post__kind=row.seat.rule.by, post__organisation=row.occurrence.organisation_id,
            is_deputy=True,
        ).select_related("user").order_by("from_date", "pk")  # fmt: skip
        waiting = SignUp.objects.filter(seat=row.seat).queue().select_related("user")
        people = [held.user for held in deputies] + [one.user for one in waiting]
        there = SignUp.objects.filter(occurrence=row.occurrence, state=Going.GOING)
        coming = set(there.values_list("user_id", flat=True)) | {user.pk}
        return [one for one in dict.fromkeys(people) if one.pk not in coming]

    def swap(self, user: User, key: str, to: User) -> None:
        """`to` has the seat from now on."""
        row = _mine(user, key)
        if row is not None:
            standing_in.swap(row, to)

    def title(self, key: str) -> str:
        """The name of the occurrence."""
        rows = SignUp.objects.filter(pk=int(key)).select_related("occurrence")
        row = rows.first()
        return row.occurrence.name_for(lang()) if row else ""

    def said_no(self, who: User, key: str) -> None:
        """Off the waiting list of this one time."""
        row = SignUp.objects.filter(pk=int(key)).first()
        rows = SignUp.objects.filter(occurrence=row.occurrence_id if row else None, user=who)
        for mine in rows.filter(state=Going.STANDBY).select_related(
            "occurrence__organisation", "seat"
        ):
            seats.withdraw(mine, by=as_resident(who))

    def give_back(self, user: User, key: str) -> None:
        """The seat is free: the host sees it, and whoever waits moves up."""
        row = _mine(user, key)
        if row is not None and row.occurrence.starts_at > clock.now():
            seats.withdraw(row, by=as_resident(user))


def _mine(user: User, key: str) -> SignUp | None:
    rows = SignUp.objects.filter(user=user, state=Going.GOING, pk=int(key))
    return rows.select_related("occurrence__organisation", "seat__occurrence").first()


def _duty(row: SignUp) -> Duty:
    one, tongue = row.occurrence, lang()
    return Duty(
        NAME, str(row.pk), one.name_for(tongue), one.place.name_for(tongue), one.starts_at,
        one.place_path, str(one.organisation_id),
    )  # fmt: skip
