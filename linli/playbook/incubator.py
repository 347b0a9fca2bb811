"""The table ``[[incubator]]``: a house in which young firms begin, and what is looked at when."""

from pydantic import Field as Key
from pydantic import PrivateAttr

from linli.playbook.base import Id, Named, SpanText, Strict, Text


class Incubator(Strict):
    """How tenants come, stay and leave at facilities of one kind."""

    id: Id
    name: Text
    summary: Text
    facility: Id = Key(description="The kind of facility that it stands at; its seats are desks.")
    functions: list[Named] = Key(
        alias="function", min_length=1,
        description="Services of the facility that must all be open for it to be whole.",
    )  # fmt: skip
    services: list[Named] = Key(default=[], alias="service", description="Counted when used.")
    review: SpanText = Key(description="From one look at a tenancy to the next.")
    longest: SpanText = Key(description="The longest stay; extended only with a reason.")
    desks: int = Key(default=20, ge=1, le=500, description="Most desks of one tenant.")

    _method_id: str = PrivateAttr(default="")

    @property
    def method_id(self) -> str:
        """The method whose file this is in."""
        return self._method_id
