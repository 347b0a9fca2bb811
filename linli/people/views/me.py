"""My page: what I am called, how I read, which role I act in, and where I am signed in."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST

from linli.people import acting, asked, preferences, second_factor
from linli.people.actions import change_profile, sign_out_everywhere
from linli.people.actors import Actor, actor_of
from linli.people.forms import ProfileForm
from linli.people.models import User
from linli.people.policies import Denied
from linli.people.roles import LABELS, Role
from linli.web.doors import door
from linli.web.pages import page


def _me(request: HttpRequest) -> tuple[Actor, User]:
    actor = actor_of(request)
    if actor.user is None:  # the door has asked already; this is for the type
        raise Denied(_("Please sign in first."))
    return actor, actor.user


@require_http_methods(["GET", "POST"])
@door("profile.own")
def me(request: HttpRequest) -> HttpResponse:
    """See and change what one says about oneself."""
    actor, user = _me(request)
    now = {name: getattr(user, name) for name in ProfileForm.base_fields}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=now)
    if request.method == "POST" and form.is_valid():
        change_profile(user, **form.cleaned_data)
        response = redirect("me")
        preferences.apply(response, user)
        with override(user.language):
            messages.success(request, _("Saved."))
        return response
    return page(request, "people/me.html", {
        "form": form, "actor": actor, "role": LABELS[actor.role],
        "asked": asked.of(user), "has_key": second_factor.enrolled(user),
        "addresses": [row.get_channel_display() for row in user.addresses.order_by("channel")],
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@door("profile.own")
def acting_page(request: HttpRequest) -> HttpResponse:
    """Choose the role to act in; one at a time."""
    actor, _user = _me(request)
    if request.method == "POST":
        new = acting.switch(request, actor, request.POST.get("role", ""))
        messages.success(request, _("You now act as: %(role)s") % {"role": new.label})
        return redirect(_back(request))
    roles = [(str(row.pk), row, LABELS[Role(row.role)]) for row in actor.appointments]
    present = actor.waiting or actor.appointment
    chosen = str(present.pk) if present else acting.RESIDENT
    return page(request, "people/acting.html", {
        "roles": roles, "chosen": chosen, "next": request.GET.get("next", ""),
    })  # fmt: skip


def _back(request: HttpRequest) -> str:
    wish = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wish, {request.get_host()}, request.is_secure())
    return wish if wish and ours else "acting"


@require_POST
@door("session.end")
def leave_everywhere(request: HttpRequest) -> HttpResponse:
    """Sign out on every device, this one too."""
    actor, user = _me(request)
    sign_out_everywhere(user, by=actor)
    logout(request)
    messages.success(request, _("You are signed out on every device."))
    return redirect("account_login")
