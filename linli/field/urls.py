"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, path, re_path

from linli.field.views import desk, mine, pages, sync

urlpatterns: list[URLPattern | URLResolver] = [
    path("field/", pages.day, name="field"),
    path("field/form/", pages.form, name="field-form"),
    path("field/queue/", pages.queue, name="field-queue"),
    path("field/service/", pages.my_service, name="field-service"),
    path("field/sw.js", pages.worker, name="field-worker"),
    path("field/manifest.webmanifest", pages.manifest, name="field-manifest"),
    path("field/conflicts/", mine.conflicts, name="field-conflicts"),
    path("field/conflicts/<int:rival_id>/decision/", mine.decision, name="field-decision"),
    path("field/phones/", mine.phones, name="field-phones"),
    path("field/phones/<uuid:device_id>/revocation/", mine.revocation, name="field-revoke"),
    path("desk/field/", desk.overview, name="field-health"),
    path("desk/field/rescue/", desk.rescued, name="field-rescue"),
    path("desk/field/<int:item_id>/", desk.task, name="field-task"),
    path("desk/field/<int:item_id>/attempt/", desk.attempt, name="field-attempt"),
    path("desk/field/<int:item_id>/by-hand/", desk.by_hand, name="field-by-hand"),
    path("desk/field/versions/<int:rival_id>/", desk.rival, name="field-rival"),
    path(
        "desk/field/versions/<int:rival_id>/closed/", desk.rival_closed, name="field-rival-closed"
    ),
    path("sync/hello", sync.hello, name="sync-hello"),
    path("sync/device", sync.enrol, name="sync-device"),
    path("sync/bundle", sync.day, name="sync-bundle"),
    path("sync/items", sync.items, name="sync-items"),
    path("sync/status", sync.status_of, name="sync-status"),
    re_path(r"^sync/blob/(?P<sha256>[0-9a-f]{64})$", sync.blob, name="sync-blob"),
]
