"""What a browser keeps about how pages look and listen: language, theme, keys of one letter, each in a cookie.

Place: every page carries the form. Owns: the three cookies. Language: this cookie, then what the browser asks for; it
is never in an address.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from attise.doors.site.languages import offered_languages

THEMES: Final = ("system", "light", "dark")
THEME_COOKIE: Final = "attise-theme"
LETTERS_COOKIE: Final = "attise-letters-off"
"""There where keys of one letter do nothing."""
COOKIE_LIFE_S: Final = 31_536_000


def theme_of(request: HttpRequest) -> str:
    """Return the theme this browser asked for: ``system``, ``light`` or ``dark``."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "system"


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep what the form says and go back to the page it was on; unknown values change nothing."""
    response = HttpResponseRedirect(_back(request))
    language = request.POST.get("language")
    if language in offered_languages():
        _keep(response, settings.LANGUAGE_COOKIE_NAME, language)
    theme = request.POST.get("theme")
    if theme in THEMES:
        _keep(response, THEME_COOKIE, theme)
    letters = request.POST.get("letters")
    if letters == "off":
        _keep(response, LETTERS_COOKIE, "1")
    elif letters == "on":
        response.delete_cookie(LETTERS_COOKIE, samesite="Lax")
    return response


def _back(request: HttpRequest) -> str:
    """Return where to go back to: an address of this site, or its first page."""
    given = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(given, allowed_hosts=None, require_https=request.is_secure())
    return given if given.startswith("/") and is_ours else "/"


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=COOKIE_LIFE_S, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
