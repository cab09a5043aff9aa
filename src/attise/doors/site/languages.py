"""Which of the languages pages are shown in: those that the operator offers, asked for at most once a second."""

from __future__ import annotations

import time
from typing import Final

from django.db import DatabaseError, connection
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from attise.management.policy.queries import get_policy
from attise.management.policy.rules import LANGUAGES

KEPT_S: Final = 1.0
PROGRAMS: Final = ("/v1/", "/open_api/", "/sandbox/", "/static/", "/media/")
"""Addresses of programs, which are answered in the language that they ask for."""

_kept: tuple[float, tuple[str, ...]] = (float("-inf"), ())


def offered_languages() -> tuple[str, ...]:
    """Return the languages that pages are offered in. Cost: one query a second; within a transaction, one each time."""
    global _kept  # noqa: PLW0603 - one value for the process, replaced whole
    now_s = time.monotonic()
    if connection.in_atomic_block or now_s - _kept[0] > KEPT_S:
        try:
            found = get_policy().languages
        except DatabaseError:  # a page that needs no rows is shown all the same
            return _kept[1] or LANGUAGES
        if connection.in_atomic_block:
            return found
        _kept = (now_s, found)
    return _kept[1]


class OfferedLanguageMiddleware(LocaleMiddleware):
    """Chooses as Django does, then only among what is offered."""

    def process_request(self, request: HttpRequest) -> None:
        """Set the language of a request."""
        super().process_request(request)
        if request.path_info.startswith(PROGRAMS):
            return
        offered = request.offered_languages = offered_languages()
        if translation.get_language() not in offered:
            translation.activate(offered[0])
            request.LANGUAGE_CODE = translation.get_language()
