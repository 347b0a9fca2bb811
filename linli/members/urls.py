"""Addresses of this app."""

from django.urls import path

from linli.members.views import desk, lists, own, register

urlpatterns = [
    path("desk/members/", desk.desk, name="members-desk"),
    path("desk/members/<int:unit>/<slug:membership>/", desk.roll, name="members-roll"),
    path("desk/members/<int:unit>/<slug:membership>/new/", desk.enter, name="members-enter"),
    path("desk/members/<int:unit>/<slug:membership>/list/", lists.bring, name="members-list"),
    path("desk/members/<int:unit>/<slug:membership>/file/", lists.out, name="members-file"),
    path("desk/members/lists/<uuid:key>/", lists.decide, name="members-list-decide"),
    path("desk/members/one/<uuid:key>/", desk.member, name="member"),
    path("desk/members/steps/<uuid:key>/", desk.second, name="member-second"),
    path("desk/bodies/<slug:membership>/", register.forms, name="body-forms"),
    path("desk/bodies/<slug:membership>/regroup/", register.regroup, name="bodies-regroup"),
    path("desk/bodies/<slug:membership>/<int:unit>/", register.form, name="body-form"),
    path("desk/bodies/changes/<uuid:key>/", register.decide, name="form-decide"),
    path("bodies/", register.bodies, name="bodies"),
    path("bodies/<slug:membership>/", register.bodies, name="bodies-of"),
    path("membership/", own.mine, name="my-membership"),
    path("membership/<uuid:key>/", own.answer, name="membership-answer"),
]
