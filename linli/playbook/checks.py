"""The cross-checks: what no single table can know about itself."""

from linli.playbook.problems import Problem
from linli.playbook.schema import County, Method
from linli.playbook.sources import Source


def check(county: Source[County], methods: list[Source[Method]]) -> list[Problem]:
    """Everything that does not fit between the files of one playbook."""
    return []
