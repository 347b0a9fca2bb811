"""``[facility.store]``: what a station keeps: groups of goods, money, and who signs for what."""

from pydantic import Field as Key

from linli.playbook.base import Id, Named, SpanText, Strict, Text

MONEY = "money"  # the one thing that every store keeps; its unit is the hundredth of a yuan


class Goods(Named):
    """A group of goods that is counted in one unit."""

    unit: Text
    least: int = Key(default=0, ge=0, le=1_000_000, description="Below this it is needed most.")
    spoils: bool = Key(default=False, description="Each lot has a day until which it is good.")


class Store(Strict):
    """The ledger of a station: what is in it, and when a second person signs."""

    goods: list[Goods] = Key(min_length=1, max_length=60)
    least_money: int = Key(default=0, ge=0, description="In cents. Below this money is needed.")
    second_above: int = Key(
        ge=0, description="Cents that go out on one day before a second person has to agree."
    )
    soon: SpanText = Key(description="What is good for no longer than this is listed as urgent.")
    wishes: list[Id] = Key(default=[], description="Kinds of case to which things are given.")
    names: SpanText = Key(description="How long the name of a giver is kept, in days.")

    def item(self, name: str) -> Goods | None:
        """The group of goods with this id."""
        return next((one for one in self.goods if one.id == name), None)
