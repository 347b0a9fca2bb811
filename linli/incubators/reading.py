"""What pages say of an incubator: desks, tenants, projects, and how many still exist."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum

from linli.incubators.models import INSIDE, Look, Project, Site, State, Tenancy, Use
from linli.lib import clock
from linli.web.language import lang

AFTER = ((1, Look.Kind.AFTER_1), (3, Look.Kind.AFTER_3))


@dataclass(frozen=True)
class Survival:
    """Of those who graduated so many years ago: how many exist, ended, and are unknown."""

    years: int
    exist: int
    ended: int
    unknown: int

    @property
    def asked(self) -> int:
        return self.exist + self.ended


def sites() -> QuerySet[Site]:
    """Houses of facilities that are running."""
    today = clock.today()
    rows = Site.objects.filter(facility__valid_from__lte=today).exclude(
        facility__valid_to__lte=today
    )
    return rows.select_related("facility__place", "facility__organisation").defer(
        "facility__place__boundary"
    ).order_by("facility__name")  # fmt: skip


def functions(site: Site) -> list[tuple[str, bool]]:
    """Each function of the house, and whether it is open there."""
    there = set(site.facility.services)
    return (
        [(one.name.text(lang()), one.id in there) for one in site.rule.functions]
        if site.rule
        else []
    )


def tenants(site: Site) -> tuple[list[Tenancy], int]:
    """Those in the house who agreed to be named, and how many did not."""
    inside = list(site.tenancies.filter(state__in=INSIDE).order_by("name"))
    named = [row for row in inside if row.named]
    return named, len(inside) - len(named)


def projects(site: Site) -> dict[str, int]:
    """Signed, of those started, of those operating."""
    found = Project.objects.filter(tenancy__site=site).aggregate(
        signed=Count("pk"), started=Count("started_on"), operating=Count("operating_on")
    )
    return {name: int(n) for name, n in found.items()}


def survival(site: Site) -> list[Survival]:
    """One and three years after graduating; who was not asked is unknown, and said so."""
    found = []
    for years, kind in AFTER:
        ripe = clock.today() - timedelta(days=365 * years)
        rows = site.tenancies.filter(state=State.GRADUATED, ended_on__lte=ripe)
        counted = rows.aggregate(
            exist=Count("pk", filter=Q(looks__kind=kind, looks__goes_on=True), distinct=True),
            ended=Count("pk", filter=Q(looks__kind=kind, looks__goes_on=False), distinct=True),
            n=Count("pk", distinct=True),
        )
        unknown = counted["n"] - counted["exist"] - counted["ended"]
        found.append(Survival(years, counted["exist"], counted["ended"], unknown))
    return found


def uses(site: Site, year: int) -> list[tuple[str, int]]:
    """Each service with how often it was used this year."""
    rows = (
        Use.objects.filter(site=site, month__year=year).values("service").annotate(n=Sum("times"))
    )
    times = {row["service"]: row["n"] for row in rows}
    rule = site.rule
    return [(one.name.text(lang()), times.get(one.id, 0)) for one in rule.services] if rule else []


def waiting(site: Site) -> list[Tenancy]:
    """Applications, the oldest first."""
    return list(site.tenancies.filter(state=State.APPLIED).order_by("applied_at"))


def inside(site: Site) -> list[Tenancy]:
    """Who is in the house or about to come, the next review first."""
    rows = list(site.tenancies.filter(state__in=INSIDE).order_by("name"))
    for row in rows:
        row.site = site
    return sorted(rows, key=lambda row: row.due_on or date.max)


def to_ask(site: Site) -> list[tuple[Tenancy, int]]:
    """Graduates who have not been asked yet, one or three years after."""
    found = []
    for years, kind in AFTER:
        ripe = clock.today() - timedelta(days=365 * years)
        rows = site.tenancies.filter(state=State.GRADUATED, ended_on__lte=ripe)
        found += [(row, years) for row in rows.exclude(looks__kind=kind).order_by(F("ended_on"))]
    return found
