"""The inbox, the way back for text messages, and the letters nobody could deliver."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from linli.letters import inbound, templates
from linli.letters.delivery import retry_dead
from linli.letters.models import Channel, Letter, State
from linli.lib import clock
from linli.web.doors import door
from linli.web.pages import page

PAGE = 30


@require_GET
@door("inbox.read")
def inbox(request: HttpRequest) -> HttpResponse:
    """My letters, newest first; paged by the time of the last one shown."""
    user = request.actor.user  # type: ignore[attr-defined]
    rows = Letter.objects.inbox_of(user).order_by("-created_at", "-pk")
    before = Letter.objects.inbox_of(user).filter(pk=_uuid(request.GET.get("before"))).first()
    if before:
        rows = rows.filter(created_at__lt=before.created_at)
    found = list(rows[: PAGE + 1])
    shown = [
        (row, templates.render(row.template, Channel.INAPP, row.language, row.context))
        for row in found[:PAGE]
    ]
    more = found[PAGE - 1].pk if len(found) > PAGE else None
    return page(request, "letters/inbox.html", {"letters": shown, "more": more})


def _uuid(text: str | None) -> str | None:
    return text if text and len(text) == 36 and text.replace("-", "").isalnum() else None


@require_POST
@door("inbox.read")
def open_letter(request: HttpRequest, letter_id: str) -> HttpResponse:
    """Mark a letter as read and go where it points."""
    user = request.actor.user  # type: ignore[attr-defined]
    letter = get_object_or_404(Letter.objects.inbox_of(user), pk=letter_id)
    Letter.objects.filter(pk=letter.pk, read_at=None).update(read_at=clock.now())
    path = str(letter.context.get("path", "/inbox/"))
    return redirect(path if path.startswith("/") and not path.startswith("//") else "inbox")


@csrf_exempt
@require_POST
@door("letters.inbound")
def sms(request: HttpRequest) -> JsonResponse:
    """The gateway hands in a text message; it proves itself with the shared key."""
    key = settings.LINLI_SMS_INBOUND_KEY
    if not key or not constant_time_compare(request.headers.get("X-Linli-Key", ""), key):
        return JsonResponse({"error": "key"}, status=403)
    sender, text = request.POST.get("from", ""), request.POST.get("text", "")
    if not sender or not text:
        return JsonResponse({"error": "from and text are needed"}, status=400)
    answer = inbound.receive(Channel.SMS, sender[:40], text[:500])
    return JsonResponse({"answer": answer or ""})


@require_GET
@door("letters.dead")
def dead(request: HttpRequest) -> HttpResponse:
    """Letters that could not be delivered: what and why, never to whom."""
    rows = Letter.objects.filter(state=State.DEAD).order_by("-created_at")[:100]
    return page(request, "letters/dead.html", {"letters": rows})


@require_POST
@door("letters.dead")
def retry(request: HttpRequest) -> HttpResponse:
    """Put them all back into the queue."""
    messages.success(request, _("%(n)s letters are on their way again.") % {"n": retry_dead()})
    return redirect("dead-letters")
