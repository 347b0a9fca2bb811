"""What must never be asked, kept or shown."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path as FilePath
from typing import Final

from linli.playbook.checks.ground import Ground, Spot
from linli.playbook.problems import Problem
from linli.playbook.schema import Field

_FILE: Final = FilePath(__file__).resolve().parent.parent / "forbidden.toml"
_CONTACT: Final = frozenset({"phone", "mobile", "telephone", "email", "address", "surname"})
_CHINESE: Final = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Words that no field may have in its id or name."""

    en: tuple[str, ...]
    zh: tuple[str, ...]
    why: str

    def found_in(self, field: Field) -> str | None:
        """The first of these words that the field has."""
        english = (f" {_plain(field.id)} ", f" {_plain(field.name.en)} ")
        for word in self.en:
            if any(f" {word} " in text for text in english):
                return word
        return next((word for word in self.zh if word in field.name.zh), None)


def check(ground: Ground) -> Iterator[Problem]:
    """Forbidden fields, anonymity, sealing and publishing of each kind."""
    for spot in ground.kinds:
        yield from _forbidden(spot)
        yield from _without_identity(spot)
        yield from _copies(spot)
        yield from _sealed(spot)
        yield from _public(spot)


@cache
def forbidden() -> tuple[Forbidden, ...]:
    """The words that are forbidden everywhere."""
    rows = tomllib.loads(_FILE.read_text("utf-8"))["forbidden"]
    return tuple(Forbidden(tuple(row["en"]), tuple(row["zh"]), row["why"]) for row in rows)


def _plain(name: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", name.lower()))


def own_words(words: Iterable[str]) -> Forbidden:
    """The words that one kind forbids beside the common ones."""
    chinese = tuple(word for word in words if _CHINESE.search(word))
    english = tuple(_plain(word) for word in words if not _CHINESE.search(word))
    return Forbidden(english, chinese, "the file itself says so in forbidden_fields")


def _forbidden(spot: Spot) -> Iterator[Problem]:
    rules = (*forbidden(), own_words(spot.kind.forbidden_fields))
    for path, field in spot.fields():
        for rule in rules:
            if word := rule.found_in(field):
                yield spot.problem(
                    (*path, "id"), f'a field for "{word}" is forbidden', f"take it out: {rule.why}"
                )
                break


def _without_identity(spot: Spot) -> Iterator[Problem]:
    kind = spot.kind
    if kind.identity != "none":
        return
    for path, field in spot.fields():
        if field.private or _CONTACT & set(_plain(f"{field.id} {field.name.en}").split()):
            yield spot.problem(
                (*path, "id"), f'"{field.id}" asks who it is, and identity is "none"',
                "take the field out: nobody is asked here",
            )  # fmt: skip
    if kind.time_grain == "second":
        yield spot.problem(
            spot.written("time_grain", "identity"),
            "the exact moment would tell who it was",
            'write time_grain = "hour" or "week" where identity is "none"',
        )  # fmt: skip


def _copies(spot: Spot) -> Iterator[Problem]:
    for path, field in spot.fields():
        if field.type == "photo" and not spot.kind.keeps_copies:
            yield spot.problem(
                (*path, "type"),
                f'"{field.id}" would keep a copy',
                "keeps_copies is false: use text",
            )


def _sealed(spot: Spot) -> Iterator[Problem]:
    kind = spot.kind
    if "sealed" in kind.visibilities and not kind.is_sealed:
        yield spot.problem(
            ("visibilities",), "sealed cannot be one choice among others",
            'write visibilities = ["sealed"], or leave sealed out',
        )  # fmt: skip
    if kind.visibility not in kind.visibilities:
        yield spot.problem(
            ("visibility",), f'"{kind.visibility}" is not among the visibilities',
            f"use one of: {', '.join(kind.visibilities)}",
        )  # fmt: skip
    if kind.is_sealed and not kind.sealed_readers:
        yield spot.problem(
            ("visibility",), "nobody could read a sealed case of this kind",
            'add sealed_readers = ["party", …] with the posts that may',
        )  # fmt: skip
    if kind.sealed_readers and not kind.is_sealed:
        yield spot.problem(
            ("sealed_readers",), "this kind is not sealed", 'leave it out, or visibility = "sealed"'
        )


def _public(spot: Spot) -> Iterator[Problem]:
    kind = spot.kind
    if kind.public_text == "alias" and not kind.alias:
        yield spot.problem(
            ("public_text",), "the public text is under an alias, and there is none", "alias = true"
        )
    if kind.public_text == "none" and "public" in kind.visibilities:
        yield spot.problem(
            spot.written("visibilities", "visibility"),
            "everybody may see it, and nothing of it is public",
            'write public_text = "redacted", or take "public" out',
        )  # fmt: skip
    if kind.public_text == "topic" and not kind.public_needs:
        yield spot.problem(
            ("public_text",), "the topic would be public without anybody's consent",
            'name the ticks of consent: public_needs = ["step.field"]',
        )  # fmt: skip
    for number, name in enumerate(kind.public_needs):
        step_id, _, field_id = name.partition(".")
        step = next((step for step in kind.steps if step.id == step_id), None)
        field = step.field(field_id) if step else None
        if field is None or field.type != "tick":
            yield spot.problem(
                ("public_needs", number), f'"{name}" is not a tick of a step',
                'write "step.field" with a field of type tick',
            )  # fmt: skip
