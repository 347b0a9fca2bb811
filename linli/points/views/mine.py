"""My points: each with its rule and evidence; joining, leaving, objecting; and the public totals."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli import playbook
from linli.lib import clock
from linli.people.actors import actor_of
from linli.people.models import User
from linli.people.policies import Denied, allowed
from linli.playbook.award import PointScheme
from linli.points import reading
from linli.points.actions import joining, objecting, years
from linli.points.models import Claim, Objection, Transfer
from linli.points.policies import check_can_join
from linli.web.doors import door
from linli.web.pages import page


def scheme_or_404() -> PointScheme:
    """The county's scheme; a county without one has no such pages."""
    scheme = playbook.current().points
    if scheme is None:
        raise Http404
    return scheme


def person(request: HttpRequest) -> User:
    """Who is signed in; the door has asked already."""
    user = actor_of(request).user
    if user is None:
        raise Denied(_("Please sign in first."))
    return user


@require_GET
@door("points.read_own")
def mine(request: HttpRequest) -> HttpResponse:
    """My year, line by line; nobody else reads this page."""
    user, scheme, actor = person(request), scheme_or_404(), actor_of(request)
    said = request.GET.get("year", "")
    year = int(said) if said.isascii() and said.isdigit() and len(said) == 4 else clock.today().year
    before = request.GET.get("before", "")
    view = reading.mine(user, scheme, year, int(before) if before.isdecimal() else None)
    consent = joining.joined(user)
    return page(request, "points/mine.html", {
        "view": view, "scheme": scheme, "consent": consent,
        "may_join": consent is None and allowed(check_can_join, actor),
        "claims": Claim.objects.filter(card__user=user, card__year=year).order_by("-pk")[:10],
        "objections": Objection.objects.filter(card__user=user).order_by("-pk")[:10],
        "rule_name": reading.rule_name, "other": year - 1,
    })  # fmt: skip


@require_POST
@door("points.read_own")
def join(request: HttpRequest) -> HttpResponse:
    """Say yes to collecting points."""
    joining.join(by=actor_of(request))
    messages.success(request, _("You have joined. What you do from now on counts."))
    return redirect("points")


@require_POST
@door("points.read_own")
def leave(request: HttpRequest) -> HttpResponse:
    """Take the yes back."""
    joining.leave(by=actor_of(request))
    messages.success(request, _("Nothing more is counted for you. What is there stays readable."))
    return redirect("points")


@require_http_methods(["GET", "POST"])
@door("points.appeal")
def line(request: HttpRequest, line_id: int) -> HttpResponse:
    """One line of my own: why it is there, and the way to object."""
    rows = Transfer.objects.select_related("source", "target", "reversal", "card__stars")
    row = get_object_or_404(rows, pk=line_id, card__user=person(request))
    if request.method == "POST":
        try:
            objecting.to_line(row, request.POST.get("words", ""), by=actor_of(request))
        except Denied as denied:
            messages.error(request, str(denied))
        else:
            messages.success(request, _("Somebody who had no part in it looks at it."))
            return redirect("points")
    return page(request, "points/line.html", {
        "line": reading.lines([row])[0], "rule": playbook.current().awards.get(row.rule),
        "objections": row.objections.order_by("-pk"), "closed": hasattr(row.card, "stars"),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@door("points.appeal")
def missing(request: HttpRequest) -> HttpResponse:
    """Say that a line of the journal has not counted."""
    if request.method == "POST":
        number = request.POST.get("evidence", "").strip()
        try:
            if not number.isascii() or not number.isdigit() or len(number) > 12:
                raise Denied(_("The number of a line has digits only."))
            objecting.missing(int(number), request.POST.get("rule", ""),
                              request.POST.get("words", ""), by=actor_of(request))  # fmt: skip
        except Denied as denied:
            messages.error(request, str(denied))
        else:
            messages.success(request, _("Somebody who had no part in it looks at it."))
            return redirect("points")
    return page(request, "points/missing.html", {
        "rules": playbook.current().awards.values(), "said": request.POST,
    })  # fmt: skip


@require_GET
@door("points.totals")
def totals(request: HttpRequest) -> HttpResponse:
    """What was published by quarters, and every rule; no person, no ranking."""
    scheme, today = scheme_or_404(), clock.today()
    quarter = (today.month - 1) // 3 + 1
    return page(request, "points/totals.html", {
        "scheme": scheme, "bulletins": reading.bulletins(),
        "years_kept": reading.years_kept(), "fewest": years.FEWEST,
        "rules": playbook.current().awards.values(), "version": playbook.current().version,
        "dimension_name": reading.dimension_name,
        "next_on": years.publishes_on(today.year, quarter),
        "stars": years.star_counts(today.year - 1), "stars_year": today.year - 1,
    })  # fmt: skip
