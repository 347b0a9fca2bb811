"""The special steps of a kind can all be done, in an order that exists."""

from collections.abc import Iterator

from linli.playbook.checks.ground import Ground, Spot, unknown
from linli.playbook.positions import Path
from linli.playbook.problems import Problem
from linli.playbook.schema import Step

_STAGES = ("accept", "answer", "close")


def check(ground: Ground) -> Iterator[Problem]:
    """Steps and fields of each kind."""
    for spot in ground.kinds:
        before = {step.id: spot.kind.before(step.id) for step in spot.kind.steps}
        for path, step in spot.steps():
            yield from _needs(spot, path, step, before)
            yield from _claim(spot, path, step)
            yield from _returns(spot, path, step, before)
            yield from _publishes(spot, path, step)
            yield from _valid_until(spot, path, step)
            yield from _when(spot, path, step, before)
        yield from _choices(spot)


def _needs(spot: Spot, path: Path, step: Step, before: dict[str, set[str]]) -> Iterator[Problem]:
    if step.after == "answer" and step.before != "close":
        yield spot.problem(
            (*path, "before"),
            f'"{step.id}" comes after the answer and before it',
            'before = "close"',
        )
    if step.id in before[step.id]:
        yield spot.problem(
            (*path, "needs"), f'"{step.id}" waits for itself', "break the circle in needs"
        )
        return
    others = {other.id: other for other in spot.kind.steps}
    for number, name in enumerate(step.needs):
        other = others.get(name)
        if other is None:
            yield spot.problem((*path, "needs", number), *unknown("step", name, list(others)))
        elif _moment(other) > _moment(step):
            yield spot.problem(
                (*path, "needs", number),
                f'"{step.id}" is due before the {step.before} and waits for "{name}", which is not',
                f'give "{name}" before = "{step.before}", or "{step.id}" a later one',
            )


def _moment(step: Step) -> tuple[int, bool]:
    return _STAGES.index(step.before), step.after == "answer" and step.before != "close"


def _claim(spot: Spot, path: Path, step: Step) -> Iterator[Problem]:
    if step.by == "volunteer" and step.claim is None:
        yield spot.problem(
            (*path, "by"), f'"{step.id}" is for a volunteer, and nobody can take it on',
            'add claim = { expires = "14 days" }',
        )  # fmt: skip
    if step.claim and step.by != "volunteer":
        yield spot.problem(
            (*path, "claim"), "only volunteers claim a step", 'write by = "volunteer"'
        )


def _returns(spot: Spot, path: Path, step: Step, before: dict[str, set[str]]) -> Iterator[Problem]:
    if step.returns is None:
        return
    other = next((other for other in spot.kind.steps if other.id == step.returns), None)
    at = (*path, "returns")
    if other is None:
        yield spot.problem(
            at, *unknown("step", step.returns, [other.id for other in spot.kind.steps])
        )
    elif not any(field.type == "items" and not field.private for field in other.fields):
        yield spot.problem(
            at, f'"{step.returns}" lists nothing that could be returned',
            "give that step a field of type items that is not private",
        )  # fmt: skip
    elif step.returns not in before[step.id]:
        yield spot.problem(
            at, f'"{step.id}" could come before "{step.returns}"',
            f'add "{step.returns}" to its needs',
        )  # fmt: skip


def _publishes(spot: Spot, path: Path, step: Step) -> Iterator[Problem]:
    if not step.publishes:
        return
    at = (*path, "publishes")
    if not spot.kind.alias and spot.kind.public_text != "redacted":
        yield spot.problem(
            at,
            "it would publish what names a person",
            'add alias = true, or public_text = "redacted"',
        )
    if "public" not in spot.kind.visibilities:
        yield spot.problem(
            at, "it publishes, and nobody may see it", 'write visibility = "public" in the case'
        )
    text = step.field("public-text")
    if text is None or text.type != "text":
        yield spot.problem(
            at, "it does not say what is published", "add a field of type text with id public-text"
        )


def _valid_until(spot: Spot, path: Path, step: Step) -> Iterator[Problem]:
    if step.valid_until is None:
        return
    field = step.field(step.valid_until)
    if field is None or field.type != "date" or field.private or not field.required:
        yield spot.problem(
            (*path, "valid_until"), f'"{step.valid_until}" is no required date of this step',
            "name a field of type date with required = true that is not private",
        )  # fmt: skip


def _when(spot: Spot, path: Path, step: Step, before: dict[str, set[str]]) -> Iterator[Problem]:
    if step.when is None:
        return
    at = (*path, "when")
    other = next((other for other in spot.kind.steps if other.id == step.when.step), None)
    if other is None:
        known = [other.id for other in spot.kind.steps]
        yield spot.problem((*at, "step"), *unknown("step", step.when.step, known))
        return
    if other.id not in before[step.id]:
        yield spot.problem(
            (*at, "step"), f'"{step.id}" could come before "{other.id}"',
            f'add "{other.id}" to its needs',
        )  # fmt: skip
    field = other.field(step.when.field)
    if field is None or field.type != "choice" or field.private:
        yield spot.problem(
            (*at, "field"), f'"{step.when.field}" is no open choice of "{other.id}"',
            "name a field of type choice that is not private",
        )  # fmt: skip
        return
    known = [choice.id for choice in field.choices]
    for number, name in enumerate(step.when.one_of):
        if name not in known:
            yield spot.problem((*at, "one_of", number), *unknown("choice", name, known))


def _choices(spot: Spot) -> Iterator[Problem]:
    for path, field in spot.fields():
        if field.type == "choice" and len(field.choices) < 2:
            yield spot.problem(
                path, f'"{field.id}" gives nothing to choose from', "add two or more choices"
            )
        if field.choices and field.type != "choice":
            yield spot.problem(
                (*path, "choices"), f'"{field.id}" is of type {field.type}', 'write type = "choice"'
            )
