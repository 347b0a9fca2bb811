"""Says in plain words how a membership and a tie run."""

from collections.abc import Callable, Iterator

from linli.playbook.membership import Length, Membership, Stage, Step
from linli.playbook.pairing import Pairing, Side
from linli.playbook.schema import County

Say = Callable[..., str]


def membership_lines(
    one: Membership, county: County, lang: str, say: Say
) -> Iterator[tuple[str, list[str]]]:
    """The lines of one membership, each a label of wording.toml and its values."""
    joined = say("text", "and")
    yield "carries", [joined.join(county.organisation(b).name.text(lang) for b in one.bodies)]
    yield "stages", ["", *(_stage(stage, lang, say) for stage in one.stages)]
    yield "steps", ["", *(_step(one, step, lang, say) for step in one.steps)]
    yield "grounds", ["", *(row.name.text(lang) for row in one.grounds)] if one.grounds else []
    tiers = [f"{say('text', 'from_size', n=t.from_)}: {t.name.text(lang)}" for t in one.tiers]
    yield "tiers", ["", *tiers]


def _span(length: Length, say: Say) -> str:
    return say("length", length.unit if length.amount == 1 else f"{length.unit}s", n=length.amount)


def _stage(stage: Stage, lang: str, say: Say) -> str:
    notes = [say("text", "at_least", span=_span(stage.at_least, say))] if stage.at_least else []
    if stage.counts:
        notes.append(say("text", "counts"))
    if stage.ends:
        notes.append(say("text", "ends"))
    more = f": {say('text', 'and').join(notes)}" if notes else ""
    return f"{stage.name.text(lang)} ({stage.id}){more}"


def _step(one: Membership, step: Step, lang: str, say: Say) -> str:
    joined = say("text", "and")
    notes = [need.name.text(lang) for need in step.needs]
    if step.adverse:
        notes.append(say("text", "adverse"))
    elif step.second:
        notes.append(say("text", "two"))
    more = f": {joined.join(notes)}" if notes else ""
    return f"{step.name.text(lang)} → {one.stage(step.to).name.text(lang)}{more}"


def pairing_lines(
    one: Pairing, county: County, lang: str, say: Say
) -> Iterator[tuple[str, list[str]]]:
    """The lines of one kind of tie."""
    joined = say("text", "and")
    yield "sides", ["", *(_side(side, lang, say) for side in (one.a, one.b))]
    yield "carries", [joined.join(county.organisation(b).name.text(lang) for b in one.keeper)]
    yield "contact", [joined.join(row.name.text(lang) for row in one.contacts)]
    yield "clocks", [say("text", "tie", every=_span(one.every, say), term=_span(one.term, say))]
    if one.lists:
        yield "topics", [joined.join(row.name.text(lang) for row in one.lists.topics)]


def _side(side: Side, lang: str, say: Say) -> str:
    notes = []
    if side.at_least:
        notes.append(say("text", "promised", n=side.at_least))
    if side.at_most:
        notes.append(say("text", "at_most", n=side.at_most))
    more = f": {say('text', 'and').join(notes)}" if notes else ""
    return f"{side.name.text(lang)}{more}"
