"""The advert screen: which text a person should look at before everybody reads it.

On the page that this forum learned from, an unrelated advert stood in the first line of a long
article. So: links that lead elsewhere are counted, also those without "http", those in the first
line weigh more, and those that hide where they lead, or stand beside words of the trade, are held
back. Who is new here has links looked at by a person. Nothing is refused by a machine.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from linli.playbook.schema import Forum

MOST_LINKS: Final = 3
_URL: Final = re.compile(r"(?:https?:)?//[^\s<>()\[\]\"'，。；！？、（）《》“”]+", re.IGNORECASE)
_BARE: Final = re.compile(
    r"(?<![@\w./-])(?:[a-z0-9-]{1,63}\.)+(?:com|net|org|cn|top|xyz|vip|club|shop|site|online|cc|me|"
    r"io|info|icu|ltd|link|live|win|tk|ru|app|fun)\b(?:/[^\s<>()，。；！？、（）]*)?",
    re.IGNORECASE,
)
# A number under which somebody trades: WeChat, QQ and the like, as people disguise them.
_CONTACT: Final = re.compile(
    r"(?:微\s*信|薇\s*信|威\s*信|v\s*x|wechat|q\s*q|扣\s*扣|telegram)\s*(?:号|群)?\s*[:： ]?"
    r"\s*[a-z0-9_-]{5,20}",
    re.IGNORECASE,
)
_UNSEEN: Final = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")


def judge(
    title: str, text: str, *, forum: Forum, own_host: str, newcomer: bool = False
) -> tuple[str, ...]:
    """Why a person should look first: words for each cause; empty if it can be read at once.

    Causes: "hidden signs", "shortened link", "trade words", "many links", "link on top",
    "first links".
    """
    whole = f"{title}\n{text}"
    found = ["hidden signs"] if len(_UNSEEN.findall(whole)) > 2 else []
    seen = _UNSEEN.sub("", unicodedata.normalize("NFKC", whole))
    foreign = [host for host in hosts(seen) if not _under(host, [*forum.trusted, own_host])]
    if any(_under(host, forum.shorteners) for host in foreign):
        found.append("shortened link")
    trade = any(word.casefold() in seen.casefold() for word in forum.adverts)
    if trade and (foreign or _CONTACT.search(seen)):
        found.append("trade words")
    if len(foreign) > MOST_LINKS:
        found.append("many links")
    if foreign and newcomer:
        found.append("first links")
    if _link_on_top(seen, foreign):
        found.append("link on top")
    return tuple(found)


def hosts(text: str) -> list[str]:
    """The hosts of all links in a text, in order, each as often as it is there."""
    found: list[str] = []
    rest = text
    for match in _URL.finditer(text):
        found.append(_host(match[0]))
        rest = rest.replace(match[0], " ", 1)
    found += [match[0].split("/")[0].lower() for match in _BARE.finditer(rest)]
    return [host for host in found if host]


def _host(url: str) -> str:
    try:
        return (urlsplit(url if "://" in url else f"http:{url}").hostname or "").lower()
    except ValueError:
        return "invalid"


def _under(host: str, parents: Iterable[str]) -> bool:
    return any(host == parent or host.endswith(f".{parent}") for parent in parents if parent)


def _link_on_top(text: str, foreign: list[str]) -> bool:
    """The text begins with a foreign link and goes on at length about something else."""
    if not foreign:
        return False
    lines = [line.strip() for line in text.split("\n")[1:] if line.strip()]
    if len(lines) < 2 or len("".join(lines[1:])) < 200:
        return False
    return any(host in foreign for host in hosts(lines[0]))
