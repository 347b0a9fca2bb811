"""Help while somebody writes: likely topics, and neighbours who said the same."""

from datetime import timedelta

from django.db.models import QuerySet

from linli import playbook
from linli.cases.models import Case
from linli.cases.models.case import WORKING, Visibility
from linli.lib import clock
from linli.places.models import Place
from linli.playbook.schema import CaseKind, Category
from linli.playbook.suggest import suggest

NEIGHBOURS_FOR = timedelta(days=21)


def topics(words: str, rule: CaseKind, most: int = 3) -> list[Category]:
    """The likeliest topics of a text that this kind takes, the best first; maybe none."""
    likely = suggest(words, playbook.current().county, limit=10)
    return [category for category in likely if rule.takes(category.id)][:most]


def neighbours(place: Place, rule: CaseKind, categories: list[str]) -> QuerySet[Case]:
    """Open public matters about the same topic at the same village or below: join them?

    At most three, the newest first; one statement.
    """
    if rule.visibility != "public" or rule.alias or rule.steps or not categories:
        return Case.objects.none()
    around = (
        place.parent.path if place.kind in {"grid", "building"} and place.parent else place.path
    )
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
