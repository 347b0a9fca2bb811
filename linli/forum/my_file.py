"""What the forum holds about a person: to export to them, and to erase at their wish."""

from typing import Any

from django.db import transaction
from django.db.models import F

from linli.forum.actions.core import lose
from linli.forum.actions.own import erase_words
from linli.forum.models import BoardWatch, Floor, FloorState, Report, Topic, Watch
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.models import User


def held(user: User) -> dict[str, Any]:
    """Own floors with their earlier versions, and what is followed, as plain values."""
    rows = Floor.objects.filter(author=user).select_related("topic").prefetch_related("versions")
    return {
        "forum": [
            {
                "topic": row.topic.heading,
                "address": f"/forum/{row.topic_id}/{row.number}/",
                "floor": row.number,
                "text": row.text,
                "earlier": [
                    {"text": one.text, "until": one.until.isoformat()} for one in row.versions.all()
                ],
                "posted": row.posted_at.isoformat(),
                "state": row.state,
                "reason": row.reason,
            }
            for row in rows.order_by("pk").iterator(chunk_size=500)
        ],
        "follows": [
            {"topic": row.topic_id, "read_up_to": row.seen}
            for row in Watch.objects.filter(user=user).order_by("topic")
        ],
        "follows_boards": list(
            BoardWatch.objects.filter(user=user).values_list("board__code", flat=True)
        ),
        "reports": Report.objects.filter(user=user).count(),
    }


@transaction.atomic
def erase(user: User, *, by: Actor) -> None:
    """Turn the person's words away for good; numbers of floors and decisions stay."""
    floors = Floor.objects.filter(author=user)
    topics = set(floors.values_list("topic", flat=True))
    for floor in floors.exclude(text="").iterator(chunk_size=500):
        erase_words(floor)
        lose(floor.topic, floor.number)
    standing = floors.exclude(state=FloorState.HIDDEN)
    standing.update(state=FloorState.TAKEN_BACK, reason="", state_at=clock.now())
    floors.update(author=None, asked_for_case=False)
    Topic.objects.filter(author=user).update(title="", author=None)
    Topic.objects.filter(pk__in=topics).update(revision=F("revision") + 1)
    Report.objects.filter(user=user).update(user=None)
    for model in (Watch, BoardWatch):
        model.objects.filter(user=user).delete()
