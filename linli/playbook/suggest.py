"""Which topics a text is probably about. A suggestion only: the asker or the desk decides."""

from linli.playbook.schema import Category, County


def suggest(text: str, county: County, limit: int = 3) -> list[Category]:
    """The categories whose words occur in the text, the likeliest first; maybe none.

    A longer word says more than a short one, and the same word again says little more.
    """
    lower = text.casefold()
    found = [(_weight(lower, category), category) for category in county.categories]
    likely = sorted((pair for pair in found if pair[0] > 0), key=lambda pair: -pair[0])
    return [category for _, category in likely[:limit]]


def _weight(text: str, category: Category) -> float:
    weight = 0.0
    for word in category.words:
        if times := text.count(word.casefold()):
            # An English letter says about a third of what a Chinese character says.
            length = len(word) / 3 if word.isascii() else len(word)
            weight += length * (1 + 0.2 * min(times - 1, 3))
    return weight
