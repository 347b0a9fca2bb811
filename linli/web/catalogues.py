"""Translation catalogues: one per app, so that an app can be read, moved or deleted whole."""

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils import translation

PACKAGE = Path(__file__).resolve().parent.parent
LOCALE = "zh_Hans"
METHODS = [
    ("**/tests/**", "ignore"),
    ("**/migrations/**", "ignore"),
    ("jinja2/**.html", "jinja2.ext.babel_extract"),
    ("jinja2/**.txt", "jinja2.ext.babel_extract"),
    ("**.py", "python"),
]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def apps() -> Iterator[Path]:
    """Folders of the package that speak to people: those with a catalogue or with pages."""
    for folder in sorted(PACKAGE.iterdir()):
        if folder.is_dir() and (
            folder.name in {"lib", "playbook"} or (folder / "__init__.py").exists()
        ):
            yield folder


def po_of(app: Path) -> Path:
    return app / "locale" / LOCALE / "LC_MESSAGES" / "django.po"


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE, domain="django")


def texts(app: Path) -> Catalog:
    """Every text of an app as its code and pages hold it now, without translations."""
    found = Catalog(locale=LOCALE, domain="django")
    for name, _line, message, _comments, context in extract_from_dir(
        app, METHODS, options_map={"jinja2/**.html": {"newstyle_gettext": "true", "trimmed": "true"}},
        keywords=KEYWORDS, strip_comment_tags=True,
    ):  # fmt: skip
        found.add(message, locations=[(name, 0)], context=context)
    return found


def extract(app: Path) -> int:
    """Merge the texts of an app into its catalogue; return how many lack Chinese."""
    now, path = texts(app), po_of(app)
    if not path.exists() and not len(now):
        return 0
    old = _read(path) if path.exists() else Catalog(locale=LOCALE, domain="django")
    old.update(now, no_fuzzy_matching=True)
    old.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    out = io.BytesIO()
    write_po(out, old, omit_header=False, sort_output=True, no_location=True, width=100)
    lines = out.getvalue().decode().splitlines()
    # No date and no tool in the header: two people extracting the same texts write the same file.
    skip = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', '"Last-Translator',
            '"Report-Msgid', '"Language-Team', '"Project-Id', "#  ", "# Copyright", "# FIRST",
            "# This file", "# Chinese", "# Translations", "#, fuzzy")  # fmt: skip
    kept = [line for line in lines if not line.startswith(skip) and line != "#"]
    path.write_text("\n".join(kept).strip() + "\n")
    return sum(1 for message in old if message.id and not _complete(message.string))


def _complete(string: object) -> bool:
    parts = string if isinstance(string, (tuple, list)) else (string,)
    return all(str(part or "").strip() for part in parts)


def gaps() -> Iterator[tuple[str, str]]:
    """(catalogue, text) for every text of code and pages that has no Chinese."""
    for app in apps():
        now = texts(app)
        path = po_of(app)
        have = _read(path) if path.exists() else Catalog(locale=LOCALE)
        for message in now:
            if not message.id:
                continue
            key = message.id[0] if isinstance(message.id, tuple) else message.id
            known = have.get(key, context=message.context)
            if known is None or known.fuzzy or not _complete(known.string):
                yield str(path.relative_to(PACKAGE)), str(key)


def clashes() -> Iterator[tuple[str, str, str, str]]:
    """(catalogue, text, its Chinese, what readers see) where another app's Chinese comes first.

    All catalogues are one at run time. A text that means two things is told apart by a context.
    """
    compile_all()
    with translation.override("zh-hans"):
        for app in apps():
            path = po_of(app)
            for message in _read(path) if path.exists() else ():
                if message.id:
                    known, shown = _known_and_shown(message)
                    if known != shown:
                        name = str(path.relative_to(PACKAGE))
                        yield name, str(message.id), known, shown


def _known_and_shown(message: Message) -> tuple[str, str]:
    context = message.context or ""
    if isinstance(message.id, tuple):
        one, many = message.id
        known = message.string[0] if isinstance(message.string, tuple) else str(message.string)
        shown = (translation.npgettext(context, one, many, 1) if context
                 else translation.ngettext(one, many, 1))  # fmt: skip
        return known, shown
    text = str(message.id)
    shown = translation.pgettext(context, text) if context else translation.gettext(text)
    return str(message.string), shown


def compile_all() -> int:
    """Write the .mo beside each .po that is newer; return how many were written."""
    written = 0
    for app in apps():
        po = po_of(app)
        mo = po.with_suffix(".mo")
        if po.exists() and (not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime):
            out = io.BytesIO()
            write_mo(out, _read(po))
            mo.write_bytes(out.getvalue())
            written += 1
    return written
