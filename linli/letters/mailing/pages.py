"""Letters to an audience: the desk that sends them, and the page of whoever got one."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli import playbook
from linli.letters import budget
from linli.letters.mailing import reading, sending
from linli.letters.models import Addressee, Campaign, OptOut
from linli.lib import clock
from linli.people.actors import Actor, actor_of
from linli.people.policies import Denied, allowed
from linli.web.doors import door
from linli.web.language import lang
from linli.web.pages import page


@require_http_methods(["GET", "POST"])
@door("letter.send_by_rule")
def mailings(request: HttpRequest) -> HttpResponse:
    """Letters of my area, and the ones of the playbook that can be prepared."""
    actor = actor_of(request)
    if request.method == "POST":
        rule = playbook.current().letters.get(request.POST.get("kind", ""))
        try:
            if rule is None:
                raise Denied(_("Choose one of the letters."))
            return redirect("mailing", sending.prepare(rule, by=actor).pk)
        except Denied as denied:
            messages.error(request, str(denied))
            return redirect("mailings")
    try:
        before = UUID(request.GET.get("before", ""))
    except ValueError:
        before = None
    shown = {"desk": reading.desk(actor, before), "letters": playbook.current().letters}
    return page(request, "letters/mailings.html", shown)


@require_http_methods(["GET", "POST"])
@door("letter.send_by_rule")
def mailing(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """One letter: its words in both languages, its audience as a number, and what can be done."""
    actor = actor_of(request)
    campaign = get_object_or_404(Campaign, pk=campaign_id)
    sending.check_here(campaign, actor)
    if request.method == "POST":
        try:
            messages.success(request, _act(campaign, request.POST.get("act", ""), actor))
        except Denied as denied:
            messages.error(request, str(denied))
        return redirect("mailing", campaign.pk)
    soon = campaign.leaves_at is not None and campaign.leaves_at > clock.now()
    return page(request, "letters/mailing.html", {
        "campaign": campaign, "rule": campaign.rule, "numbers": reading.numbers(campaign),
        "words": [campaign.said("zh"), campaign.said("en")], "quiet": budget.quiet_hours(),
        "mine": campaign.by == actor.id, "alone": allowed(actor.check, sending.ACTION,
                                                          in_scope=True),
        "callable": campaign.state in ("ready", "asked") or (campaign.state == "frozen" and soon),
    })  # fmt: skip


def _act(campaign: Campaign, act: str, actor: Actor) -> str:
    """Do it; the sentence that says what was done. Raises Denied."""
    if act == "test":
        sending.test_copy(campaign, by=actor)
        return _("A test copy lies in your inbox. Nobody else got it.")
    if act == "send":
        if sending.ask_or_send(campaign, by=actor):
            return _("The audience is frozen. It leaves in ten minutes; until then call it back.")
        return _("A second person has to agree.")
    if act == "agree":
        sending.agree(campaign, by=actor)
        return _("The audience is frozen. It leaves in ten minutes; until then call it back.")
    if act == "call-back":
        sending.call_back(campaign, by=actor)
        return _("Called back. Nobody got it.")
    raise Denied(_("Choose what to do."))


@require_http_methods(["GET", "POST"])
@door("inbox.read")
def received(request: HttpRequest, row_id: UUID) -> HttpResponse:
    """A letter to me: read it, write back, or want no more of its kind."""
    user = actor_of(request).user
    if user is None:
        raise Denied(_("Please sign in first."))
    row = get_object_or_404(Addressee.objects.select_related("campaign"), pk=row_id, user=user)
    rule = playbook.current().letters.get(row.kind)
    if request.method == "POST" and rule is not None:
        return _answer(request, row, rule.law, rule.reply)
    subject, text = row.campaign.said(lang())
    return page(request, "letters/received.html", {
        "row": row, "subject": subject, "text": text, "rule": rule,
        "out": OptOut.objects.filter(user=user, kind=row.kind).exists(),
    })  # fmt: skip


@transaction.atomic
def _answer(request: HttpRequest, row: Addressee, law: bool, reply: str | None) -> HttpResponse:
    act = request.POST.get("act", "")
    if act == "reply" and reply:
        # That somebody went on to write is counted; what they write is a matter of its own.
        Addressee.objects.filter(pk=row.pk, replied_at=None).update(replied_at=clock.now())
        return redirect(reverse("tell-kind", args=[reply]))
    if act == "out" and law:
        messages.error(request, _("The law asks for this letter; it cannot be stopped."))
    elif act == "out":
        OptOut.objects.get_or_create(user_id=row.user_id, kind=row.kind)
        messages.success(request, _("You will get no more letters of this kind."))
    elif act == "in":
        OptOut.objects.filter(user_id=row.user_id, kind=row.kind).delete()
        messages.success(request, _("You will get this kind of letter again."))
    return redirect("received", row.pk)
