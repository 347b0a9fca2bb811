"""The table ``[[bundle]]``: several kinds of place that belong together in every village."""

from pydantic import Field as Key
from pydantic import PrivateAttr

from linli.playbook.base import Id, Named, Strict, Text


class Part(Named):
    """One place of the bundle, and the kinds of facility that count as it."""

    kinds: list[Id] = Key(min_length=1)


class Bundle(Strict):
    """A village is complete when every part of it is open."""

    id: Id
    name: Text
    summary: Text
    parts: list[Part] = Key(alias="part", min_length=2, max_length=12)

    _method_id: str = PrivateAttr(default="")

    @property
    def method_id(self) -> str:
        """The method whose file this is in."""
        return self._method_id

    @property
    def kinds(self) -> set[str]:
        """Every kind of facility that counts for some part."""
        return {kind for part in self.parts for kind in part.kinds}
