"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, path

from linli.coverage import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("coverage/", views.index, name="coverage"),
    path("coverage/<slug:rule_id>/", views.rule, name="coverage-rule"),
    path("coverage/<slug:rule_id>/table.csv", views.table, name="coverage-table"),
    path("desk/gaps/", views.desk_gaps, name="desk-gaps"),
    path("desk/gaps/<int:gap_id>/", views.gap, name="gap"),
    path("desk/gaps/<int:gap_id>/invitation/", views.invite, name="gap-invite"),
]
