"""Codes as an advertiser pastes them: several at once, each judged by itself, none held back by another.

Step 5 of *a creator authorizes a post*. Before: the creator handed over a code. After: the post is in the library.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from attise.doors.consoles import grants, pictures, telling
from attise.doors.consoles.visit import AdvertiserVisit
from attise.kernel.errors import Refusal
from attise.management.attempts.actions import record_failure, refuse_if_too_many
from attise.management.authorizations import actions, queries
from attise.management.authorizations.errors import AUTH_CODE_FORMAT_ERROR
from attise.management.authorizations.views import BoundPost, CodePreview

AROUND = " \t\r\n\"'“”‘’«»`\u00a0\u202f\u200b\ufeff"
"""What is trimmed silently around a code; the code itself is never touched."""
_BETWEEN = re.compile(r"[\r\n,;]+|\s+(?=[\"'“‘«]?#)")
"""Between codes: a line, a comma, or a space before the next one's #; a space within a code was a + once."""


@dataclass
class Verdicts:
    """What became of the codes of one form, in the order they were pasted."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    good: list[str] = field(default_factory=list)
    """Codes that can be confirmed."""
    added: list[int] = field(default_factory=list)
    """Posts that are in the library from now on."""

    @property
    def found(self) -> int:
        """How many codes are those of a post that can be used."""
        return sum(1 for row in self.rows if "post" in row)

    @property
    def refused(self) -> int:
        """How many codes are refused."""
        return len(self.rows) - self.found


def codes_of(text: str) -> list[str]:
    """Return the codes of a pasted text, in order, once each."""
    pieces = (piece.strip(AROUND) for piece in _BETWEEN.split(text))
    return list(dict.fromkeys(piece for piece in pieces if piece))


def look_up(visit: AdvertiserVisit, codes: list[str]) -> Verdicts:
    """Return the post behind each code, or why there is none to see. Raises: ``too_many_requests``."""

    def preview(code: str) -> CodePreview:
        return queries.preview_code(visit.means, advertiser_id=visit.advertiser.id, code=code)

    return _judge(visit, codes, preview)


def apply(visit: AdvertiserVisit, codes: list[str]) -> Verdicts:
    """Put the post of each code into the library. Raises: ``too_many_requests``."""

    def redeem(code: str) -> BoundPost:
        return actions.redeem(visit.means, visit.actor, advertiser_id=visit.advertiser.id, code=code)

    return _judge(visit, codes, redeem)


def _judge(visit: AdvertiserVisit, codes: list[str], ask: Callable[[str], CodePreview | BoundPost]) -> Verdicts:
    """Ask about each code. However many of them are malformed, a form counts as one guess, as a bulk job does."""
    guards = []
    if settings.HOUSE.has_limits:
        guards = actions.guards_of(str(visit.actor), visit.address)
    refuse_if_too_many(visit.means, guards)
    verdicts, is_guess = Verdicts(), False
    for code in codes:
        try:
            found = ask(code)
        except Refusal as refusal:
            is_guess = is_guess or refusal.reason is AUTH_CODE_FORMAT_ERROR
            verdicts.rows.append(_refused_row(code, refusal))
            continue
        is_added = isinstance(found, BoundPost)
        if is_added:
            verdicts.added.append(found.post.id)
        elif found.identity_id is None:
            verdicts.good.append(code)
        verdicts.rows.append(_good_row(visit, found, is_added=is_added))
    if is_guess and guards:
        record_failure(visit.means, guards)
    return verdicts


def _good_row(visit: AdvertiserVisit, found: CodePreview | BoundPost, *, is_added: bool) -> dict[str, Any]:
    now = visit.means.clock.world_ms()
    return {
        "post": pictures.card(visit.means, found.post, locked=True),
        "card": grants.card(found.authorization, now),
        "terms": grants.terms_in_words(found.authorization.terms),
        "is_added": is_added,
        "is_known": not is_added and found.identity_id is not None,
        "url": reverse("library_post", args=[found.post.id]),
    }


def _refused_row(code: str, refusal: Refusal) -> dict[str, Any]:
    return {
        "code": code,
        "key": refusal.code,
        "message": telling.sentence(refusal),
        "hint": telling.next_step(refusal) if refusal.hint else "",
        "nexts": _nexts(code, refusal.code),
    }


def _nexts(code: str, key: str) -> list[dict[str, str]]:
    """Return the buttons of a refusal: its one next step, then another where there is one."""
    choose = {"label": _("Choose another video"), "url": "#codes", "selects": code}
    ask_new = {"label": _("Request a new code"), "url": _letter(_words_for_a_new_code())}
    return {
        "auth_code_format_error": [{"label": pgettext("verb", "Fix"), "url": "#codes", "selects": code}, ask_new],
        "auth_code_revoked": [choose, ask_new],
        "auth_code_expired": [ask_new],
        "auth_code_already_used": [ask_new],
        "video_unavailable": [choose],
        "not_public_video": [
            {"label": _("Notify the creator"), "url": _letter(_words_for_a_public_video())},
            {"label": _("Try again"), "act": "search"},
        ],
        "carousel_duet_not_supported": [choose],
    }.get(key, [choose])


def _words_for_a_new_code() -> str:
    return _(
        "Hello,\n\nThe video code you gave me cannot be used any more. Could you make a new one? Open your post in the "
        "creator tools, then Ad authorization, Generate the code.\n\nThank you."
    )


def _words_for_a_public_video() -> str:
    return _(
        "Hello,\n\nThe video you gave me a code for is not public, so it cannot be shown as an ad. Could you make it "
        "public? Open your post in the creator tools, then Visibility.\n\nThank you."
    )


def _letter(body: str) -> str:
    """Return a link that opens a letter to the creator; nothing of the post behind the code is in it."""
    return f"mailto:?subject={quote(_('Your video code'))}&body={quote(body)}"
