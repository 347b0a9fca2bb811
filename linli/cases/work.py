"""The matters that somebody has in a post: what moves when the post changes hands (people/work.py)."""

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Q

from linli.cases import naming
from linli.cases.actions.core import tell, win
from linli.cases.models import OPEN, Case
from linli.cases.models.case import CaseQuerySet
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.models import Appointment
from linli.people.work import Item
from linli.web.jinja import url
from linli.web.language import lang

NAME: Final = "cases"


def _open_with(row: Appointment) -> CaseQuerySet:
    """Open matters of the body that this person deals with, or that are this post's alone.

    Who has another post in the same body keeps what was given to them by name, and a post that
    others hold as well keeps what was given to the post.
    """
    today, post = clock.today(), row.post
    in_force = Appointment.objects.in_force(today).exclude(pk=row.pk)
    mine = Q(owner_post=post, handler=row.user_id)
    if not in_force.filter(user=row.user_id, post__organisation=post.organisation_id).exists():
        mine |= Q(handler=row.user_id)
    if not in_force.filter(post=post).exists():
        mine |= Q(owner_post=post, handler=None)
    return Case.objects.filter(mine, owner=post.organisation_id, state__in=OPEN)


class Matters:
    """The holder of work that the floor of cases is."""

    def held(self, row: Appointment) -> list[Item]:
        """Number, topic and place of each; no words of residents."""
        found = _open_with(row).select_related("place").defer("place__boundary")
        return [
            Item(NAME, str(case.pk), f"{naming.topic(case.category)} {case.pretty_number}",
                 case.place.name_for(lang()), case.due_at, url("desk-case", case.number))
            for case in found.order_by("due_at", "pk")
        ]  # fmt: skip

    def give(
        self, row: Appointment, keys: Sequence[str], to: Appointment | None, by: Actor
    ) -> list[str]:
        """To another person of the unit, or back to the unit itself; the clock runs on."""
        moved = []
        for case in _open_with(row).filter(pk__in=keys).select_related("owner"):
            receiver = to if to and _may_have(case, to) else None
            win(case, states=tuple(OPEN), **_changes(case, row, receiver))
            facts: dict[str, Any] = {"to": str(receiver.user_id) if receiver else ""}
            tell(case, "case.assigned", by=by, facts=facts | {"handover": True})
            moved.append(str(case.pk))
        return moved


def _may_have(case: Case, to: Appointment) -> bool:
    """A sealed matter goes to nobody who may not read it; and nobody handles their own unit."""
    if case.about_id == to.post.organisation_id:
        return False
    return not case.is_sealed or to.post.kind in case.rule.sealed_readers


def _changes(case: Case, row: Appointment, receiver: Appointment | None) -> dict[str, Any]:
    """Who deals with it, and whether it stays with the post."""
    stays = receiver is not None and receiver.post_id == case.owner_post_id
    elsewhere = receiver is not None and case.owner_post_id not in (None, row.post_id)
    post = case.owner_post if stays or elsewhere else None
    return {"handler": receiver.user if receiver else None, "owner_post": post}
