"""Django's admin behind our doors: who may look at the tables is decided by permissions.csv."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from linli.web.doors import door


class TablesConfig(AdminConfig):
    default_site = "linli.people.tables.Tables"


class Tables(admin.AdminSite):
    """No passwords, no Django permissions: the actor of the request holds the post or does not."""

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.actor.may("admin.tables"))  # type: ignore[attr-defined]

    @door("sign_in")
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There is one way to sign in."""
        asked = urlencode({"next": request.GET.get("next", reverse("admin:index"))})
        return HttpResponseRedirect(f"{reverse('account_login')}?{asked}")
