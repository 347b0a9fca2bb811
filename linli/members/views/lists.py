"""Whole lists: a dry run, a second person's yes, and the roll as a file."""

import io
from dataclasses import asdict
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.lib import clock
from linli.lib.tables import TableError, write_rows
from linli.members import sheets
from linli.members.actions import entering, lists
from linli.members.forms import ListForm, ReasonForm
from linli.members.models import Batch, Member
from linli.members.policies import check_keeps
from linli.members.views.desk import roll_or_404
from linli.people.actors import actor_of
from linli.people.models import Organisation
from linli.people.policies import Denied
from linli.playbook.membership import Membership
from linli.web.doors import door
from linli.web.pages import page

SALT = "linli.members.list"
HOUR = 3600
MOST = 5000


@require_http_methods(["GET", "POST"])
@door("membership.keep")
def bring(request: HttpRequest, unit: int, membership: str) -> HttpResponse:
    """A dry run of a list, and what waits. Nothing is written by looking."""
    actor, (body, rule) = actor_of(request), roll_or_404(unit, membership)
    check_keeps(actor, body)
    if kept := request.POST.get("kept"):
        return _put_forward(request, body, rule, kept)
    form, run = ListForm(request.POST or None, request.FILES or None), None
    if request.method == "POST" and form.is_valid():
        try:
            run = sheets.try_out(body, rule, form.cleaned_data["file"])
        except TableError as refused:
            form.add_error("file", _("This file cannot be read: %(why)s") % {"why": refused})
    kept = "" if run is None or not run.fresh else signing.dumps(
        [actor.id, body.pk, rule.id, [asdict(line) for line in run.fresh]], salt=SALT, compress=True
    )  # fmt: skip
    waiting = Batch.objects.filter(organisation=body, membership=rule.id, state="waiting").first()
    return page(request, "members/list.html", {
        "form": form, "run": run, "kept": kept, "body": body, "rule": rule, "waiting": waiting,
        "mine": waiting is not None and waiting.brought_by == actor.id,
    }, status=422 if form.errors else 200)  # fmt: skip


def _put_forward(
    request: HttpRequest, body: Organisation, rule: Membership, kept: str
) -> HttpResponse:
    """The list that the dry run showed; the page itself carried it, signed."""
    actor = actor_of(request)
    try:
        who, unit, membership, rows = signing.loads(kept, salt=SALT, max_age=HOUR)
        if (who, unit, membership) != (actor.id, body.pk, rule.id):
            raise signing.BadSignature
        lists.bring(body, rule.id, [sheets.Line(**row) for row in rows], by=actor)
        messages.success(request, _("The list waits for a second person, who has to agree."))
    except signing.BadSignature:
        messages.error(request, _("This page is too old. Please bring the file again."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("members-list", body.pk, rule.id)


@require_POST
@door("membership.decide")
def decide(request: HttpRequest, key: UUID) -> HttpResponse:
    """The second person agrees to a list, or one of the two takes it back."""
    rows = Batch.objects.select_related("organisation__place")
    batch, actor = get_object_or_404(rows, pk=key), actor_of(request)
    try:
        if request.POST.get("verb") == "agree":
            count = lists.agree(batch, by=actor)
            messages.success(request, _("%(n)s people are on the roll now.") % {"n": count})
        else:
            lists.refuse(batch, by=actor)
            messages.success(request, _("The list is destroyed; the roll stays as it was."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("members-list", batch.organisation_id, batch.membership)


@require_POST
@door("membership.keep")
def out(request: HttpRequest, unit: int, membership: str) -> HttpResponse:
    """The roll as a file, with names, for a reason that each of them sees."""
    actor, (body, rule) = actor_of(request), roll_or_404(unit, membership)
    check_keeps(actor, body)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(
            request, _("Write down why you need this; the person concerned will see it.")
        )
        return redirect("members-roll", unit, membership)
    rows = list(Member.objects.filter(organisation=body, membership=rule.id, left_on=None)
                .with_bodies().order_by("number")[:MOST])  # fmt: skip
    names = entering.read_names(rows, by=actor, reason=form.cleaned_data["reason"])
    text = io.StringIO(newline="")
    write_rows(text, [_("Number"), _("Name"), _("Stage"), _("Since")],
               [[row.number, names[str(row.pk)], row.stage_name, row.since] for row in rows])  # fmt: skip
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"roll-{body.code}-{rule.id}-{clock.today().isoformat()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
