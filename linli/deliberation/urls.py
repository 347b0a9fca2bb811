"""Addresses of this app."""

from django.urls import path

from linli.deliberation.views import concerns, desk, public, rolls

urlpatterns = [
    path("motions/", public.every, name="motions"),
    path("motions/new/", public.propose, name="propose-motion"),
    path("motions/<uuid:key>/", public.one, name="motion"),
    path("motions/<uuid:key>/support/", public.support, name="motion-support"),
    path("motions/<uuid:key>/withdrawal/", public.withdraw, name="motion-withdraw"),
    path("motions/<uuid:key>/objections/", public.object_to, name="motion-object"),
    path("motions/<uuid:key>/objections/<int:number>/", public.take_back, name="objection-back"),
    path("motions/<uuid:key>/rating/", public.rate, name="motion-rate"),
    path("desk/motions/", desk.today, name="motions-desk"),
    path("desk/motions/<uuid:key>/", desk.manage, name="desk-motion"),
    path("desk/motions/<uuid:key>/sheet/", desk.sheet, name="sign-in-sheet"),
    path("desk/rolls/<int:unit>/<slug:base>/", rolls.roll, name="desk-roll"),
    path("desk/rolls/changes/<uuid:change>/", rolls.decide, name="roll-change"),
    path("desk/concerns/<slug:procedure>/", concerns.log, name="concerns"),
    path("desk/concerns/sort/<uuid:key>/", concerns.sort, name="sort-concern"),
]
