"""What waits for somebody's own yes or no: posts, handovers, standing in."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from linli.lib import clock
from linli.people import work
from linli.people.models import Ask, Handover, Invitation, StandIn, User, Willing
from linli.web.jinja import url
from linli.web.language import lang


@dataclass(frozen=True)
class Question:
    """One open question to a person, and the page where they answer it."""

    title: str
    what: str
    href: str


def of(user: User) -> list[Question]:
    """Everything that waits for this person; three statements."""
    now, tongue = clock.now(), lang()
    found = [
        Question(row.post.title(tongue), _("Would you hold this post?"), url("invitation", row.pk))
        for row in Invitation.objects.waiting().with_names().filter(user=user, expires_at__gt=now)
    ]
    handovers = Handover.objects.filter(
        receiver__user=user, state=Handover.State.PROPOSED, ends_on__gt=clock.today()
    ).select_related("giver__post__organisation", "giver__post__place")  # fmt: skip
    found += [
        Question(row.giver.post.title(tongue), _("Can you take over for some days?"),
                 url("handover", row.pk))
        for row in handovers
    ]  # fmt: skip
    asks = Ask.objects.filter(user=user, state=Ask.State.ASKED, expires_at__gt=now)
    for ask in asks.select_related("stand_in"):
        floor = work.DUTIES.get(ask.stand_in.holder)
        title = floor.title(ask.stand_in.key) if floor else ""
        found.append(Question(title, _("Can you come instead?"), url("stand-in", ask.pk)))
    return found


def everything(user: User) -> dict[str, Any]:
    """What is kept about this person's answers to offices, for the export of their own file."""
    willing = Willing.objects.filter(user=user).select_related("place").first()
    invitations = Invitation.objects.filter(user=user).with_names().order_by("asked_at")
    stand_ins = StandIn.objects.filter(user=user).order_by("said_at")
    asks = Ask.objects.filter(user=user, asked_at__isnull=False).order_by("asked_at")
    return {
        "may_be_asked": {"near": willing.place.name, "posts": willing.kinds} if willing else None,
        "invitations": [
            {"post": row.post.title("zh"), "asked": row.asked_at.isoformat(), "state": row.state,
             "name_on_card": row.public_name}
            for row in invitations
        ],
        "could_not_come": [
            {"when": row.starts_at.isoformat(), "state": row.state} for row in stand_ins
        ],
        "asked_to_stand_in": [
            {"asked": ask.asked_at.isoformat() if ask.asked_at else "", "state": ask.state}
            for ask in asks
        ],
    }  # fmt: skip


def erase(user: User) -> None:
    """Their answers to offices; what an office decided by them is in the journal."""
    for model in (Ask, StandIn, Willing):
        model._default_manager.filter(user=user).delete()
