"""Rules of the library: pure."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from attise.kernel.clock import to_datetime
from attise.kernel.errors import FIELD_REQUIRED, Refusal
from attise.kernel.gather import Gather
from attise.kernel.limits import NAME_CHARACTERS
from attise.kernel.text import clean_text
from attise.management.library.errors import CALL_TWICE, CALL_UNKNOWN, SIGNATURE_FORM
from attise.records.lookups import call_to_actions

RATIO_MARGIN = 50
"""Thousandths: 1.7 finds what is between 1.65 and 1.75."""
LARGEST_RATIO = 1_000_000_000
"""Thousandths; nothing is a million times as wide as it is high."""
SQUARE_MARGIN = 100
"""A side may be longer than the other by one part in this many."""
NAMES_TRIED = 50
APP_CALLS = ("INSTALL_NOW", "DOWNLOAD_NOW", "PLAY_GAME", "EXPERIENCE_NOW", "LEARN_MORE")
LEAD_CALLS = ("SIGN_UP", "GET_QUOTE", "APPLY_NOW", "BOOK_NOW", "CONTACT_US", "SUBSCRIBE", "LEARN_MORE")
PROFILE_CALLS = ("VIEW_PROFILE", "WATCH_NOW", "LEARN_MORE", "JOIN_THIS_HASHTAG")
PAGE_CALLS = ("LEARN_MORE", "SHOP_NOW", "ORDER_NOW", "VIEW_NOW", "BOOK_NOW", "GET_QUOTE", "SIGN_UP", "CONTACT_US")
"""Buttons that suit where an ad leads, the most usual first."""
_MD5 = re.compile(r"[0-9a-f]{32}")
_ID_BYTES = 12
_LONGEST_SUFFIX = 10


def clean_file_name(value: str) -> str:
    """Return the last part of a file name: it is a label here and names nothing on the disk.

    Raises: the refusals of texts.
    """
    name = clean_text(value, field="file_name", limit=4 * NAME_CHARACTERS)
    return clean_text(re.split(r"[/\\]", name)[-1], field="file_name", limit=NAME_CHARACTERS)


def names_for(name: str, now_ms: int) -> Iterator[str]:
    """Yield names to try in turn, all within the limit: the one asked, then with the date, then with a number too."""
    yield name
    suffix = PurePosixPath(name).suffix
    suffix = suffix if 1 < len(suffix) <= _LONGEST_SUFFIX else ""
    stem = name.removesuffix(suffix)
    for number in range(1, NAMES_TRIED):
        end = f"_{_stamp(to_datetime(now_ms))}{f'_{number}' if number > 1 else ''}{suffix}"
        yield stem[: NAME_CHARACTERS - len(end)] + end


def clean_signature(value: str) -> str:
    """Return a signature in lower case. Raises: ``signature_form``."""
    text = value.strip().lower()
    if not _MD5.fullmatch(text):
        raise Refusal(SIGNATURE_FORM, field="signature")
    return text


def video_id_of(random: bytes) -> str:
    """Return the id of a video as readers of the dialect know them; ``random`` is 12 random bytes."""
    return f"v10033g50000{_letters(random)}"


def image_id_of(random: bytes) -> str:
    """Return the id of an image; ``random`` is 12 random bytes."""
    return f"i10033g50000{_letters(random)}"


@dataclass(frozen=True, slots=True)
class PortfolioItem:
    """One choice of a set of buttons: what its maker calls it, and the ids of ``records.lookups.call_to_actions``."""

    content: str
    call_ids: tuple[int, ...]


def clean_portfolio(items: Sequence[PortfolioItem]) -> tuple[PortfolioItem, ...]:
    """Return a set of buttons, each there once, or refuse all that is wrong with it.

    Raises: ``field_required``, ``call_to_action_id_unknown``, ``call_to_action_twice``, the refusals of texts.
    """
    gather = Gather()
    if not items:
        gather.add(Refusal(FIELD_REQUIRED, field="contents"))
    seen: set[int] = set()
    clean = []
    for place, item in enumerate(items):
        at = f"contents[{place}]"
        content = gather.take(clean_text, item.content, field=f"{at}.content", limit=NAME_CHARACTERS, empty=True)
        if not item.call_ids:
            gather.add(Refusal(FIELD_REQUIRED, field=f"{at}.call_ids"))
        for number, call_id in enumerate(item.call_ids):
            if call_to_actions.by_id(call_id) is None:
                gather.add(Refusal(CALL_UNKNOWN, field=f"{at}.call_ids[{number}]", call=call_id))
            elif call_id in seen:
                gather.add(Refusal(CALL_TWICE, field=f"{at}.call_ids[{number}]", call=call_id))
            seen.add(call_id)
        clean.append(PortfolioItem(content, tuple(item.call_ids)))
    gather.tell()
    return tuple(clean)


def recommended_calls(promotion_type: str) -> tuple[str, ...]:
    """Return the codes of buttons that suit where an ad leads: an app, a form, an account, or else a page."""
    if promotion_type in {"APP_ANDROID", "APP_IOS"}:
        return APP_CALLS
    if promotion_type == "LEAD_GENERATION":
        return LEAD_CALLS
    return PROFILE_CALLS if promotion_type in {"EXTERNAL_OR_DISPLAY", "WEBSITE_OR_DISPLAY"} else PAGE_CALLS


def is_square(width: int, height: int) -> bool:
    """Tell whether a picture is as wide as it is high, to one part in a hundred."""
    return abs(width - height) * SQUARE_MARGIN <= max(width, height)


def _letters(random: bytes) -> str:
    if len(random) != _ID_BYTES:
        raise ValueError(f"an id has {_ID_BYTES} random bytes")
    return base64.b32encode(random).decode().rstrip("=").lower()


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y%m%d%H%M%S}{moment.microsecond // 1000:03d}"
