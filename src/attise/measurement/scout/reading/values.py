"""Numbers, durations and times as people and machines write them. Pure.

Counts are whole, so one separator before exactly three digits is a thousand's (``1.234`` and ``1,234`` are both 1234);
otherwise the last separator is the decimal sign (``1.234,5``, ``12,5 k``). Seconds of a video have decimals: there a
single separator always is the decimal sign.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from email.utils import parsedate_to_datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from attise.measurement.scout.bounds import COUNT_MOST
from attise.measurement.scout.reading.rows import BadRow

_SPACES: Final = re.compile(r"[\s'’_\u00a0\u202f\u2009]+")
_NUMBER: Final = re.compile(r"([+-]?)([0-9][0-9.,]*)([a-z]*)", re.IGNORECASE)
_DIGITS_MOST: Final = 60
_FACTORS: Final = {"": 1.0, "k": 1e3, "m": 1e6, "b": 1e9, "md": 1e9, "mio": 1e6, "mln": 1e6, "vues": 1.0, "views": 1.0}
_CLOCK: Final = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2}(?:[.,]\d+)?)")
_ISO_SPAN: Final = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?", re.IGNORECASE)
_SECONDS: Final = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:s|sec|secs|seconds?|secondes?)?", re.IGNORECASE)
NOTHING: Final = frozenset({"", "-", "–", "—", "n/a", "na", "null", "none", "nan", "n.d.", "nd"})

_DAY_S: Final = 86_400
_EPOCH_LEAST, _EPOCH_MOST = 946_684_800, 4_102_444_800
"""The years 2000 to 2100, in seconds: what is no moment of a post is no moment at all."""
_NUMERIC: Final = re.compile(
    r"(\d{1,4})[/.-](\d{1,2})[/.-](\d{2,4})(?:,|\s+à|\s+at|T)?(?:\s*(\d{1,2})\s*[h:](?:\s*(\d{2}))?(?::(\d{2}))?\s*([ap]\.?m\.?)?)?",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(
    r"(?:(\d{1,2})(?:er)?\s+([^\W\d_]+)\.?|([^\W\d_]+)\.?\s+(\d{1,2})),?\s+(\d{4})"
    r"(?:(?:,|\s+à|\s+at)?\s*(\d{1,2})\s*[h:](?:\s*(\d{2}))?(?::(\d{2}))?\s*([ap]\.?m\.?)?)?",
    re.IGNORECASE,
)
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "janv", "january", "janvier"),
            ("feb", "fev", "fevr", "february", "fevrier"),
            ("mar", "mars", "march"),
            ("apr", "avr", "april", "avril"),
            ("may", "mai"),
            ("jun", "juin", "june"),
            ("jul", "juil", "july", "juillet"),
            ("aug", "aout", "august"),
            ("sep", "sept", "september", "septembre"),
            ("oct", "october", "octobre"),
            ("nov", "november", "novembre"),
            ("dec", "december", "decembre"),
        ),
        1,
    )
    for name in names
}


def count_of(value: Any) -> float:
    """Return a count, NaN where none is told. Raises: BadRow (``negative``, ``too_many``, ``bad_views``)."""
    if value is None or isinstance(value, bool):
        return math.nan
    if isinstance(value, int | float):
        number = _finite(value)
    else:
        text = _SPACES.sub("", str(value)[: 4 * _DIGITS_MOST])
        if text.casefold() in NOTHING:
            return math.nan
        number = _written(text)
    if math.isnan(number):
        return number
    if number < 0:
        raise BadRow("negative", value)
    if number > COUNT_MOST:
        raise BadRow("too_many", value)
    return float(round(number))


def seconds_of(value: Any) -> float | None:
    """Return a duration in seconds; None where none can be read: no post is left out for it."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if 0 < value <= _DAY_S else None
    text = str(value).strip()[:_DIGITS_MOST]
    for form in (_clock, _iso_span, _plain_seconds):
        found = form(text)
        if found is not None:
            return found
    return None


def moment_of(value: Any, *, zone: str = "UTC", day_first: bool = True) -> int | None:
    """Return a moment in epoch ms, None where none is told.

    A moment that names no zone is of ``zone``; ``day_first`` settles ``03/04/2026``. Raises: BadRow (``bad_time``).
    """
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _epoch(value, value)
    text = " ".join(str(value)[:80].split())
    if text.casefold() in NOTHING:
        return None
    if re.fullmatch(r"\d{9,17}(\.\d+)?", text):
        return _epoch(float(text), text)
    for form in (_iso, _numeric(day_first=day_first), _named, _mail):
        found = form(text)
        if found is not None:
            placed = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))
            return _epoch(placed.timestamp(), text)
    raise BadRow("bad_time", value)


