"""Addresses of the unit's desk. A new verb is a new resource that is posted to."""

from django.urls import URLPattern, URLResolver, path

from linli.cases.views import desk, groups, handle, units, verifying

case = "desk/case/<str:number>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/", desk.today, name="desk"),
    path("desk/find/", desk.find, name="desk-find"),
    path("desk/search/", desk.search, name="desk-search"),
    path("desk/next/", desk.following, name="desk-next"),
    path("desk/verify/", verifying.to_verify, name="desk-verify"),
    path("desk/groups/", groups.groups, name="desk-groups"),
    path("desk/groups/<int:pk>/", groups.group, name="desk-group"),
    path("desk/groups/<int:pk>/joint/", groups.joint, name="desk-group-joint"),
    path("desk/groups/<int:pk>/members/<str:number>/", groups.member, name="desk-group-member"),
    path("desk/groups/<int:pk>/answers/", groups.answers, name="desk-group-answers"),
    path("desk/groups/<int:pk>/end/", groups.end, name="desk-group-end"),
    path("ledger/", desk.refusals, name="ledger"),
    path(case, handle.case, name="desk-case"),
    path(case + "acceptance/", handle.accept, name="desk-accept"),
    path(case + "assignment/", handle.assign, name="desk-assign"),
    path(case + "notes/", handle.note, name="desk-note"),
    path(case + "extension/", handle.extend, name="desk-extend"),
    path(case + "answer/", handle.answer, name="desk-answer"),
    path(case + "declining/", handle.decline, name="desk-decline"),
    path(case + "refusal/", handle.refuse, name="desk-refuse"),
    path(case + "transfer/", handle.transfer, name="desk-transfer"),
    path(case + "merger/", handle.merge, name="desk-merge"),
    path(case + "publication/", handle.publish, name="desk-publish"),
    path(case + "steps/<slug:step_id>/", handle.step, name="desk-step"),
    path(case + "reading/", handle.read, name="desk-read"),
    path(case + "contact/", handle.contact, name="desk-contact"),
    path(case + "colleagues/", units.colleagues, name="desk-colleagues"),
    path(case + "units/", units.units, name="desk-units"),
]
