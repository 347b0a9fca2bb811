"""Accounts at their end, the cast with real vault and letters, and the commands."""

import pytest
from allauth.mfa.models import Authenticator
from click.testing import CliRunner
from django.core import mail

from linli.journal.models import Entry
from linli.people import actions, limits, sign_in
from linli.people.actions import accounts
from linli.people.actors import SYSTEM, Actor, as_resident
from linli.people.cast import FIRST_PHONE
from linli.people.cast import cast as gather
from linli.people.commands import people
from linli.people.contact import parse
from linli.people.models import Appointment, Organisation, Post, SignInAddress, User
from linli.people.policies import Denied
from linli.people.posts import public_card
from linli.people.roles import Role
from linli.places import tree


def run(*words: str):
    return CliRunner().invoke(people, list(words))


def test_an_erased_account_names_nobody_and_opens_nothing(cast):
    user = cast.steward.user
    sign_in.add_address(user, parse("19900001234"))
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    accounts.forget(user)
    user.refresh_from_db()
    assert (user.display_name, user.is_active) == ("", False)
    assert not user.addresses.exists()
    assert not Authenticator.objects.exists()
    assert not Appointment.objects.filter(user=user).exclude(public_name="").exists()
    (card,) = public_card(cast.places["building"])
    assert card.vacant
    assert sign_in.owner(parse("19900001234")) is None


def test_closing_an_account_is_for_those_whom_the_table_names(cast):
    user = actions.open_account()
    for by in (cast.resident, cast.steward, cast.auditor, cast.manager):
        with pytest.raises(Denied):
            actions.deactivate(user, by=by)
    with pytest.raises(Denied):
        actions.deactivate(cast.administrator.user, by=cast.administrator)
    actions.deactivate(user, by=cast.manager, in_scope=True)
    with pytest.raises(Denied):
        actions.deactivate(user, by=cast.administrator)


def test_only_oneself_or_the_administrator_ends_sessions(cast):
    user = cast.resident.user
    with pytest.raises(Denied):
        actions.sign_out_everywhere(user, by=cast.manager)
    before = user.password
    actions.sign_out_everywhere(user, by=cast.administrator)
    assert User.objects.get(pk=user.pk).password != before
    actions.sign_out_everywhere(user, by=as_resident(user))
    assert Entry.objects.filter(verb="session.ended").count() == 2


def test_an_account_knows_no_django_permissions(cast):
    user = cast.administrator.user
    assert not user.is_staff
    assert not user.has_perm("people.change_user")
    assert not user.has_module_perms("people")
    assert not hasattr(user, "is_superuser")


def test_the_cast_signs_in_with_telephones_sealed_in_the_vault(db):
    played = gather(reachable=True)
    address = parse(str(FIRST_PHONE))
    assert sign_in.owner(address) == played.resident.user
    assert SignInAddress.objects.count() == len(played.actors)
    parts = {actor.role for actor in played.actors.values()}
    assert parts == set(Role) - {Role.ANON, Role.DRV}
    with pytest.raises(AttributeError):
        played.nobody  # noqa: B018


def test_the_real_letters_take_the_code(db):
    sign_in.ask(parse("chen@example.org"))
    (letter,) = mail.outbox
    assert letter.to == ["chen@example.org"]


# ── linli people … ──────────────────────────────────────────────────────────────────────────────
def test_the_first_administrator_comes_from_the_machine(db):
    answer = run("create-admin", "19900001234")
    assert answer.exit_code == 1
    assert "linli places gazetteer" in answer.output
    tree.add(code="320481", kind="county", name="Shili")
    answer = run("create-admin", "19900001234", "--name", "Zhang")
    assert answer.exit_code == 0, answer.output
    user = User.objects.get()
    row = user.appointments.get()
    assert (row.role, row.post.kind, user.display_name) == ("ADM", "administrator", "Zhang")
    assert sign_in.owner(parse("19900001234")) == user
    assert run("create-admin", "chen@example.org").exit_code == 0
    assert Post.objects.count() == Organisation.objects.count() == 1
    assert run("create-admin", "nobody").exit_code == 1


def test_posts_are_listed_filled_and_vacant(cast):
    post = actions.open_post("building-steward", cast.bodies["committee"], by=SYSTEM,
                             place=cast.places["other_building"])  # fmt: skip
    assert str(post.pk) in run("list", "--vacant").output
    assert run("list", "--vacant").output.count("\n") == 1
    answer = run("appoint", str(post.pk), "19900001234", "--name", "Chen", "--until", "2000-01-01")
    assert answer.exit_code == 1
    answer = run("appoint", str(post.pk), "19900001234", "--name", "Chen")
    assert answer.exit_code == 0, answer.output
    assert run("list", "--vacant").output == ""
    assert "committee" in run("list", "--body", "committee").output
    assert run("appoint", "999999", "19900001234").exit_code == 1
    assert run("appoint", str(post.pk), "x").exit_code == 1
    assert run("appoint", str(post.pk), "chen@example.org", "--deputy").exit_code == 0
    assert Appointment.objects.filter(post=post, is_deputy=True).count() == 1


def test_a_refused_appointment_leaves_no_account_behind(cast):
    post = cast.steward.appointment.post
    before = User.objects.count()
    assert run("appoint", str(post.pk), "19900009999").exit_code == 1
    assert User.objects.count() == before


def test_a_body_is_opened_with_its_posts(cast):
    answer = run("open-body", "housing", "housing", "320481", "住建局", "--post", "handler")
    assert answer.exit_code == 0, answer.output
    assert Post.objects.get(organisation__code="housing").kind == "handler"
    assert run("open-body", "x", "guild", "320481", "x").exit_code == 1
    assert run("open-body", "x", "police", "nowhere", "x").exit_code == 1
    assert run("open-body", "x", "police", "320481", "x", "--post", "king").exit_code == 1
    assert not Organisation.objects.filter(code="x").exists()


def test_an_account_is_closed_and_what_is_over_is_forgotten(cast):
    sign_in.add_address(cast.resident.user, parse("19900001234"))
    assert run("close", "19900001234").exit_code == 0
    assert not User.objects.get(pk=cast.resident.id).is_active
    assert run("close", "19900001234").exit_code == 1
    assert run("close", "19900009999").exit_code == 1
    limits.hit("sign_in.ask", "somebody")
    assert run("tidy").output.startswith("0 codes, 0 counts")


def test_an_actor_says_who_acts_without_a_private_name(cast):
    assert cast.steward.label == "桃花社区居委会 · 楼长 · 7号楼"
    assert cast.manager.label == "桃花社区居委会 · 负责人"
    assert cast.resident.label == "居民"
    assert str(cast.manager) == cast.manager.id
    assert isinstance(cast.manager, Actor)
