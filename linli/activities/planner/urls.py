"""Addresses of the planner."""

from django.urls import path

from linli.activities.planner.views import mine, plans, week

urlpatterns = [
    path("service/times/", mine.times, name="my-times"),
    path("desk/week/", week.week, name="planner-week"),
    path("desk/week/<uuid:uid>/", week.move, name="planner-move"),
    path("desk/week/<uuid:uid>/order/", week.order, name="planner-order"),
    path("desk/rotas/", plans.plans, name="rotas"),
    path("desk/rotas/new/", plans.begin, name="rota-new"),
    path("desk/rotas/<uuid:plan_id>/", plans.plan, name="rota"),
    path("desk/rotas/<uuid:plan_id>/table.csv", plans.table, name="rota-table"),
    path("desk/rotas/<uuid:plan_id>/seats/<int:seat_id>/", plans.seat, name="rota-seat"),
    path("desk/rotas/<uuid:plan_id>/again/", plans.again, name="rota-again"),
    path("desk/rotas/<uuid:plan_id>/absence/", plans.absence, name="rota-absence"),
    path("desk/rotas/<uuid:plan_id>/publication/", plans.publish, name="rota-publish"),
    path("desk/rotas/<uuid:plan_id>/drop/", plans.drop, name="rota-drop"),
]
