"""Activities fit the county: who hosts and does them, what they note, what they lead to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from linli.playbook.checks.ground import Ground, unknown
from linli.playbook.checks.names import HasId
from linli.playbook.checks.privacy import forbidden, own_words
from linli.playbook.positions import Path
from linli.playbook.problems import Problem
from linli.playbook.schema import ActivityKind, Method
from linli.playbook.sources import Source

_DOERS = ("anyone", "volunteer")


@dataclass(frozen=True, slots=True)
class Place:
    """A kind of activity and where it stands."""

    source: Source[Method]
    path: Path
    kind: ActivityKind

    def problem(self, at: Path, message: str, hint: str) -> Problem:
        """A problem at a key of this kind."""
        said = f'{message} (activity "{self.kind.id}")'
        return self.source.problem((*self.path, *at), said, hint)


def check(ground: Ground) -> Iterator[Problem]:
    """Every kind of activity of every file."""
    kinds = [spot.kind.id for spot in ground.kinds]
    for source in ground.methods:
        for number, kind in enumerate(source.model.activities):
            spot = Place(source, ("activity", number), kind)
            yield from _ids(spot)
            yield from _bodies(ground, spot)
            yield from _roles(ground, spot)
            yield from _cases(spot, kinds)
            yield from _paper(ground, spot, kinds)
            yield from _homes(spot)
            yield from _fields(spot)


def _ids(spot: Place) -> Iterator[Problem]:
    lists: dict[str, Sequence[HasId]] = {
        "role": spot.kind.roles,
        "outcome": spot.kind.outcomes,
        "fields": spot.kind.fields,
    }
    for key, rows in lists.items():
        seen: set[str] = set()
        for number, row in enumerate(rows):
            if row.id in seen:
                yield spot.problem(
                    (key, number, "id"), f'the id "{row.id}" is there twice', "choose another id"
                )
            seen.add(row.id)
    if not any(outcome.held for outcome in spot.kind.outcomes):
        yield spot.problem(
            ("outcome",), "it could never take place", "leave held = true for one outcome"
        )


def _bodies(ground: Ground, spot: Place) -> Iterator[Problem]:
    for number, body in enumerate(spot.kind.host):
        if body not in ground.organisations:
            yield spot.problem(
                ("host", number), *unknown("organisation", body, ground.organisations)
            )


def _roles(ground: Ground, spot: Place) -> Iterator[Problem]:
    for number, role in enumerate(spot.kind.roles):
        if role.by not in _DOERS and role.by not in ground.posts:
            yield spot.problem(
                ("role", number, "by"), *unknown("post", role.by, [*_DOERS, *ground.posts])
            )
        if role.leads and role.by == "anyone":
            yield spot.problem(
                ("role", number, "leads"), "somebody who only takes part would keep the list",
                'write by = "volunteer", or the id of a post',
            )  # fmt: skip


def _cases(spot: Place, kinds: list[str]) -> Iterator[Problem]:
    for key, names in (("yields", spot.kind.yields), ("answers", spot.kind.answers)):
        for number, name in enumerate(names):
            if name not in kinds:
                yield spot.problem((key, number), *unknown("kind of case", name, kinds))


def _paper(ground: Ground, spot: Place, kinds: list[str]) -> Iterator[Problem]:
    paper = spot.kind.paper
    if paper is None:
        return
    if paper.case not in kinds:
        yield spot.problem(("paper", "case"), *unknown("kind of case", paper.case, kinds))
    elif paper.case not in spot.kind.yields:
        yield spot.problem(
            ("paper", "case"), "a line of the page could not become a case",
            f'add "{paper.case}" to yields',
        )  # fmt: skip
    for number, post in enumerate(paper.by):
        if post not in ground.posts:
            yield spot.problem(("paper", "by", number), *unknown("post", post, list(ground.posts)))


def _homes(spot: Place) -> Iterator[Problem]:
    kind = spot.kind
    if kind.stops == "homes" and kind.consent != "required":
        yield spot.problem(
            ("consent",),
            "homes would be visited without their consent",
            'write consent = "required"',
        )
    if kind.stops == "homes" and kind.limit is None:
        yield spot.problem(
            ("stops",), "a home could be visited without end",
            'write limit = { every = "30 days" }',
        )  # fmt: skip
    if kind.stops == "homes" and kind.public:
        yield spot.problem(
            ("public",), "everybody would see when somebody comes home to people",
            "write public = false",
        )  # fmt: skip
    if kind.consent != "none" and kind.consent_text is None:
        yield spot.problem(
            ("consent",), "it does not say what people agree to",
            "add consent_text = { zh = …, en = … }",
        )  # fmt: skip
    if kind.limit and kind.stops != "homes":
        yield spot.problem(
            ("limit",), "only visits to homes have a limit", 'leave it out, or stops = "homes"'
        )


def _fields(spot: Place) -> Iterator[Problem]:
    rules = (*forbidden(), own_words(spot.kind.forbidden_fields))
    promise = spot.kind.field(spot.kind.promise) if spot.kind.promise else None
    if spot.kind.promise and (promise is None or promise.type != "date"):
        yield spot.problem(
            ("promise",), f'"{spot.kind.promise}" is not a date that is noted',
            "name a field of type date",
        )  # fmt: skip
    for number, field in enumerate(spot.kind.fields):
        at: Path = ("fields", number)
        for rule in rules:
            if word := rule.found_in(field):
                yield spot.problem(
                    (*at, "id"), f'a field for "{word}" is forbidden', f"take it out: {rule.why}"
                )
                break
        if field.type == "choice" and not field.choices:
            yield spot.problem(
                (*at, "type"), f'"{field.id}" has nothing to choose from', "add choices = [ … ]"
            )
        if field.choices and field.type != "choice":
            yield spot.problem(
                (*at, "choices"), f'"{field.id}" is not a choice', 'write type = "choice"'
            )
