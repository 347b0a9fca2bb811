"""The polling desk: opening, printing, handing out, counting by hand, closing by two."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.ballots import words
from linli.ballots.actions import close, serve, tally
from linli.ballots.actions.open import open_ballot
from linli.ballots.forms.desk import CountForm, HandOutForm, OpenForm, PrintForm
from linli.ballots.models import Ballot, Closing, Code, RollEntry, Slot, Tally
from linli.ballots.models.ballot import KIOSK, PAPER
from linli.ballots.models.sealed import Taken
from linli.ballots.policies import check, check_can_close, in_scope, may
from linli.ballots.views.public import found
from linli.people.actors import Actor, actor_of
from linli.people.policies import Denied, allowed
from linli.people.roles import Role
from linli.web.doors import door
from linli.web.pages import page


def _mine(key: UUID, actor: Actor) -> Ballot:
    """The ballot for who works on it: the office in scope, or an auditor; for others 404."""
    ballot = found(key)
    if not (in_scope(actor, ballot) or actor.role is Role.AUD):
        raise Http404
    return ballot


@require_GET
@door("tally.close_and_run")
def every(request: HttpRequest) -> HttpResponse:
    """Ballots that wait for the office."""
    actor = actor_of(request)
    rows = Ballot.objects.with_names().order_by("-closes_at")[:200]
    seen = [row for row in rows if actor.role is Role.AUD or in_scope(actor, row)]
    return page(request, "ballots/desk_list.html", {
        "rows": [(row, words.state(row)) for row in seen], "opens": _opens(actor),
    })  # fmt: skip


def _opens(actor: Actor) -> bool:
    return actor.organisation is not None and actor.may(
        "matter.configure_before_open", in_scope=True
    )


@require_http_methods(["GET", "POST"])
@door("matter.configure_before_open")
def open_one(request: HttpRequest) -> HttpResponse:
    """Open a ballot of one's own body, on paper, with codes or by hands."""
    actor, denied = actor_of(request), ""
    if actor.organisation is None:
        return redirect("desk-ballots")
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        own = actor.organisation
        try:
            ballot = open_ballot(
                about="", place=own.place, organisation=own, by=actor, **form.wanted
            )
            return redirect("desk-ballot", ballot.pk)
        except Denied as refusal:
            denied = str(refusal)
    status = 422 if request.method == "POST" else 200
    shown = {"form": form, "denied": denied}
    return page(request, "ballots/desk_open.html", shown, status=status)


@require_GET
@door("ballot.count")
def one(request: HttpRequest, key: UUID) -> HttpResponse:
    """One ballot from the desk's side."""
    actor = actor_of(request)
    ballot = _mine(key, actor)
    closing = Closing.objects.select_related("first_under__post").filter(ballot=ballot).first()
    return page(request, "ballots/desk_one.html", {
        "ballot": ballot, "state": words.state(ballot), "words": words, "runs": ballot.runs(),
        "numbers": _numbers(ballot), "tallies": _tallies(ballot, actor), "closing": closing,
        "serves": may("ballot.serve", actor, ballot), "print": PrintForm(), "give": HandOutForm(),
        "kiosk": KIOSK in ballot.channels, "paper": PAPER in ballot.channels,
        "asked_by_me": closing is not None and str(closing.first_id) == actor.id,
        "closes": allowed(check_can_close, ballot, actor), "counts": may("ballot.count", actor, ballot),
    })  # fmt: skip


def _numbers(ballot: Ballot) -> dict[str, int]:
    """What may be known while voting runs: what was handed out, never who voted at home."""
    given = Slot.objects.filter(ballot=ballot).aggregate(
        paper=Count("pk", filter=Q(taken=Taken.PAPER)), code=Count("pk", filter=Q(taken=Taken.CODE))
    )
    codes = Code.objects.filter(ballot=ballot).count()
    return {**given, "codes": codes, "used": ballot.codes_used, "papers": ballot.papers}


