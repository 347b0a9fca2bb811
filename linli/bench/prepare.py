"""Runs in a process of its own, on the measured database: `fill ROWS BUILDINGS`, or `open`."""

import json
import os
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import login  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest  # noqa: E402

from linli.bench.fill import fill  # noqa: E402
from linli.bench.fill.ground import DESK  # noqa: E402
from linli.bench.fill.rows import LIVELY  # noqa: E402
from linli.cases.models import Asker, Case  # noqa: E402
from linli.people import second_factor  # noqa: E402
from linli.people.models import Appointment, Organisation, User  # noqa: E402
from linli.places.models import VILLAGES, Place  # noqa: E402

FLOOR_TABLE = (
    "CREATE TABLE IF NOT EXISTS bench_floor (id varchar(36) PRIMARY KEY, number varchar(10), "
    "place varchar(255), words text, at varchar(40))"
)
MANY = 1_000  # different cases that are read in turn


def main() -> None:
    """What the first argument says; `open` prints what the measurement must know, as JSON."""
    call_command("migrate", verbosity=0)
    if sys.argv[1] == "fill":
        rows, buildings = map(int, sys.argv[2:4])
        fill(rows, buildings=buildings, say=_say)
        return
    call_command("collectstatic", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute(FLOOR_TABLE)
    print(json.dumps(facts()))


def _say(words: str) -> None:
    print(f"  {words}", file=sys.stderr, flush=True)


def facts() -> dict[str, Any]:
    """Which rows are asked for, and the cookies of those who ask."""
    lively = Case.objects.filter(reopened=1).order_by("-received_at").first()
    case = lively or Case.objects.listed().order_by("-received_at")[0]
    desk = Organisation.objects.get(kind=DESK)
    village = Place.objects.current().get(pk=case.place_id)
    return {
        "case": case.number, "case_id": str(case.pk), "lines": len(LIVELY),
        "many": _many(), "village": [village.lon, village.lat],
        "desk": desk.pk, "places": _places(), "county": case.place_path.split("/")[0],
        "handler": _session(_handler(desk)), "resident": _session(_resident()),
        "cookie": settings.SESSION_COOKIE_NAME,
    }  # fmt: skip


def _many() -> list[str]:
    """Public cases from the newest to the oldest, evenly."""
    numbers = Case.objects.listed().order_by("-listed_at", "-id").values_list("number", flat=True)
    return list(numbers[:: max(1, Case.objects.count() // MANY)][:MANY])


def _places() -> list[str]:
    rows = Place.objects.current().filter(kind__in=VILLAGES).order_by("code")
    return list(rows.values_list("code", flat=True)[:60])


def _handler(desk: Organisation) -> User:
    return Appointment.objects.filter(post__organisation=desk).select_related("user")[0].user


def _resident() -> User:
    asker = Asker.objects.filter(user__isnull=False, user__appointments=None).first()
    return asker.user if asker and asker.user else User.objects.create(display_name="测试员")


def _session(user: User) -> str:
    """A session in which this person has signed in and shown a second factor."""
    request = HttpRequest()
    request.session = SessionStore()
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.user = user
    second_factor.note(request, "totp")
    request.session.save()
    return str(request.session.session_key)


if __name__ == "__main__":
    main()
