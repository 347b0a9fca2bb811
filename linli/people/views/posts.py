"""Posts of my unit: who holds them, who is asked, and ending them without leaving work behind."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.lib import clock
from linli.people import unit_posts, work
from linli.people.actions import handing, holding, inviting
from linli.people.actors import Actor, actor_of
from linli.people.forms import InviteForm, ReceiverForm
from linli.people.models import Appointment, Invitation, Post
from linli.people.policies import Denied, allowed
from linli.web.doors import door
from linli.web.language import lang
from linli.web.pages import page

SOON = timedelta(days=60)  # an appointment that ends so soon is marked


@require_GET
@door("post.fill")
def unit_posts_page(request: HttpRequest) -> HttpResponse:
    """The posts of my unit and of what lies below it: held, empty since, ending on."""
    actor = actor_of(request)
    ask = request.GET.get("show", "")
    found = unit_posts.of_unit(actor, vacant=ask == "empty", after=request.GET.get("after", ""))
    return page(request, "people/posts.html", {
        "rows": found.rows, "counts": found.counts, "show": ask, "next": found.after,
        "agreed": _agreed(actor) if actor.enters("role.grant") else [], "soon": clock.today() + SOON,
    })  # fmt: skip


def _agreed(actor: Actor) -> list[Invitation]:
    """Yeses to staff posts that wait for the two who give such posts."""
    return list(Invitation.objects.agreed().with_names().order_by("answered_at")[:50])


@require_http_methods(["GET", "POST"])
@door("post.fill")
def post_page(request: HttpRequest, post_id: int) -> HttpResponse:
    """One post: its seats, who holds it, who is asked; a POST asks somebody."""
    actor, post = actor_of(request), _post(post_id, actor_of(request))
    people = unit_posts.people_for(post)
    form = InviteForm(
        request.POST if request.method == "POST" else None,
        people=[(str(u.pk), str(u)) for u in people],
    )
    if request.method == "POST" and form.is_valid():
        chosen = next(u for u in people if str(u.pk) == form.cleaned_data["user"])
        try:
            inviting.invite(post, chosen, by=actor, deputy=form.cleaned_data["deputy"])
        except Denied as denied:
            form.add_error(None, str(denied))
        else:
            messages.success(request, _("Asked. They have a week to answer; you see it here."))
            return redirect("post", post.pk)
    held = list(post.holders(clock.today()))
    return page(request, "people/post.html", {
        "post": post, "kind": unit_posts.kind_of(post), "title": post.title(lang()), "held": held,
        "empty_since": unit_posts.empty_since(post), "form": form, "people": people,
        "asked": post.invitations.filter(state__in=["asked", "agreed"]).select_related("user"),
        "may_end": allowed(holding.check_can_end, post, actor), "soon": clock.today() + SOON,
    }, status=422 if form.errors else 200)  # fmt: skip


def _post(post_id: int, actor: Actor) -> Post:
    rows = Post.objects.in_force(clock.today()).select_related("organisation__place", "place")
    post = rows.filter(pk=post_id).first()
    if post is None or not allowed(inviting.check_can_invite, post, actor):
        raise Http404
    return post


@require_http_methods(["GET", "POST"])
@door("post.hand_over")
def end(request: HttpRequest, row_id: int) -> HttpResponse:
    """End an appointment; the page lists what is open in it, and who gets it."""
    actor = actor_of(request)
    row = Appointment.objects.in_force(clock.today()).with_posts().filter(pk=row_id).first()
    if row is None or not _may_end(row, actor):
        raise Http404
    receivers = list(handing.receivers(row)[:40])
    form = ReceiverForm(
        request.POST if request.method == "POST" else None, receivers=_choices(receivers)
    )
    if request.method == "POST" and form.is_valid():
        to = next((r for r in receivers if str(r.pk) == form.cleaned_data["to"]), None)
        try:
            holding.end(row, by=actor, to=to)
        except Denied as denied:
            form.add_error(None, str(denied))
        else:
            messages.success(request, _("Ended. What was open has moved; nothing is nobody's."))
            return redirect("me" if _own(row, actor) else "posts")
    return page(request, "people/end.html", {
        "row": row, "title": row.post.title(lang()), "items": work.held(row), "form": form,
        "own": _own(row, actor),
    }, status=422 if form.errors else 200)  # fmt: skip


def _own(row: Appointment, actor: Actor) -> bool:
    return actor.user is not None and actor.user.pk == row.user_id


def _may_end(row: Appointment, actor: Actor) -> bool:
    return _own(row, actor) or allowed(holding.check_can_end, row.post, actor)


def _choices(rows: list[Appointment]) -> list[tuple[str, str]]:
    return [(str(row.pk), f"{row.user} · {row.post.title(lang())}") for row in rows]


@require_POST
@door("role.grant")
def confirm(request: HttpRequest, invitation_id: str) -> HttpResponse:
    """One of the two who give a staff post to somebody who said yes."""
    row = _invitation(invitation_id)
    held = inviting.confirm(row, by=actor_of(request))
    said = _("The post is theirs from today.") if held else _("Noted. One more person confirms it.")
    messages.success(request, said)
    return redirect("posts")


@require_POST
@door("post.fill")
def take_back(request: HttpRequest, invitation_id: str) -> HttpResponse:
    """The office no longer asks."""
    row = _invitation(invitation_id)
    actor = actor_of(request)
    if not allowed(inviting.check_can_invite, row.post, actor):
        raise Http404
    try:
        inviting.take_back(row, by=actor)
    except Denied as error:
        messages.warning(request, str(error))
    return redirect("post", row.post_id)


def _invitation(pk: str) -> Invitation:
    row = Invitation.objects.with_names().filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
