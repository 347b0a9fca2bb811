"""Addresses of stores."""

from django.urls import URLPattern, path

from linli.stores.views import desk, public

_STORE = "facilities/<slug:code>/store/"
_DESK = "desk/" + _STORE

urlpatterns: list[URLPattern] = [
    path(_STORE, public.store, name="store"),
    path(_STORE + "movements/", public.movements, name="store-movements"),
    path("gifts/", public.find_gift, name="find-gift"),
    path("gifts/<slug:code>/", public.gift, name="gift"),
    path("gifts/<slug:code>/giver/", public.giver, name="gift-giver"),
    path("gifts/<slug:code>/giver/end/", public.forget, name="forget-giver"),
    path(_DESK, desk.one, name="desk-store"),
    path(_DESK + "requests/<uuid:request_id>/", desk.decide, name="store-request"),
    path(_DESK + "movements/<int:movement_id>/back/", desk.take_back, name="store-take-back"),
    path(_DESK + "<slug:verb>/", desk.act, name="store-act"),
]
