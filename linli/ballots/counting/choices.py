"""What can be marked on a voting paper under each rule."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

YES_NO: Final = "yes_no"
SINGLE: Final = "single"
APPROVAL: Final = "approval"
RANKED: Final = "ranked"
BUDGET: Final = "budget"
RULES: Final = (YES_NO, SINGLE, APPROVAL, RANKED, BUDGET)

Choice = tuple[str, ...]
ID: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")  # of an option, as it is sealed and published


class WrongChoice(ValueError):
    """These marks say nothing under the rule; `reason` is "unknown", "twice" or "many"."""

    def __init__(self, reason: str) -> None:
        self.reason: Final = reason
        super().__init__(
            {
                "unknown": "An option was marked that is not on the paper.",
                "twice": "An option was marked twice.",
                "many": "More than one option was marked, and only one can be.",
            }[reason]
        )


class WrongTerms(ValueError):
    """A ballot cannot be held like this; `reason` is one word for what is wrong, the text says it.

    "rule", "ids", "yes_no", "few", "seats", "money" or "costs".
    """

    def __init__(self, reason: str, text: str) -> None:
        self.reason: Final = reason
        super().__init__(text)


def normal(rule: str, options: Sequence[str], choice: Sequence[str]) -> Choice:
    """The one way to write a choice: in the order of the paper, unless the order is the choice.

    Raises WrongChoice for marks that the rule does not know.
    """
    if any(one not in options for one in choice):
        raise WrongChoice("unknown")
    if len(set(choice)) != len(choice):
        raise WrongChoice("twice")
    if rule in (YES_NO, SINGLE) and len(choice) > 1:
        raise WrongChoice("many")
    if rule == RANKED:
        return tuple(choice)
    return tuple(one for one in options if one in choice)


def check_terms(
    rule: str, options: Sequence[str], costs: Mapping[str, int], seats: int, budget: int | None
) -> None:
    """Raise WrongTerms unless a ballot with these terms has a result."""
    if rule not in RULES:
        raise WrongTerms("rule", f"{rule!r} is no rule; known are {', '.join(RULES)}.")
    if len(set(options)) != len(options) or not all(map(ID.fullmatch, options)):
        raise WrongTerms("ids", "Every option needs an id of its own, of letters, digits, - and _.")
    if rule == YES_NO and set(options) != {"yes", "no"}:
        raise WrongTerms("yes_no", "A yes-or-no ballot has the options yes and no.")
    if len(options) < 2 and rule != BUDGET:
        raise WrongTerms("few", "A ballot needs at least two options.")
    if rule == YES_NO and seats != 1:
        raise WrongTerms("seats", "A yes-or-no ballot has one result.")
    if not 1 <= seats <= max(1, len(options) - 1):
        raise WrongTerms("seats", "There must be fewer seats than options.")
    if rule == BUDGET:
        if budget is None or budget < 1:
            raise WrongTerms("money", "A budget ballot needs a budget.")
        if set(costs) != set(options) or any(cost < 1 for cost in costs.values()):
            raise WrongTerms("costs", "Every project needs its cost, a whole number above nothing.")
    elif budget is not None or costs:
        raise WrongTerms("money", "Only a budget ballot has a budget and costs.")
