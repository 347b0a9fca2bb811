"""The voting machine: a code from a slip of paper instead of signing in.

Who comes next must find nothing of who was before: every answer is `no-store`, a used code shows
nothing again, and the last page clears what the browser kept and returns to the start by itself.
"""

from copy import copy
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from linli.ballots.actions import cast
from linli.ballots.forms.choice import ChoiceForm
from linli.ballots.models import Ballot
from linli.ballots.models.ballot import KIOSK
from linli.ballots.policies import check_runs
from linli.ballots.views.public import found
from linli.ballots.views.vote import given, opened, paper, refused, review
from linli.people import limits
from linli.people.actors import ANONYMOUS
from linli.people.policies import Denied
from linli.web.doors import door
from linli.web.jinja import url
from linli.web.pages import page

SECONDS: Final = 90  # until the last page gives way to a clean start
GUESSES: Final = 600  # an hour and a network: a village votes at one machine
HOUR: Final = limits.HOUR


@require_http_methods(["GET", "POST"])
@door("ballot.cast")
def kiosk(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask for the code, then the paper, the review and the receipt, as at home."""
    ballot = found(key)
    try:
        check_runs(ballot, KIOSK)
        if request.method == "POST":
            return _step(request, ballot)
    except Denied as denied:
        return _clean(refused(request, ballot, denied, kiosk=True))
    return _clean(page(request, "ballots/kiosk.html", {"ballot": ballot, "wrong": ""}))


def _step(request: HttpRequest, ballot: Ballot) -> HttpResponse:
    _count_guess(request)
    step, code = request.POST.get("step"), request.POST.get("code", "")
    try:
        name = cast.code_of(ballot, code)  # first of all: a used code shows nothing again
    except Denied as denied:
        shown = {"ballot": ballot, "wrong": str(denied)}
        return _clean(page(request, "ballots/kiosk.html", shown, status=422))
    envelope = request.POST.get("envelope", "")
    if step == "cast":
        receipt = cast.cast_with_code(ballot, name, envelope)
        return _last(given(request, ballot, receipt, kiosk=True), ballot)
    if step == "check":
        return opened(request, ballot, cast.check_instead(ballot, name, envelope), code=code)
    if step != "choose":
        return paper(request, ballot, ChoiceForm(ballot=ballot), code=code)
    form = ChoiceForm(request.POST, ballot=ballot)
    if not form.is_valid():
        return paper(request, ballot, form, code=code, status=422)
    own = form.cleaned_data["own_word"]
    return review(request, ballot, cast.prepare(ballot, name, form.chosen, own), code=code)


def _count_guess(request: HttpRequest) -> None:
    """Counted by network, also for somebody signed in: no row says who came with a code."""
    stranger = copy(request)
    vars(stranger)["actor"] = ANONYMOUS
    limits.hit("ballot.code", stranger, limit=GUESSES, per=HOUR)


def _clean(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _last(response: HttpResponse, ballot: Ballot) -> HttpResponse:
    response.headers["Refresh"] = f"{SECONDS}; url={url('ballot-kiosk', ballot.pk)}"
    return _clean(response)
