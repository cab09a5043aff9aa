"""How numbers, money and dates are written for people, in French and in English.

Place: every page, notice and export for people goes through here; wire formats do not. Pure: no Django, no clock, no
locale of the process. The language, the present moment and the time zone are arguments.
Owns: the signs (narrow no-break space, minus, dash) and the short words of units.

Values are exact: whole numbers, ratios of two whole numbers, money in micros. Each is rounded half to even, once, for
display. An absent value (None), or a ratio over zero, is written ``NO_DATA``.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from attise.kernel.money import MICROS
from attise.kernel.tongue import MONTHS
from attise.records.lookups import currencies

FRENCH: Final = "fr"
ENGLISH: Final = "en"
LANGUAGES: Final = (FRENCH, ENGLISH)

NO_DATA: Final = "–"
MINUS: Final = "\u2212"
NARROW: Final = "\u202f"
"""Narrow no-break space: between groups of French digits, and before ``; ! ?`` in French."""
HARD: Final = "\u00a0"
"""No-break space: before a unit, ``%`` and a currency in French."""
RANGE: Final = " – "

COMPACT_FROM: Final = 10_000
"""Below this a compact number is written whole."""
RELATIVE_DAYS: Final = 7
"""From this many days on, a moment is written as a date."""

_NO_DATA_WORDS: Final = {FRENCH: "sans donnée", ENGLISH: "no data"}
_SCALES: Final = {
    FRENCH: ((10**3, HARD + "k"), (10**6, HARD + "M"), (10**9, HARD + "Md")),
    ENGLISH: ((10**3, "K"), (10**6, "M"), (10**9, "B")),
}
_PER_DAY: Final = {FRENCH: "/jour", ENGLISH: "/day"}
_THOUSAND: Final = 1_000
_MINUTE_S: Final = 60
_HOUR_S: Final = 3_600


def language_of(code: str | None) -> str:
    """Return the language of these pages that a code such as ``fr-CA`` asks for; English when there is none."""
    return FRENCH if (code or "").lower().split("-")[0] == FRENCH else ENGLISH


def no_data_words(language: str) -> str:
    """Return what a screen reader says in place of ``NO_DATA``."""
    return _NO_DATA_WORDS[language]


# ---- numbers


def integer(value: int | None, language: str) -> str:
    """Return a whole number with its groups: ``1 842 310``, ``1,842,310``."""
    return NO_DATA if value is None else _decimal(value, 1, 0, language)


def signed(value: int | None, language: str) -> str:
    """Return a whole number that always bears its sign, except zero: ``+1 204``, ``−12``, ``0``."""
    return NO_DATA if value is None else _with_plus(integer(value, language), value)


def decimal(numerator: int | None, denominator: int, language: str, *, places: int = 2) -> str:
    """Return ``numerator / denominator`` with ``places`` decimals: ``0,87``, ``0.87``."""
    if numerator is None or denominator == 0:
        return NO_DATA
    return _decimal(numerator, denominator, places, language)


def percent(part: int | None, whole: int | None, language: str, *, places: int = 1) -> str:
    """Return the ratio ``part / whole`` as a percentage: ``41,2 %``, ``41.2%``."""
    if part is None or not whole:
        return NO_DATA
    return _decimal(100 * part, whole, places, language) + _percent_sign(language)


def change_percent(now: int | None, before: int | None, language: str, *, places: int = 0) -> str:
    """Return how far ``now`` is from ``before``, in percent of ``before``, signed: ``−52 %``, ``+31%``."""
    if now is None or not before:
        return NO_DATA
    difference = (now - before) * (1 if before > 0 else -1)
    text = _decimal(100 * difference, abs(before), places, language)
    return _with_plus(text, difference) + _percent_sign(language)


def change_points(now: tuple[int, int], before: tuple[int, int], language: str, *, places: int = 1) -> str:
    """Return the difference of two ratios (part, whole) in percentage points: ``+3,1 pt``, ``+3.1 pts``."""
    if not now[1] or not before[1]:
        return NO_DATA
    numerator = 100 * (now[0] * before[1] - before[0] * now[1])
    denominator = now[1] * before[1]
    difference = numerator if denominator > 0 else -numerator
    text = _with_plus(_decimal(difference, abs(denominator), places, language), difference)
    return text + (HARD + "pt" if language == FRENCH else HARD + "pts")


def compact(value: int | None, language: str) -> str:
    """Return a number for a narrow place: whole below 10 000, then ``48,2 k``, ``1,3 M``, ``48.2K``, ``1.3M``."""
    if value is None:
        return NO_DATA
    size = abs(value)
    if size < COMPACT_FROM:
        return integer(value, language)
    unit, sign, places = 1, "", 0
    for unit, sign in _SCALES[language]:  # noqa: B007 - the last one stays, however large the number
        places = 1 if _rounded(size, unit, 1) < _THOUSAND else 0
        if _rounded(size, unit, places) < _THOUSAND:  # 999 950 is said in the next unit
            break
    return _decimal(value, unit, places, language).removesuffix(",0").removesuffix(".0") + sign


# ---- money


def money(micros: int | None, currency: str, language: str, *, short: bool = False) -> str:
    """Return an amount with its currency: ``11 032,84 €``, ``€11,032.84``.

    ``micros`` are millionths of the currency's unit. ``short`` leaves out decimals that are all zero, as budgets are
    said. Raises: KeyError for an unknown currency.
    """
    if micros is None:
        return NO_DATA
    row = currencies.get(currency)
    places = row.exponent
    if short and _rounded(micros, MICROS, places) % 10**places == 0:
        places = 0
    return _priced(_decimal(micros, MICROS, places, language), row.symbol, language)


def money_per_day(micros: int | None, currency: str, language: str) -> str:
    """Return a daily budget, without decimals when they are zero: ``50 €/jour``, ``€50/day``."""
    return NO_DATA if micros is None else money(micros, currency, language, short=True) + _PER_DAY[language]


# ---- days and times


def day(value: date | None, language: str) -> str:
    """Return a date in words: ``20 nov. 2026``, ``20 Nov 2026``."""
    return NO_DATA if value is None else f"{_day_of_month(value, language)} {_month(value, language)} {value.year}"


def day_short(value: date | None, language: str) -> str:
    """Return a date within a year that is known: ``20 nov.``, ``20 Nov``."""
    return NO_DATA if value is None else f"{_day_of_month(value, language)} {_month(value, language)}"


def day_form(value: date | None) -> str:
    """Return a date as forms take and show it, in both languages: ``20/11/2026``."""
    return NO_DATA if value is None else f"{value.day:02d}/{value.month:02d}/{value.year}"


def day_range(first: date | None, last: date | None, language: str) -> str:
    """Return two dates and what lies between, saying shared parts once: ``24 oct. – 20 nov. 2026``."""
    if first is None or last is None:
        return NO_DATA
    if first == last:
        return day(first, language)
    if first.year != last.year:
        return day(first, language) + RANGE + day(last, language)
    start = _day_of_month(first, language)
    if first.month != last.month:
        start += " " + _month(first, language)
    return start + RANGE + day(last, language)


def clock(value: datetime | None, language: str) -> str:
    """Return a time of day: ``14 h 05``, ``14:05``. The value is already in the reader's time zone."""
    if value is None:
        return NO_DATA
    if language == FRENCH:
        return f"{value.hour}{HARD}h{HARD}{value.minute:02d}"
    return f"{value.hour:02d}:{value.minute:02d}"


