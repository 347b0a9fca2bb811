"""One field takes a telephone or an e-mail, however it is typed."""

import pytest
from django.test import override_settings

from linli.people import lockbox
from linli.people.contact import NoAddress, normal_email, normal_phone, parse


@pytest.mark.parametrize(
    "words",
    [
        "19900001234",
        " 199 0000 1234 ",
        "+86 199-0000-1234",
        "0086 19900001234",
        "１９９００００１２３４",
    ],
)
def test_a_mobile_is_one_number_however_it_is_typed(words):
    address = parse(words)
    assert (address.channel, address.value) == ("phone", "+8619900001234")
    assert address.masked == "199 **** 1234"


@pytest.mark.parametrize(
    "words", ["Chen@Example.org", " chen@example.org ", "ｃｈｅｎ＠example.org"]
)
def test_an_email_is_one_address_however_it_is_typed(words):
    address = parse(words)
    assert (address.channel, address.value) == ("email", "chen@example.org")
    assert address.masked == "c***@example.org"


@pytest.mark.parametrize(
    "words",
    [
        "",
        "chen",
        "chen@",
        "@example.org",
        "199",
        "0519 8723 4567",
        "12345678901234567",
        "☎",
        "a@b c",
    ],
)
def test_anything_else_is_refused_with_a_sentence(words):
    with pytest.raises(NoAddress, match=r"\w"):
        parse(words)


def test_landlines_are_telephones_too_but_take_no_code():
    assert normal_phone("0519 8723 4567") == "+8651987234567"
    assert normal_phone("nobody") == ""
    assert normal_email("NOBODY@EXAMPLE.ORG") == "nobody@example.org"
    assert normal_email("nobody") == ""


def test_the_hash_depends_on_the_secret_and_former_secrets_still_find():
    address = parse("19900001234")
    (now,) = address.digests()
    with override_settings(SECRET_KEY="another" * 8, SECRET_KEY_FALLBACKS=["test" * 12]):
        later = address.digests()
    assert later[1] == now
    assert later[0] != now
    assert "1234" not in now


def test_a_locked_text_opens_for_its_purpose_only():
    locked = lockbox.lock("JBSWY3DP", "totp")
    assert "JBSWY3DP" not in locked
    assert lockbox.unlock(locked, "totp") == "JBSWY3DP"
    for wrong, purpose in [(locked, "sign-in"), (locked[:-4] + "AAA=", "totp"), ("", "totp"),
                           ("x", "totp"), ("é", "totp")]:  # fmt: skip
        with pytest.raises(lockbox.Unreadable):
            lockbox.unlock(wrong, purpose)
    with override_settings(SECRET_KEY="another" * 8, SECRET_KEY_FALLBACKS=["test" * 12]):
        assert lockbox.unlock(locked, "totp") == "JBSWY3DP"
    with override_settings(SECRET_KEY="another" * 8), pytest.raises(lockbox.Unreadable):
        lockbox.unlock(locked, "totp")
