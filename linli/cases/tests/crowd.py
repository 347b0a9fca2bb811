"""Many cases at once, written past the actions; for tests of lists and of what they cost."""

import random
from datetime import timedelta
from uuid import uuid4

from linli import playbook
from linli.cases import searching
from linli.cases.models import Case, State
from linli.cases.tests.conftest import Ground
from linli.lib import clock, ids

SIGNS = "路灯坏井盖水管楼道"


def crowd(ground: Ground, count: int, seed: int = 1, *, indexed: bool = True) -> list[Case]:
    """`count` public cases of the last weeks, their texts checked, at places and states of all sorts."""
    draw = random.Random(seed)
    places = [ground.building, ground.village, ground.town]
    units = [ground.units["street-lighting"], ground.units["village-committee"]]
    kinds = [rule.id for rule in playbook.current().kinds.values() if "public" in rule.visibilities]
    cases = []
    for n in range(count):
        at = clock.now() - timedelta(minutes=7 * (count - n))
        place, owner = draw.choice(places), draw.choice(units)
        state = draw.choice([State.ROUTED, State.ACCEPTED, State.ANSWERED, State.CONFIRMED])
        done = state == State.CONFIRMED
        body = f"25{n:07d}"
        text = "".join(draw.choice(SIGNS) for _n in range(draw.randrange(1, 7)))
        if draw.random() < 0.2:
            text += " LED lamp"
        cases.append(Case(
            id=uuid4(), number=body + ids.check_digit(body), kind=draw.choice(kinds[:2]),
            playbook="test", channel="web", category=draw.choice(["street-light", "water-supply"]),
            place=place, place_path=place.path, text=text, public_text=text, published_at=at,
            visibility="public", owner=owner, first_owner=owner, state=state, received_at=at,
            lon=119.5 + draw.uniform(-0.02, 0.02), lat=31.3 + draw.uniform(-0.02, 0.02),
            answer_due_at=at + timedelta(days=30), due_at=None if done else at + timedelta(days=30),
            closed_at=at if done else None,
        ))  # fmt: skip
    Case.objects.bulk_create(cases)
    if indexed:
        searching.reindex(Case.objects.all())
    return cases
