"""What all checks look at: the files that were read, and the names they give."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from linli.playbook.base import ROLES
from linli.playbook.positions import Path
from linli.playbook.problems import Problem
from linli.playbook.schema import CaseKind, County, Field, Method, PostKind, Step
from linli.playbook.sentences import closest
from linli.playbook.sources import Source

OPENERS: Final = ("anyone", "resident", "staff")
DOERS: Final = ("handler", "asker", "verifier", "volunteer", "mediator")
READERS: Final = ("asker", "party")


@dataclass(frozen=True, slots=True)
class Spot:
    """A kind of case and where it stands."""

    source: Source[Method]
    path: Path
    kind: CaseKind

    def problem(self, at: Path, message: str, hint: str) -> Problem:
        """A problem at a key of this kind of case."""
        return self.source.problem((*self.path, *at), f'{message} (case "{self.kind.id}")', hint)

    def written(self, *keys: str) -> Path:
        """The first of these keys that the file writes for this kind."""
        return next(((key,) for key in keys if (*self.path, key) in self.source.lines), ())

    def steps(self) -> Iterator[tuple[Path, Step]]:
        """Each step with its path inside the kind."""
        for number, step in enumerate(self.kind.steps):
            yield ("step", number), step

    def fields(self) -> Iterator[tuple[Path, Field]]:
        """Each field, of the form and of the steps, with its path inside the kind."""
        for number, field in enumerate(self.kind.fields):
            yield ("fields", number), field
        for path, step in self.steps():
            for number, field in enumerate(step.fields):
                yield (*path, "fields", number), field


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything that was read."""

    county: Source[County]
    methods: list[Source[Method]]
    kinds: list[Spot]
    posts: dict[str, PostKind]
    categories: list[str]
    organisations: list[str]

    @classmethod
    def of(cls, county: Source[County], methods: list[Source[Method]]) -> "Ground":
        """The ground of these files."""
        every_post = [*county.model.posts, *(p for m in methods for p in m.model.posts)]
        return cls(
            county=county,
            methods=methods,
            kinds=[
                Spot(source, ("case", number), kind)
                for source in methods
                for number, kind in enumerate(source.model.cases)
            ],
            posts={post.id: post for post in every_post},
            categories=[row.id for row in county.model.categories],
            organisations=[row.id for row in county.model.organisations],
        )

    def people(self, words: tuple[str, ...]) -> list[str]:
        """These words, the roles and all posts: who can be named in a list of people."""
        return [*words, *ROLES, *self.posts]


def unknown(what: str, name: str, known: list[str]) -> tuple[str, str]:
    """What to say about a name that nothing has."""
    return f'there is no {what} "{name}"', closest(name, known)
