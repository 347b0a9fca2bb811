"""A file that was read: its name, its lines and what it says."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel

from linli.playbook.positions import Path, line_of, positions
from linli.playbook.problems import Problem

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Source(Generic[Model]):
    """A file that follows the schema and still has to fit the other files."""

    file: str
    text: str
    model: Model

    @property
    def lines(self) -> dict[Path, int]:
        """Where everything stands; found only when something is wrong, for it takes a third of a load."""
        return positions(self.text)

    def problem(self, at: Path, message: str, hint: str) -> Problem:
        """A problem at this path of the file."""
        return Problem(self.file, line_of(at, self.lines), message, hint)
