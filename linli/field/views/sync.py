"""What a telephone speaks to. Every answer is JSON and says what became of the request (O10).

Nothing here redirects: to a telephone a redirect is a portal that stands between us and it.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.field import bundle, envelope, receipts
from linli.field.actions import blobs, devices
from linli.field.actions.limits import TooMuch
from linli.field.actions.sender import Locked, RightsEnded, Sender
from linli.field.actions.status import moment, status
from linli.field.actions.take import Deleted, SaidOtherwise, take
from linli.field.envelope import Envelope, Malformed
from linli.field.models import Device, Item
from linli.lib import clock
from linli.people import second_factor
from linli.people.actors import actor_of
from linli.people.policies import Denied
from linli.web.doors import door

Answer = Callable[..., HttpResponse]
MARK: Final = "X-Linli-Sync"  # on each answer of ours; a portal does not know it


class OtherPerson(Denied):
    """The telephone is one person's and the session another's (403)."""


def _say(status: int, code: str, reason: str = "", **more: Any) -> JsonResponse:
    answer = JsonResponse({"code": code, "reason": reason, **more}, status=status)
    answer.headers[MARK] = "1"
    return answer


def speaks(view: Answer) -> Answer:
    """Turn every refusal into the status and the words that the telephone knows."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if actor_of(request).user is None:
            return _say(401, "signed_out", _("Please sign in again; what you noted is safe here."))
        try:
            return view(request, *args, **kwargs)
        except SaidOtherwise as said:
            return _say(409, "conflict", str(said), receipt=said.receipt)
        except blobs.Elsewhere as said:
            return _say(409, "offset", str(said), offset=said.offset)
        except blobs.NobodyWaits as said:
            return _say(404, "text_first", str(said))
        except Deleted as said:
            return _say(410, "deleted", str(said))
        except Locked as said:
            return _say(401, "locked", str(said))
        except OtherPerson as said:
            return _say(403, "other_person", str(said))
        except RightsEnded as said:
            return _say(403, "rights_ended", str(said))
        except TooMuch as said:
            busy = _say(429, "busy", str(said))
            busy.headers["Retry-After"] = str(said.retry_after)
            return busy
        except RequestDataTooBig:
            return _say(413, "too_big", _("This is larger than one record may be."))
        except (Malformed, Denied) as said:
            return _say(422, "refused", str(said))

    return answer


@require_POST
@door("field.sync")
@speaks
def items(request: HttpRequest) -> HttpResponse:
    """One frozen record. The headers name it, the body are exactly the frozen bytes."""
    if int(request.headers.get("Content-Length") or 0) > envelope.MOST_BYTES:
        return _say(413, "too_big", _("This is larger than one record may be."))
    said = envelope.read(request.headers, request.body)
    taken = take(said, sender=_sender(request, said))
    return _say(201, "stored", receipt=taken.receipt, replayed=taken.replayed, word=taken.word)


@require_http_methods(["PUT", "HEAD", "GET"])
@door("field.sync")
@speaks
def blob(request: HttpRequest, sha256: str) -> HttpResponse:
    """A picture by its hash: HEAD says how much is here, PUT adds a piece at its offset."""
    sender = _sender(request)
    if request.method == "PUT":
        here = blobs.put(
            sha256, _number(request, "Upload-Offset"), _number(request, "Upload-Length"),
            request.body, sender=sender,
        )  # fmt: skip
    else:
        here = blobs.stand(sha256, sender.person)
    answer = _say(200, "here", offset=here.offset, total=here.total, receipts=here.receipts)
    answer.headers["Upload-Offset"] = str(here.offset)
    return answer


@require_POST
@door("field.sync")
@speaks
def status_of(request: HttpRequest) -> HttpResponse:
    """Up to 500 names: what is known of each. Says too how much waits on the telephone."""
    said = _json(request)
    sender = _sender(request)
    if sender.device:
        unsent = said.get("unsent")
        devices.seen(sender.device, unsent if isinstance(unsent, int) else 0,
                     moment(said.get("oldest")))  # fmt: skip
    _leave_out(said.get("left_out"), sender)
    asked = said.get("ids")
    names = [_uuid(one) for one in (asked if isinstance(asked, list) else [])[:500]]
    return _say(200, "status", items=status(sender.person, [n for n in names if n]))


@require_GET
@ensure_csrf_cookie
@door("field.sync")
@speaks
def hello(request: HttpRequest) -> HttpResponse:
    """Is anybody really there, who am I to them, and with which key do they sign?"""
    actor = actor_of(request)
    appointment = actor.appointment
    return _say(
        200, "hello", person=actor.id, acting=str(appointment.pk) if appointment else "resident",
        keys=receipts.public_keys(), time=clock.now().isoformat(timespec="milliseconds"),
    )  # fmt: skip


@require_POST
@door("field.sync")
@speaks
def enrol(request: HttpRequest) -> HttpResponse:
    """A telephone shows its key for the first time."""
    said = _json(request)
    key, label = said.get("public_key"), said.get("label")
    device = devices.enrol(str(key or ""), str(label or ""), by=actor_of(request))
    if device.revoked_at:
        return _say(403, "revoked", _("This telephone was removed. Ask your unit."))
    return _say(201, "enrolled", device=str(device.pk))


@require_GET
@ensure_csrf_cookie
@door("field.sync")
@speaks
def day(request: HttpRequest) -> HttpResponse:
    """Everything a day's work needs, in one file; 304 if the telephone has it already."""
    made = bundle.of(actor_of(request))
    if request.headers.get("If-None-Match") == made.etag:
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(made.body, content_type="application/json")
    answer.headers["ETag"] = made.etag
    answer.headers[MARK] = "1"
    return answer


def _sender(request: HttpRequest, said: Envelope | None = None) -> Sender:
    """The session with its telephone; a record that names a telephone must bear its signature."""
    actor = actor_of(request)
    name = said.device if said else _uuid(request.headers.get("X-Linli-Device"))
    device = Device.objects.select_related("user").filter(pk=name).first() if name else None
    if said and said.device:
        if device is None or not envelope.signed_by(said, device.public_key):
            raise Malformed(_("The signature of the telephone does not fit."))
        if device.user != actor.user:
            raise OtherPerson(
                _("This record is of somebody else. They have to sign in to send it.")
            )
    if device and (device.revoked_at or device.user != actor.user):
        raise RightsEnded(_("This telephone was removed. Ask your unit."))
    user = actor.user
    unlocked = user is None or not second_factor.required() or second_factor.shown(request, user)
    return Sender(actor, device, unlocked)


def _leave_out(said: object, sender: Sender) -> None:
    """Pictures that their owner goes without: {name of the record: [hashes]}."""
    for text, hashes in (said if isinstance(said, dict) else {}).items():
        name = _uuid(text)
        if name is None or not isinstance(hashes, list):
            continue
        item = Item.objects.filter(client_id=name, person=sender.person).first()
        if item:
            blobs.leave_out(item, [sha for sha in hashes if envelope.is_sha(sha)])


def _json(request: HttpRequest) -> dict[str, Any]:
    try:
        said = json.loads(request.body)
    except ValueError as error:
        raise Malformed(_("This cannot be read as JSON.")) from error
    if not isinstance(said, dict):
        raise Malformed(_("This cannot be read as JSON."))
    return said


def _number(request: HttpRequest, name: str) -> int:
    text = request.headers.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Malformed(_("It does not say where the piece begins and how long the picture is."))
    return int(text)


def _uuid(text: object) -> UUID | None:
    try:
        return UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None
