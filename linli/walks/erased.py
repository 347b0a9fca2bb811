"""Erase the busiest people of a built county and look what still names them: ``-m linli.walks.erased N``.

The map of ties is made from the models themselves, so a new one that nobody cuts is found (R50).
"""

import json
import sys
from collections import Counter

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.db.models import Field, Model  # noqa: E402

from linli.clubs.actions import door  # noqa: E402
from linli.clubs.models import Presence, Session  # noqa: E402
from linli.journal import check  # noqa: E402
from linli.people.actors import SYSTEM, Actor  # noqa: E402
from linli.people.models import User  # noqa: E402
from linli.people.roles import Role  # noqa: E402
from linli.points import reading  # noqa: E402
from linli.site.erasing import erase_person  # noqa: E402
from linli.vault import sealing  # noqa: E402

# Acts of an office stay with the row of the account, which then has no name and opens nothing.
OFFICIAL = {
    "people.Appointment.user", "people.Invitation.user", "ballots.Tally.first",
    "ballots.Tally.second", "ballots.Closing.first", "ballots.Closing.second",
    "admin.LogEntry.user",
}  # fmt: skip


def ties() -> dict[str, tuple[type[Model], str]]:
    """Every column of the database that may name a person."""
    found: dict[str, tuple[type[Model], str]] = {}
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, Field) and field.related_model is User:
                found[f"{model._meta.label}.{field.name}"] = (model, field.name)
    return found


def naming(people: list[User]) -> dict[str, int]:
    """How many rows of each column name one of these people."""
    counts = {
        name: model._default_manager.filter(**{f"{field}__in": people}).count()
        for name, (model, field) in ties().items()
        if name not in OFFICIAL
    }
    return {name: count for name, count in counts.items() if count}


def busiest(n: int) -> list[User]:
    """For each kind of tie who has most of it, then who has most kinds: `n` people."""
    kinds, picked = Counter[object](), []
    for name, (model, field) in ties().items():
        rows = Counter(
            model._default_manager.exclude(**{field: None}).values_list(field, flat=True)
        )
        kinds.update(rows.keys())
        picked += [key for key, _count in rows.most_common(1) if name not in OFFICIAL]
    keys = list(dict.fromkeys([*picked, *(key for key, _count in kinds.most_common(n))]))[:n]
    return list(User.objects.filter(pk__in=keys))


def home_time() -> None:
    """Every child at a club is fetched: nobody concerned can be erased until then."""
    for session in Session.objects.filter(ended_at=None).select_related("club__facility"):
        by = Actor("desk", Role.MGR, organisation=session.club.facility.organisation)
        for row in Presence.objects.filter(session=session, left_at=None).select_related("child"):
            door.hand_over(session, row.child, row.child.pickups.filter(ended_at=None)[0], by=by)
        door.end_session(session, by=by)


def main() -> None:
    """Erase them and print what was there before and after."""
    home_time()
    people = busiest(int(sys.argv[1]))
    before = naming(people)
    for user in people:
        erase_person(user, by=SYSTEM)
    print(json.dumps({
        "people": len(people), "before": before, "after": naming(people),
        "journal": check.verify().ok, "sums": reading.check_sums(),
        "keys": sum(not sealing.is_destroyed(user.vault_subject) for user in people),
        "names": sum(bool(row.display_name) for row in User.objects.filter(pk__in=[u.pk for u in people])),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
