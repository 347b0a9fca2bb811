"""Addresses of this app."""

from django.urls import path

from linli.activities.views import feeds, home, host, one, pages, rounds, service

urlpatterns = [
    path("activities/", one.on, name="activities"),
    path("activities/place/<str:code>.ics", feeds.of_place, name="place-calendar"),
    path("activities/series/<uuid:series_id>/", one.series, name="activity-series"),
    path("activities/series/<uuid:series_id>.ics", feeds.of_series, name="series-calendar"),
    path(
        "activities/series/<uuid:series_id>/role/<slug:role>/",
        one.claim, name="activity-claim",
    ),
    path("activities/mine/<str:secret>.ics", feeds.of_person, name="my-calendar"),
    path("activities/<uuid:uid>/", one.one, name="activity"),
    path("activities/<uuid:uid>.ics", feeds.of_one, name="activity-calendar"),
    path("activities/<uuid:uid>/seat/<slug:role>/", one.sign_up, name="activity-sign-up"),
    path("activities/<uuid:uid>/withdrawal/", one.withdraw, name="activity-withdraw"),
    path("activities/<uuid:uid>/door/", one.at_the_door, name="activity-door"),
    path("service/", service.mine, name="service"),
    path("service/calendar/", service.feed, name="service-feed"),
    path("service/register/<slug:kind>/", service.enrol, name="enrol"),
    path("service/registration/<int:enrolment_id>/", service.change_enrolment,
         name="change-enrolment"),
    path("my-home/", home.own, name="my-home"),
    path("my-home/wish/", home.wish, name="home-wish"),
    path("desk/activities/", host.today, name="activities-desk"),
    path("desk/activities/plan/<slug:kind>/", host.plan, name="plan-activity"),
    path("desk/activities/welcome/<int:enrolment_id>/", service.welcome, name="welcome"),
    path("desk/activities/series/<uuid:series_id>/end/", host.end_series, name="end-series"),
    path("desk/activities/<uuid:uid>/", host.manage, name="desk-activity"),
    path("desk/activities/<uuid:uid>/list/<int:sign_up>/", host.clock_somebody, name="clock"),
    path("desk/activities/<uuid:uid>/ask/", host.put_in, name="put-in"),
    path("desk/activities/<uuid:uid>/move/", host.move, name="move-activity"),
    path("desk/activities/<uuid:uid>/cancel/", host.cancel, name="cancel-activity"),
    path("desk/activities/<uuid:uid>/note/", host.note, name="note-activity"),
    path("desk/activities/<uuid:uid>/stops/", rounds.stops, name="round-stops"),
    path("desk/activities/<uuid:uid>/stops/<int:stop_id>/", rounds.stop, name="round-stop"),
    path("desk/activities/<uuid:uid>/finish/", rounds.finish, name="finish-round"),
    path("desk/activities/<uuid:uid>/sheet/", rounds.run_sheet, name="run-sheet"),
    path("desk/activities/<uuid:uid>/notes/", rounds.notes, name="visit-notes"),
    path("desk/activities/<uuid:uid>/matter/<slug:kind>/", rounds.matter, name="activity-matter"),
    path("desk/homes/<slug:kind>/", rounds.agree, name="home-agrees"),
    path("desk/pages/new/<slug:kind>/", pages.add, name="sheet-new"),
    path("desk/pages/<uuid:sheet_id>/", pages.sheet, name="sheet"),
    path("desk/pages/<uuid:sheet_id>/<int:number>/", pages.settle, name="settle-line"),
]  # fmt: skip
