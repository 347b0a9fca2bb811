"""The cross-checks: what no single table can know about itself."""

from linli.playbook.checks import (
    activities,
    award,
    bundles,
    clubs,
    coverage,
    facilities,
    incubators,
    letter,
    membership,
    names,
    owners,
    pairing,
    privacy,
    procedures,
    steps,
    talent,
    times,
)
from linli.playbook.checks.ground import Ground
from linli.playbook.problems import Problem
from linli.playbook.schema import County, Method
from linli.playbook.sources import Source


def check(county: Source[County], methods: list[Source[Method]]) -> list[Problem]:
    """Everything that does not fit, within a file and between the files of one playbook."""
    ground = Ground.of(county, methods)
    parts = (names, owners, privacy, steps, times, coverage, activities, procedures, membership,
             award, pairing, facilities, bundles, incubators, clubs, letter, talent)  # fmt: skip
    return [problem for part in parts for problem in part.check(ground)]
