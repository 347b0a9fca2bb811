"""My file: what is held about me, who opened it, to take along, and to have erased."""

import io
import json
from collections.abc import Iterator
from typing import Any, Final

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from linli.activities import my_file as activities_file
from linli.ballots import my_file as ballots_file
from linli.cases import my_file as cases_file
from linli.cases.models import Asker
from linli.clubs import my_file as clubs_file
from linli.clubs.models import Child
from linli.deliberation import my_file as deliberation_file
from linli.facilities import my_file as facilities_file
from linli.forum import my_file as forum_file
from linli.incubators import my_file as incubators_file
from linli.letters import my_file as letters_file
from linli.lib import tables
from linli.members import my_file as members_file
from linli.pairings import my_file as pairings_file
from linli.people import asked
from linli.people.actors import Actor, actor_of
from linli.people.models import User
from linli.people.policies import Denied
from linli.points import my_file as points_file
from linli.site.erasing import erase_person
from linli.stores import my_file as stores_file
from linli.stores.models import Gift
from linli.talent import my_file as talent_file
from linli.vault import sealing
from linli.vault.words import kind_name
from linli.web.doors import door
from linli.web.pages import page

# Parts of the file that are lists -> what they are called, and the page that shows them.
PARTS: Final[dict[str, tuple[str | Promise, str]]] = {
    "taken_on": (gettext_lazy("Wishes and tasks taken on"), ""),
    "service": (gettext_lazy("Times signed up and hours given"), "service"),
    "registrations": (gettext_lazy("Registrations with a community"), "service"),
    "roles": (gettext_lazy("Lasting roles"), "service"),
    "limits": (gettext_lazy("What I said about my time"), "service"),
    "days_off": (gettext_lazy("Days on which I cannot come"), "service"),
    "offers_time_to": (gettext_lazy("Offices that may plan with me"), "service"),
    "forum": (gettext_lazy("What I wrote in the forum"), "forum-mine"),
    "follows": (gettext_lazy("Topics I follow"), "forum-mine"),
    "ballots": (gettext_lazy("Rolls of ballots I am on; never a vote"), ""),
    "rolls": (gettext_lazy("Rolls of meetings I am on"), ""),
    "proposals": (gettext_lazy("Motions I proposed"), ""),
    "objections": (gettext_lazy("Objections I made"), ""),
    "bookings": (gettext_lazy("Rooms booked"), "bookings"),
    "waits_for": (gettext_lazy("Rooms I wait for"), "bookings"),
    "meals": (gettext_lazy("Meals ordered"), "bookings"),
    "meal_cards": (gettext_lazy("Meal cards"), "bookings"),
    "tenancies": (gettext_lazy("Desks in an incubator"), "incubators"),
    "pools": (gettext_lazy("Pools of talent I was named for"), ""),
    "cohorts": (gettext_lazy("Courses I am in"), ""),
    "memberships": (gettext_lazy("Memberships"), ""),
    "ties": (gettext_lazy("Ties"), "my-ties"),
    "points": (gettext_lazy("Lines of points"), "points"),
    "points_of_years": (gettext_lazy("Points and stars of past years"), "points"),
    "points_objections": (gettext_lazy("Objections to points"), "points"),
    "certificates": (gettext_lazy("Certificates of service"), "service-record"),
    "corrections": (gettext_lazy("Corrections asked for"), "service-record"),
    "letters": (gettext_lazy("Messages to me"), "inbox"),
    "wants_no_letters": (gettext_lazy("Letters I do not want"), ""),
    "invitations": (gettext_lazy("Posts I was asked to hold"), ""),
    "could_not_come": (gettext_lazy("Times I said I cannot come"), ""),
    "asked_to_stand_in": (gettext_lazy("Times I was asked to come instead"), ""),
}


@require_GET
@door("myfile.read_export")
def my_file(request: HttpRequest) -> HttpResponse:
    """Everything Linli holds about me, and everybody who opened it, with their reasons.

    Without an account the file is one matter, opened by number and word.
    """
    user = actor_of(request).user
    if user is None:
        return redirect("where")
    return page(request, "site/my_file.html", _file_of(user))


