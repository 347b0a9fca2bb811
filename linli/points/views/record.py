"""My record of service: years, hosts, a table to take away, and a certificate anyone can check."""

import io
from datetime import date, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.activities.models import SignUp
from linli.lib import clock, tables
from linli.people.actors import actor_of
from linli.people.policies import Denied
from linli.playbook import current
from linli.points import pdf
from linli.points.actions import certifying, correcting
from linli.points.actions.certifying import minutes_of
from linli.points.models import Certificate, Correction, Stars
from linli.points.views.mine import person
from linli.web import dates
from linli.web.doors import door
from linli.web.language import lang
from linli.web.pages import page

FIRST = date(2000, 1, 1)
SHOWN = 60


@require_GET
@door("service.own")
def record(request: HttpRequest) -> HttpResponse:
    """Hours by the year, learning, thanks, corrections and certificates; nobody else reads it."""
    user = person(request)
    rows = certifying.stays(user, FIRST, clock.today())
    years: dict[int, list[SignUp]] = {}
    for row in rows:
        if row.in_at:
            years.setdefault(row.in_at.astimezone(clock.LOCAL).year, []).append(row)
    learning = {k for one in current().awards.values() if one.dimension == "learning"
                for k in one.kinds}  # fmt: skip
    return page(request, "points/record.html", {
        "years": [(year, _minutes(found), len(found)) for year, found in sorted(years.items())],
        "rows": [(row, minutes_of(row)) for row in rows[::-1][:SHOWN]],
        "learning": [row for row in rows if row.occurrence.kind in learning],
        "thanks": Stars.objects.filter(user=user, stars__gte=1).select_related("card"),
        "certificates": Certificate.objects.filter(card_user=user).order_by("-pk")[:20],
        "corrections": Correction.objects.filter(user=user).order_by("-pk")[:20],
        "since": date(clock.today().year, 1, 1), "until": clock.today(), "name": user.display_name,
    })  # fmt: skip


def _minutes(rows: list[SignUp]) -> str:
    return dates.lasting(sum((row.time for row in rows), start=rows[0].time * 0))


@require_GET
@door("service.own")
def export(request: HttpRequest) -> HttpResponse:
    """My record as a table; cells that look like formulas are made harmless."""
    rows = certifying.stays(person(request), FIRST, clock.today())
    out = io.StringIO(newline="")
    head = [_("Day"), _("Activity"), _("Role"), _("Host"), pgettext("time", "Minutes")]
    tables.write_rows(out, head, [
        [row.in_at.astimezone(clock.LOCAL).date().isoformat() if row.in_at else "",
         row.occurrence.name_for(lang()), row.seat.rule.name.text(lang()),
         row.occurrence.organisation.name_for(lang()), minutes_of(row)]
        for row in rows
    ])  # fmt: skip
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="my-service.csv"'
    return response


@require_POST
@door("service.own")
def certify(request: HttpRequest) -> HttpResponse:
    """A new certificate as PDF; the name is on it and is kept nowhere else."""
    name = request.POST.get("name", "")
    try:
        since, until = (date.fromisoformat(request.POST.get(key, "")) for key in ("since", "until"))
        row = certifying.issue(name, since, until, by=actor_of(request))
    except ValueError:
        messages.error(request, _("Write both days."))
        return redirect("service-record")
    except Denied as denied:
        messages.error(request, str(denied))
        return redirect("service-record")
    response = HttpResponse(_paper(row, " ".join(name.split())), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="linli-{row.code}.pdf"'
    return response


def _paper(row: Certificate, name: str) -> bytes:
    link = settings.SITE_URL.rstrip("/") + reverse("certificate", args=[row.code])
    hours = _("%(hours)s hours %(minutes)s minutes") % {
        "hours": row.minutes // 60,
        "minutes": row.minutes % 60,
    }
    days = {"since": dates.day(row.first_on), "until": dates.day(row.last_on)}
    hosts = row.hosts[:4]
    lines = [
        pdf.Line(current().county.full_name.text(lang()), 14, 760),
        pdf.Line(_("Certificate of voluntary service"), 28, 690),
        pdf.Line(name, 24, 610),
        pdf.Line(_("gave from %(since)s to %(until)s") % days, 14, 560),
        pdf.Line(hours, 26, 510),
        pdf.Line(_("on %(n)s occasions, with:") % {"n": row.times}, 14, 470),
        *(pdf.Line(host, 13, 440 - 22 * n) for n, host in enumerate(hosts)),
        pdf.Line(_("Counted from checking in and out. Issued on %(day)s.")
                 % {"day": dates.day(row.issued_at)}, 11, 300),
        pdf.Line(_("Check it with the code %(code)s at:")
                 % {"code": f"{row.code[:6]} {row.code[6:]}"}, 12, 270),
        pdf.Line(link, 11, 250),
    ]  # fmt: skip
    return pdf.page(lines, link, _("Certificate of voluntary service"))


@require_POST
@door("service.own")
def revoke(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """A paper of my own is no longer good."""
    row = get_object_or_404(Certificate, pk=certificate_id, card_user=person(request))
    certifying.revoke(row, by=actor_of(request))
    messages.success(request, _("Whoever checks its code now reads that it no longer holds."))
    return redirect("service-record")


@require_POST
@door("service.own")
def correct(request: HttpRequest, sign_up: int) -> HttpResponse:
    """Ask the host to look at one stay of my own again."""
    row = get_object_or_404(SignUp.objects.select_related("occurrence__place"),
                            pk=sign_up, user=person(request))  # fmt: skip
    try:
        correcting.ask(row, request.POST.get("words", ""), by=actor_of(request))
    except Denied as denied:
        messages.error(request, str(denied))
    else:
        messages.success(request, _("The host looks at it and answers you here."))
    return redirect("service-record")


@require_http_methods(["GET", "POST"])
@door("service.certificate")
def certificate(request: HttpRequest, code: str = "") -> HttpResponse:
    """Check a paper by its code; the name only by typing what stands on it."""
    typed = code or request.GET.get("code", "")
    row = certifying.find(typed) if typed else None
    name = request.POST.get("name", "")
    same = certifying.is_name(row, name) if row and request.method == "POST" and name else None
    return page(request, "points/certificate.html", {
        "typed": typed, "row": row, "same": same, "name": name[:40],
        "hours": dates.lasting(timedelta(minutes=row.minutes)) if row else "",
    }, status=404 if code and row is None else 200)  # fmt: skip
