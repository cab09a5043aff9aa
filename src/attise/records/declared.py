"""What a declared fact may be: countries, languages, currencies, zones, ages. One rule each, whoever declares it.

Place: beside the look-up tables; rooms call these before they store a fact. Owns no row. Each ``clean_`` returns the
value in its one spelling or refuses it, naming the field.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from functools import cache
from importlib import resources

from attise.kernel.errors import N_, Reason, Refusal
from attise.records.lookups import categories, currencies, languages, regions

YOUNGEST_YEARS = 13
"""Nobody younger has an account here."""
ADULT_YEARS = 18
OLDEST_YEARS = 120

COUNTRY_UNKNOWN = Reason(
    "country_unknown",
    N_("This country is not known."),
    N_("Give a two-letter ISO 3166-1 code in capitals, such as FR."),
)
REGION_UNKNOWN = Reason(
    "region_unknown",
    N_("This region is not known."),
    N_("Give an ISO 3166-2 code in capitals, such as FR-IDF, of a region that the look-up table lists."),
)
REGION_ELSEWHERE = Reason(
    "region_elsewhere",
    N_("This region is not in the country given."),
    N_("Correct the region or the country, or leave the country out."),
)
LANGUAGE_UNKNOWN = Reason(
    "language_unknown",
    N_("This language is not known."),
    N_("Give a two-letter ISO 639-1 code in small letters, such as fr."),
)
CURRENCY_UNKNOWN = Reason(
    "currency_unknown",
    N_("This currency is not taken."),
    N_("Give a three-letter ISO 4217 code in capitals, such as EUR, of a currency that the look-up table lists."),
)
TIMEZONE_UNKNOWN = Reason(
    "timezone_unknown",
    N_("This time zone is not known."),
    N_("Give a name of the IANA time zone database, such as Europe/Paris."),
)
CATEGORY_UNKNOWN = Reason(
    "category_unknown",
    N_("This category is not known."),
    N_("Give the slug of a category that the look-up table lists, such as sport."),
)
BIRTH_DATE_FORM = Reason(
    "birth_date_form",
    N_("This is not a date of the calendar."),
    N_("Give a date as YYYY-MM-DD."),
)
BIRTH_DATE_IMPLAUSIBLE = Reason(
    "birth_date_implausible",
    N_("This birth date makes an age above %(oldest)s years, or lies in the future."),
    N_("Check the year."),
)
TOO_YOUNG = Reason(
    "too_young",
    N_("One must be at least %(youngest)s years old."),
    N_("Come back at that age; nothing was kept."),
)

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def clean_country(value: str, *, field: str = "country", empty: bool = False) -> str:
    """Return an ISO 3166-1 alpha-2 code. Raises: ``country_unknown``."""
    if empty and value == "":
        return ""
    row = regions.by_iso(value)
    if row is None or row.level != "country" or row.iso != value:
        raise Refusal(COUNTRY_UNKNOWN, field=field)
    return row.iso


def clean_countries(values: Iterable[str], *, field: str) -> tuple[str, ...]:
    """Return country codes without repetition, in the order given. Raises: ``country_unknown``."""
    return tuple(dict.fromkeys(clean_country(value, field=field) for value in values))


def clean_region(value: str, *, country: str = "", field: str = "region") -> str:
    """Return the ISO code of a region, which must lie in ``country`` if one is given.

    A place with a country code of its own (Guadeloupe) is a region too; its code is then that of the country.
    Raises: ``region_unknown``, ``region_elsewhere``.
    """
    row = regions.by_iso(value)
    if row is None or row.parent_id is None:
        raise Refusal(REGION_UNKNOWN, field=field)
    above = {above.iso for above in regions.chain(row.id)}
    if country and country not in above:
        raise Refusal(REGION_ELSEWHERE, field=field)
    return row.iso


def country_of_region(code: str) -> str:
    """Return the country that a clean region lies in."""
    row = regions.by_iso(code)
    if row is None:
        raise AssertionError("the region was to be cleaned before")
    return row.country


def clean_language(value: str, *, field: str = "language", empty: bool = False) -> str:
    """Return an ISO 639-1 code. Raises: ``language_unknown``."""
    if empty and value == "":
        return ""
    row = languages.find(value)
    if row is None:
        raise Refusal(LANGUAGE_UNKNOWN, field=field)
    return row.code


def clean_currency(value: str, *, field: str = "currency") -> str:
    """Return an ISO 4217 code of the table. Raises: ``currency_unknown``."""
    row = currencies.find(value)
    if row is None:
        raise Refusal(CURRENCY_UNKNOWN, field=field)
    return row.code


def clean_category(value: str, *, field: str = "category") -> str:
    """Return the slug of a category. Raises: ``category_unknown``."""
    row = categories.find(value)
    if row is None:
        raise Refusal(CATEGORY_UNKNOWN, field=field)
    return row.slug


def clean_categories(values: Iterable[str], *, field: str = "categories") -> tuple[str, ...]:
    """Return slugs without repetition, in the order given. Raises: ``category_unknown``."""
    return tuple(dict.fromkeys(clean_category(value, field=field) for value in values))


@cache
def timezones() -> frozenset[str]:
    """Return the names of the IANA database that rides with the house, whatever the machine has."""
    lines = (resources.files("tzdata") / "zones").read_text(encoding="utf-8").split()
    return frozenset(lines) - {"Factory"}


def clean_timezone(value: str, *, field: str = "timezone") -> str:
    """Return the name of an IANA zone, spelled as the database spells it. Raises: ``timezone_unknown``."""
    if value not in timezones():
        raise Refusal(TIMEZONE_UNKNOWN, field=field)
    return value


def age_years(born: dt.date, today: dt.date) -> int:
    """Return the age in whole years; someone born on 29 February has their birthday on 1 March in other years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def clean_birth_date(value: dt.date | str, *, today: dt.date, field: str = "birth_date") -> dt.date:
    """Return the date somebody was born, aged 13 to 120 on ``today``.

    A text must be ``YYYY-MM-DD``. Raises: ``birth_date_form``, ``birth_date_implausible``, ``too_young``.
    """
    born = _date(value, field)
    if born > today or age_years(born, today) > OLDEST_YEARS:
        raise Refusal(BIRTH_DATE_IMPLAUSIBLE, field=field, oldest=OLDEST_YEARS)
    if age_years(born, today) < YOUNGEST_YEARS:
        raise Refusal(TOO_YOUNG, field=field, youngest=YOUNGEST_YEARS)
    return born


def _date(value: dt.date | str, field: str) -> dt.date:
    """Return the day of a date, or of the one text that spells it."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if _DATE.fullmatch(value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass
    raise Refusal(BIRTH_DATE_FORM, field=field)


def birth_date_of_age(age: int, *, today: dt.date, field: str = "age") -> dt.date:
    """Return the latest birth date that makes ``age`` on ``today``: of the ages it may mean, the youngest.

    Why: of somebody who says "17" only the year is known; taking the youngest never makes an adult of a minor.
    Raises: ``birth_date_implausible``, ``too_young``.
    """
    if not 0 <= age <= OLDEST_YEARS:
        raise Refusal(BIRTH_DATE_IMPLAUSIBLE, field=field, oldest=OLDEST_YEARS)
    year = today.year - age
    try:
        born = today.replace(year=year)
    except ValueError:  # 29 February in a year that has none
        born = dt.date(year, 2, 28)
    return clean_birth_date(born, today=today, field=field)
