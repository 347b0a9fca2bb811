"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, path

from linli.facilities.views import bundle, desk, mine, public

_DESK = "desk/facilities/<slug:code>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("facilities/", public.index, name="facilities"),
    path("facilities/bundles/<slug:bundle_id>/", bundle.bundle, name="bundle"),
    path("facilities/<slug:code>/", public.one, name="facility"),
    path("facilities/<slug:code>/rooms/<int:room_id>/", public.room, name="room"),
    path("facilities/<slug:code>/rooms/<int:room_id>/booking/", mine.book, name="book-room"),
    path("facilities/<slug:code>/meal/", mine.order, name="order-meal"),
    path("bookings/", mine.mine, name="bookings"),
    path("bookings/<uuid:booking_id>/cancellation/", mine.cancel, name="cancel-booking"),
    path("bookings/<uuid:booking_id>.ics", mine.booking_calendar, name="booking-calendar"),
    path("bookings/waiting/<int:waiting_id>/end/", mine.stop_waiting, name="stop-waiting"),
    path("meals/<uuid:meal_id>/return/", mine.give_back, name="give-meal-back"),
    path("meals/<uuid:meal_id>.ics", mine.meal_calendar, name="meal-calendar"),
    path("desk/facilities/", desk.mine, name="desk-facilities"),
    path(_DESK, desk.one, name="desk-facility"),
    path(_DESK + "hours/", desk.hours, name="facility-hours"),
    path(_DESK + "card/", desk.card, name="meal-card"),
    path(_DESK + "bookings/<uuid:booking_id>/cancellation/", desk.cancel, name="desk-cancel"),
    path(_DESK + "bookings/<uuid:booking_id>/note/", desk.note, name="note-booking"),
    path(_DESK + "meals/<uuid:meal_id>/note/", desk.serve, name="serve-meal"),
]