def day_and_clock(value: datetime | None, language: str) -> str:
    """Return a moment: ``20 nov. 2026 à 14 h 05``, ``20 Nov 2026 at 14:05``."""
    if value is None:
        return NO_DATA
    return day(value, language) + (" à " if language == FRENCH else " at ") + clock(value, language)


def relative(value: datetime | None, now: datetime, language: str) -> str:
    """Return how long ago a moment was, or how far ahead, under 7 days; else its date.

    Both moments are aware and in the reader's time zone: *yesterday* is the calendar day before ``now``'s.
    """
    if value is None:
        return NO_DATA
    seconds = int((now - value).total_seconds())
    if abs(seconds) >= RELATIVE_DAYS * 86_400:
        return day(value, language)
    days = (now.date() - value.date()).days
    ahead = seconds < 0
    words = _near(days) if days and (abs(days) > 1 or abs(seconds) >= 12 * _HOUR_S) else None
    french, english = words or _soon(abs(seconds), ahead=ahead)
    return french if language == FRENCH else english


def days_left(count: int | None, language: str) -> str:
    """Return how many days remain: ``41 j restants``, ``41 days left``; zero is the last day."""
    if count is None:
        return NO_DATA
    if count <= 0:
        return "dernier jour" if language == FRENCH else "last day"
    number = integer(count, language)
    if language == FRENCH:
        return f"{number}{HARD}j restant{'s' if count > 1 else ''}"
    return f"{number} day{'s' if count > 1 else ''} left"


