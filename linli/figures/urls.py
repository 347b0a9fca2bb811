"""Addresses of the figures, open to everybody."""

from django.urls import URLPattern, URLResolver, path

from linli.figures import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("overview/", views.overview, name="overview"),
    path("overview/cases/", views.cases, name="overview-cases"),
]
