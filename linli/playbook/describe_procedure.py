"""Says in plain words how a procedure runs: stages, bodies, quorum, notice."""

from collections.abc import Callable, Iterator

from linli.playbook.procedure import Body, Procedure, Stage
from linli.playbook.schema import County

Say = Callable[..., str]


def procedure_lines(
    one: Procedure, county: County, lang: str, say: Say
) -> Iterator[tuple[str, list[str]]]:
    """The lines of one procedure, each a label of wording.toml and its values."""
    joined = say("text", "and")
    yield "place", [say("level", one.at)]
    yield "carries", [joined.join(county.organisation(b).name.text(lang) for b in one.host)]
    yield "proposes", [joined.join(say("proposes", name) for name in one.proposes)]
    yield (
        "demands",
        [
            say("text", "demand", base=say("base", row.base), share=row.share.text(lang))
            for row in one.demands
        ],
    )
    yield "stages", ["", *(line for stage in one.stages for line in _stage(stage, lang, say))]
    if one.roster:
        tags = [tag.name.text(lang) for tag in one.roster.tags]
        words = [say("text", "every_group")] if one.roster.every_group else []
        yield "roster", [joined.join([say("base", one.roster.base), *words, *tags])]
    if one.concerns:
        routes = joined.join(say("route", name) for name in one.concerns.routes)
        yield "concerns", [f"{one.concerns.name.text(lang)}: {routes}"]
    if one.reopens:
        yield "reopens", [one.stage(one.reopens).name.text(lang)]


def _stage(stage: Stage, lang: str, say: Say) -> Iterator[str]:
    notes = [say("does", stage.does)]
    if stage.publishes and stage.lasts:
        what = say("publishes", stage.publishes)
        notes.append(say("text", "published", what=what, span=stage.lasts.text(lang)))
    if stage.notice:
        notes.append(say("text", "noticed", span=stage.notice.text(lang)))
    if stage.does in ("publish", "meet") and "board" in stage.proof:
        notes.append(say("text", "board"))
    if stage.objections:
        notes.append(say("text", "objections", span=stage.objections.answer.text(lang)))
    if stage.within:
        notes.append(say("text", "within", span=stage.within.text(lang)))
    if stage.does == "meet":
        notes.append(" / ".join(say("votes", name) for name in stage.votes))
    if stage.merge:
        notes.append(say("text", "merge", when=stage.merge.when.text(lang)))
    joined = say("text", "and").join(notes)
    yield f"{stage.name.text(lang)} ({stage.id}): {joined}"
    for body in stage.bodies:
        yield f"  {_body(body, lang, say)}"


def _body(body: Body, lang: str, say: Say) -> str:
    quorum = say(
        "text", "quorum", share=body.quorum.text(lang), of=say("whole", body.of),
        base=say("base", body.base),
    )  # fmt: skip
    majority = say(
        "text", "majority", share=body.majority.share.text(lang),
        of=say("whole", body.majority.of),
    )  # fmt: skip
    return f"{body.name.text(lang)}: {quorum}{say('text', 'and')}{majority}"
