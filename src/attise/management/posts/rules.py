"""Rules of posts: pure predicates and cleaning, on plain values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from attise.kernel import limits
from attise.kernel.errors import FIELD_REQUIRED, N_, Refusal
from attise.kernel.text import TEXT_FORM, clean_text
from attise.management.posts.errors import (
    CATEGORY_UNKNOWN,
    FORMAT_UNKNOWN,
    MD5_FORM,
    OF_POST_NOT_EXPECTED,
    OF_POST_REQUIRED,
    PUBLISHED_AT_NOT_ALLOWED,
    PUBLISHED_AT_OUT_OF_SPAN,
    TOO_MANY_TAGS,
    UPLOAD_SIZE,
    VISIBILITY_UNKNOWN,
)
from attise.records.lookups import categories

FORMATS = ("video", "story", "carousel", "duet", "stitch")
VISIBILITIES = ("public", "followers", "private")
MODERATION_STATES = ("live", "in_review", "hidden", "removed")
DERIVED_FORMATS = frozenset({"duet", "stitch"})
OLDEST_POST_YEARS = 20
ENCODING_TRIES = 3
REASON_CHARACTERS = 200
LAST_MS = 253_402_300_799_999
"""The end of the year 9999: a lock that lasts longer has no end and no date."""
_YEAR_MS = 366 * limits.DAY_MS
_MD5 = re.compile(r"[0-9a-f]{32}")
_TAG_CATEGORIES = frozenset("LMN")


@dataclass(frozen=True, slots=True)
class PostDraft:
    """A post as it is asked for; texts as they were typed.

    ``partnership`` is its author's word that it has a commercial purpose. ``published_at_ms`` is world time and taken
    in a sandbox alone; ``media_url`` with ``media_md5`` stands for a file that stays on the host's own server.
    """

    caption: str = ""
    format: str = "video"
    of_post_id: int | None = None
    visibility: str = "public"
    ads_only: bool = False
    partnership: bool = False
    sound: str = ""
    tags: Sequence[str] = ()
    category: str = ""
    allow_comments: bool = True
    allow_duet: bool = True
    allow_stitch: bool = True
    published_at_ms: int | None = None
    media_url: str | None = None
    media_md5: str | None = None


def clean_caption(value: str) -> str:
    """Return a caption, which may have lines and may be empty. Raises: the refusals of texts."""
    return clean_text(value, field="caption", limit=limits.CAPTION_CHARACTERS, lines=True, empty=True)


def clean_sound(value: str) -> str:
    """Return the name of a sound, or an empty text. Raises: the refusals of texts."""
    return clean_text(value, field="sound", limit=limits.NAME_CHARACTERS, empty=True)


def clean_tags(values: Sequence[str]) -> list[str]:
    """Return tags without their ``#``, each once whatever its case, in the order given.

    A tag holds letters, marks, digits and underscores of any script. Raises: ``too_many_tags``, ``text_form`` and the
    refusals of texts, each with its place.
    """
    if len(values) > limits.TAGS:
        raise Refusal(TOO_MANY_TAGS, field="tags", got=len(values), limit=limits.TAGS)
    kept: dict[str, str] = {}
    for place, value in enumerate(values):
        field = f"tags[{place}]"
        tag = clean_text(value, field=field, limit=limits.TAG_CHARACTERS + 1)
        tag = clean_text(tag.removeprefix("#"), field=field, limit=limits.TAG_CHARACTERS)
        if not all(sign == "_" or unicodedata.category(sign)[0] in _TAG_CATEGORIES for sign in tag):
            raise Refusal(TEXT_FORM, field=field, rule=N_("letters, digits and underscores, without spaces"))
        kept.setdefault(tag.casefold(), tag)
    return list(kept.values())


def check_format(value: str, of_post_id: int | None) -> str:
    """Return a known format that goes with naming, or not naming, another post.

    Raises: ``format_unknown``, ``of_post_required``, ``of_post_not_expected``.
    """
    if value not in FORMATS:
        raise Refusal(FORMAT_UNKNOWN, field="format", choices=", ".join(FORMATS))
    if value in DERIVED_FORMATS and of_post_id is None:
        raise Refusal(OF_POST_REQUIRED, field="of_post_id")
    if value not in DERIVED_FORMATS and of_post_id is not None:
        raise Refusal(OF_POST_NOT_EXPECTED, field="of_post_id")
    return value


def check_visibility(value: str) -> str:
    """Return a known visibility. Raises: ``visibility_unknown``."""
    if value not in VISIBILITIES:
        raise Refusal(VISIBILITY_UNKNOWN, field="visibility", choices=", ".join(VISIBILITIES))
    return value


def check_category(value: str) -> str:
    """Return a known category's short name, or an empty text. Raises: ``category_unknown``."""
    if value and categories.find(value) is None:
        raise Refusal(CATEGORY_UNKNOWN, field="category")
    return value


def check_published_at(value: int | None, now_ms: int, *, may_date: bool) -> int:
    """Return when a post counts as published, epoch milliseconds of world time.

    Raises: ``published_at_not_allowed``, ``published_at_out_of_span``.
    """
    if value is None:
        return now_ms
    if not may_date:
        raise Refusal(PUBLISHED_AT_NOT_ALLOWED, field="published_at")
    if not now_ms - OLDEST_POST_YEARS * _YEAR_MS <= value <= now_ms:
        raise Refusal(PUBLISHED_AT_OUT_OF_SPAN, field="published_at", years=OLDEST_POST_YEARS)
    return value


def check_md5(value: str | None, *, field: str) -> str:
    """Return an MD5 in lower case. Raises: ``field_required``, ``md5_form``."""
    if not value:
        raise Refusal(FIELD_REQUIRED, field=field)
    text = value.strip().lower()
    if not _MD5.fullmatch(text):
        raise Refusal(MD5_FORM, field=field)
    return text


def check_upload_size(size_bytes: int) -> int:
    """Return a size that an upload may have. Raises: ``upload_size``."""
    if not 1 <= size_bytes <= limits.VIDEO_BYTES:
        raise Refusal(UPLOAD_SIZE, field="size_bytes", limit=limits.VIDEO_BYTES)
    return size_bytes


def is_caption_locked(locked_until_ms: int, now_ms: int) -> bool:
    """Tell whether an authorization still holds the words of a post."""
    return locked_until_ms > now_ms


def is_shown_to_all(visibility: str, *, ads_only: bool) -> bool:
    """Tell whether a post may run as an ad as far as its visibility goes."""
    return ads_only or visibility == "public"
