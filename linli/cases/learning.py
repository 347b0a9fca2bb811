"""Learning from what this county has dealt with: which words stand for which topic.

Only published texts of cases that a unit has answered or closed are read, and the playbook's own
words. What is kept are weights of hashed signs, no text of anybody. Loads the libraries of
learning: the worker runs it, the web never does.
"""

from collections.abc import Sequence
from typing import Final

from linli import playbook
from linli.cases import topic_model
from linli.cases.models import Case, State
from linli.playbook.suggest import suggest
from linli.triage.learning import learn
from linli.triage.linear import Linear

MOST: Final = 20_000  # newest cases
FEWEST: Final = 200
HANDLED: Final = (State.ANSWERED, State.CONFIRMED, State.SILENT)
Examples = list[tuple[str, str]]  # topic, text


def relearn() -> str:
    """Learn anew and keep the model if it names topics better than the playbook's words alone.

    Returns what came of it: "few" examples, "worse" than the words, or "kept".
    """
    found = _handled()
    if len(found) < FEWEST or len({topic for topic, _text in found}) < 2:
        return "few"
    told = [row for at, row in enumerate(found) if at % 5]
    asked = found[::5]
    if _hits(_learn(told), asked) < _hits(None, asked):
        topic_model.path().unlink(missing_ok=True)
        return "worse"
    _learn(found).save(topic_model.path())
    topic_model.forget()
    return "kept"


def _handled() -> Examples:
    """Topics and published texts, newest first; no text twice, however often it was copied."""
    known = {category.id for category in playbook.current().county.categories}
    rows = (
        Case.objects.listed()
        .filter(state__in=HANDLED, published_at__isnull=False, category__in=known)
        .exclude(public_text="")
        .order_by("-listed_at", "-pk")
        .values_list("category", "public_text")[:MOST]
    )
    return list(dict.fromkeys(rows))


def _learn(examples: Examples) -> Linear:
    every = [*examples, *_of_the_playbook()]
    return learn([text for _topic, text in every], [topic for topic, _text in every])


def _of_the_playbook() -> Examples:
    """The words of each topic as short messages, all together and one by one."""
    found = []
    for category in playbook.current().county.categories:
        names = [category.name.zh, category.name.en]
        words = [*names, *category.words]
        found += [(category.id, word) for word in words]
        found.append((category.id, "，".join(words)))
    return found


def _hits(model: Linear | None, asked: Sequence[tuple[str, str]]) -> int:
    """How many texts have their topic among the three that would be suggested."""
    county = playbook.current().county
    right = 0
    for topic, text in asked:
        if model is None:
            right += topic in [category.id for category in suggest(text, county, limit=3)]
        else:
            right += topic in model.best(text, 3)
    return right
