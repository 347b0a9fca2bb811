"""What came, went and is there; the movements behind it; the way of one gift."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.facilities.models import Facility
from linli.lib import clock, ids
from linli.people.actors import Actor, actor_of
from linli.people.policies import Denied, allowed
from linli.playbook.store import Store
from linli.stores import policies, reading
from linli.stores.actions import giving
from linli.stores.forms import NameForm
from linli.stores.models import Gift
from linli.stores.models.ledger import store_of
from linli.stores.path import way
from linli.stores.sums import check_sums
from linli.web.doors import door
from linli.web.jinja import url
from linli.web.pages import page


def station_or_404(code: str) -> tuple[Facility, Store]:
    """A facility with a store; also one that is closed, for its ledger stays."""
    facility = get_object_or_404(Facility.objects.with_names(), code=code)
    store = store_of(facility)
    if store is None:
        raise Http404
    return facility, store


@require_GET
@door("store.read")
def store(request: HttpRequest, code: str) -> HttpResponse:
    """The sums of a station, this quarter or in all, and what it needs most."""
    facility, rules = station_or_404(code)
    whole = request.GET.get("period") == "all"
    since = None if whole else reading.quarter(clock.today())
    found = reading.rows(facility, rules, since)
    return page(request, "stores/store.html", {
        "facility": facility, "rows": found, "needed": reading.needed(found), "whole": whole,
        "since": since, "unit": lambda item: reading.unit(rules, item),
        "meets": not check_sums(facility), "second_above": reading.number("money", rules.second_above),
        "desk": policies.sees_desk(actor_of(request), facility),
    })  # fmt: skip


@require_GET
@door("store.read")
def movements(request: HttpRequest, code: str) -> HttpResponse:
    """The movements behind a figure, the newest first."""
    facility, rules = station_or_404(code)
    item, way_, period = (request.GET.get(key, "") for key in ("item", "way", "period"))
    since = reading.quarter(clock.today()) if period == "quarter" else None
    found = reading.movements(facility, item[:40], way_, since)
    lines, more = reading.lines(facility, rules, found, before(request))
    asked = {"item": item, "way": way_, "period": period}
    return page(request, "stores/movements.html", {
        "facility": facility, "lines": lines, "since": since, "way": way_, "item": item,
        "thing": reading.thing(rules, item) if item else "",
        "things": [(one, reading.thing(rules, one)) for one in reading.items(rules)],
        "next_url": url("store-movements", code, **asked, before=more) if more else None,
    })  # fmt: skip


def before(request: HttpRequest) -> int | None:
    """The key of the page asked for."""
    said = request.GET.get("before", "")
    if said and not (said.isascii() and said.isdigit() and len(said) < 19):
        raise BadRequest
    return int(said) if said else None


@require_GET
@door("store.read")
def find_gift(request: HttpRequest) -> HttpResponse:
    """The way of a gift, by the code on its receipt."""
    typed = request.GET.get("code", "")
    code = ids.normal_word(typed)
    wrong = ""
    if code and Gift.objects.filter(code=code).exists():
        return redirect("gift", code)
    if typed.strip():
        wrong = _("No receipt has this code. Look at it again letter by letter.")
    return page(request, "stores/find.html", {"typed": typed, "wrong": wrong},
                status=422 if wrong else 200)  # fmt: skip


@require_GET
@door("store.read")
def gift(request: HttpRequest, code: str) -> HttpResponse:
    """The receipt, and what became of the gift: days and stations, never who received it."""
    row = _gift(code)
    return page(request, "stores/gift.html", _context(row, actor_of(request)))


def _gift(code: str) -> Gift:
    return get_object_or_404(
        Gift.objects.select_related("facility__organisation", "facility__place").defer(
            "facility__place__boundary"
        ),
        code=ids.normal_word(code),
    )  # fmt: skip


def _context(row: Gift, actor: Actor) -> dict[str, Any]:
    rules = store_of(row.facility)
    if rules is None:
        raise Http404
    reads = allowed(policies.check_reads_giver, actor, row.facility, "?")
    return {
        "gift": row, "facility": row.facility, "way": way(row, rules), "name": "",
        "what": reading.quantity(rules, row.item, row.amount),
        "form": NameForm() if row.subject and reads else None,
        "keeps": bool(row.subject) and allowed(policies.check_keeps, actor, row.facility),
    }  # fmt: skip


@require_POST
@door("store.giver")
def giver(request: HttpRequest, code: str) -> HttpResponse:
    """Who gave it, shown once; the reading and its reason are written down."""
    row, actor = _gift(code), actor_of(request)
    form, name = NameForm(request.POST), ""
    if form.is_valid():
        name = giving.read_name(row, form.cleaned_data["reason"], by=actor)
    context = _context(row, actor) | {"form": form, "name": name}
    return page(request, "stores/gift.html", context, status=422 if form.errors else 200)


@require_POST
@door("store.keep")
def forget(request: HttpRequest, code: str) -> HttpResponse:
    """The giver wants their name gone."""
    row = _gift(code)
    try:
        giving.forget_giver(row, by=actor_of(request))
        messages.success(request, _("The name is destroyed. The gift stays in the ledger."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("gift", row.code)
