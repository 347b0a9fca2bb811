"""The inbox, the way back for text messages, and the letters nobody could deliver."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from linli.letters import dead, inbound
from linli.letters import inbox as inboxes
from linli.letters.delivery import retry_dead
from linli.letters.models import Channel, Letter
from linli.people.actors import actor_of
from linli.people.models import User
from linli.people.policies import Denied
from linli.web.doors import door
from linli.web.pages import page

LONGEST_SENDER, LONGEST_TEXT = 40, 500


def _reader(request: HttpRequest) -> User:
    user = actor_of(request).user
    if user is None:  # the door has asked already; this is for the type
        raise Denied(_("Please sign in first."))
    return user


@require_GET
@door("inbox.read")
def inbox(request: HttpRequest) -> HttpResponse:
    """My letters, newest first."""
    user = _reader(request)
    shelf = inboxes.shelf(user, _uuid(request.GET.get("before", "")))
    shown = {"shelf": shelf, "unread": inboxes.unread(user)}
    return page(request, "letters/inbox.html", shown)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_POST
@door("inbox.read")
def open_letter(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Mark a letter as read and go where it points; a letter of somebody else is not there."""
    letter = get_object_or_404(Letter.objects.inbox_of(_reader(request)), pk=letter_id)
    return redirect(inboxes.read(letter))


@require_POST
@door("inbox.read")
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all of them as read."""
    inboxes.read_all(_reader(request))
    return redirect("inbox")


@csrf_exempt
@require_POST
@door("letters.inbound")
def sms(request: HttpRequest) -> JsonResponse:
    """The gateway hands in a text message (`from`, `text`); it proves itself with the shared key."""
    key = settings.LINLI_SMS_INBOUND_KEY
    if not key or not constant_time_compare(request.headers.get("X-Linli-Key", ""), key):
        return JsonResponse({"error": "X-Linli-Key is missing or wrong"}, status=403)
    sender, text = request.POST.get("from", ""), request.POST.get("text", "")
    if not sender or not text or len(sender) > LONGEST_SENDER or "\0" in sender:
        return JsonResponse({"error": "from and text are needed"}, status=400)
    outcome = inbound.receive(Channel.SMS, sender, text[:LONGEST_TEXT])
    return JsonResponse({"result": outcome.result})


@require_GET
@door("letters.dead")
def dead_letters(request: HttpRequest) -> HttpResponse:
    """Letters that could not be delivered: what, how many and why, never to whom."""
    piles = dead.piles()
    shown = {"piles": piles, "total": sum(pile.count for pile in piles)}
    return page(request, "letters/dead.html", shown)


@require_POST
@door("letters.dead")
def retry(request: HttpRequest) -> HttpResponse:
    """Put them all back into the queue."""
    n = retry_dead()
    words = ngettext(
        "%(n)s letter is on its way again.", "%(n)s letters are on their way again.", n
    )
    messages.success(request, words % {"n": n})
    return redirect("dead-letters")