def duration(value_ms: int | None, language: str) -> str:
    """Return a length of play or watch: ``12,4 s``, ``12.4 s``, from a minute on ``1 min 05 s``, ``2 h 03 min``."""
    if value_ms is None:
        return NO_DATA
    if value_ms < _MINUTE_S * 1000:
        tenths = _rounded(value_ms, 1000, 1)
        if tenths < _MINUTE_S * 10:
            return _decimal(value_ms, 1000, 1, language) + HARD + "s"
    seconds = _rounded(value_ms, 1000, 0)
    if seconds < _HOUR_S:
        return f"{seconds // 60}{HARD}min{HARD}{seconds % 60:02d}{HARD}s"
    minutes = _rounded(seconds, 60, 0)
    return f"{minutes // 60}{HARD}h{HARD}{minutes % 60:02d}{HARD}min"


# ---- how it is done


def _rounded(numerator: int, denominator: int, places: int) -> int:
    """Return ``numerator / denominator × 10**places`` as a whole number, half to even."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    whole, rest = divmod(numerator * 10**places, denominator)
    if 2 * rest > denominator or (2 * rest == denominator and whole % 2):
        whole += 1
    return whole


def _decimal(numerator: int, denominator: int, places: int, language: str) -> str:
    """Return a ratio with grouped digits and ``places`` decimals; a rounded zero has no sign."""
    scaled = _rounded(numerator, denominator, places)
    whole, decimals = divmod(abs(scaled), 10**places)
    text = f"{whole:,d}"
    if language == FRENCH:
        text = text.replace(",", NARROW)
    if places:
        text += ("," if language == FRENCH else ".") + f"{decimals:0{places}d}"
    return MINUS + text if scaled < 0 else text


def _with_plus(text: str, value: int) -> str:
    """Put a plus before a positive number, unless it was rounded to nothing."""
    is_shown = any(sign in "123456789" for sign in text)
    return "+" + text if value > 0 and is_shown else text


def _percent_sign(language: str) -> str:
    return HARD + "%" if language == FRENCH else "%"


def _priced(amount: str, symbol: str, language: str) -> str:
    """Put the currency where the language has it; letters are kept apart from the digits."""
    if language == FRENCH:
        return amount + HARD + symbol
    sign, digits = (MINUS, amount[1:]) if amount.startswith(MINUS) else ("", amount)
    space = HARD if symbol[-1].isalpha() else ""
    return sign + symbol + space + digits


def _day_of_month(value: date, language: str) -> str:
    return "1er" if language == FRENCH and value.day == 1 else str(value.day)


def _month(value: date, language: str) -> str:
    return MONTHS[language][value.month - 1]


def _near(days: int) -> tuple[str, str]:
    """Return the words, in both languages, for a whole number of calendar days ago (ahead when negative)."""
    if days == 1:
        return "hier", "yesterday"
    if days == -1:
        return "demain", "tomorrow"
    count = abs(days)
    if days > 0:
        return f"il y a {count}{HARD}j", f"{count} days ago"
    return f"dans {count}{HARD}j", f"in {count} days"


def _soon(seconds: int, *, ahead: bool) -> tuple[str, str]:
    """Return the words, in both languages, for less than a day."""
    if seconds < _MINUTE_S:
        return ("dans un instant", "in a moment") if ahead else ("à l’instant", "just now")
    if seconds < _HOUR_S:
        count, unit = seconds // _MINUTE_S, "min"
    else:
        count, unit = seconds // _HOUR_S, "h"
    if ahead:
        return f"dans {count}{HARD}{unit}", f"in {count}{HARD}{unit}"
    return f"il y a {count}{HARD}{unit}", f"{count}{HARD}{unit} ago"


def days_until(end: datetime, now: datetime) -> int:
    """Return the whole days between two aware moments, never below zero; what is left of a day counts as zero."""
    return max((end - now) // timedelta(days=1), 0)
