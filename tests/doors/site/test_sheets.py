"""Tables as files: what goes in comes out of each of them, and nothing of it is ever computed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from attise.doors.site.sheets import answers
from attise.doors.site.sheets.columns import Column, Kind, Sheet, amount, money_column, rate_column
from tests.reading_sheets import read_csv, read_parquet, read_workbook

DAY = dt.date(2026, 11, 20)
COLUMNS = [
    Column("name", "Nom"),
    Column("clicks", "Clics", Kind.COUNT),
    money_column("spend", "Dépense", "EUR"),
    rate_column("rate", "Taux"),
    Column("day", "Jour", Kind.DAY),
]
HOSTILE = ["=1+1", "+33 6", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", '=HYPERLINK("https://x")', "a;b,c\n\"d'", "-5"]


def file(rows, word: str) -> bytes:
    response = answers.answer(Sheet("essai", COLUMNS, rows), word, days=(DAY, DAY))
    return b"".join(response.streaming_content)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(HOSTILE)
MICROS = st.integers(0, 9 * 10**12)
ROWS = st.lists(
    st.tuples(
        TEXTS,
        st.integers(0, 10**12),
        st.none() | MICROS.map(lambda micros: amount(micros, "EUR")),
        st.none() | st.decimals(0, 1, places=4),
        st.none() | st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)),
    ),
    min_size=5,
    max_size=30,
)


@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(ROWS)
def test_every_file_holds_what_the_table_does(rows):
    french = read_csv(file(rows, "fr"), ";")[1:]
    types, typed = read_parquet(file(rows, "parquet"))
    booked = [row + [""] * (5 - len(row)) for row in read_workbook(file(rows, "xlsx"))[1:]]
    assert types == {
        "name": "VARCHAR",
        "clicks": "BIGINT",
        "spend": "DECIMAL(38,6)",
        "rate": "DECIMAL(38,4)",
        "day": "DATE",
    }
    assert typed == [tuple(row) for row in rows]
    for row, line, book in zip(rows, french, booked, strict=True):
        name, clicks, spend, rate, day = row
        assert line[0].removeprefix("'") == name.removeprefix("'")
        assert line[1:] == [
            str(clicks),
            "" if spend is None else f"{spend:f}".replace(".", ","),
            "" if rate is None else f"{rate:f}".replace(".", ","),
            "" if day is None else day.isoformat(),
        ]
        assert book[0] == name
        assert int(book[1]) == clicks
        for cell, value, least in ((book[2], spend, "0.000001"), (book[3], rate, "0.0001")):
            assert (None if cell == "" else Decimal(cell).quantize(Decimal(least))) == value
        assert (book[4] == "") == (day is None)


@pytest.mark.parametrize("text", HOSTILE[:-1])
def test_no_text_is_taken_for_a_formula(text):
    """A quote mark in CSV; in a workbook a text that its reader leaves alone, told as it is."""
    row = (text, 1, Decimal("1.00"), None, None)
    [line] = read_csv(file([row], "intl"))[1:]
    assert line[0] == (f"'{text}" if text[:1] != "a" else text)
    [book] = read_workbook(file([row], "xlsx"))[1:]
    assert book[0] == text


def test_a_number_below_zero_stays_a_number_and_a_name_says_its_days():
    row = ("-5", -3, Decimal("-1.25"), None, None)
    assert read_csv(file([row], "fr"), ";")[1] == ["-5", "-3", "-1,25", "", ""]
    response = answers.answer(Sheet("essai", COLUMNS, []), "intl", days=(DAY, DAY + dt.timedelta(days=27)))
    assert 'filename="attise-essai-2026-11-20_2026-12-17.csv"' in response.headers["Content-Disposition"]
