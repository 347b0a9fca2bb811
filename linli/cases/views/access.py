"""How somebody without an account comes back to their matter: receipt, number and word, link."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from hmac import compare_digest
from uuid import UUID

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.crypto import salted_hmac

from linli.cases.models import Asker
from linli.lib import clock
from linli.people.actors import actor_of
from linli.people.sessions import end_of_visit

REMEMBERED = "receipts"  # session: asker id -> [receipt word, until when the session may open it]
LINK_SALT = "linli.cases.reply"
LINK_DAYS = 30


def remember(request: HttpRequest, asker: Asker, word: str = "") -> None:
    """Let this browser open this matter for half an hour; a shared phone forgets by itself.

    The phone's cookie ends after that time. What the server keeps is no finer than an hour, for it
    lies beside the matter of somebody who may have left no name.
    """
    held = request.session.get(REMEMBERED, {})
    until = end_of_visit(clock.now()).timestamp()
    held[str(asker.pk)] = [word or held.get(str(asker.pk), [""])[0], until]
    request.session[REMEMBERED] = dict(list(held.items())[-5:])


def word_of(request: HttpRequest, asker: Asker) -> str:
    """The receipt word, while this browser still holds the receipt page."""
    entry = request.session.get(REMEMBERED, {}).get(str(asker.pk))
    return str(entry[0]) if entry and entry[1] > clock.now().timestamp() else ""


def holds(request: HttpRequest, asker: UUID, user: UUID | None) -> bool:
    """Whether the reader may act as this asker: by account, by receipt, or by one-tap link."""
    actor = actor_of(request)
    if actor.user is not None and user == actor.user.pk:
        return True
    entry = request.session.get(REMEMBERED, {}).get(str(asker))
    return bool(entry) and entry[1] > clock.now().timestamp()


def may_hold_some(request: HttpRequest) -> bool:
    """Whether this reader can be anybody's asker at all; a visitor without a session is nobody's."""
    return actor_of(request).user is not None or bool(request.session.get(REMEMBERED))


def asker_or_404(request: HttpRequest, number: str) -> Asker:
    """The asker with this number, if the reader is that asker; strangers get 404."""
    asker = (
        Asker.objects.select_related("case__owner", "case__place", "case__about")
        .filter(number=number)
        .first()
    )
    if asker is None or not holds(request, asker.pk, asker.user_id):
        raise Http404
    return asker


def link(asker: Asker, round_: int) -> str:
    """The path of the one-tap link in a message: says nothing, opens this answer's question only.

    Forty characters, so that a text message stays one: id, round, day, and a keyed sum over them.
    """
    plain = asker.pk.bytes + bytes([round_ % 256]) + _today().to_bytes(2)
    token = urlsafe_b64encode(plain + _sum(plain)).decode()
    return reverse("reply-link", args=[token])


def follow(token: str) -> tuple[Asker, int]:
    """The asker and the round that a link speaks of; 404 for a forged or old one."""
    try:
        raw = urlsafe_b64decode(token.encode("ascii"))
    except ValueError as error:
        raise Http404 from error
    plain, mark = raw[:PLAIN], raw[PLAIN:]
    fresh = len(raw) == PLAIN + SUM and compare_digest(mark, _sum(plain))
    if not fresh or _today() - int.from_bytes(plain[17:]) > LINK_DAYS:
        raise Http404
    rows = Asker.objects.select_related("case__owner", "case__place", "case__about")
    asker = rows.filter(pk=UUID(bytes=plain[:16])).first()
    if asker is None:
        raise Http404
    return asker, plain[16]


PLAIN, SUM = 16 + 1 + 2, 11  # bytes; 88 bits cannot be guessed through a web page


def _sum(plain: bytes) -> bytes:
    return salted_hmac(LINK_SALT, plain, algorithm="sha256").digest()[:SUM]


def _today() -> int:
    return clock.today().toordinal() - 730_000  # days since 1999, in two bytes until 2178
