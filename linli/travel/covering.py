"""Rules of cover about ways: "every firm reaches a service centre within half an hour"."""

from datetime import date, time

import numpy as np
import numpy.typing as npt

from linli.places.models import Place
from linli.playbook.coverage import WEEKDAYS, CoverageRule
from linli.reach.coverage import within
from linli.reach.errors import ReachError
from linli.travel import answers, roads
from linli.travel.questions import Question, next_usual

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


def reached(rule: CoverageRule, places: Ints, day: date) -> tuple[Bools, Bools]:
    """For each place whether an open facility is within the minutes, and whether its way is known."""
    none = np.zeros(len(places), dtype=bool)
    graph = roads.current()
    if graph is None:
        return none, none
    minutes, mode, hour = rule.has.way
    when = next_usual(WEEKDAYS.index(hour[:2]), time.fromisoformat(hour[3:]), day)
    question = Question(rule.has.facility or "", mode, when.isoformat(), minutes, "")
    rows = {pk: (lon, lat) for pk, lon, lat in
            Place.objects.filter(pk__in=places.tolist()).values_list("pk", "lon", "lat")}  # fmt: skip
    spots = np.array([rows.get(pk, (None, None)) for pk in places.tolist()], float).reshape(-1, 2)
    try:
        nearest = answers.nearest(question, graph, spots[:, 0], spots[:, 1])
    except ReachError:  # the file of the roads is gone
        return none, none
    return within(nearest, minutes), nearest.snapped.found
