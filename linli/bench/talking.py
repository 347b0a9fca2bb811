"""Runs in a process of its own: what a page of the forum costs, made anew, among many floors.

One topic has ten thousand floors, the others a hundred each. A page is asked for through the whole
of Django, with nothing kept from the time before; the figure is the median.
"""

import json
import os
import statistics
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from linli.forum.models import Board, Floor, FloorLine, Topic  # noqa: E402
from linli.forum.triggers import WIDTHS  # noqa: E402
from linli.lib import clock, terms  # noqa: E402
from linli.people.models import User  # noqa: E402
from linli.places.tree import add  # noqa: E402
from linli.site.static_files import collect_when_stale  # noqa: E402
from linli.web.shelf import SHELF  # noqa: E402

LONG = 10_000  # floors of the long topic
SHORT = 100
FOUND = 100_000  # of the newest floors so many stand in the search
SAID = "村东到茶场的路一下雨全是坑，大家说说怎么办。第{}次说。"
SERIES = {
    "sqlite": "WITH RECURSIVE s(n) AS (SELECT {0} UNION ALL SELECT n + 1 FROM s WHERE n < {1}) "
    "{{}} FROM s",
    "postgresql": "{{}} FROM generate_series({0}, {1}) AS s(n)",
}


def main() -> None:
    """Print as JSON: CPU-ms and wall-ms of each page, and how many floors there were."""
    floors, passes = int(sys.argv[1]), int(sys.argv[2])
    call_command("migrate", verbosity=0, interactive=False)
    collect_when_stale()
    with transaction.atomic():
        fill(floors)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    last = Topic.objects.order_by("-pk").values_list("pk", flat=True)[0]
    after = f"{clock.now().isoformat()}~{last // 2}"
    pages = {
        "first page of ten thousand floors": "/forum/1/",
        "page 250": "/forum/1/?page=250",
        "last page": "/forum/1/?page=last",
        "link to floor 7777": "/forum/1/7777/",
        "200 floors for paper": "/forum/1/print/?from=9001",
        "last topic": f"/forum/{last}/",
        "board": "/forum/b/plaza/",
        "board, half way down": f"/forum/b/plaza/?after={after}",
        "forum": "/forum/",
        "search": "/forum/search/?q=茶场的路",
    }
    found = {name: measure(path, passes) for name, path in pages.items()}
    counts = {"floors": Floor.objects.count(), "topics": Topic.objects.count()}
    print(json.dumps({**counts, "in_search": FloorLine.objects.count(), "pages": found}))


def fill(floors: int) -> None:
    """A county with one board, the long topic, and as many short ones as are needed."""
    county = add(code="320481", kind="county", name="溧阳市", name_en="Liyang")
    board = Board.objects.create(code="plaza", place=county)
    user = User.objects.create_user(display_name="老槐树下")
    now = clock.now()
    sizes = [LONG, *[SHORT] * max(0, (floors - LONG) // SHORT)]
    Topic.objects.bulk_create(
        [Topic(board=board, title="村东的路", author=user, floors=n, last_at=now) for n in sizes],
        batch_size=1000,
    )
    _floors(1, LONG, 1, "n", user)
    if len(sizes) > 1:
        total = SHORT * (len(sizes) - 1)
        _floors(0, total - 1, f"2 + n / {SHORT}", f"n % {SHORT} + 1", user)
    Board.objects.update(topics=len(sizes), floors=sum(sizes))
    _lines()


def _floors(first: int, last: int, topic: object, number: str, user: User) -> None:
    sqlite = connection.vendor == "sqlite"
    series = SERIES[connection.vendor].format(first, last)
    said, made = SAID.split("{}")
    text = f"'{said}' || n || '{made}'"
    now, key = "CURRENT_TIMESTAMP", f"'{user.pk.hex if sqlite else user.pk}'"
    with connection.cursor() as cursor:
        columns = series.format(
            f"SELECT {topic}, {number}, {text}, '<p>' || {text} || '</p>', {key}, {now}"
        )
        insert = (
            "INSERT INTO forum_floor (topic_id, number, text, html, author_id, posted_at, state, "
            "reason, edits, photos_count, asked_for_case) "
        )
        tail = ", 'visible', '', 0, 0, false"
        columns = columns.replace(f"{key}, {now} FROM", f"{key}, {now}{tail} FROM")
        if sqlite:  # the recursive part stands before the INSERT's SELECT
            head, _select, rest = columns.partition(" SELECT " + str(topic))
            cursor.execute(f"{head} {insert} SELECT {topic}{rest}")
        else:
            cursor.execute(insert + columns)


def _lines() -> None:
    """The newest floors in the search, with the words that each would have."""
    line = terms.line([SAID], [terms.mark("b", "plaza"), terms.mark("p", "320481")])
    newest = Floor.objects.order_by("-pk").values_list("pk", flat=True)[:FOUND]
    rows = (
        FloorLine(floor_id=pk, words=line + " ".join(
            terms.mark("w", f"{width}n{pk >> width}") for width in WIDTHS) + " ")
        for pk in newest
    )  # fmt: skip
    FloorLine.objects.bulk_create(rows, batch_size=2000)


def measure(path: str, passes: int) -> dict[str, float]:
    """Medians of one page in milliseconds; every pass makes it anew."""
    client, cpu, wall = Client(HTTP_ACCEPT_LANGUAGE="zh-CN"), [], []
    for _again in range(passes + 1):
        SHELF.clear()
        began, spent = time.perf_counter(), time.process_time()
        answer = client.get(path)
        cpu.append(time.process_time() - spent)
        wall.append(time.perf_counter() - began)
        if answer.status_code not in (200, 302):
            raise SystemExit(f"{path} answered {answer.status_code}")
    return {
        "cpu_ms": round(1000 * statistics.median(cpu[1:]), 1),
        "wall_ms": round(1000 * statistics.median(wall[1:]), 1),
    }


if __name__ == "__main__":
    main()