def _tallies(ballot: Ballot, actor: Actor) -> list[dict[str, Any]]:
    rows = {row.what: row for row in Tally.objects.filter(ballot=ballot)}
    names = {"paper": "paper", "meeting": "hands"}
    return [
        {"what": names[channel], "row": rows.get(names[channel])}
        for channel in ballot.channels if channel in names
    ]  # fmt: skip


@require_POST
@door("ballot.serve")
def codes(request: HttpRequest, key: UUID) -> HttpResponse:
    """A sheet of fresh codes: shown this once, to be printed and cut."""
    actor = actor_of(request)
    ballot, form = _mine(key, actor), PrintForm(request.POST)
    try:
        if not form.is_valid():
            raise Denied(_("Say how many."))
        made = serve.print_codes(ballot, form.cleaned_data["n"], by=actor)
    except Denied as denied:
        messages.error(request, str(denied))
        return redirect("desk-ballot", key)
    slips = [f"{code[:4]} {code[4:]}" for code in made]
    return page(request, "ballots/codes.html", {"ballot": ballot, "slips": slips})


@require_http_methods(["GET", "POST"])
@door("ballot.serve")
def papers(request: HttpRequest, key: UUID) -> HttpResponse:
    """Voting papers and the counters' sheet to print; a POST says how many left the printer."""
    actor = actor_of(request)
    ballot = _mine(key, actor)
    check("ballot.serve", actor, ballot)
    if request.method == "GET":
        shown = {"ballot": ballot, "words": words, "rows": words.sheet(ballot)}
        return page(request, "ballots/paper.html", shown)
    form = PrintForm(request.POST)
    try:
        if not form.is_valid():
            raise Denied(_("Say how many."))
        serve.print_papers(ballot, form.cleaned_data["n"], by=actor)
        messages.success(request, _("Written down. Every one has to be accounted for at the end."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("desk-ballot", key)


@require_POST
@door("ballot.serve")
def hand_out(request: HttpRequest, key: UUID) -> HttpResponse:
    """Give a voter of the roll a paper or a code."""
    actor = actor_of(request)
    ballot, form = _mine(key, actor), HandOutForm(request.POST)
    try:
        entry = None
        if form.is_valid():
            entry = RollEntry.objects.filter(
                ballot=ballot, number=form.cleaned_data["number"]
            ).first()
        if entry is None:
            raise Denied(_("Nobody with this number is on the roll."))
        serve.hand_out(ballot, entry, form.cleaned_data["what"], by=actor)
        messages.success(request, _("Number %(n)s: handed out.") % {"n": entry.number})
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("desk-ballot", key)


@require_http_methods(["GET", "POST"])
@door("ballot.count")
def count(request: HttpRequest, key: UUID, what: str) -> HttpResponse:
    """What one counter counted, without seeing the other's figures."""
    actor = actor_of(request)
    ballot = _mine(key, actor)
    form, denied = CountForm(request.POST or None, ballot=ballot, what=what), ""
    if request.method == "POST" and form.is_valid():
        try:
            note = form.cleaned_data.get("note", "")
            row = tally.enter(ballot, what, form.figures, by=actor, note=note)
            _say(request, row)
            return redirect("desk-ballot", key)
        except Denied as refusal:
            denied = str(refusal)
    status = 422 if request.method == "POST" else 200
    shown = {"ballot": ballot, "form": form, "what": what, "denied": denied, "words": words}
    return page(request, "ballots/desk_count.html", shown, status=status)


def _say(request: HttpRequest, row: Tally) -> None:
    if row.agreed_at:
        messages.success(request, _("Both counters wrote the same: the count stands."))
    elif row.differs:
        messages.warning(request, _("The two counts differ. Count again, both of you."))
    else:
        messages.success(request, _("Written down. Now the second counter, without seeing yours."))


@require_POST
@door("tally.close_and_run")
def closing(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask for closing, or agree to it: the second of two offices counts."""
    actor = actor_of(request)
    ballot = _mine(key, actor)
    try:
        done = close.ask_to_close(ballot, by=actor)
        if not done.is_open:
            messages.success(request, _("Closed and counted. The board is public."))
            return redirect("ballot", key)
        messages.success(request, _("Noted. It is counted once the other office agrees."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("desk-ballot", key)
