"""The desk's side: claims in bulk, objections one by one, and taking back by two people."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from linli.people.actors import Actor, actor_of
from linli.people.policies import Denied, allowed
from linli.points import reading
from linli.points.actions import claiming, correcting, objecting, reversing
from linli.points.models import Claim, Correction, Objection, Reversal, Transfer
from linli.points.policies import check_counts, check_reviews, check_takes_back, in_scope
from linli.web.doors import door
from linli.web.pages import page

PAGE = 50


@require_http_methods(["GET", "POST"])
@door("points.decide_appeal")
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits: claims with their evidence, objections, lines to be taken back."""
    actor = actor_of(request)
    if request.method == "POST":
        try:
            messages.success(request, _act(request, actor))
        except Denied as denied:
            messages.error(request, str(denied))
        return redirect("desk-points")
    return page(request, "points/desk.html", _waiting(actor, request.GET.get("after", "")))


def _act(request: HttpRequest, actor: Actor) -> str:
    """Agree to claims, decline one, or settle a reversal; the sentence that says what was done."""
    chosen = [int(pk) for pk in request.POST.getlist("claim") if pk.isdecimal()][:PAGE]
    if request.POST.get("act") == "agree":
        rows = list(Claim.objects.filter(pk__in=chosen).select_related("card"))
        if not rows:
            raise Denied(_("Choose at least one claim."))
        claiming.agree(rows, by=actor)
        return ngettext("%(n)s claim counted.", "%(n)s claims counted.", len(rows)) % {
            "n": len(rows)
        }
    if request.POST.get("act") == "decline":
        row = get_object_or_404(Claim.objects.select_related("card"), pk=chosen[0] if chosen else 0)
        claiming.decline(row, request.POST.get("reason", ""), by=actor)
        return _("It does not count; the person reads why.")
    pk = request.POST.get("reversal", "")
    rows_back = Reversal.objects.select_related("transfer__card", "transfer__target")
    asked = get_object_or_404(rows_back, pk=int(pk) if pk.isdecimal() else 0)
    if request.POST.get("act") == "take-back":
        reversing.agree(asked, by=actor)
        return _("Taken back by two people. The old line stays readable beside the new one.")
    reversing.keep(asked, by=actor)
    return _("The line stays as it is.")


def _waiting(actor: Actor, after: str) -> dict[str, object]:
    here = Q(place__startswith=actor.place_path)
    claims = Claim.objects.filter(here, state=Claim.State.WAITING).select_related("card")
    if after.isdecimal():
        claims = claims.filter(pk__gt=int(after))
    found = list(claims.order_by("pk")[: PAGE + 1])
    objections = Objection.objects.filter(here, state=Objection.State.OPEN)
    reversals = Reversal.objects.filter(
        agreed_at=None, transfer__place__startswith=actor.place_path
    ).select_related("transfer__card", "transfer__target")
    shown = found[:PAGE]
    mine = list(reversals.order_by("pk")[:PAGE])
    numbers = {row.evidence for row in shown} | {row.transfer.evidence for row in mine}
    return {
        "claims": [(row, allowed(check_counts, actor, row.card, row.place)) for row in shown],
        "next_after": shown[-1].pk if len(found) > PAGE else None,
        "corrections": Correction.objects.filter(here, answered_at=None).order_by("pk")[:PAGE],
        "objections": list(objections.order_by("due_at")[:PAGE]),
        "reversals": [(row, row.asked_by != actor.id) for row in mine],
        "proofs": reading.proofs_of(numbers), "rule_name": reading.rule_name,
        "dimension_name": reading.dimension_name,
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@door("points.decide_appeal")
def objection(request: HttpRequest, objection_id: int) -> HttpResponse:
    """One objection, its line and its evidence; decided by somebody who had no part in it."""
    actor = actor_of(request)
    rows = Objection.objects.select_related("card", "transfer__target", "transfer__source")
    row = get_object_or_404(rows, pk=objection_id)
    if not in_scope(actor, row.place):
        raise Denied(_("This is not in your area."))
    if request.method == "POST":
        try:
            objecting.decide(
                row, upheld=request.POST.get("as") == "upheld",
                answer=request.POST.get("answer", ""), by=actor,
            )  # fmt: skip
        except Denied as denied:
            messages.error(request, str(denied))
        else:
            messages.success(request, _("Decided and answered."))
            return redirect("desk-points")
    return page(request, "points/objection.html", {
        "row": row, "line": reading.lines([row.transfer])[0] if row.transfer else None,
        "proof": reading.proofs_of({row.evidence}).get(row.evidence),
        "rule": reading.rule_name(row.rule), "may": allowed(check_reviews, actor, row),
        "said": request.POST,
    })  # fmt: skip


@require_POST
@door("points.decide_appeal")
def correction(request: HttpRequest, correction_id: int) -> HttpResponse:
    """Answer somebody who says that a stay of theirs is noted wrongly."""
    row = get_object_or_404(Correction, pk=correction_id)
    try:
        correcting.answer(row, request.POST.get("answer", ""), by=actor_of(request))
    except Denied as denied:
        messages.error(request, str(denied))
    else:
        messages.success(request, _("Decided and answered."))
    return redirect("desk-points")


@require_http_methods(["GET", "POST"])
@door("points.reverse")
def take_back(request: HttpRequest) -> HttpResponse:
    """Find the lines that stand on a piece of evidence, and ask for one to be taken back."""
    actor = actor_of(request)
    number = (request.POST.get("evidence") or request.GET.get("evidence", "")).strip()
    known = number.isascii() and number.isdigit() and len(number) <= 12
    rows = Transfer.objects.standing().filter(
        evidence=int(number) if known else 0, place__startswith=actor.place_path
    )
    rows = rows.select_related("card", "source", "target", "reversal")
    if request.method == "POST":
        pk = request.POST.get("line", "")
        row = get_object_or_404(rows, pk=int(pk) if pk.isdecimal() else 0)
        try:
            reversing.ask(row, request.POST.get("reason", ""), by=actor)
        except Denied as denied:
            messages.error(request, str(denied))
        else:
            messages.success(request, _("A second person has to agree."))
            return redirect("desk-points")
    found = [row for row in rows[:PAGE] if allowed(check_takes_back, actor, row)]
    return page(request, "points/take_back.html", {
        "number": number, "known": known, "lines": reading.lines(found),
    })  # fmt: skip
