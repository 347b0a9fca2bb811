"""What an import found and did, row by row."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from linli.lib.tables import write_rows


class Outcome(StrEnum):
    """What a row is to the tree as it stands."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    WRONG = "wrong"


LABELS = {
    Outcome.NEW: pgettext_lazy("row", "new"),
    Outcome.CHANGED: pgettext_lazy("row", "changed"),
    Outcome.UNCHANGED: pgettext_lazy("row", "unchanged"),
    Outcome.WRONG: pgettext_lazy("row", "wrong"),
}


@dataclass(frozen=True)
class Finding:
    """One row: its number in the file (the header is row 1), what it is, and why."""

    row: int
    code: str
    outcome: Outcome
    reason: str = ""  # for wrong rows a sentence; for changed ones the columns
    cells: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImportReport:
    """The result of one import; `written` says whether the tree was changed."""

    file: str
    findings: list[Finding]
    dry_run: bool
    written: bool
    warnings: list[str] = field(default_factory=list)  # about the whole

    def count(self, outcome: Outcome | str) -> int:
        return self._counts()[Outcome(outcome)]

    def _counts(self) -> Counter[Outcome]:
        return Counter(finding.outcome for finding in self.findings)

    @property
    def wrong(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.outcome is Outcome.WRONG]

    def summary(self) -> str:
        """One sentence: how many rows are what, and whether anything was written."""
        counts = self._counts()
        told = ", ".join(f"{LABELS[one]} {counts[one]}" for one in Outcome)
        return f"{self.file}: {told}. {self._verdict()}"

    def _verdict(self) -> str:
        if self.dry_run:
            return _("Nothing was written: this was a trial.")
        if self.written:
            return _("Written.")
        if self.wrong:
            return _("Nothing was written: put the wrong rows right, or keep the good ones.")
        return _("There was nothing to write.")

    def lines(self) -> list[str]:
        """One line for each wrong row and each warning."""
        said = [
            _("Row %(row)s: %(reason)s") % {"row": finding.row, "reason": finding.reason}
            for finding in self.wrong
        ]
        for finding in self.findings:
            said += [
                _("Row %(row)s, to look at: %(reason)s") % {"row": finding.row, "reason": text}
                for text in finding.warnings
            ]
        return said + [_("To look at: %(reason)s") % {"reason": text} for text in self.warnings]

    def write_errors(self, path: Path) -> int:
        """Keep the wrong rows in a CSV file: row number, reason, the cells as they came."""
        columns: list[str] = []
        for finding in self.wrong:
            columns += [name for name in finding.cells if name not in columns]
        with path.open("w", newline="", encoding="utf-8") as file:
            return write_rows(
                file,
                ["row", "reason", *(_clear(name, columns) for name in columns)],
                [_cells(finding, columns) for finding in self.wrong],
            )


def _clear(name: str, columns: Sequence[str]) -> str:
    """A column of the file that is called like one of ours gets a mark."""
    return f"{name} *" if name in {"row", "reason"} else name


def _cells(finding: Finding, columns: Sequence[str]) -> list[Any]:
    return [finding.row, finding.reason, *(finding.cells.get(name, "") for name in columns)]
