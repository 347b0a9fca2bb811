"""What a browser fetches for one page that it sees for the first time."""

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

from linli.bench.servers import fetch

TAGS = re.compile(r"<(link|script|img)\b[^>]*>", re.IGNORECASE)
RELATIONS = {"stylesheet", "icon", "preload", "modulepreload", "manifest"}
SQUEEZED = {"Accept-Encoding": "gzip"}


def parts_of(html: str, path: str) -> list[str]:
    """Addresses on this host that the page names as parts of itself, each once."""
    found: dict[str, None] = {}
    for tag in TAGS.finditer(html):
        relations = set((_attribute(tag[0], "rel") or "").split())
        if tag[1].lower() == "link" and not relations & RELATIONS:
            continue
        address = _attribute(tag[0], "href") or _attribute(tag[0], "src")
        if not address or address.startswith("data:"):
            continue
        whole = urlsplit(urljoin(f"http://here{path}", unescape(address)))
        if whole.netloc == "here":
            found[whole.path + (f"?{whole.query}" if whole.query else "")] = None
    return list(found)


def _attribute(tag: str, name: str) -> str | None:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else None


def weigh(port: int, path: str, headers: dict[str, str]) -> dict[str, int]:
    """Requests of a first visit and their bytes: plain, and squeezed as a browser gets them."""
    page = fetch(port, path, headers)
    parts = parts_of(page.body.decode(errors="replace"), path)
    plain = squeezed = 0
    for part in [path, *parts]:
        extra = headers if part == path else {}
        plain += len(fetch(port, part, extra).body)
        squeezed += len(fetch(port, part, extra | SQUEEZED).body)
    return {"requests": 1 + len(parts), "weight": plain, "weight_gzip": squeezed}