def is_day_first(values: list[str]) -> bool | None:
    """Tell from several times which number of ``03/04/2026`` is the day; None: none of them says so."""
    for text in values:
        found = _NUMERIC.match(" ".join(text.split()))
        if found and len(found[1]) <= 2:  # noqa: PLR2004 - a year has four
            if int(found[1]) > 12:  # noqa: PLR2004 - months
                return True
            if int(found[2]) > 12:  # noqa: PLR2004 - as above
                return False
    return None


def plain(text: str) -> str:
    """Return a text without accents, signs and case, by which names are compared."""
    bare = unicodedata.normalize("NFKD", text[:200])
    return "".join(sign for sign in bare.casefold() if sign.isalnum())


def _written(text: str) -> float:
    if len(text) > _DIGITS_MOST:
        raise BadRow("too_many", text)
    found = _NUMBER.fullmatch(text)
    if not found or found[3].casefold() not in _FACTORS:
        raise BadRow("bad_views", text)
    suffix = found[3].casefold()
    number = _separated(found[2], whole=suffix in {"", "vues", "views"}, text=text)
    return (-number if found[1] == "-" else number) * _FACTORS[suffix]


def _separated(digits: str, *, whole: bool, text: str) -> float:
    """Return the number of digits with separators."""
    points, commas = digits.count("."), digits.count(",")
    decimal = ""
    if points and commas:
        decimal = "." if digits.rfind(".") > digits.rfind(",") else ","
        if digits.count(decimal) > 1:
            raise BadRow("bad_views", text)
    elif points + commas == 1:
        sign = "." if points else ","
        after = digits.partition(sign)[2]
        decimal = "" if whole and len(after) == 3 else sign  # noqa: PLR2004 - thousands
    other = {"": ".,", ".": ",", ",": "."}[decimal]
    bare = digits.translate({ord(sign): None for sign in other})
    try:
        return float(bare.replace(",", ".")) if decimal else float(bare)
    except ValueError:
        raise BadRow("bad_views", text) from None


def _finite(value: float) -> float:
    try:
        number = float(value)
    except OverflowError:
        raise BadRow("too_many", "…") from None
    if math.isinf(number):
        raise BadRow("too_many", value)
    return number


def _epoch(number: float, told: Any) -> int:
    """Return epoch ms of seconds, milliseconds or microseconds, told apart by their size."""
    for unit in (1, 1_000, 1_000_000):
        if _EPOCH_LEAST * unit <= number <= _EPOCH_MOST * unit:
            return int(number * 1_000 / unit)
    raise BadRow("bad_time", told)


def _iso(text: str) -> dt.datetime | None:
    spelled = re.sub(r" ?(UTC|GMT|Z)$", "+00:00", text)
    spelled = re.sub(r"^(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?) ([+-]\d{2}:?\d{2})$", r"\1\2", spelled)
    try:
        return dt.datetime.fromisoformat(spelled)
    except ValueError:
        return None


def _numeric(*, day_first: bool) -> Any:
    def form(text: str) -> dt.datetime | None:
        found = _NUMERIC.fullmatch(text)
        if not found:
            return None
        one, two, three = int(found[1]), int(found[2]), int(found[3])
        if len(found[1]) == 4:  # noqa: PLR2004 - a year
            year, month, day = one, two, three
        else:
            year = three + 2000 if len(found[3]) == 2 else three  # noqa: PLR2004 - a short year
            day, month = (one, two) if day_first else (two, one)
        return _made(year, month, day, *found.groups()[3:])

    return form


def _named(text: str) -> dt.datetime | None:
    found = _NAMED.fullmatch(text)
    if not found:
        return None
    month = _MONTHS.get(plain(found[2] or found[3]))
    if month is None:
        return None
    return _made(int(found[5]), month, int(found[1] or found[4]), *found.groups()[5:])


def _mail(text: str) -> dt.datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None


def _made(
    year: int, month: int, day: int, hour: str | None, minute: str | None, second: str | None, half: str | None
) -> dt.datetime | None:
    hours = int(hour or 0)
    if half:
        if not 1 <= hours <= 12:  # noqa: PLR2004 - hours of half a day
            return None
        hours = hours % 12 + (12 if half[0] in "pP" else 0)
    try:
        return dt.datetime(year, month, day, hours, int(minute or 0), int(second or 0))  # noqa: DTZ001 - placed later
    except ValueError:
        return None


def _clock(text: str) -> float | None:
    found = _CLOCK.fullmatch(text)
    if not found:
        return None
    return int(found[1] or 0) * 3_600 + int(found[2]) * 60 + float(found[3].replace(",", "."))


def _iso_span(text: str) -> float | None:
    found = _ISO_SPAN.fullmatch(text)
    if not found or not any(found.groups()):
        return None
    return int(found[1] or 0) * 3_600 + int(found[2] or 0) * 60 + float(found[3] or 0)


def _plain_seconds(text: str) -> float | None:
    found = _SECONDS.fullmatch(text)
    return float(found[1].replace(",", ".")) if found else None
