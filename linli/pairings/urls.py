"""Addresses of this app."""

from django.urls import path

from linli.pairings.views import lists, ties

urlpatterns = [
    path("ties/", ties.public, name="ties"),
    path("ties/mine/", ties.mine, name="my-ties"),
    path("ties/<uuid:key>/", ties.one, name="tie"),
    path("ties/<slug:pairing>/lists/", lists.lists, name="three-lists"),
    path("ties/<slug:pairing>/lists/new/", lists.add, name="listing-add"),
    path("ties/lists/<uuid:key>/back/", lists.take_back, name="listing-back"),
    path("ties/lists/<uuid:key>/answer/", lists.answer, name="match-answer"),
    path("desk/ties/", ties.desk, name="ties-desk"),
    path("desk/ties/<slug:pairing>/", ties.kind, name="ties-kind"),
]
