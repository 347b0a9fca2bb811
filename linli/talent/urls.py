"""Addresses of pools and cohorts."""

from django.urls import path

from linli.talent.views import cohorts, desk, mine, public

urlpatterns = [
    path("talent/", public.index, name="talent"),
    path("talent/mine/", mine.mine, name="my-talent"),
    path("talent/mine/<uuid:key>/", mine.act, name="my-talent-act"),
    path("talent/mine/cohort/<uuid:key>/", mine.trainee, name="my-cohort-act"),
    path("talent/appeal/<uuid:key>/", mine.appeal, name="talent-appeal"),
    path("talent/cohorts/<uuid:key>/", public.cohort, name="cohort"),
    path("talent/cohorts/<uuid:key>/apply/", public.apply, name="cohort-apply"),
    path("talent/<slug:pool>/", public.pool, name="pool"),
    path("talent/<slug:pool>/propose/", public.propose, name="pool-propose"),
    path("desk/talent/", desk.desk, name="talent-desk"),
    path("desk/talent/cohorts/new/", cohorts.begin, name="cohort-begin"),
    path("desk/talent/cohorts/<uuid:key>/", cohorts.one, name="cohort-desk"),
    path("desk/talent/people/<uuid:key>/", desk.one, name="talent-candidate"),
    path("desk/talent/<slug:pool>/nominate/", desk.nominate, name="talent-nominate"),
]
