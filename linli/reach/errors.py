"""What went wrong with what somebody brought, as a sentence that says where."""

from pathlib import Path


class ReachError(ValueError):
    """Roads, points or a matrix that cannot be used; the text says which file, line and why."""


def at(path: str | Path, line: int | None, message: str) -> ReachError:
    """A ReachError that begins with ``file:line:``."""
    place = Path(path).name if line is None else f"{Path(path).name}:{line}"
    return ReachError(f"{place}: {message}")
