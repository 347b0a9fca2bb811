"""A grid worker with a telephone, and the records that they make."""

import hashlib
import io
import json

import pytest
from PIL import Image

from linli.field.testing import Telephone
from linli.files import shelf


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return shelf


@pytest.fixture
def worker(cast):
    return cast.grid_worker


class Phone:
    """A browser of a person with a telephone of its own key."""

    def __init__(self, client, place):
        self.client, self.place, self.telephone = client, place, Telephone()

    def enrol(self):
        answer = self.post("/sync/device", {"public_key": self.telephone.public_key, "label": "X"})
        assert answer.status_code == 201, answer.content
        self.telephone.device = answer.json()["device"]
        return self

    def post(self, path, said):
        headers = {"X-Linli-Device": self.telephone.device}
        return self.client.post(path, json.dumps(said), content_type="application/json",
                                headers=headers)  # fmt: skip

    def note(self, text="单元门口堆了旧沙发，过不去人。", photos=(), **more):
        acting = self.hello()["acting"]
        said = {
            "kind": "case:grid-event", "form": "case:grid-event@test", "place": self.place.code,
            "values": {"text": text, "category": "cleaning", "visibility": "public"},
            "photos": list(photos), "acting": acting,
            "captured": {"at": "2026-05-01T09:00:00+08:00"},
        }  # fmt: skip
        return said | more

    def freeze(self, *words, **more):
        name = more.pop("name", None)
        return self.telephone.freeze(self.note(*words, **more), name=name)

    def send(self, frozen, **headers):
        return self.client.post("/sync/items", frozen.body, content_type="application/octet-stream",
                                headers={**frozen.headers, **headers})  # fmt: skip

    def hello(self):
        return self.client.get("/sync/hello").json()

    def status(self, *names, **more):
        answer = self.post("/sync/status", {"ids": [str(n) for n in names], **more})
        assert answer.status_code == 200, answer.content
        return answer.json()["items"]

    def put(self, sha, offset, total, piece):
        return self.client.put(f"/sync/blob/{sha}", piece, content_type="application/octet-stream",
                               headers={"Upload-Offset": str(offset), "Upload-Length": str(total),
                                        "X-Linli-Device": self.telephone.device})  # fmt: skip


@pytest.fixture
def phone(cast, client_as, worker):
    return Phone(client_as(worker), cast.places["building"]).enrol()


@pytest.fixture
def phone_of(cast, client_as):
    return lambda actor: Phone(client_as(actor), cast.places["building"]).enrol()


def picture(colour="red", size=(320, 240)):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    content = out.getvalue()
    return content, hashlib.sha256(content).hexdigest()
