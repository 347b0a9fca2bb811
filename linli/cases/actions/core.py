"""What every verb does: win the row or lose politely, and write the line with its words."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext as _

from linli.cases.models import Case, Words
from linli.journal.models import Entry
from linli.journal.record import record
from linli.lib import text as texts
from linli.people.actors import Actor
from linli.people.policies import Denied
from linli.vault import sealing

LONGEST = 4000  # characters of anything a person writes here; Open311's limit


def win(case: Case, *, states: tuple[str, ...], only: Q | None = None, **changes: Any) -> None:
    """Change the row if it is still as we saw it; else say that somebody was faster.

    One guarded UPDATE, so of two handlers who act at once exactly one goes on (style habit 16).
    `only` guards what changes without a new revision: neighbours who join.
    """
    rows = Case.objects.filter(only or Q(), pk=case.pk, revision=case.revision, state__in=states)
    if not rows.update(revision=F("revision") + 1, **changes):
        raise Denied(
            _("Someone else has just acted on this matter. Look at it again before you go on.")
        )
    case.refresh_from_db()


def locked(pk: UUID) -> Case:
    """The case, ours until the transaction ends: askers who speak at once do so one by one."""
    rows = Case.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("owner", "place", "about").get(pk=pk)


def tell(
    case: Case,
    verb: str,
    *,
    by: Actor,
    facts: dict[str, Any] | None = None,
    words: str = "",
    purpose: str = Words.Purpose.REASON,
    public: bool = False,
    when: datetime | None = None,
    coarse: bool = False,
) -> Entry:
    """Write one line about the case, and beside it what was said."""
    entry = record(
        verb,
        on=case,
        by=by,
        place=case.place_path,
        org=str(case.owner_id),
        method=case.kind,
        facts={"kind": case.kind, **(facts or {})},
        when=when,
        coarse=coarse,
    )
    if words and case.is_sealed:
        # What is said about a sealed matter is sealed too; the row only says that there are words.
        name = sealed_words(entry.seq)
        sealing.seal(case.sealed_subject, name, words, purpose="words of a sealed matter")
        Words.objects.create(case=case, entry=entry.seq, purpose=purpose, text="", sealed=True)
    elif words:
        Words.objects.create(case=case, entry=entry.seq, purpose=purpose, text=words, public=public)
    return entry


def sealed_words(entry: int) -> str:
    """Under which name the vault keeps the words of a sealed matter's line."""
    return f"words.{entry}"


def said(words: str, what: str) -> str:
    """`words` without the space around them; refuses an empty or endless text in plain words."""
    clean = words.strip()
    if not clean:
        raise Denied(_("Please write %(what)s.") % {"what": what})
    if len(clean) > LONGEST:
        raise Denied(
            _("That is %(n)s characters; %(most)s fit.") % {"n": len(clean), "most": LONGEST}
        )
    return clean


def fit_for_the_public(words: str) -> str:
    """`words`, if they hold no mobile, ID number, plate or door number; a text goes out once.

    An office's own landline may stand: that is what an answer is for.
    """
    hits = [hit for hit in texts.find_personal(words) if hit.kind != "landline"]
    if hits:
        found = "、".join(sorted({hit.text for hit in hits}))
        raise Denied(
            _(
                "This text will be public and holds something personal: %(found)s. Take it out first."
            )
            % {"found": found}
        )
    return words
