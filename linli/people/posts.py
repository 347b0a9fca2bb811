"""What a door card says about who is responsible here."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from linli import playbook
from linli.lib import clock
from linli.people.models import Appointment, Post
from linli.places.models import Place
from linli.web.language import lang


@dataclass(frozen=True)
class Card:
    """One post for the public: its name, who holds it under their chosen name, the deputy."""

    post: str
    duty: str
    name: str  # empty: not to be named, or vacant
    deputy: str
    vacant: bool


def public_card(place: Place, on: date | None = None) -> list[Card]:
    """The posts of a place that are named at its door, in the order of the playbook; two queries.

    Names are those that their holders chose and agreed to; nobody's own name, no telephone.
    """
    day = on or clock.today()
    named = {kind.id: kind for kind in playbook.current().posts.values() if kind.public_card}
    holders = Appointment.objects.in_force(day).order_by("is_deputy", "seat", "pk")
    posts = Post.objects.in_force(day).on(place).of_kind(*named)
    found = posts.prefetch_related(Prefetch("appointments", holders, to_attr="now"))
    order = list(named)
    rows = sorted(found, key=lambda post: (order.index(post.kind), post.pk))
    return [_card(post, post.now) for post in rows]  # type: ignore[attr-defined]


def _card(post: Post, now: list[Appointment]) -> Card:
    kind = playbook.current().posts[post.kind]
    main = [row for row in now if not row.is_deputy]
    deputies = [row.shown_name for row in now if row.is_deputy and row.shown_name]
    names = [row.shown_name for row in main if row.shown_name]
    join = "、" if lang() == "zh" else ", "
    return Card(
        post=kind.name.text(lang()),
        duty=kind.duty.text(lang()),
        name=join.join(names),
        deputy=join.join(deputies),
        vacant=not main,
    )
