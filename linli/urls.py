"""One include per app. Every view behind these carries a door (linli/web/doors.py)."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("", include("linli.site.urls_home")),
    path("", include("linli.site.urls")),
    path("", include("linli.people.urls")),
    path("", include("linli.cases.urls")),
    path("", include("linli.activities.urls")),
    path("", include("linli.activities.planner.urls")),
    path("", include("linli.forum.urls")),
    path("", include("linli.ballots.urls")),
    path("", include("linli.deliberation.urls")),
    path("", include("linli.facilities.urls")),
    path("", include("linli.members.urls")),
    path("", include("linli.pairings.urls")),
    path("", include("linli.clubs.urls")),
    path("", include("linli.stores.urls")),
    path("", include("linli.incubators.urls")),
    path("", include("linli.talent.urls")),
    path("", include("linli.points.urls")),
    path("", include("linli.coverage.urls")),
    path("", include("linli.travel.urls")),
    path("", include("linli.figures.urls")),
    path("", include("linli.field.urls")),
    path("", include("linli.journal.urls")),
    path("", include("linli.files.urls")),
    path("", include("linli.letters.urls")),
]

handler403 = "linli.site.errors.refused"
handler404 = "linli.site.errors.missing"
handler500 = "linli.site.errors.broken"
