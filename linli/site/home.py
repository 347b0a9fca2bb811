"""The front page, "have a say", and my file: pages that read several floors."""

import json
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli import playbook
from linli.activities import my_file as activities_file
from linli.cases.models import Asker, Case
from linli.clubs import my_file as clubs_file
from linli.deliberation import my_file as deliberation_file
from linli.deliberation import reading as motions
from linli.field.actions import erasing
from linli.figures import kept
from linli.forum import my_file as forum_file
from linli.members import my_file as members_file
from linli.pairings import my_file as pairings_file
from linli.people import asked
from linli.people.actions import accounts
from linli.people.actors import Actor, actor_of
from linli.people.models import User
from linli.vault import sealing
from linli.vault.words import kind_name
from linli.web.doors import door
from linli.web.pages import page


@require_GET
@door("site.read")
def home(request: HttpRequest) -> HttpResponse:
    """Where a newcomer lands: four ways on, what was said lately, and how we are doing."""
    book = playbook.current()
    newest = Case.objects.listed().with_names().order_by("-listed_at", "-pk")[:5]
    others = [
        kind for kind in book.kinds.values()
        if {"anyone", "resident"} & set(kind.opens_by) and kind.id != book.county.intake
    ]  # fmt: skip
    return page(request, "site/home.html", {
        "county": book.county, "newest": newest, "others": others, "figures": kept.front(),
    })  # fmt: skip


@require_GET
@door("site.read")
def say(request: HttpRequest) -> HttpResponse:
    """Ways to have a say that this playbook offers beside the desk: the council hall, the stalls …"""
    book = playbook.current()
    methods = [
        (method, [kind for kind in method.cases if {"anyone", "resident"} & set(kind.opens_by)])
        for method in book.methods.values()
        if method.cases
    ]
    return page(request, "site/say.html", {
        "methods": methods, "motions": motions.latest(actor_of(request)),
    })  # fmt: skip


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
    subjects |= members_file.subjects(user)
    subjects |= clubs_file.subjects(user)
    subjects |= {a.case.sealed_subject for a in askers if a.case.sealed_subject}
    return {
        "user": user,
        "sealed": sorted({kind_name(kind) for s in subjects for kind in sealing.kinds_of(s)}),
        "reads": sealing.reads_of_all(subjects),
        "askers": askers,
        "appointments": user.appointments.select_related("post__organisation").order_by(
            "-from_date"
        ),
    }


@require_GET
@door("myfile.read_export")
def my_file_export(request: HttpRequest) -> HttpResponse:
    """The same as a JSON file to keep; contacts are opened for their owner, and that is logged."""
    actor = actor_of(request)
    if actor.user is None:
        return redirect("where")
    with transaction.atomic():
        body = _export(actor.user, actor)
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False, indent=2), content_type="application/json"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="my-file.json"'
    return response


def _export(user: User, actor: Actor) -> dict[str, Any]:
    held = _file_of(user)
    own = user.vault_subject
    return {
        "name": user.display_name,
        "contact": {
            kind: sealing.reveal(own, kind, by=actor, reason=_("the owner exports their own file"))
            for kind in sealing.kinds_of(own)
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
        **activities_file.held(user),
        **forum_file.held(user),
        **deliberation_file.held(user),
        **members_file.held(user),
        **pairings_file.held(user),
        **clubs_file.held(user, by=actor),
        **asked.everything(user),
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
    erase_person(actor.user, by=actor)
    request.session.flush()
    messages.success(request, _("Done. Nothing here is tied to you any more."))
    return redirect("home")


@transaction.atomic
def erase_person(user: User, *, by: Actor) -> None:
    """Shred the person's keys and unlink their matters; the journal and the rates stay whole."""
    own = user.vault_subject
    for asker in Asker.objects.filter(user=user):
        if asker.subject and asker.subject != own:
            sealing.destroy(asker.subject, by=by, reason="erased at the person's own wish")
    Asker.objects.filter(user=user).update(user=None, subject="", anonymity=Asker.Anonymity.NOTHING)
    erasing.erase_person(user, by=by)
    activities_file.erase(user, by=by)
    forum_file.erase(user, by=by)
    deliberation_file.erase(user)
    members_file.erase(user)
    pairings_file.erase(user)
    clubs_file.erase(user, by=by)
    sealing.destroy(own, by=by, reason="erased at the person's own wish")
    accounts.forget(user)
