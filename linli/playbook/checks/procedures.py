"""Procedures that can be run: stages in an order that makes sense, bodies that can decide."""

from collections.abc import Iterator, Sequence

from linli.playbook.checks.ground import Ground, unknown
from linli.playbook.checks.names import HasId
from linli.playbook.positions import Path
from linli.playbook.problems import Problem
from linli.playbook.procedure import WIDE, Procedure, Stage

Found = Iterator[tuple[Path, str, str]]


def check(ground: Ground) -> Iterator[Problem]:
    """The procedures of all files."""
    seen: dict[str, str] = {}
    for source in ground.methods:
        for number, one in enumerate(source.model.procedures):
            at: Path = ("procedure", number)
            if one.id in seen:
                yield source.problem(
                    (*at, "id"), f'the procedure "{one.id}" is there twice',
                    f"the first one is in {seen[one.id]}; give one of them another id",
                )  # fmt: skip
            seen.setdefault(one.id, source.file)
            for path, message, hint in _procedure(ground, one):
                said = f'{message} (procedure "{one.id}")'
                yield source.problem((*at, *path), said, hint)


def _procedure(ground: Ground, one: Procedure) -> Found:
    for number, body in enumerate(one.host):
        if body not in ground.organisations:
            yield ("host", number), *unknown("organisation", body, ground.organisations)
    yield from _twice(one.stages, ("stage",), "stage")
    yield from _order(one)
    yield from _reopens(one)
    yield from _concerns(ground, one)
    for number, stage in enumerate(one.stages):
        at: Path = ("stage", number)
        yield from ((at + path, said, hint) for path, said, hint in _keys(stage))
        yield from ((at + path, said, hint) for path, said, hint in _meeting(stage))
        yield from ((at + path, said, hint) for path, said, hint in _needs(one, number, stage))


def _twice(rows: Sequence[HasId], at: Path, what: str) -> Found:
    seen: set[str] = set()
    for number, row in enumerate(rows):
        if row.id in seen:
            said = f'the {what} "{row.id}" is there twice'
            yield (*at, number, "id"), said, "choose another id"
        seen.add(row.id)


def _order(one: Procedure) -> Found:
    does = [stage.does for stage in one.stages]
    if does[0] != "propose":
        yield ("stage", 0, "does"), "nothing is proposed first", 'begin with does = "propose"'
    if "meet" not in does:
        yield ("stage",), "nobody ever decides", 'add a stage with does = "meet"'
        return
    last = len(does) - 1 - does[::-1].index("meet")
    for number, what in enumerate(does):
        if what == "propose" and number:
            yield (
                ("stage", number, "does"), "it is proposed a second time",
                "one stage proposes, and it is the first",
            )  # fmt: skip
        if what in ("do", "rate") and number < last:
            yield (
                ("stage", number, "does"), "it would be carried out before it is decided",
                'move it behind the last stage with does = "meet"',
            )  # fmt: skip
    if "do" not in does:
        yield ("stage",), "what is decided would never be done", 'add a stage with does = "do"'
    elif "rate" in does and does.index("rate") < does.index("do"):
        yield (
            ("stage", does.index("rate"), "does"), "it would be rated before it is done",
            'move it behind the stage with does = "do"',
        )  # fmt: skip


def _reopens(one: Procedure) -> Found:
    if one.reopens is None:
        return
    names = [stage.id for stage in one.stages]
    if one.reopens not in names:
        yield ("reopens",), *unknown("stage", one.reopens, names)
    elif one.stage(one.reopens).does not in ("meet", "do"):
        yield ("reopens",), "nothing is done again there", "name a stage that meets or does"


def _concerns(ground: Ground, one: Procedure) -> Found:
    log = one.concerns
    if log is None:
        return
    kinds = {spot.kind.id: spot.kind for spot in ground.kinds}
    if ("mediate" in log.routes) != (log.mediate is not None):
        yield (
            ("concerns",), "mediation needs the kind of case that seals it",
            'write routes = ["mediate", …] together with mediate = "…"',
        )  # fmt: skip
    elif log.mediate and log.mediate not in kinds:
        yield ("concerns", "mediate"), *unknown("kind of case", log.mediate, list(kinds))
    elif log.mediate and not kinds[log.mediate].is_sealed:
        yield (
            ("concerns", "mediate"), f'a "{log.mediate}" is not sealed',
            'name a kind of case with visibility = "sealed"',
        )  # fmt: skip


def _keys(stage: Stage) -> Found:
    """Keys that mean nothing for what the stage does."""
    meets, shows = stage.does == "meet", stage.does == "publish"
    for key, given in (("body", stage.bodies), ("notice", stage.notice), ("merge", stage.merge)):
        if given and not meets:
            yield (key,), f'"{key}" belongs to a meeting', 'leave it out, or does = "meet"'
    for key, value in (
        ("publishes", stage.publishes), ("lasts", stage.lasts), ("objections", stage.objections),
    ):  # fmt: skip
        if value and not shows:
            yield (key,), f'"{key}" belongs to publishing', 'leave it out, or does = "publish"'
    if shows and not (stage.publishes and stage.lasts):
        yield (
            (), "it does not say what is published, and for how long",
            'add publishes = "draft" and lasts = "7 days"',
        )  # fmt: skip


def _meeting(stage: Stage) -> Found:
    if stage.does != "meet":
        return
    if not stage.bodies:
        yield (), "nobody meets", "add a [[procedure.stage.body]] with base, quorum and majority"
    yield from _twice(stage.bodies, ("body",), "body")
    for number, body in enumerate(stage.bodies):
        share = body.majority.share
        if share.over * 2 < share.under or (share.over * 2 == share.under and not share.strict):
            yield (
                ("body", number, "majority"), "as many could be against it as for it",
                'write "more than 1/2", or a larger share',
            )  # fmt: skip
        if body.base in WIDE and stage.notice is None:
            yield (
                ("body", number, "base"), "everybody would be called without notice",
                'add notice = "10 days" to the stage',
            )  # fmt: skip


def _needs(one: Procedure, number: int, stage: Stage) -> Found:
    """What has to lie before this stage."""
    before = [row.does for row in one.stages[:number]]
    if stage.if_not == "redraft" and "draft" not in before:
        yield ("if_not",), "there is no draft to go back to", 'write if_not = "rejected"'
    if stage.publishes == "draft" and "draft" not in before:
        yield ("publishes",), "no draft is written before", 'add a stage with does = "draft"'
    if stage.publishes == "decision" and "meet" not in before:
        yield ("publishes",), "nothing is decided before", "move it behind the meeting"
    if stage.publishes == "result" and "do" not in before:
        yield ("publishes",), "nothing is done before", 'move it behind does = "do"'
    if stage.merge and (not before or before[-1] != "meet"):
        yield ("merge",), "there is no meeting just before it", "leave it out"
