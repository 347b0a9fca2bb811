"""Opening and closing organisations and posts."""

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from linli import playbook
from linli.journal.record import record
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.models import Organisation, Post
from linli.people.policies import Denied
from linli.places.models import Place


@transaction.atomic
def open_organisation(
    *,
    code: str,
    kind: str,
    name: str,
    place: Place,
    by: Actor,
    name_en: str = "",
    parent: Organisation | None = None,
    public_line: str = "",
    valid_from: date | None = None,
) -> Organisation:
    """Write a body into the register. Raises Denied for a kind that the playbook does not name."""
    if kind not in {row.id for row in playbook.current().county.organisations}:
        raise Denied(_("The playbook knows no such kind of body: %(kind)s") % {"kind": kind})
    if not (code.strip() and name.strip()):
        raise Denied(_("A body needs a code and a name."))
    if Organisation.objects.filter(code=code).exists():
        raise Denied(_("There is a body with this code already: %(code)s") % {"code": code})
    body = Organisation.objects.create(
        code=code,
        kind=kind,
        name=name.strip(),
        name_en=name_en.strip(),
        place=place,
        parent=parent,
        public_line=public_line.strip(),
        valid_from=valid_from or clock.today(),
    )
    record("organisation.opened", on=body, by=by, place=place.path, org=str(body.pk),
           facts={"kind": kind, "code": code})  # fmt: skip
    return body


@transaction.atomic
def describe_organisation(
    body: Organisation, *, by: Actor, name: str, name_en: str = "", public_line: str = ""
) -> None:
    """Change what a body is called and its public telephone."""
    if not name.strip():
        raise Denied(_("A body needs a code and a name."))
    Organisation.objects.filter(pk=body.pk).update(
        name=name.strip(), name_en=name_en.strip(), public_line=public_line.strip()
    )
    body.refresh_from_db()
    record("organisation.described", on=body, by=by, place=body.place.path, org=str(body.pk))


@transaction.atomic
def close_organisation(body: Organisation, *, by: Actor, on: date | None = None) -> None:
    """End a body and its posts; who holds them loses the right on that day."""
    day = on or clock.today()
    if day <= body.valid_from:
        raise Denied(_("The end must come after the beginning."))
    if not Organisation.objects.filter(pk=body.pk, valid_to=None).update(valid_to=day):
        raise Denied(_("This body has already been closed."))
    later = Post.objects.filter(organisation=body).filter(Q(valid_to=None) | Q(valid_to__gt=day))
    later.filter(valid_from__lt=day).update(valid_to=day)
    body.valid_to = day
    record("organisation.closed", on=body, by=by, place=body.place.path, org=str(body.pk),
           facts={"to": day.isoformat()})  # fmt: skip


@transaction.atomic
def open_post(
    kind: str,
    organisation: Organisation,
    *,
    by: Actor,
    place: Place | None = None,
    seats: int | None = None,
    valid_from: date | None = None,
) -> Post:
    """Open a post of a kind of the playbook; role and seats are the playbook's unless said.

    Raises Denied for an unknown kind, and for a second open post of the kind for the same thing.
    """
    rule = playbook.current().posts.get(kind)
    if rule is None:
        raise Denied(_("The playbook knows no such post: %(kind)s") % {"kind": kind})
    if rule.bodies and organisation.kind not in rule.bodies:
        raise Denied(_("A body of this kind has no such post: %(kind)s") % {"kind": kind})
    same = Post.objects.filter(kind=kind, organisation=organisation, place=place, valid_to=None)
    if same.exists():
        raise Denied(_("This post is open already; give it more seats instead."))
    post = Post.objects.create(
        kind=kind,
        organisation=organisation,
        place=place,
        role=rule.role,
        seats=seats or rule.seats,
        valid_from=valid_from or max(organisation.valid_from, clock.today()),
    )
    record("post.opened", on=post, by=by, place=post.on_place.path, org=str(organisation.pk),
           facts={"kind": kind, "seats": post.seats, "role": post.role})  # fmt: skip
    return post
