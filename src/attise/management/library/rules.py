"""Rules of the library: pure."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath

from attise.kernel.clock import to_datetime
from attise.kernel.errors import Refusal
from attise.kernel.limits import NAME_CHARACTERS
from attise.kernel.text import clean_text
from attise.management.library.errors import SIGNATURE_FORM

RATIO_MARGIN = 50
"""Thousandths: 1.7 finds what is between 1.65 and 1.75."""
LARGEST_RATIO = 1_000_000_000
"""Thousandths; nothing is a million times as wide as it is high."""
SQUARE_MARGIN = 100
"""A side may be longer than the other by one part in this many."""
NAMES_TRIED = 50
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


def is_square(width: int, height: int) -> bool:
    """Tell whether a picture is as wide as it is high, to one part in a hundred."""
    return abs(width - height) * SQUARE_MARGIN <= max(width, height)


def _letters(random: bytes) -> str:
    if len(random) != _ID_BYTES:
        raise ValueError(f"an id has {_ID_BYTES} random bytes")
    return base64.b32encode(random).decode().rstrip("=").lower()


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y%m%d%H%M%S}{moment.microsecond // 1000:03d}"
