"""Help while somebody writes: likely topics, and neighbours who said the same."""

from datetime import timedelta

from django.db.models import QuerySet

from linli import playbook
from linli.cases.models import Case
from linli.cases.models.case import WORKING, Visibility
from linli.lib import clock
from linli.places.models import Place
from linli.playbook.schema import CaseKind, Category

NEIGHBOURS_FOR = timedelta(days=21)


def topics(words: str, rule: CaseKind, most: int = 3) -> list[Category]:
    """The categories whose words stand in the text, the best first. Longer words say more."""
    folded = words.casefold()
    scored = [
        (sum(len(w) for w in category.words if w.casefold() in folded), -order, category)
        for order, category in enumerate(playbook.current().county.categories)
        if rule.takes(category.id)
    ]
    found = sorted((s for s in scored if s[0]), key=lambda s: s[:2], reverse=True)
    return [category for _score, _order, category in found[:most]]


def neighbours(place: Place, rule: CaseKind, categories: list[str]) -> QuerySet[Case]:
    """Open public matters about the same topic at the same village or below: join them?

    At most three, the newest first; one statement.
    """
    if rule.visibility != Visibility.PUBLIC or rule.alias or rule.steps or not categories:
        return Case.objects.none()
    around = place.parent.path if place.kind in {"grid", "building"} and place.parent else place.path
    return (
        Case.objects.within(around)
        .filter(
            kind=rule.id,
            category__in=categories,
            visibility=Visibility.PUBLIC,
            state__in=WORKING,
            received_at__gt=clock.now() - NEIGHBOURS_FOR,
        )
        .with_names()
        .order_by("-received_at")[:3]
    )


def earlier_answers(case: Case) -> QuerySet[Case]:
    """What was answered before at the same spot on the same topic, newest first."""
    return (
        Case.objects.listed()
        .filter(place=case.place_id, category=case.category, answered_at__isnull=False)
        .exclude(pk=case.pk)
        .with_names()
        .order_by("-received_at")[:3]
    )
