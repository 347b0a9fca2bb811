"""What a change of the tree can be refused for."""


class TreeError(ValueError):
    """A change that would break the tree; the text is a sentence for the person who asked."""
