"""CommonMark as people write it, into the little HTML that a floor may hold.

HTML in the text is shown as text. A link leads to http, https or a page of ours, and carries
rel="nofollow ugc noopener". Pictures are attached, never linked in. What comes out is read once
more: an element or attribute that is not in the short list below turns the whole text into plain
paragraphs, whatever made it.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape
from html.parser import HTMLParser
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

REL: Final = "nofollow ugc noopener"
ALLOWED: Final[Mapping[str, frozenset[str]]] = {
    "p": frozenset(), "strong": frozenset(), "em": frozenset(), "ul": frozenset(),
    "ol": frozenset({"start"}), "li": frozenset(), "blockquote": frozenset(), "pre": frozenset(),
    "code": frozenset(), "br": frozenset(), "hr": frozenset(), "a": frozenset({"href", "rel"}),
}  # fmt: skip
_LINK: Final = re.compile(r"(?:https?://[^\s]+|/(?![/\\])[^\s]*|#f[0-9]+)", re.IGNORECASE)


class Floors(RendererHTML):
    """Headings become bold lines: a floor is no chapter of the page. Code has no classes."""

    def heading_open(self, *_given: Any) -> str:
        return "<p><strong>"

    def heading_close(self, *_given: Any) -> str:
        return "</strong></p>\n"

    def fence(self, tokens: Sequence[Token], idx: int, *_given: Any) -> str:
        return f"<pre><code>{escape(tokens[idx].content)}</code></pre>\n"

    def link_open(self, tokens: Sequence[Token], idx: int, *_given: Any) -> str:
        href = escape(str(tokens[idx].attrGet("href") or ""))
        return f'<a href="{href}" rel="{REL}">'


def _parser() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "breaks": True}, renderer_cls=Floors)
    made.disable(["image", "html_block", "html_inline"])
    made.validateLink = lambda url: bool(_LINK.fullmatch(url))  # type: ignore[method-assign]
    return made


_PARSER: Final = _parser()


def render(text: str) -> str:
    """The HTML of a floor. Plain paragraphs if the result would hold anything unexpected."""
    html = str(_PARSER.render(text))
    return html if is_safe(html) else plain(text)


def plain(text: str) -> str:
    """The text as paragraphs, without any markup."""
    parts = (part.strip() for part in re.split(r"\n\s*\n", text))
    return "".join(f"<p>{escape(part)}</p>\n".replace("\n", "<br>\n", part.count("\n"))
                   for part in parts if part)  # fmt: skip


def words_of(html: str) -> str:
    """What a floor says, without its markup: for feeds, letters and short views."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    return re.sub(r"\n{2,}", "\n", "".join(reader.parts)).strip()


def is_safe(html: str) -> bool:
    """Whether only elements and attributes of the short list are in it."""
    reader = _Check()
    reader.feed(html)
    reader.close()
    return reader.good


class _Check(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.good = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = ALLOWED.get(tag)
        if known is None or not {name for name, _value in attrs} <= known:
            self.good = False
        for name, value in attrs:
            if name == "href" and not _LINK.fullmatch(value or ""):
                self.good = False

    def handle_comment(self, data: str) -> None:
        self.good = False

    def handle_decl(self, decl: str) -> None:
        self.good = False

    def handle_pi(self, data: str) -> None:
        self.good = False


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"br", "p", "li", "pre", "blockquote"}:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)
