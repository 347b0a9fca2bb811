"""Reads the files of a playbook and gives the one in use."""

import hashlib
import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from linli.playbook import checks
from linli.playbook.bundle import Bundle
from linli.playbook.incubator import Incubator
from linli.playbook.positions import line_of, positions
from linli.playbook.problems import PlaybookErrors, Problem
from linli.playbook.schema import (
    ActivityKind,
    Award,
    CaseKind,
    ClubKind,
    CohortKind,
    County,
    CoverageRule,
    FacilityKind,
    LetterKind,
    Membership,
    Method,
    Pairing,
    PointScheme,
    Pool,
    PostKind,
    Procedure,
)
from linli.playbook.sentences import sentence
from linli.playbook.sources import Source

COUNTY_FILE: Final = "county.toml"
DEFAULT: Final = Path(__file__).resolve().parent.parent / "playbooks" / "liyang"

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Playbook:
    """The methods of one county, read and checked. Nothing in it changes after loading."""

    directory: Path
    county: County
    methods: dict[str, Method]
    kinds: dict[str, CaseKind]
    posts: dict[str, PostKind]
    coverage: dict[str, CoverageRule]
    activities: dict[str, ActivityKind]
    procedures: dict[str, Procedure]
    facilities: dict[str, FacilityKind]
    clubs: dict[str, ClubKind]
    bundles: dict[str, Bundle]
    incubators: dict[str, Incubator]
    memberships: dict[str, Membership]
    awards: dict[str, Award]
    letters: dict[str, LetterKind]
    points: PointScheme | None
    pairings: dict[str, Pairing]
    pools: dict[str, Pool]
    cohorts: dict[str, CohortKind]
    version: str


def load(directory: Path | str) -> Playbook:
    """Read and check every ``*.toml`` of the directory.

    Raises PlaybookErrors with everything that is wrong, not only the first thing.
    """
    folder = Path(directory)
    files = sorted(folder.glob("*.toml"))
    if folder / COUNTY_FILE not in files:
        raise PlaybookErrors(
            [
                Problem(
                    str(folder / COUNTY_FILE),
                    1,
                    "the file is not there",
                    "a playbook is a folder with county.toml and one file for each method",
                )
            ]
        )
    problems: list[Problem] = []
    digest = hashlib.sha256()
    counties: list[Source[County]] = []
    methods: list[Source[Method]] = []
    for file in files:
        raw = file.read_bytes()
        digest.update(f"{file.name}\0{len(raw)}\0".encode() + raw)
        if file.name == COUNTY_FILE:
            counties += _read(file, raw, County, problems)
        else:
            methods += _read(file, raw, Method, problems)
    # A file that could not be read would make everything that names it look wrong.
    if not problems:
        problems += checks.check(counties[0], methods)
    if problems:
        raise PlaybookErrors(problems)
    return _assemble(
        folder.resolve(), counties[0].model, [m.model for m in methods], digest.hexdigest()
    )


def current() -> Playbook:
    """The playbook in use: the folder named by ``LINLI_PLAYBOOK``, otherwise Liyang's.

    Read once; a changed file is seen after a restart.
    """
    return _cached(_used[-1] if _used else os.environ.get("LINLI_PLAYBOOK") or str(DEFAULT))


@contextmanager
def use(directory: Path | str) -> Iterator[Playbook]:
    """Make ``current()`` answer with this playbook, in all threads, read afresh. For tests."""
    _cached.cache_clear()
    _used.append(str(directory))
    try:
        yield current()
    finally:
        _used.pop()
        _cached.cache_clear()


_used: Final[list[str]] = []


@lru_cache(maxsize=4)
def _cached(directory: str) -> Playbook:
    return load(directory)


def _assemble(folder: Path, county: County, methods: list[Method], digest: str) -> Playbook:
    return Playbook(
        directory=folder,
        county=county,
        methods={method.id: method for method in methods},
        kinds={case.id: case for method in methods for case in method.cases},
        posts={
            post.id: post
            for post in [*county.posts, *(post for method in methods for post in method.posts)]
        },
        coverage={rule.id: rule for method in methods for rule in method.coverage},
        activities={kind.id: kind for method in methods for kind in method.activities},
        procedures={one.id: one for method in methods for one in method.procedures},
        facilities={kind.id: kind for method in methods for kind in method.facilities},
        clubs={kind.id: kind for method in methods for kind in method.clubs},
        bundles={one.id: one for method in methods for one in method.bundles},
        incubators={one.id: one for method in methods for one in method.incubators},
        memberships={one.id: one for method in methods for one in method.memberships},
        letters={one.id: one for method in methods for one in method.letters},
        awards={rule.id: rule for method in methods for rule in method.awards},
        points=next((method.points for method in methods if method.points), None),
        pairings={one.id: one for method in methods for one in method.pairings},
        pools={one.id: one for method in methods for one in method.pools},
        cohorts={one.id: one for method in methods for one in method.cohorts},
        version=digest[:12],
    )


def _read(
    file: Path, raw: bytes, model: type[Model], problems: list[Problem]
) -> list[Source[Model]]:
    """The file as its model, in a list; an empty list and the problems if it cannot be read."""
    try:
        text = raw.decode("utf-8-sig")
        values: dict[str, Any] = tomllib.loads(text)
    except UnicodeDecodeError:
        problems.append(Problem(str(file), 1, "the file is not UTF-8", "save it as UTF-8"))
        return []
    except tomllib.TOMLDecodeError as error:
        problems.append(_syntax(file, text, error))
        return []
    text = text.replace("\r\n", "\n")
    try:
        return [Source(str(file), text, model.model_validate(values))]
    except ValidationError as error:
        lines = positions(text)
        for detail in error.errors(include_url=False):
            message, hint = sentence(detail, model)
            problems.append(Problem(str(file), line_of(detail["loc"], lines), message, hint))
        return []


def _syntax(file: Path, text: str, error: tomllib.TOMLDecodeError) -> Problem:
    # "Invalid value (at line 3, column 7)"; at the end of the file there is no number.
    said, _, place = str(error).partition(" (at ")
    number = place.removeprefix("line ").split(",")[0]
    line = int(number) if number.isdigit() else text.count("\n") + 1
    return Problem(str(file), line, f"this is not TOML: {said}", "see https://toml.io")
