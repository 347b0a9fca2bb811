"""Security headers on every answer: a Content-Security-Policy without a single exception."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# No nonce: no page has inline script or style (a test reads them all), so pages can be cached.
# Trusted Types are left out: htmx puts server-rendered HTML into the page by innerHTML (ADR 5).
CSP = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "connect-src 'self'",
        "font-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
PERMISSIONS = "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()"


class HeadersMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CSP)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        # A page is somebody's until a view says it is everybody's (R69).
        response.headers.setdefault("Cache-Control", "no-store")
        return response
