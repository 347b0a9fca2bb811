"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, path, re_path

from linli.field.views import sync

urlpatterns: list[URLPattern | URLResolver] = [
    path("sync/hello", sync.hello, name="sync-hello"),
    path("sync/device", sync.enrol, name="sync-device"),
    path("sync/bundle", sync.day, name="sync-bundle"),
    path("sync/items", sync.items, name="sync-items"),
    path("sync/status", sync.status_of, name="sync-status"),
    re_path(r"^sync/blob/(?P<sha256>[0-9a-f]{64})$", sync.blob, name="sync-blob"),
]
