"""What is measured: which page, asked by whom, what it must hold, and the floor beside it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import unescape
from urllib.parse import quote, urlencode

import click

from linli.bench.servers import Answer, Server, fetch
from linli.bench.stand import Stand
from linli.cases.dots import CELLS, cell, cell_mark

NAMES = ("case", "list", "deep", "near", "search", "desk", "overview", "create")
PAGE_SIZE = 20
DEEP = 1_000  # the page of the list that `deep` reads
TERMS = {1: "灯", 2: "路灯", 4: "路灯不亮"}  # by number of characters
MANY = 20_000  # addresses of a page that is made anew each time
FILTERED = {"state": "open", "category": "roads"}


@dataclass(frozen=True)
class Look:
    """One page asked in one way. `holds` must be found in it `least` times, in every pass."""

    name: str
    who: str
    paths: Sequence[str]
    holds: str
    floor: str
    least: int = 1
    cookie: str = ""
    forms: Sequence[str] = ()

    @property
    def writes(self) -> bool:
        return bool(self.forms)

    @property
    def title(self) -> str:
        return f"{self.name} ({self.who})"

    def check(self, answer: Answer, path: str) -> None:
        """Raise ClickException unless this is the page that was meant."""
        found = len(re.findall(self.holds, answer.body.decode(errors="replace")))
        if answer.status != 200 or found < self.least:
            raise click.ClickException(
                f"{self.title}: {path} answered {answer.status} and holds {found} of {self.holds!r}, "
                f"{self.least} wanted. This is not the page that was to be measured."
            )


LINK = r'href="/case/\d{10}/"'


def looks(name: str, stand: Stand, app: Server) -> list[Look]:
    """Every way in which the page `name` is asked for on this stand."""
    return LOOKS[name](stand, app)


def _cookie(stand: Stand, who: str) -> str:
    return f"{stand.facts['cookie']}={stand.facts[who]}"


def _case(stand: Stand, app: Server) -> list[Look]:
    facts = stand.facts
    path = f"/case/{facts['case']}/"
    floor = f"/floor/case/cases.Case:{facts['case_id']}/{facts['case']}/"
    holds, least = r"<time|class=\"when", facts["lines"]
    many = [f"/case/{number}/" for number in facts["many"]]
    return [
        Look("case", "visitor", [path], holds, floor, least),
        Look("case", "signed in", [path], holds, floor, least, _cookie(stand, "resident")),
        Look("case", "visitor, 1,000 different", many, holds, floor),
    ]


def _list(stand: Stand, app: Server) -> list[Look]:
    path, floor = _list_path(app), "/floor/list/"
    filtered = f"{path}{'&' if '?' in path else '?'}{urlencode(FILTERED)}"
    return [
        Look("list", "visitor", [path], LINK, floor, PAGE_SIZE),
        Look("list", "signed in", [path], LINK, floor, PAGE_SIZE, _cookie(stand, "resident")),
        Look("list", "visitor, made anew", _anew(path), LINK, floor, PAGE_SIZE),
        Look("list", "filtered, made anew", _anew(filtered), LINK, floor, 5),
    ]


def _anew(path: str) -> list[str]:
    """Addresses of the same page that nobody has asked for yet, so that none is kept ready."""
    joint = "&" if "?" in path else "?"
    return [f"{path}{joint}n={n}" for n in range(MANY)]


def _list_path(app: Server) -> str:
    """Where the newest cases are listed for everybody."""
    for path in ("/search/", "/search/?q=%E7%81%AF"):
        if len(re.findall(LINK, fetch(app.port, path).body.decode())) >= PAGE_SIZE:
            return path
    raise click.ClickException("No page lists the newest twenty cases.")


def _deep(stand: Stand, app: Server) -> list[Look]:
    """Page 1,000 is reached as a reader would: by the link to older ones, page after page.

    Where there are fewer, the last one that is full: half a page costs half as much.
    """
    path, number, html = _list_path(app), 1, ""
    while True:
        html = fetch(app.port, path).body.decode()
        link = re.search(r'<a[^>]*\brel="next"[^>]*>', html)
        older = link and re.search(r'href="([^"]+)"', link[0])
        if number == DEEP or not older:
            break
        further = unescape(older[1])
        if len(re.findall(LINK, fetch(app.port, further).body.decode())) < PAGE_SIZE:
            break
        path, number = further, number + 1
    first = re.search(LINK, html)
    if first is None:
        raise click.ClickException(f"Page {number:,} of the list is empty.")
    floor = f"/floor/deep/{re.sub(r'[^0-9]', '', first[0])}/"
    return [Look("deep", f"page {number:,}, made anew", _anew(path), LINK, floor)]


def _near(stand: Stand, app: Server) -> list[Look]:
    """Around so many different spots of one village."""
    lon, lat = stand.facts["village"]
    asked = [f"/near/?lon={lon + n / 1e6:.6f}&lat={lat:.6f}" for n in range(-MANY // 2, MANY // 2)]
    x, y = cell(lon, lat, CELLS[1])
    squares = [cell_mark(CELLS[1], x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    floor = f"/floor/near/{quote(_any_of(squares, stand.engine))}/"
    return [Look("near", "different points", asked, LINK, floor)]


def _search(stand: Stand, app: Server) -> list[Look]:
    found = []
    for size, term in TERMS.items():
        path = f"/search/?q={quote(term)}"
        floor = f"/floor/search/{quote(_asked(term, stand.engine))}/"
        who = f"{size} characters, made anew"
        found.append(Look("search", who, _anew(path), LINK, floor, PAGE_SIZE // 2))
    return found


def _asked(term: str, engine: str) -> str:
    """The words of the index for a term: a sign, or all its pairs."""
    words = [term] if len(term) == 1 else [term[n : n + 2] for n in range(len(term) - 1)]
    if engine == "sqlite":
        return " AND ".join(f'"{word}"' for word in words)
    return " & ".join(f"'{word}'" for word in words)


def _any_of(words: Sequence[str], engine: str) -> str:
    if engine == "sqlite":
        return " OR ".join(f'"{word}"' for word in words)
    return " | ".join(f"'{word}'" for word in words)


def _desk(stand: Stand, app: Server) -> list[Look]:
    floor = f"/floor/desk/{stand.facts['desk']}/"
    link = r'href="/desk/case/\d{10}/"'
    return [Look("desk", "handler", ["/desk/"], link, floor, 40, _cookie(stand, "handler"))]


def _overview(stand: Stand, app: Server) -> list[Look]:
    return [Look("overview", "visitor", ["/overview/"], r"<tr", "/floor/overview/", 12)]


def _create(stand: Stand, app: Server) -> list[Look]:
    """The form as it is: its token and cookie come from the page, another household each time."""
    first = fetch(app.port, "/tell/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', first.body.decode())
    if token is None:
        raise click.ClickException("The form of /tell/ has no token.")
    texts = ("路灯不亮了，已经三天，晚上走路看不清。", "路面塌了一块，车子都要绕着走。",
             "垃圾桶满了没有人清运，味道很大。")  # fmt: skip
    topics = ("street-light", "roads", "cleaning")
    forms = [
        urlencode({
            "csrfmiddlewaretoken": token[1], "send": "1", "text": texts[n % 3], "place": code,
            "category": topics[n % 3], "visibility": "public",
        })
        for n, code in enumerate(stand.facts["places"])
    ]  # fmt: skip
    return [Look("create", "visitor", ["/tell/"], "csrfmiddlewaretoken", "/floor/create/",
                 cookie="; ".join(first.cookies), forms=forms)]  # fmt: skip


LOOKS: dict[str, Callable[[Stand, Server], list[Look]]] = {
    "case": _case, "list": _list, "deep": _deep, "near": _near, "search": _search, "desk": _desk,
    "overview": _overview, "create": _create,
}  # fmt: skip
