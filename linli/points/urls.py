"""Addresses of this app."""

from django.urls import path

from linli.points.views import desk, mine

urlpatterns = [
    path("points/", mine.mine, name="points"),
    path("points/join/", mine.join, name="points-join"),
    path("points/leave/", mine.leave, name="points-leave"),
    path("points/line/<int:line_id>/", mine.line, name="points-line"),
    path("points/missing/", mine.missing, name="points-missing"),
    path("points/totals/", mine.totals, name="points-totals"),
    path("desk/points/", desk.inbox, name="desk-points"),
    path("desk/points/objections/<int:objection_id>/", desk.objection, name="points-objection"),
    path("desk/points/take-back/", desk.take_back, name="points-take-back"),
]
