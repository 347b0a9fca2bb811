"""Clocks that cannot contradict each other."""

from collections.abc import Iterator

from linli.lib.workdays import Span
from linli.playbook.checks.ground import Ground, Spot
from linli.playbook.positions import Path
from linli.playbook.problems import Problem

_HOURS = {"minutes": 1 / 60, "hours": 1.0, "days": 24.0, "workdays": 24.0}


def check(ground: Ground) -> Iterator[Problem]:
    """The clocks of each kind."""
    for spot in ground.kinds:
        yield from _extensions(spot)
        yield from _order(spot)


def _extensions(spot: Spot) -> Iterator[Problem]:
    kind = spot.kind
    if kind.max_extensions and kind.at_most is None:
        yield spot.problem(
            ("max_extensions",), "an answer could be put off without end",
            'say how long it may take altogether: at_most = "15 workdays"',
        )  # fmt: skip
    if kind.at_most and not kind.max_extensions:
        yield spot.problem(
            ("at_most",), "the answer cannot be extended", "leave it out, or add max_extensions = 1"
        )


def _order(spot: Spot) -> Iterator[Problem]:
    kind = spot.kind
    answers: list[tuple[Path, Span]] = [(("answer",), kind.answer.within)]
    answers += [(("category_clocks", name), c.within) for name, c in kind.category_clocks.items()]
    if _hours(kind.accept.within) > _hours(kind.answer.within):
        yield spot.problem(
            ("accept",), "it would be accepted after it has to be answered",
            f"write {kind.answer.within} or less",
        )  # fmt: skip
    for path, span in answers:
        if kind.at_most and _hours(span) > _hours(kind.at_most.within):
            yield spot.problem(
                path, f"it is longer than the {kind.at_most.within} of at_most",
                f"write {kind.at_most.within} or less",
            )  # fmt: skip


def _hours(span: Span) -> float:
    return span.amount * _HOURS[span.unit]
