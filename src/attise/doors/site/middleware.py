"""What happens around every request to the site: its id, world time, security headers, clean failures, large bodies."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from attise.doors.site import failures
from attise.doors.site.means import follow_world_clock
from attise.kernel.chance import SystemChance
from attise.kernel.limits import BODY_BYTES
from attise.kernel.seal import encode

_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_NAMES = SystemChance()
"""Names of requests are no part of the world: drawn from its chance, a look at the health would change what follows."""
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class RequestMiddleware:
    """The outermost layer: whatever happens inside, the answer is whole."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the rest of the site."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        given = request.headers.get("X-Request-Id", "")
        request.request_id = given if _REQUEST_ID.fullmatch(given) else encode(_NAMES.token(12))
        try:
            follow_world_clock()
            response = self.get_response(request)
        except Exception as error:
            if not failures.is_outage(error):
                raise
            response = failures.unavailable(request, error)
        response.headers.setdefault("X-Request-Id", request.request_id)
        response.headers.setdefault("Content-Security-Policy", CSP)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if request.is_secure():
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn an outage into a 503; a bug stays a bug and becomes a 500 with its reference."""
        return failures.unavailable(request, exception) if failures.is_outage(exception) else None


class LargeBodyMiddleware:
    """Reads a large body on a page for nobody but whoever is signed in.

    The check of forms that follows reads the whole of it, and a file along with it, before any page asks who is there.
    The two APIs ask for their credential first by themselves.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the rest of the site."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request; a stranger with a large body is sent to sign in, and the body stays unread."""
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        is_page = not failures.is_dialect(request) and not failures.is_native(request)
        if is_page and length.isdecimal() and int(length) > BODY_BYTES and SESSION_KEY not in request.session:
            return HttpResponseRedirect(settings.LOGIN_URL)
        return self.get_response(request)
