"""Rolls of a body: how many are on them, and a new list by two people after a dry run."""

from dataclasses import asdict

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli import playbook
from linli.deliberation.actions import rolls
from linli.deliberation.forms.carry import ListForm
from linli.deliberation.models import RollChange
from linli.deliberation.policies import check_manages, roll_of
from linli.deliberation.sheets import Line, ReadList, read_list
from linli.deliberation.standing import size_of
from linli.deliberation.words import BASES, base_name
from linli.lib.tables import TableError
from linli.people.actors import actor_of
from linli.people.models import Organisation
from linli.people.policies import Denied
from linli.web.doors import door
from linli.web.language import lang
from linli.web.pages import page

SALT = "linli.deliberation.list"


@require_http_methods(["GET", "POST"])
@door("roll.manage")
def roll(request: HttpRequest, unit: int, base: str) -> HttpResponse:
    """One roll: its count, what waits, and a dry run of a new list. Nothing is written by that."""
    actor = actor_of(request)
    body = get_object_or_404(Organisation.objects.select_related("place"), pk=unit)
    if base not in BASES:
        raise Http404
    check_manages(actor, body)
    if kept := request.POST.get("kept"):
        return _bring(request, body, base, kept)
    form = ListForm(request.POST or None, request.FILES or None)
    run, kept = None, ""
    if request.method == "POST" and form.is_valid():
        try:
            read = read_list(form.cleaned_data["file"], _tags(base))
            run = rolls.try_out(body, base, read)
            kept = "" if run.problems else signing.dumps(
                [actor.id, body.pk, base, [asdict(line) for line in read.lines]],
                salt=SALT, compress=True,
            )  # fmt: skip
        except TableError as refused:
            form.add_error("file", str(refused))
    row = roll_of(body, base)
    waiting = row.changes.filter(state=RollChange.State.WAITING).first() if row else None
    return page(request, "deliberation/roll.html", {
        "form": form, "run": run, "kept": kept, "body": body, "base": base, "base_name": base_name(base),
        "size": size_of(body, base), "groups": row.groups if row else [], "waiting": waiting,
        "mine": waiting is not None and waiting.brought_by == actor.id,
        "tags": _tags(base), "changes": row.changes.order_by("-brought_at")[:6] if row else [],
    }, status=422 if form.errors else 200)  # fmt: skip


def _bring(request: HttpRequest, body: Organisation, base: str, kept: str) -> HttpResponse:
    """Put the list forward that the dry run showed; the page itself carried it, signed."""
    actor = actor_of(request)
    try:
        who, unit, roll, lines = signing.loads(kept, salt=SALT, max_age=3600)
        if (who, unit, roll) != (actor.id, body.pk, base):
            raise signing.BadSignature
        rolls.bring(body, base, ReadList([Line(**line) for line in lines]), by=actor)
        messages.success(request, _("The list waits for a second person, who has to agree."))
    except signing.BadSignature:
        messages.error(request, _("This page is too old. Please bring the file again."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("desk-roll", body.pk, base)


def _tags(base: str) -> dict[str, str]:
    """The marks that procedures ask for on such a roll, by what people call them."""
    found: dict[str, str] = {}
    for rule in playbook.current().procedures.values():
        if rule.roster and rule.roster.base == base:
            found |= {tag.name.text(lang()): tag.id for tag in rule.roster.tags}
            found |= {tag.name.zh: tag.id for tag in rule.roster.tags}
    return found


@require_POST
@door("roll.manage")
def decide(request: HttpRequest, change: str) -> HttpResponse:
    """The second person agrees, or one of them refuses."""
    rows = RollChange.objects.select_related("roll__organisation__place")
    row = get_object_or_404(rows, pk=change)
    actor = actor_of(request)
    try:
        if request.POST.get("verb") == "agree":
            rolls.agree(row, by=actor)
            messages.success(request, _("The list is in force."))
        else:
            rolls.refuse(row, by=actor)
            messages.success(request, _("The list is destroyed; the roll stays as it was."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("desk-roll", row.roll.organisation_id, row.roll.base)
