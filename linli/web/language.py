"""Which of the two languages the reader has chosen, and which one somebody wrote in."""

import re
from typing import Any, Final

from django.conf import settings
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

_HAN: Final = re.compile("[\u3400-\u9fff]")
_LATIN: Final = re.compile("[A-Za-z]{2}")


def lang() -> str:
    """ "zh" or "en": what playbook texts and place names are asked in."""
    return "en" if (get_language() or settings.LANGUAGE_CODE).startswith("en") else "zh"


def said(words: Any) -> SafeString:
    """What somebody wrote, marked with its language where that is not the page's.

    A screen reader then takes the right voice for it (WCAG 3.1.2). Words in both languages count
    as Chinese; a number or a code has no language.
    """
    text = conditional_escape("" if words is None else words)
    tongue = tongue_of(text)
    if tongue in ("", lang()):
        return mark_safe(text)
    return format_html('<span lang="{}">{}</span>', "zh-Hans" if tongue == "zh" else "en", text)


def tongue_of(words: str) -> str:
    """ "zh" or "en": what somebody wrote in; "" for a number or a code."""
    if _HAN.search(words):
        return "zh"
    return "en" if _LATIN.search(words) else ""
