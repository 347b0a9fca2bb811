"""People with telephones for the proofs: signed in, enrolled, and nothing else."""

import io
import string
from dataclasses import dataclass, field
from random import Random

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from PIL import Image

from linli.field.actions import devices
from linli.field.testing import Frozen, Telephone
from linli.people import actions
from linli.people.actors import as_resident
from linli.people.models import User
from linli.proofs.county import CODES, new_id

FORM = "case:request@proof"


@dataclass
class Person:
    """Somebody with a session and a telephone."""

    user: User
    cookies: dict[str, str]
    telephone: Telephone = field(default_factory=Telephone)

    def record(self, rng: Random, text: str, photos: list[str], **more: object) -> Frozen:
        """A record frozen on the telephone: a lamp in the village."""
        values = {"text": text, "category": "street-light", "visibility": "public"}
        said = {
            "kind": "case:request", "form": FORM, "place": CODES["village"], "values": values,
            "photos": photos, "acting": "resident", "outcome": "", "task": "", **more,
        }  # fmt: skip
        return self.telephone.freeze(said, name=new_id(rng))


def people(count: int, rng: Random) -> list[Person]:
    """So many residents, each signed in; their telephones are enrolled."""
    found = []
    for _n in range(count):
        user = actions.open_account(display_name="验证员")
        person = Person(user, {"sessionid": _session(user), "csrftoken": _token(rng)})
        device = devices.enrol(person.telephone.public_key, "proof", by=as_resident(user))
        person.telephone.device = str(device.pk)
        found.append(person)
    return found


def picture(rng: Random) -> bytes:
    """A small photo that nobody else has."""
    dots = Image.frombytes("RGB", (24, 18), rng.randbytes(24 * 18 * 3))
    out = io.BytesIO()
    dots.resize((320, 240), Image.Resampling.NEAREST).save(out, "JPEG", quality=90)
    return out.getvalue()


def _session(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def _token(rng: Random) -> str:
    return "".join(rng.choices(string.ascii_letters + string.digits, k=32))
