from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_GET

from linli.files import photos
from linli.web.doors import door


@require_GET
@door("site.read")
def photo(request: HttpRequest, token: str) -> FileResponse:
    """A picture behind a signed link; the page that made the link has checked the right to see it."""
    try:
        path = photos.follow(token)
    except LookupError as error:
        raise Http404 from error
    response = FileResponse(path.open("rb"), content_type="image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
