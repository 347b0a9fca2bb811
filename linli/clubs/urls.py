"""Addresses of clubs."""

from django.urls import URLPattern, path

from linli.clubs.views import desk, door, mine, public

_DESK = "desk/clubs/<slug:code>/"
_DOOR = "clubs/<slug:code>/door/"
_CHILD = "me/children/<uuid:child_id>/"

urlpatterns: list[URLPattern] = [
    path("clubs/", public.index, name="clubs"),
    path("clubs/<slug:code>/", public.one, name="club"),
    path("clubs/<slug:code>/place/", mine.apply, name="club-apply"),
    path("me/children/", mine.index, name="my-children"),
    path(_CHILD, mine.one, name="my-child"),
    path(_CHILD + "names/", mine.names, name="my-child-names"),
    path(_CHILD + "end/", mine.withdraw, name="my-child-end"),
    path(_CHILD + "adults/", mine.add_adult, name="my-child-adult"),
    path(_CHILD + "adults/<uuid:adult_id>/end/", mine.end_adult, name="my-child-adult-end"),
    path(_CHILD + "incidents/<uuid:incident_id>/", mine.incident, name="my-child-incident"),
    path("desk/clubs/", desk.index, name="desk-clubs"),
    path(_DESK, desk.one, name="desk-club"),
    path(_DESK + "adults/", desk.add_helper, name="club-helper"),
    path(_DESK + "adults/<int:helper_id>/end/", desk.end_helper, name="club-helper-end"),
    path(_DESK + "places/", desk.places, name="club-places"),
    path(_DESK + "children/<uuid:child_id>/", desk.child, name="desk-child"),
    path(_DESK + "children/<uuid:child_id>/decision/", desk.decide, name="desk-child-decide"),
    path(_DESK + "incidents/<uuid:incident_id>/", desk.incident, name="desk-incident"),
    path(_DOOR, door.show, name="club-door"),
    path(_DOOR + "opening/", door.open_it, name="club-door-open"),
    path(_DOOR + "adults/", door.adult, name="club-door-adult"),
    path(_DOOR + "in/", door.come_in, name="club-door-in"),
    path(_DOOR + "children/<uuid:child_id>/", door.child, name="club-door-child"),
    path(_DOOR + "children/<uuid:child_id>/pick-up/", door.pick_up, name="club-door-pick-up"),
    path(_DOOR + "children/<uuid:child_id>/handed/", door.hand_over, name="club-door-hand-over"),
    path(_DOOR + "children/<uuid:child_id>/note/", door.note, name="club-door-note"),
    path(_DOOR + "end/", door.end, name="club-door-end"),
]
