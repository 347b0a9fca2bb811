"""Shared by every test: catalogues are compiled, the clock stands where it stands."""

import gettext
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import trans_real

from linli.journal.testing import let_tests_flush
from linli.people.acting import CHOSEN
from linli.people.actors import Actor
from linli.people.cast import Cast
from linli.people.cast import cast as gather
from linli.points.testing import wipe_allowed
from linli.stores.testing import wipe_allowed as stores_wiped
from linli.web import catalogues
from linli.web.shelf import SHELF

if catalogues.compile_all():  # some module may have loaded the old ones at start
    trans_real._translations.clear()
    gettext._translations.clear()  # Python keeps what it read by the file's name alone
    trans_real._default = None
let_tests_flush(wipe_allowed, stores_wiped)


@pytest.fixture(autouse=True)
def _fresh() -> None:
    """What one test's pages kept, or the language of its last page, must not meet another test."""
    SHELF.clear()
    translation.deactivate()


@pytest.fixture
def cast(db) -> Cast:
    """Everybody who plays in tests, each in their post: see people/cast.toml."""
    return gather()


@pytest.fixture
def client_as() -> Callable[[Actor], Client]:
    """`client_as(cast.manager)`: a browser in which this person has signed in and acts so."""

    def sign_in(actor: Actor) -> Client:
        client = Client()
        if actor.user is not None:
            client.force_login(actor.user)
            session = client.session
            session[CHOSEN] = str(actor.appointment.pk) if actor.appointment else "resident"
            session.save()
        return client

    return sign_in
