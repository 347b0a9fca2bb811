"""A rota as a table for a spreadsheet: one line a seat, empty seats among them."""

import io

from django.utils.translation import gettext as _

from linli.activities.planner import drafts
from linli.activities.planner.models import Plan
from linli.lib import clock
from linli.lib.tables import write_rows
from linli.web.language import lang


def csv(plan: Plan) -> str:
    """The table, with the byte order mark that spreadsheets want."""
    header = [_("Day"), _("From"), _("Until"), _("What"), _("Where"), _("Role"), _("Person"),
              _("What stands in the way")]  # fmt: skip
    rows: list[list[str]] = []
    for _day, duties in drafts.of(plan).days:
        for duty in duties:
            for role in duty.roles:
                rows += _lines(duty, role)
    file = io.StringIO(newline="")
    write_rows(file, header, rows)
    return file.getvalue()


def _lines(duty: drafts.Duty, role: drafts.Role) -> list[list[str]]:
    row = duty.row
    start, end = row.starts_at.astimezone(clock.LOCAL), row.ends_at.astimezone(clock.LOCAL)
    place = f"{row.place.name_for(lang())} {row.spot}".strip()
    front = [f"{start:%Y-%m-%d}", f"{start:%H:%M}", f"{end:%H:%M}", row.name_for(lang()), place,
             role.name]  # fmt: skip
    seated = [[*front, str(one.user), " ".join(one.problems)] for one in role.people]
    return seated + [[*front, "", ", ".join(role.why)] for _n in range(role.empty)]
