"""What ids of the playbook are called; an id that it no longer knows stands for itself."""

from linli import playbook
from linli.web.language import lang


def topic(category: str) -> str:
    """The name of a category."""
    rows = playbook.current().county.categories
    return next((row.name.text(lang()) for row in rows if row.id == category), category)
