"""Showing a picture behind a signed link."""

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from linli.files import photos
from linli.web.doors import door


@require_safe
@door("site.read")
def photo(request: HttpRequest, token: str) -> FileResponse:
    """The page that made the link has checked the right to see the picture; here the link counts."""
    try:
        file = photos.follow(token).open("rb")
    except (LookupError, FileNotFoundError) as error:
        raise Http404 from error
    response = FileResponse(file, content_type="image/jpeg", filename="photo.jpg")
    response.headers["Cache-Control"] = f"private, max-age={photos.LINK_STEP}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
