"""The seals, for everybody: a page in plain words and a file for those who keep a copy."""

from typing import Final

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from linli.journal import seal
from linli.journal.models import Seal
from linli.web.doors import door
from linli.web.jinja import url
from linli.web.pages import page

AT_ONCE: Final = 30  # seals on one page


@require_safe
@door("audit.heads")
def seals(request: HttpRequest) -> HttpResponse:
    """The heads by day, newest first; `?before=17` goes on to older ones."""
    rows = Seal.objects.order_by("-number")
    before = request.GET.get("before", "")
    older = rows.filter(number__lt=int(before)) if _is_number(before) else rows
    shown = list(older[: AT_ONCE + 1])
    more = shown.pop() if len(shown) > AT_ONCE else None
    return page(request, "journal/seals.html", {
        "shown": [(row, grouped(row.head)) for row in shown],
        "newest": rows.first(),
        "lines": rows.aggregate(lines=Sum("count"))["lines"] or 0,
        "older": url("journal", before=shown[-1].number) if more else None,
        "newer": url("journal") if _is_number(before) else None,
    })  # fmt: skip


@require_safe
@door("audit.heads")
def heads(_request: HttpRequest) -> HttpResponse:
    """Every seal as a witness keeps it."""
    answer = JsonResponse(seal.document(), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


def grouped(head: str) -> str:
    """Hex digits in fours, as a person compares them."""
    return " ".join(head[place : place + 4] for place in range(0, len(head), 4))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9
