"""What waits for somebody's own yes or no: posts, handovers, standing in."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.lib import clock
from linli.people import work
from linli.people.models import Ask, Handover, Invitation, User
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
