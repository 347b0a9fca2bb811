"""Run in a process of its own before the servers start: migrate, fill, collect static files."""

import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from linli.bench.fill import fill  # noqa: E402
from linli.cases.models import Case, SearchLine, Words  # noqa: E402
from linli.cases.searching import index  # noqa: E402


def main() -> None:
    """Fill the database of `LINLI_DATA` with as many cases as the first argument says."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    fill(int(sys.argv[1]), progress=lambda n: print(f"  {n}", file=sys.stderr))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_floor (id varchar(36) PRIMARY KEY, words text)")
    lively = Case.objects.filter(pk__in=Words.objects.values("case")).order_by("-received_at")
    case = lively[0]
    for row in Case.objects.select_related("place", "owner").order_by("-received_at")[:1000]:
        index(row)
    assert SearchLine.objects.exists()
    (Path(settings.DATA) / "case.txt").write_text(f"{case.number} cases.Case:{case.pk}")


if __name__ == "__main__":
    main()