def _file_of(user: User) -> dict[str, Any]:
    subjects = {user.vault_subject}
    askers = list(
        Asker.objects.filter(user=user).select_related("case__place", "case__owner")
        .order_by("-joined_at")
    )  # fmt: skip
    subjects |= {asker.subject for asker in askers if asker.subject}
    subjects |= members_file.subjects(user) | stores_file.subjects(user)
    subjects |= clubs_file.subjects(user)
    subjects |= {a.case.sealed_subject for a in askers if a.case.sealed_subject}
    return {
        "user": user,
        "sealed": sorted({kind_name(kind) for kind in sealing.kinds_of_all(subjects)}),
        "reads": sealing.reads_of_all(subjects),
        "askers": askers,
        "appointments": user.appointments.select_related("post__organisation").order_by(
            "-from_date"
        ),
    }


@require_GET
@door("myfile.read_export")
def everything(request: HttpRequest) -> HttpResponse:
    """How much of which kind is held, with the page that shows it; what is empty is left out."""
    user = actor_of(request).user
    if user is None:
        return redirect("where")
    held = _everything(user)
    parts = [(name, len(held[key]), where) for key, (name, where) in PARTS.items() if held[key]]
    # Names stay sealed for a mere count.
    children, gifts = (
        Child.objects.filter(guardian=user).count(),
        Gift.objects.filter(user=user).count(),
    )
    parts += [(_("Children at clubs"), children, "clubs")] if children else []
    parts += [(_("Gifts to a station"), gifts, "")] if gifts else []
    return page(request, "site/my_file_parts.html", {"parts": parts})


@require_GET
@door("myfile.read_export")
def export(request: HttpRequest) -> HttpResponse:
    """The same as a file to keep, JSON or CSV; contacts are opened for their owner: that is logged."""
    actor = actor_of(request)
    if actor.user is None:
        return redirect("where")
    with transaction.atomic():
        body = _export(actor.user, actor)
    if request.GET.get("as") == "csv":
        text = io.StringIO(newline="")
        tables.write_rows(text, ["part", "number", "field", "value"], _flat(body))
        response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="my-file.csv"'
        return response
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False, indent=2), content_type="application/json"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="my-file.json"'
    return response


def _flat(body: dict[str, Any]) -> Iterator[tuple[str, int, str, str]]:
    """One row for each value: the part, which one of it, the field, and what it says."""
    for part, held in body.items():
        for number, one in enumerate(held if isinstance(held, list) else [held], start=1):
            fields = one if isinstance(one, dict) else {"": one}
            for field, value in fields.items():
                plain = isinstance(value, str | int | float | None)
                said = value if plain else json.dumps(value, ensure_ascii=False)
                yield part, number, field, "" if said is None else str(said)


def _everything(user: User) -> dict[str, Any]:
    """What each floor holds about a person, by the name of the part; plain values."""
    return {
        **cases_file.held(user),
        **activities_file.held(user),
        **forum_file.held(user),
        **ballots_file.held(user),
        **deliberation_file.held(user),
        **facilities_file.held(user),
        **incubators_file.held(user),
        **members_file.held(user),
        **pairings_file.held(user),
        **points_file.held(user),
        **talent_file.held(user),
        **letters_file.held(user),
        **asked.everything(user),
    }


def _export(user: User, actor: Actor) -> dict[str, Any]:
    held = _file_of(user)
    own, why = user.vault_subject, _("the owner exports their own file")
    return {
        "name": user.display_name,
        "contact": {
            kind: sealing.reveal(own, kind, by=actor, reason=why) for kind in sealing.kinds_of(own)
        },
        "matters": [
            {
                "number": asker.number,
                "kind": asker.case.kind,
                "place": asker.case.place.name,
                "text": asker.case.text,
                "state": asker.case.state,
                "received": asker.case.received_at.isoformat(),
                "reply": asker.reply,
            }
            for asker in held["askers"]
        ],
        **_everything(user),
        **stores_file.held(user, by=actor, reason=why),
        **clubs_file.held(user, by=actor),
        "opened_by": [
            {"when": read.at.isoformat(), "who": read.reader_label, "why": read.reason}
            for read in held["reads"]
        ],
    }


@require_POST
@door("myfile.erase_request")
def erase(request: HttpRequest) -> HttpResponse:
    """Cut every tie between me and my matters and shred my contact: the account ends here."""
    actor = actor_of(request)
    if actor.user is None:
        return redirect("where")
    if request.POST.get("sure") != "yes":
        messages.error(request, _("Tick the box first; this cannot be undone."))
        return redirect("my-file")
    try:
        erase_person(actor.user, by=actor)
    except Denied as denied:
        messages.error(request, str(denied))
        return redirect("my-file")
    request.session.flush()
    messages.success(request, _("Done. Nothing here is tied to you any more."))
    return redirect("home")
