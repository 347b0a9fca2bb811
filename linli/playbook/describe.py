"""Says in plain words what a method file gives a county."""

import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

from linli.playbook.coverage import CoverageRule
from linli.playbook.describe_belonging import membership_lines, pairing_lines
from linli.playbook.describe_procedure import procedure_lines
from linli.playbook.loader import Playbook, current
from linli.playbook.schema import ActivityKind, ActivityRole, CaseKind, Duty, PostKind, Step
from linli.playbook.sentences import closest

_WORDING: Final = Path(__file__).resolve().parent / "wording.toml"
_INDENT: Final = "    "


def describe(method_id: str, lang: str, book: Playbook | None = None) -> str:
    """What the method gives: pages, clocks, steps, who opens, sees and owns its cases.

    Raises KeyError with a sentence if the playbook has no such method.
    """
    book = book or current()
    method = book.methods.get(method_id)
    if method is None:
        raise KeyError(f'There is no method "{method_id}"; {closest(method_id, book.methods)}')
    return "\n".join(_Telling(book, "zh" if lang.startswith("zh") else "en").method(method_id))


@cache
def _wording() -> dict[str, dict[str, dict[str, str]]]:
    words: dict[str, dict[str, dict[str, str]]] = tomllib.loads(_WORDING.read_text("utf-8"))
    return words


