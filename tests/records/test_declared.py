"""Declared facts: one rule each, whoever declares them."""

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.kernel.errors import Refusal
from attise.records import declared
from tests.refusals import refusals_of

TODAY = dt.date(2026, 9, 21)
days = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))


@pytest.mark.parametrize("code", ["FR", "DE", "GP", "JP"])
def test_countries_are_iso_codes_in_capitals(code):
    assert declared.clean_country(code) == code


@pytest.mark.parametrize("text", ["fr", "FRA", "", " FR", "FR-IDF", "FR-971", "ZZ", "3017382", "F\0", "ＦＲ"])
def test_no_other_text_is_a_country(text):
    assert refusals_of(declared.clean_country, text) == [("country", "country_unknown")]


def test_countries_are_kept_once_each():
    assert declared.clean_countries(["FR", "BE", "FR"], field="countries") == ("FR", "BE")
    assert refusals_of(declared.clean_countries, ["FR", "fr"], field="countries") == [("countries", "country_unknown")]


def test_an_island_with_a_country_code_of_its_own_is_a_region_of_its_country():
    assert declared.clean_region("FR-971", country="FR") == "GP"
    assert declared.clean_region("GP", country="GP") == "GP"
    assert declared.country_of_region("FR-IDF") == "FR"


@pytest.mark.parametrize(
    ("clean", "right", "wrong", "code"),
    [
        (declared.clean_language, "fr", ["FR", "fra", "fr-FR", "", "xx"], "language_unknown"),
        (declared.clean_currency, "EUR", ["eur", "€", "", "XXX"], "currency_unknown"),
        (declared.clean_category, "sport", ["Sport", "", "sports!"], "category_unknown"),
        (
            declared.clean_timezone,
            "Europe/Paris",
            ["europe/paris", "Paris", "", "../../etc/passwd", "Europe", "+02:00", "Factory"],
            "timezone_unknown",
        ),
    ],
)
def test_words_of_a_table_are_taken_and_no_others(clean, right, wrong, code):
    assert clean(right) == right
    for text in wrong:
        with pytest.raises(Refusal) as told:
            clean(text)
        assert told.value.code == code


def test_every_zone_that_is_taken_can_be_computed_with():
    names = declared.timezones()
    assert len(names) > 400
    for name in sorted(names)[::20]:
        assert dt.datetime(2026, 7, 1, tzinfo=zoneinfo.ZoneInfo(name)).utcoffset() is not None


@pytest.mark.parametrize(
    ("born", "today", "age"),
    [
        (dt.date(2008, 9, 21), TODAY, 18),
        (dt.date(2008, 9, 22), TODAY, 17),
        (dt.date(2008, 2, 29), dt.date(2026, 2, 28), 17),
        (dt.date(2008, 2, 29), dt.date(2026, 3, 1), 18),
    ],
)
def test_a_birthday_counts_from_its_day(born, today, age):
    assert declared.age_years(born, today) == age


def test_thirteen_to_a_hundred_and_twenty():
    assert declared.clean_birth_date("2013-09-21", today=TODAY) == dt.date(2013, 9, 21)
    assert declared.clean_birth_date(dt.date(1905, 9, 22), today=TODAY) == dt.date(1905, 9, 22)
    refused = {
        "2013-09-22": "too_young",
        "1905-09-21": "birth_date_implausible",
        "2026-09-22": "birth_date_implausible",
    }
    for text, code in refused.items():
        assert refusals_of(declared.clean_birth_date, text, today=TODAY) == [("birth_date", code)]


@pytest.mark.parametrize(
    "text", ["21/09/2000", "2000-9-21", "20000921", "2000-W38-4", "2000-09-21T00:00:00", "", "0000-01-01"]
)
def test_a_date_has_one_spelling(text):
    assert refusals_of(declared.clean_birth_date, text, today=TODAY) == [("birth_date", "birth_date_form")]


@given(age=st.integers(13, 120), today=days)
def test_a_stated_age_becomes_the_latest_birth_date_that_makes_it(age, today):
    born = declared.birth_date_of_age(age, today=today)
    assert declared.age_years(born, today) == age
    assert declared.age_years(born + dt.timedelta(days=1), today) == age - 1


@given(age=st.integers(), today=days)
def test_any_other_number_is_refused(age, today):
    if not 13 <= age <= 120:
        assert refusals_of(declared.birth_date_of_age, age, today=today)[0][0] == "age"


CLEANERS = [
    declared.clean_country,
    declared.clean_region,
    declared.clean_language,
    declared.clean_currency,
    declared.clean_category,
    declared.clean_timezone,
    lambda value: declared.clean_birth_date(value, today=TODAY),
]


@given(text=st.text(), clean=st.sampled_from(CLEANERS))
def test_no_text_breaks_a_rule(text, clean):
    try:
        clean(text)
    except Refusal as refusal:
        told = refusal
    else:
        return
    assert told.field
    assert told.reason.next_step
