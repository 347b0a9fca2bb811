"""Voting on one's own device: choose, look at it again, cast it or open it to check the server.

Each step is the answer to a form and nothing is kept between them but in the page itself: no
session, no cookie and no address holds a choice.
"""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from linli.ballots import receipts, words
from linli.ballots.actions import cast
from linli.ballots.actions.cast import Checked, Prepared
from linli.ballots.forms.choice import ChoiceForm
from linli.ballots.models import Ballot
from linli.ballots.views.public import found
from linli.people.actors import actor_of
from linli.people.policies import Denied
from linli.web.doors import door
from linli.web.pages import page


@require_http_methods(["GET", "POST"])
@door("ballot.cast")
def vote(request: HttpRequest, key: UUID) -> HttpResponse:
    """The paper, the review, the receipt."""
    ballot, actor = found(key), actor_of(request)
    try:
        name = cast.slot_of(ballot, actor)
        if request.method == "POST":
            return _step(request, ballot, name)
    except Denied as denied:
        return refused(request, ballot, denied)
    again = cast.standing(ballot, actor) == "voted"
    return paper(request, ballot, ChoiceForm(ballot=ballot), again=again)


def _step(request: HttpRequest, ballot: Ballot, name: str) -> HttpResponse:
    step, envelope = request.POST.get("step"), request.POST.get("envelope", "")
    if step == "cast":
        return given(request, ballot, cast.cast(ballot, name, envelope))
    if step == "check":
        return opened(request, ballot, cast.check_instead(ballot, name, envelope))
    form = ChoiceForm(request.POST, ballot=ballot)
    if not form.is_valid():
        return paper(request, ballot, form, status=422)
    prepared = cast.prepare(ballot, name, form.chosen, form.cleaned_data["own_word"])
    return review(request, ballot, prepared)


def paper(
    request: HttpRequest, ballot: Ballot, form: ChoiceForm, *,
    again: bool = False, code: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The voting paper. `code` is set at the voting machine."""
    shown = {"ballot": ballot, "form": form, "again": again, "code": code, "words": words}
    return page(request, "ballots/vote.html", shown, status=status)


def review(
    request: HttpRequest, ballot: Ballot, prepared: Prepared, *, code: str = ""
) -> HttpResponse:  # fmt: skip
    """Look at it again: nothing is cast yet."""
    return page(request, "ballots/review.html", {
        "ballot": ballot, "lines": words.choice(ballot, prepared.choice), "code": code,
        "prepared": prepared, "receipt": receipts.pretty(prepared.receipt),
        "in_order": ballot.rule == "ranked" and len(prepared.choice) > 1,
    })  # fmt: skip


def given(
    request: HttpRequest, ballot: Ballot, receipt: str, *, kiosk: bool = False
) -> HttpResponse:  # fmt: skip
    """The receipt: that the vote is in, not what it is."""
    shown = {"ballot": ballot, "receipt": receipts.pretty(receipt), "kiosk": kiosk}
    return page(request, "ballots/receipt.html", shown)


def opened(
    request: HttpRequest, ballot: Ballot, checked: Checked, *, code: str = ""
) -> HttpResponse:  # fmt: skip
    """A vote laid open: everything that goes into its receipt. It counts nowhere."""
    said = "|".join(["linli-vote-1", str(ballot.pk), receipts.canonical(checked.choice),
                     checked.own_word, checked.server_word])  # fmt: skip
    return page(request, "ballots/opened.html", {
        "ballot": ballot, "checked": checked, "receipt": receipts.pretty(checked.receipt),
        "lines": words.choice(ballot, checked.choice), "said": said, "code": code,
    })  # fmt: skip


def refused(
    request: HttpRequest, ballot: Ballot, denied: Denied, *, kiosk: bool = False
) -> HttpResponse:  # fmt: skip
    """A sentence, and the way back; never what was chosen."""
    shown = {"ballot": ballot, "denied": str(denied), "kiosk": kiosk}
    return page(request, "ballots/refused.html", shown, status=403)
