"""Everything that a day's work needs without signal, in one file of the person's own."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q

from linli.activities import today
from linli.activities.models import Occurrence
from linli.activities.today import Task, TaskStop
from linli.field import forms, receipts, service
from linli.lib import clock
from linli.people.actors import Actor
from linli.places.models import Place, path_range
from linli.web.language import lang

FORMAT: Final = 1
MOST_PLACES: Final = 400
# Which places a list offers when all of them are too many: the finest grain is dropped first.
GRAINS: Final = (
    ("village", "community", "grid", "building", "line", "town"),
    ("village", "community", "grid", "line", "town"),
    ("village", "community", "line", "town"),
    ("line", "town"),
)


@dataclass(frozen=True)
class Made:
    """The bundle as it is sent, and the tag by which a telephone knows whether it has it."""

    body: bytes
    etag: str


def of(actor: Actor) -> Made:
    """The day's bundle of this person in their present post and language."""
    tasks = today.of(actor, clock.today())
    offered = forms.forms_for(actor, {task.kind for task in tasks})
    forms.remember(offered)
    said = contents(actor, offered, tasks)
    plain = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    etag = f'"{hashlib.sha256(plain.encode()).hexdigest()[:24]}"'
    dated = {"made_at": clock.now().isoformat(timespec="seconds"), "etag": etag, **said}
    return Made(json.dumps(dated, ensure_ascii=False, separators=(",", ":")).encode(), etag)


def contents(actor: Actor, offered: list[forms.Form], tasks: list[Task]) -> dict[str, Any]:
    """What the file says, without the moment at which it was made."""
    return {
        "format": FORMAT,
        "day": clock.today().isoformat(),
        "language": lang(),
        "person": actor.id,
        "acting": str(actor.appointment.pk) if actor.appointment else "resident",
        "label": actor.label,
        "keys": receipts.public_keys(),
        "places": places_of(actor, tasks),
        "forms": offered,
        "tasks": [_task(task) for task in tasks],
        "service": service.of(actor),
    }


def _task(task: Task) -> dict[str, Any]:
    return {
        "uid": str(task.uid),
        "form": f"activity:{task.kind}",
        "name": task.name,
        "place": task.place_name,
        "spot": task.spot,
        "lon": task.lon,
        "lat": task.lat,
        "starts": task.starts.isoformat(),
        "ends": task.ends.isoformat(),
        "state": task.state,
        "offline": task.offline,
        "role": task.role_name,
        "going": task.sign_up_state,
        "keeps_list": task.keeps_list,
        "stops": [_stop(stop) for stop in task.stops],
    }


def _stop(stop: TaskStop) -> dict[str, Any]:
    return {
        "id": stop.id,
        "order": stop.order,
        "label": stop.label,
        "place": stop.place_name,
        "way": stop.way,
        "lon": stop.lon,
        "lat": stop.lat,
        "at": stop.planned_at,
        "home": stop.is_home,
        "last": stop.last_visit.isoformat() if stop.last_visit else "",
        "promise": stop.promise.isoformat() if stop.promise else "",
        "noted": bool(stop.outcome),
    }


def places_of(actor: Actor, tasks: list[Task]) -> list[dict[str, str]]:
    """The places that a form offers: the person's own area, as fine as a list can show, and today's."""
    todays = Q(pk__in=Occurrence.objects.filter(pk__in=[t.uid for t in tasks]).values("place"))
    rows = Place.objects.current()
    for grain in GRAINS:
        own = path_range(actor.place_path, "path") if actor.place_path else Q(pk__in=[])
        found = rows.filter((own & Q(kind__in=grain)) | todays).order_by("path")
        if found.count() <= MOST_PLACES:
            break
    return [
        {"code": place.code, "name": place.name_for(lang()), "level": place.kind}
        for place in found.defer("boundary")[:MOST_PLACES]
    ]
