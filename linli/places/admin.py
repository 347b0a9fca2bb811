"""Places in the administrator's table view: to look, never to change (linli places import does)."""

from typing import TYPE_CHECKING, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext_lazy as _

from linli.places.models import Place

# The stubs want to know which rows; the class itself takes no such argument.
if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Place]
else:
    _Admin = admin.ModelAdmin


class StandingFilter(admin.SimpleListFilter):
    """Current places, former states, or both."""

    title = _("validity")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: _Admin) -> list[tuple[str, str]]:
        return [
            ("now", pgettext("place", "current")),
            ("past", pgettext("place", "ended or changed")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Place]) -> QuerySet[Place]:
        if self.value() in {"now", "past"}:
            return queryset.filter(valid_to__isnull=self.value() == "now")
        return queryset


@admin.register(Place)
class PlaceAdmin(_Admin):
    list_display = ("code", "name", "name_en", "kind", "lies_in", "valid_from", "valid_to")
    list_filter: ClassVar = [StandingFilter, "kind", "generated"]
    search_fields = ("code", "name", "name_en", "spelling", "gb_code", "door_code")
    ordering = ("path", "-valid_to")
    list_per_page = 50
    show_full_result_count = False
    fields = (
        "code", "kind", "name", "name_en", "gb_code", "lies_in", "path", "lon", "lat", "valid_from",
        "valid_to", "successor", "generated", "door_code", "boundary",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description=_("lies in"))
    def lies_in(self, place: Place) -> str:
        parent = place.parent
        return parent.full_name(get_language() or "zh-hans") if parent else ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Place]:
        return Place.objects.with_parents()

    # Whom the site lets in may look; users hold no Django permissions (people.permissions.csv).
    def has_view_permission(self, request: HttpRequest, obj: Place | None = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Place | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Place | None = None) -> bool:
        return False
