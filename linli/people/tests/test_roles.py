"""The table of permissions: every cell, with and without each way of standing near."""

import itertools

import pytest
from django.core.exceptions import PermissionDenied

from linli.people.actors import ANONYMOUS, SYSTEM, Actor
from linli.people.models import User
from linli.people.policies import Denied, NeedsReason, NeedsSecond, allowed
from linli.people.roles import HELD, STAFF, TABLE, Code, GrantsError, Role, grant, read, table

SOMEBODY = User(display_name="somebody")


def actor(role: Role) -> Actor:
    return ANONYMOUS if role is Role.ANON else Actor("x", role, SOMEBODY)


def may(role: Role, action: str, **tie) -> bool:
    """Written down a second time, from the words of promises §4 and not from the code."""
    code, own = grant(action, role), tie.get("own", False)
    near = tie.get("in_scope", False) or tie.get("assigned", False)
    reason = bool(tie.get("reason", "").strip())
    if tie.get("conflict"):
        return role == "AUD" and code == "N" and near and reason
    if own and (code == "O" or (role != "ANON" and grant(action, Role.RES) == "O")):
        return True
    return {
        "-": False, "P": True, "Y": True, "G": True, "O": False, "2": False,
        "A": tie.get("assigned", False), "S": near, "F": near, "N": near and reason,
    }[code]  # fmt: skip


TIES = [
    dict(zip(("own", "assigned", "in_scope", "conflict"), said, strict=True)) | {"reason": reason}
    for said in itertools.product([False, True], repeat=4)
    for reason in ("", "  ", "a flood in the cellar")
]


@pytest.mark.parametrize("role", list(Role))
def test_every_cell_opens_exactly_as_its_letter_says(role):
    wrong = [
        (action, tie)
        for action in table()
        for tie in TIES
        if actor(role).may(action, **tie) != may(role, action, **tie)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("role", "action", "tie", "open_"),
    [
        ("ANON", "case.submit", {}, True),
        ("ANON", "case.view_text", {}, False),
        ("ANON", "case.view_text", {"own": True}, True),
        ("AUD", "case.submit", {}, False),
        ("GRID", "case.view_text", {"in_scope": True}, False),
        ("GRID", "case.view_text", {"assigned": True}, True),
        ("MGR", "case.view_text", {"in_scope": True}, True),
        ("MGR", "case.view_text", {"in_scope": True, "conflict": True}, False),
        ("CTY", "case.view_text", {"in_scope": True}, False),
        ("CTY", "case.view_text", {"in_scope": True, "reason": "a call from the asker"}, True),
        ("CTY", "case.view_text", {"reason": "curious"}, False),
        ("ADM", "case.view_text", {"in_scope": True, "assigned": True, "reason": "x"}, False),
        ("ADM", "case.view_text", {"own": True}, True),
        ("AUD", "accesslog.all", {}, True),
        ("MGR", "accesslog.all", {"in_scope": True}, False),
    ],
)
def test_the_reading_rules_by_example(role, action, tie, open_):
    assert actor(Role(role)).may(action, **tie) is open_


def test_the_refusal_says_what_is_missing():
    coordinator = actor(Role.CTY)
    with pytest.raises(NeedsReason):
        coordinator.check("case.view_text", in_scope=True)
    with pytest.raises(NeedsSecond):
        coordinator.check("role.grant")
    with pytest.raises(NeedsSecond):
        coordinator.check("case.view_contact", in_scope=True, assigned=True, reason="why")
    with pytest.raises(Denied) as refused:
        actor(Role.RES).check("accesslog.all")
    assert isinstance(refused.value, PermissionDenied)
    assert str(refused.value)


def test_levels_tell_a_page_how_much_to_show():
    assert actor(Role.MGR).level("case.view_progress") == "standard"
    assert actor(Role.MGR).level("case.view_text") == "full"
    assert actor(Role.RES).level("case.view_public") == "public"
    assert actor(Role.ADM).level("case.view_text") == "nothing"
    assert actor(Role.CTY).needs_reason("case.view_text")
    assert not actor(Role.MGR).needs_reason("case.view_text")


def test_the_system_may_what_the_table_names_and_nothing_else():
    assert SYSTEM.may("case.transition")
    with pytest.raises(KeyError):
        SYSTEM.may("case.tranistion")


def test_nobody_holds_ballots_exports_identities_or_grants_alone():
    for role in Role:
        assert not actor(role).may("role.grant", own=True, assigned=True, in_scope=True)
        assert not actor(role).may("import.bulk", own=True, assigned=True, in_scope=True)


def test_every_held_role_and_only_staff_is_staff():
    assert set(HELD) == set(Role) - {Role.ANON, Role.RES}
    assert {role for role in Role if role.is_staff} == STAFF == {
        Role.GRID, Role.MGR, Role.CTY, Role.AUD, Role.ADM
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("case.submit,Y", "case.submit,X"), "known are"),
        (lambda text: text.replace("case.submit,Y", "case.submit,"), "known are"),
        (lambda text: text.replace("ANON,RES", "ANON,KING"), "KING"),
        (lambda text: text + "Case,case.submit,Y,Y,Y,Y,Y,Y,Y,-,-,again\n", "twice"),
        (lambda text: text + "Case,,Y,Y,Y,Y,Y,Y,Y,-,-,nothing\n", "empty"),
    ],
)
def test_a_wrong_table_is_refused_with_its_line(tmp_path, change, said):
    path = tmp_path / "permissions.csv"
    path.write_text(change(TABLE.read_text("utf-8")), "utf-8")
    with pytest.raises(GrantsError, match=said) as refused:
        read(path)
    assert refused.value.args[0].startswith("permissions.csv:")


def test_letters_of_the_table_are_the_letters_of_the_code():
    assert {code for row in table().values() for code in row.values()} <= set(Code)


def test_allowed_hides_only_refusals():
    def broken() -> None:
        raise ZeroDivisionError

    assert allowed(lambda: None)
    assert not allowed(actor(Role.RES).check, "accesslog.all")
    with pytest.raises(ZeroDivisionError):
        allowed(broken)
