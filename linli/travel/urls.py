"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, path

from linli.travel.views import study, what_if, within

urlpatterns: list[URLPattern | URLResolver] = [
    path("travel/", within.within, name="travel"),
    path("travel/table.csv", within.table, name="travel-table"),
    path("travel/area.geojson", within.area, name="travel-area"),
    path("desk/travel/what-if/", what_if.what_if, name="what-if"),
    path("desk/travel/sites/", study.begin, name="studies"),
    path("desk/travel/sites/<uuid:study_id>/", study.study, name="study"),
    path("desk/travel/sites/<uuid:study_id>/table.csv", study.table, name="study-table"),
    path("desk/travel/sites/<uuid:study_id>/sites.geojson", study.points, name="study-points"),
]
