"""Pages travel compressed: a list of forty matters is 40 kB of HTML and 6 kB on the line."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

WORDS = ("text/", "application/json", "application/geo+json", "image/svg+xml")


class SqueezeMiddleware(GZipMiddleware):
    """Gzip for what is made of words; photos are compressed already and keep their length.

    Django adds a random length and masks the form token in every answer, so that sizes tell
    nothing about secrets (BREACH).
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not response.headers.get("Content-Type", "").startswith(WORDS):
            return response
        return super().process_response(request, response)
