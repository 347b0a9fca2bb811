"""What every verb does: the line of the journal, and the look at what somebody wrote."""

import re
from typing import Any, Final

from django.utils.translation import gettext as _

from linli.journal.record import record
from linli.lib import text
from linli.people.actors import Actor
from linli.people.policies import Denied
from linli.playbook.talent import Pool
from linli.talent.models import Candidate, Cohort, Trainee

MONEY: Final = re.compile(
    r"[¥￥€$]\s*[0-9]|[0-9０-９一二三四五六七八九十百千两]\s*[万亿]?\s*元|[0-9]\s*[万亿]"
    r"|[0-9]\s*(million|billion|yuan|rmb|cny)\b",
    re.IGNORECASE,
)


def raced() -> Denied:
    """The sentence for whoever was second."""
    return Denied(_("Someone else has just changed this. Look at it again before you go on."))


def tell(on: Candidate | Cohort | Trainee, verb: str, *, by: Actor, **facts: Any) -> None:
    """One line: never a name, never a word that was written."""
    kind = {"pool": on.pool} if isinstance(on, Candidate) else {
        "cohort": on.kind if isinstance(on, Cohort) else on.cohort.kind
    }  # fmt: skip
    rule = on.cohort.rule if isinstance(on, Trainee) else on.rule
    own = by.organisation
    record(verb, on=on, by=by, place=by.place_path, org=str(own.pk) if own else "",
           method=rule.method_id, facts={**kind, **facts})  # fmt: skip


def said(words: str, most: int, *, rule: Pool | None = None) -> str:
    """The words as they are kept. Denied: none, too many, personal numbers, or business data."""
    clean = words.strip()
    if not clean:
        raise Denied(_("Write at least a sentence."))
    if len(clean) > most:
        raise Denied(_("That is longer than %(n)s characters.") % {"n": most})
    if text.find_personal(clean):
        raise Denied(_("Leave out telephone numbers, addresses and numbers of cards."))
    if rule is not None and (MONEY.search(clean) or any(w in clean.lower() for w in rule.never)):
        raise Denied(_("Business data is not kept here: leave out sums, sales, profit and tax."))
    return clean
