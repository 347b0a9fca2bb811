"""Which of the two languages the reader has chosen."""

from django.conf import settings
from django.utils.translation import get_language


def lang() -> str:
    """ "zh" or "en": what playbook texts and place names are asked in."""
    return "en" if (get_language() or settings.LANGUAGE_CODE).startswith("en") else "zh"
