"""Addresses of this app."""

from django.urls import path

from linli.members.views import desk, own

urlpatterns = [
    path("desk/members/", desk.desk, name="members-desk"),
    path("desk/members/<int:unit>/<slug:membership>/", desk.roll, name="members-roll"),
    path("desk/members/<int:unit>/<slug:membership>/new/", desk.enter, name="members-enter"),
    path("desk/members/one/<uuid:key>/", desk.member, name="member"),
    path("desk/members/steps/<uuid:key>/", desk.second, name="member-second"),
    path("membership/", own.mine, name="my-membership"),
    path("membership/<uuid:key>/", own.answer, name="membership-answer"),
]
