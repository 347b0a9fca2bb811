"""Whose task a gap is: the bodies that the rule names, or the nearest office; never nobody."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from linli import playbook
from linli.people.models import Organisation, Post
from linli.playbook.base import LEVEL_OF_PLACE
from linli.playbook.coverage import CoverageRule


class Unowned(RuntimeError):
    """There is no body yet that could be given a gap; the message says which is missing."""


class Offices:
    """The bodies of one day that can own gaps, read once for a whole count."""

    def __init__(self, day: date) -> None:
        book = playbook.current()
        named = {owner.body for rule in book.coverage.values() for owner in rule.owner}
        offices = {row.id for row in book.county.organisations if row.territorial}
        rows = Organisation.objects.in_force(day).of_kind(*(named | offices)).order_by("-pk")
        self._at: dict[tuple[str, str, str], int] = {}  # kind, level, code of the place -> body
        self._office: dict[str, int] = {}  # code of the place -> its office, the oldest
        for pk, kind, code, level in rows.values_list("pk", "kind", "place__code", "place__kind"):
            self._at[kind, LEVEL_OF_PLACE[level], code] = pk
            if kind in offices:
                self._office[code] = pk

    def owner(self, rule: CoverageRule, codes: Sequence[str], own: int | None = None) -> int:
        """The body for a gap at the place with these codes, the county's first.

        `own` is the body that the gap is about: it owns its gaps unless the rule names others.
        Raises Unowned if there is no office at all.
        """
        for owner in rule.owner:
            for code in reversed(codes):
                found = self._at.get((owner.body, owner.at, code))
                if found is not None:
                    return found
        if own is not None:
            return own
        for code in reversed(codes):
            if code in self._office:
                return self._office[code]
        raise Unowned(
            _("No office is registered yet that could be given a gap. Register the county desk.")
        )


def bodies_of(rule: CoverageRule, subjects: Sequence[int]) -> dict[int, int]:
    """The body behind each subject that is a body or a post; empty for places and cases."""
    if rule.each.kind == "bodies":
        return {subject: subject for subject in subjects}
    if rule.each.kind == "post":
        rows = Post.objects.filter(pk__in=subjects).values_list("pk", "organisation_id")
        return dict(rows)
    return {}