class _Telling:
    """The sentences of one language about one playbook."""

    def __init__(self, book: Playbook, lang: str) -> None:
        self.book = book
        self.lang = lang

    def method(self, method_id: str) -> Iterator[str]:
        method, county = self.book.methods[method_id], self.book.county
        names = {row.id: row.name.text(self.lang) for row in (*county.portfolios, *county.streams)}
        yield f"{method.name.text(self.lang)} ({method.id})"
        yield method.summary.text(self.lang)
        yield f"{self.say('label', 'belongs')}: {names[method.portfolio]} · {names[method.stream]}"
        yield f"{self.say('label', 'source')}: {method.source.text(self.lang)}"
        for kind in method.cases:
            yield f"\n{self.say('label', 'case')}: {kind.name.text(self.lang)} ({kind.id})"
            yield from self._lines(self._case(kind))
        for activity in method.activities:
            name = activity.name.text(self.lang)
            yield f"\n{self.say('label', 'activity')}: {name} ({activity.id})"
            yield from self._lines(self._activity(activity))
        for one in method.procedures:
            yield f"\n{self.say('label', 'procedure')}: {one.name.text(self.lang)} ({one.id})"
            yield from self._lines(procedure_lines(one, county, self.lang, self.say))
        for way in method.memberships:
            yield f"\n{self.say('label', 'membership')}: {way.name.text(self.lang)} ({way.id})"
            yield from self._lines(membership_lines(way, county, self.lang, self.say))
        for tie in method.pairings:
            yield f"\n{self.say('label', 'pairing')}: {tie.name.text(self.lang)} ({tie.id})"
            yield from self._lines(pairing_lines(tie, county, self.lang, self.say))
        for post in method.posts:
            yield f"\n{self.say('label', 'post')}: {post.name.text(self.lang)} ({post.id})"
            yield from self._lines(self._post(post))
        for rule in method.coverage:
            yield f"\n{self.say('label', 'cover')}: {rule.name.text(self.lang)} ({rule.id})"
            yield from self._lines(self._cover(rule))

    def say(self, table: str, key: str, **values: object) -> str:
        return _wording()[table][key][self.lang].format(**values)

    def _lines(self, pairs: Iterable[tuple[str, list[str]]]) -> Iterator[str]:
        for label, values in pairs:
            if values:
                yield f"  {self.say('label', label)}: {values[0]}".rstrip()
                yield from (f"{_INDENT}{value}" for value in values[1:])

    def _list(self, parts: Iterable[str]) -> list[str]:
        joined = self.say("text", "and").join(parts)
        return [joined] if joined else []

    def _case(self, kind: CaseKind) -> Iterator[tuple[str, list[str]]]:
        topics = [self.book.county.category(name).name.text(self.lang) for name in kind.categories]
        yield "pages", self._list(self._pages(kind))
        yield "asks", [kind.prompt.text(self.lang)]
        yield "fields", self._list(field.name.text(self.lang) for field in kind.fields)
        yield "agrees", [kind.consent.text(self.lang)] if kind.consent else []
        yield "channels", self._list(self.say("channel", name) for name in kind.channels)
        yield "opens", [self._openers(kind)]
        yield "identity", [self.say("identity", kind.identity)]
        yield "sees", [self._readers(kind)]
        yield "place", [self.say("level", kind.place)]
        yield "topics", self._list(topics) or [self.say("text", "all")]
        yield "clocks", list(self._clocks(kind))
        yield "owns", ["", *self._owners(kind)]
        yield "steps", ["", *map(self._step, kind.steps)] if kind.steps else []
        yield "late", [kind.late.text(self.lang)]
        yield "survey", [kind.survey.text(self.lang)]
        yield "never", self._list(kind.forbidden_fields)
        keep = kind.keep
        yield "kept", [self.say("text", "kept", text=keep.text_days, contact=keep.contact_days)]

    def _pages(self, kind: CaseKind) -> Iterator[str]:
        for page in ("form", "receipt", "where", "desk"):
            yield self.say("page", page)
        if any(step.claim for step in kind.steps):
            yield self.say("page", "claims")
        yield self.say("page", kind.public_text)

    def _openers(self, kind: CaseKind) -> str:
        people = self.say("text", "and").join(self._person(name) for name in kind.opens_by)
        return people + (self.say("text", "on_behalf") if kind.on_behalf else "")

    def _readers(self, kind: CaseKind) -> str:
        if kind.is_sealed:
            people = self.say("text", "and").join(
                self._person(name) for name in kind.sealed_readers
            )
            return f"{self.say('visibility', 'sealed')} {people}"
        return " / ".join(self.say("visibility", name) for name in kind.visibilities)

    def _clocks(self, kind: CaseKind) -> Iterator[str]:
        yield self.say("text", "accept", span=kind.accept.text(self.lang))
        yield self.say("text", "answer", span=kind.answer.text(self.lang))
        for name, clock in kind.category_clocks.items():
            category = self.book.county.category(name).name.text(self.lang)
            yield self.say("text", "answer_for", name=category, span=clock.text(self.lang))
        if kind.at_most:
            span = kind.at_most.text(self.lang)
            yield self.say("text", "extend", times=kind.max_extensions, span=span)
        yield self.say("text", "confirm", span=kind.confirm.text(self.lang))

    def _owners(self, kind: CaseKind) -> Iterator[str]:
        yield from (f"{n}. {self._owner(row)}" for n, row in enumerate(kind.owner, 1))
        if not kind.is_sealed:
            yield f"{len(kind.owner) + 1}. {self.say('text', 'then_county')}"

    def _owner(self, row: Duty) -> str:
        who = self._person(row.post)
        if row.body:
            body = self.book.county.organisation(row.body).name.text(self.lang)
            who = (
                body if row.post == "handler" else self.say("text", "post_in", post=who, body=body)
            )
        said = self.say("text", "own_rows", who=who, level=self.say("level", row.at))
        if "*" in row.categories:
            return said
        topics = [self.book.county.category(name).name.text(self.lang) for name in row.categories]
        return self.say("text", "for_topics", who=said, topics=self.say("text", "and").join(topics))

    def _step(self, step: Step) -> str:
        notes = [self._person(step.by), self.say("stage", step.before)]
        if step.within:
            notes.append(self.say("text", "within", span=step.within.text(self.lang)))
        if step.claim:
            notes.append(self.say("text", "claim", span=step.claim.expires.text(self.lang)))
        flags = {
            "second": step.second_person, "publishes": step.publishes, "returns": step.returns,
            "conditional": step.when, "optional": step.optional,
        }  # fmt: skip
        notes += [self.say("text", name) for name, on in flags.items() if on]
        return f"{step.name.text(self.lang)} ({step.id}): {self.say('text', 'and').join(notes)}"

    def _person(self, name: str) -> str:
        post = self.book.posts.get(name)
        return post.name.text(self.lang) if post else self.say("person", name)

    def _activity(self, kind: ActivityKind) -> Iterator[tuple[str, list[str]]]:
        county, kinds = self.book.county, self.book.kinds
        hosts = [county.organisation(name).name.text(self.lang) for name in kind.host]
        yield "pages", self._list(self._activity_pages(kind))
        yield "place", [self.say("level", kind.at)]
        yield "hosts", self._list(hosts)
        yield "often", self._list(self._often(kind))
        yield "roles", ["", *map(self._role, kind.roles)]
        yield "outcomes", self._list(row.name.text(self.lang) for row in kind.outcomes)
        yield "notes", self._list(field.name.text(self.lang) for field in kind.fields)
        yield "agrees", [kind.consent_text.text(self.lang)] if kind.consent_text else []
        yield "yields", self._list(kinds[name].name.text(self.lang) for name in kind.yields)
        yield "answers", self._list(kinds[name].name.text(self.lang) for name in kind.answers)
        yield "never", self._list(kind.forbidden_fields)
        yield "kept", [self.say("text", "notes_kept", days=kind.keep_days)]

    def _activity_pages(self, kind: ActivityKind) -> Iterator[str]:
        yield self.say("page", "on" if kind.public else "on_hidden")
        yield self.say("page", "host")
        flags = {"calendar": kind.public, "homes": kind.stops == "homes", "round": kind.stops != "none",
                 "paper": kind.paper, "register": kind.enrol, "phone": kind.offline}  # fmt: skip
        yield from (self.say("page", name) for name, on in flags.items() if on)

    def _often(self, kind: ActivityKind) -> Iterator[str]:
        if kind.every:
            number, unit = kind.every.split()
            unit = unit.removesuffix("s")
            yield self.say("every", f"one-{unit}" if number == "1" else unit, n=number)
        yield kind.lasts.text(self.lang)
        if kind.limit:
            yield self.say("text", "at_most_every", span=kind.limit.every.text(self.lang))

    def _role(self, role: ActivityRole) -> str:
        notes = [self._person(role.by), self.say("text", "role_seats", n=role.seats)]
        if role.standby:
            notes.append(self.say("text", "role_standby", n=role.standby))
        if role.leads:
            notes.append(self.say("text", "leads"))
        return f"{role.name.text(self.lang)}: {self.say('text', 'and').join(notes)}"

    def _post(self, post: PostKind) -> Iterator[tuple[str, list[str]]]:
        bodies = [self.book.county.organisation(name).name.text(self.lang) for name in post.bodies]
        yield "on", self._list([self.say("level", post.on), *bodies])
        yield "duty", [post.duty.text(self.lang)]
        term = [self.say("text", "seats", n=post.seats, span=post.term.text(self.lang))]
        if post.vacancy:
            term.append(self.say("text", "vacancy", span=post.vacancy.text(self.lang)))
        yield "term", self._list(term)

    def _cover(self, rule: CoverageRule) -> Iterator[tuple[str, list[str]]]:
        owners = [self.book.county.organisation(row.body).name for row in rule.owner]
        if rule.tolerance:
            yield "tolerance", [rule.tolerance.text(self.lang)]
        yield "closes", [rule.within.text(self.lang)]
        names = [name.text(self.lang) for name in owners]
        yield "gap", self._list(names) or [self.say("text", "nearest")]
