"""The public pages of the journal."""

from django.urls import URLPattern, URLResolver, path

from linli.journal import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("journal/", views.seals, name="journal"),
    path("journal/heads.json", views.heads, name="journal-heads"),
]
