"""Whatever happens to the tree, every day's tree stays what it was."""

from collections import Counter
from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.lib import clock
from linli.places import tree
from linli.places.models import PARENTS, VILLAGES, Closure, Place
from linli.places.tests.ground import TODAY

DAYS = [date(2026, 1, 1) + timedelta(days=n) for n in range(8)]
BEFORE = DAYS[0] - timedelta(days=300)
ALL_DAYS = [BEFORE, *DAYS]

CHANGES = st.tuples(
    st.sampled_from(["add", "move", "move", "rename", "close", "merge"]),
    st.integers(0, 99),
    st.integers(0, 99),
    st.integers(0, len(DAYS)),
)


class Model:
    """What each day's tree should be: {day: {code: (parent, name)}}, kept by plain dictionaries."""

    def __init__(self) -> None:
        self.days = {day: {"c": ("", "县")} for day in ALL_DAYS}
        self.serial = 0

    @property
    def now(self):
        return self.days[ALL_DAYS[-1]]

    def path(self, code, day):
        line = []
        while code:
            line.append(code)
            code = self.days[day][code][0]
        return "".join(one + "/" for one in reversed(line))

    def since(self, code):
        """The first day from which the place has always stood where it stands now."""
        path, first = self.path(code, ALL_DAYS[-1]), None
        for day in reversed(ALL_DAYS):
            if code not in self.days[day] or self.path(code, day) != path:
                break
            first = day
        return first

    def set(self, code, day, value):
        for one in ALL_DAYS:
            if one >= day:
                self.days[one][code] = value

    def change(self, code, day, *, parent=None, name=None):
        for one in ALL_DAYS:
            if one >= day:
                old = self.days[one][code]
                self.days[one][code] = (parent or old[0], name or old[1])

    def end(self, code, day):
        for one in ALL_DAYS:
            if one >= day:
                del self.days[one][code]


def land(model):
    """A county with enough in it for every kind of change."""
    places = [("t1", "town", "c"), ("t2", "town", "c"), ("v1", "village", "t1")]
    places += [("v2", "village", "t1"), ("v3", "community", "t2"), ("g1", "grid", "v1")]
    places += [("g2", "grid", "v1"), ("g3", "grid", "v3")]
    places += [(f"b{n}", "building", f"g{1 + n % 3}") for n in range(6)]
    made = {"c": tree.add(code="c", kind="county", name="县")}
    for code, kind, parent in places:
        made[code] = tree.add(code=code, kind=kind, name=code, parent=made[parent])
        model.set(code, BEFORE, (parent, code))


def one_of(rows, n):
    rows = list(rows.order_by("code"))
    return rows[n % len(rows)] if rows else None


def apply(model, verb, a, b, when):
    """Do one change to the database and, if it was not refused, to the model."""
    current = Place.objects.current()
    place = one_of(current.exclude(kind="county"), a)
    day = DAYS[min(when, len(DAYS) - 1)]
    model.serial += 1
    name = f"地{model.serial}"
    if verb == "add":
        kind = place.kind
        parent = one_of(current.filter(kind__in=PARENTS[kind]), b)
        code, first = f"p{model.serial:03d}", None if when == len(DAYS) else day
        tree.add(code=code, kind=kind, name=name, parent=parent, valid_from=first)
        model.set(code, first or model.since(parent.code), (parent.code, name))
    elif verb == "move":
        parent = one_of(current.filter(kind__in=PARENTS[place.kind]), b)
        tree.move(place, parent, on=day)
        model.change(place.code, day, parent=parent.code)
    elif verb == "rename":
        tree.rename(place, name, on=day)
        model.change(place.code, day, name=name)
    elif verb == "close":
        place = one_of(current.filter(kind="building"), a) or place
        tree.close(place, on=day)
        model.end(place.code, day)
    else:
        group = VILLAGES if place.kind in VILLAGES else (place.kind,)
        other = one_of(current.filter(kind__in=group), b)
        inside = [code for code, (parent, _n) in model.now.items() if parent == place.code]
        tree.merge([place], other, on=day)
        for code in inside:
            model.change(code, day, parent=other.code)
        model.end(place.code, day)
    return verb


def closure_of(rows):
    """The pairs, computed anew from the parents alone."""
    parent = dict(rows)
    found = set()
    for start in parent:
        depth, above = 0, start
        while above is not None:
            found.add((above, start, depth))
            assert depth <= len(parent), "a circle"
            depth, above = depth + 1, parent[above]
    return found


def check(model):
    for day in ALL_DAYS:
        rows = list(Place.objects.at(day).values_list("code", "path", "name"))
        assert len(rows) == len({code for code, _p, _n in rows}), f"a code twice on {day}"
        found = {code: (path, name) for code, path, name in rows}
        wanted = {c: (model.path(c, day), n) for c, (_parent, n) in model.days[day].items()}
        assert found == wanted, day
    current = Place.objects.current()
    assert set(current.values_list("code", flat=True)) == set(model.now)
    for place in current.select_related("parent"):
        assert (place.parent.code if place.parent else "") == model.now[place.code][0]
    pairs = set(Closure.objects.values_list("ancestor", "descendant", "depth"))
    assert pairs == closure_of(current.values_list("pk", "parent"))
    assert tree.flaws() == []


@pytest.mark.django_db
def test_every_day_keeps_its_tree():
    done = Counter()

    @settings(max_examples=50, deadline=None, derandomize=True)
    @given(st.lists(CHANGES, min_size=12, max_size=25))
    def days_hold(changes):
        with clock.moved_to(TODAY), transaction.atomic():
            model = Model()
            land(model)
            for change in changes:
                with suppress(tree.TreeError), transaction.atomic():
                    done[apply(model, *change)] += 1
            check(model)
            transaction.set_rollback(True)

    days_hold()
    # Most changes must really happen, or the test proves nothing.
    assert min(done[verb] for verb in ("add", "move", "rename", "close", "merge")) > 15, done
