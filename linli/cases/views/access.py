"""How somebody without an account comes back to their matter: receipt, number and word, link."""

from uuid import UUID

from django.core import signing
from django.http import Http404, HttpRequest
from django.urls import reverse

from linli.cases.models import Asker
from linli.lib import clock
from linli.people.actors import actor_of

REMEMBERED = "receipts"  # session: asker id -> [receipt word, until when the session may open it]
MINUTES = 30
LINK_SALT = "linli.cases.reply"
LINK_DAYS = 30


def remember(request: HttpRequest, asker: Asker, word: str = "") -> None:
    """Let this browser open this matter for half an hour; a shared phone forgets by itself."""
    held = request.session.get(REMEMBERED, {})
    until = clock.now().timestamp() + MINUTES * 60
    held[str(asker.pk)] = [word or held.get(str(asker.pk), [""])[0], until]
    request.session[REMEMBERED] = dict(list(held.items())[-5:])


def word_of(request: HttpRequest, asker: Asker) -> str:
    """The receipt word, while this browser still holds the receipt page."""
    entry = request.session.get(REMEMBERED, {}).get(str(asker.pk))
    return str(entry[0]) if entry and entry[1] > clock.now().timestamp() else ""


def holds(request: HttpRequest, asker: Asker) -> bool:
    """Whether the reader may act as this asker: by account, by receipt, or by one-tap link."""
    actor = actor_of(request)
    if actor.user is not None and asker.user_id == actor.user.pk:
        return True
    entry = request.session.get(REMEMBERED, {}).get(str(asker.pk))
    return bool(entry) and entry[1] > clock.now().timestamp()


def asker_or_404(request: HttpRequest, number: str) -> Asker:
    """The asker with this number, if the reader is that asker; strangers get 404."""
    asker = (
        Asker.objects.select_related("case__owner", "case__place", "case__about")
        .filter(number=number)
        .first()
    )
    if asker is None or not holds(request, asker):
        raise Http404
    return asker


def link(asker: Asker, round_: int) -> str:
    """The path of the one-tap link in a message: says nothing, opens this answer's question only."""
    token = signing.dumps([asker.pk.hex, round_], salt=LINK_SALT, compress=True)
    return reverse("reply-link", args=[token])


def follow(token: str) -> tuple[Asker, int]:
    """The asker and the round that a link speaks of; 404 for a forged or old one."""
    try:
        name, round_ = signing.loads(token, salt=LINK_SALT, max_age=LINK_DAYS * 86400)
        asker = Asker.objects.select_related("case__owner", "case__place", "case__about").get(
            pk=UUID(hex=name)
        )
    except (signing.BadSignature, Asker.DoesNotExist, ValueError) as error:
        raise Http404 from error
    return asker, int(round_)
