"""People who can be written to, and a gateway that keeps what it was given."""

import json

import pytest
from django.core import mail
from django.db import transaction

from linli.letters.channels import sms
from linli.letters.outbox import Recipient, send
from linli.people.actions.accounts import open_account
from linli.people.actors import SYSTEM
from linli.vault import keys, sealing

PHONE, EMAIL = "19900001234", "reader@example.org"
CASE = {"number": "26 3842 0567", "path": "/r/token/"}


@pytest.fixture(autouse=True)
def own_data(settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    settings.LINLI_SMS = "file"
    settings.SITE_URL = "https://linli.example.org"
    monkeypatch.delenv(keys.VARIABLE, raising=False)


@pytest.fixture
def gateway():
    """What the file adapter was handed, oldest first."""

    def lines():
        path = sms.log_path()
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    return lines


@pytest.fixture
def mailbox():
    return mail.outbox


@pytest.fixture
def subject(db):
    return new_subject(phone=PHONE)


@pytest.fixture
def user(db):
    return open_account(display_name="reader", by=SYSTEM)


def new_subject(**contacts):
    name = sealing.new_subject()
    for kind, value in contacts.items():
        sealing.seal(name, kind, value, purpose="contact")
    return name


def write(to=None, template="case.answered", context=None, key="1", **more):
    """Send in a transaction of its own, as an action would."""
    with transaction.atomic():
        return send(to or Recipient(), template, context or CASE, key=key, **more)
