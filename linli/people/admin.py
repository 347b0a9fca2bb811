"""Bodies, posts, appointments and accounts for the administrator: no contacts, no matters.

Who holds a post is decided by two people (`role.grant`), so appointments are shown, not changed.
"""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.people import actions
from linli.people.actors import actor_of
from linli.people.models import Appointment, Organisation, Post, User
from linli.people.policies import Denied


class Table(admin.ModelAdmin):  # type: ignore[type-arg]
    """To be looked at by whoever may; changed only where a table says how."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return actor_of(request).may("admin.tables")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return actor_of(request).may("admin.tables")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Organisation)
class OrganisationTable(Table):
    list_display = ("code", "kind", "name", "place", "valid_from", "valid_to")
    list_filter = ("kind",)
    search_fields = ("code", "name", "name_en")
    fields = (
        "code", "kind", "name", "name_en", "place", "parent", "public_line", "valid_from",
        "valid_to",
    )  # fmt: skip
    raw_id_fields = ("place", "parent")
    described = ("name", "name_en", "public_line")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What a body is does not change; what it is called does."""
        if obj is None:
            return ("valid_to",)
        return tuple(name for name in self.fields if name not in self.described)

    def save_model(
        self, request: HttpRequest, obj: Organisation, form: "ModelForm[Any]", change: bool
    ) -> None:
        """The page writes through the same actions as everything else, journal and all."""
        by = actor_of(request)
        if change:
            said = {name: getattr(obj, name) for name in self.described}
            actions.describe_organisation(obj, by=by, **said)
            return
        made = actions.open_organisation(
            code=obj.code, kind=obj.kind, name=obj.name, name_en=obj.name_en, place=obj.place,
            parent=obj.parent, public_line=obj.public_line, valid_from=obj.valid_from, by=by,
        )  # fmt: skip
        obj.pk = made.pk


@admin.register(Post)
class PostTable(Table):
    list_display = ("kind", "organisation", "place", "role", "seats", "valid_from", "valid_to")
    list_filter = ("role", "kind")
    search_fields = ("kind", "organisation__name")
    list_select_related = ("organisation", "place")


@admin.register(Appointment)
class AppointmentTable(Table):
    list_display = ("post", "user", "role", "seat", "is_deputy", "from_date", "to_date")
    list_filter = ("role", "is_deputy")
    list_select_related = ("post__organisation__place", "post__place", "user")


@admin.register(User)
class UserTable(Table):
    list_display = ("id", "display_name", "is_active", "joined_at")
    list_filter = ("is_active",)
    search_fields = ("display_name", "id")
    fields = ("id", "display_name", "language", "is_active", "joined_at")
    actions = ("close_accounts",)

    @admin.action(description=gettext_lazy("Close the accounts chosen"), permissions=["view"])
    def close_accounts(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        by = actor_of(request)
        for user in chosen:
            try:
                actions.deactivate(user, by=by)
            except Denied as denied:
                self.message_user(request, f"{user}: {denied}", messages.ERROR)
            else:
                self.message_user(request, _("Closed: %(name)s") % {"name": user})
