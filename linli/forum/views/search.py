"""Finding floors by their words."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from linli.forum import boards, finding, markup
from linli.forum.finding import Wanted
from linli.lib import terms
from linli.lib.text import first_line
from linli.web.doors import door
from linli.web.pages import page
from linli.web.snippets import excerpt

PER_PAGE = 20


@require_GET
@door("forum.read")
def search(request: HttpRequest) -> HttpResponse:
    """The newest floors with these words; hidden ones are never among them."""
    query = request.GET.get("q", "")[:120]
    code = request.GET.get("board", "")[:40]
    board = boards.find(code) if code else None
    of_place = board is not None and board.code == board.place.code
    wanted = Wanted(
        terms.phrases_of(query),
        board=board.code if board and not of_place else "",
        place=board.place.code if board and of_place else "",
    )
    found = finding.page(wanted, PER_PAGE, request.GET.get("after", "")[:20])
    rows = []
    for hit in found.rows:
        said = markup.words_of(hit.html)
        rows.append((hit, excerpt(hit.title, query) or hit.title,
                     excerpt(said, query) or first_line(said, 60)))  # fmt: skip
    return page(request, "forum/search.html", {
        "q": query, "board": board, "rows": rows, "more": found.more,
    })  # fmt: skip
