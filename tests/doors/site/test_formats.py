"""Numbers, money and dates for people: every cell of the table, and what must hold for any value."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.doors.site import formats
from attise.doors.site.formats import ENGLISH, FRENCH, HARD, MINUS, NARROW, NO_DATA
from attise.records.lookups import currencies

N, H = NARROW, HARD
PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 20, 14, 5, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("written", "french", "english"),
    [
        # integers
        (lambda to: formats.integer(1_842_310, to), f"1{N}842{N}310", "1,842,310"),
        (lambda to: formats.integer(999, to), "999", "999"),
        (lambda to: formats.integer(-12_345, to), f"{MINUS}12{N}345", f"{MINUS}12,345"),
        (lambda to: formats.integer(0, to), "0", "0"),
        (lambda to: formats.integer(None, to), NO_DATA, NO_DATA),
        (lambda to: formats.signed(1204, to), f"+1{N}204", "+1,204"),
        (lambda to: formats.signed(-3, to), f"{MINUS}3", f"{MINUS}3"),
        (lambda to: formats.signed(0, to), "0", "0"),
        # decimals and percents
        (lambda to: formats.decimal(87, 100, to), "0,87", "0.87"),
        (lambda to: formats.percent(412, 1000, to), f"41,2{H}%", "41.2%"),
        (lambda to: formats.percent(192, 10_000, to, places=2), f"1,92{H}%", "1.92%"),
        (lambda to: formats.percent(5, 0, to), NO_DATA, NO_DATA),
        (lambda to: formats.percent(None, 10, to), NO_DATA, NO_DATA),
        (lambda to: formats.percent(0, 10, to), f"0,0{H}%", "0.0%"),
        # minus and deltas
        (lambda to: formats.change_percent(48, 100, to), f"{MINUS}52{H}%", f"{MINUS}52%"),
        (lambda to: formats.change_percent(131, 100, to), f"+31{H}%", "+31%"),
        (lambda to: formats.change_percent(100, 100, to), f"0{H}%", "0%"),
        (lambda to: formats.change_percent(100_001, 100_000, to), f"0{H}%", "0%"),
        (lambda to: formats.change_percent(5, 0, to), NO_DATA, NO_DATA),
        (lambda to: formats.change_points((412, 1000), (381, 1000), to), f"+3,1{H}pt", f"+3.1{H}pts"),
        (lambda to: formats.change_points((1, 10), (3, 10), to), f"{MINUS}20,0{H}pt", f"{MINUS}20.0{H}pts"),
        (lambda to: formats.change_points((1, 10), (3, 0), to), NO_DATA, NO_DATA),
        # money
        (lambda to: formats.money(11_032_840_000, "EUR", to), f"11{N}032,84{H}€", "€11,032.84"),
        (lambda to: formats.money(870_000, "EUR", to), f"0,87{H}€", "€0.87"),
        (lambda to: formats.money(-52_000_000, "EUR", to), f"{MINUS}52,00{H}€", f"{MINUS}€52.00"),
        (lambda to: formats.money(0, "EUR", to), f"0,00{H}€", "€0.00"),
        (lambda to: formats.money(None, "EUR", to), NO_DATA, NO_DATA),
        (lambda to: formats.money(350_000_000, "EUR", to, short=True), f"350{H}€", "€350"),
        (lambda to: formats.money(350_500_000, "EUR", to, short=True), f"350,50{H}€", "€350.50"),
        (lambda to: formats.money_per_day(50_000_000, "EUR", to), f"50{H}€/jour", "€50/day"),
        (lambda to: formats.money_per_day(49_990_000, "EUR", to), f"49,99{H}€/jour", "€49.99/day"),
        (lambda to: formats.money(1_500_000_000, "JPY", to), f"1{N}500{H}JP¥", "JP¥1,500"),
        (lambda to: formats.money(1_234_000, "KWD", to), f"1,234{H}KWD", f"KWD{H}1.234"),
        (lambda to: formats.money(20_000_000, "USD", to), f"20,00{H}US$", "US$20.00"),
        # compact
        (lambda to: formats.compact(6_904, to), f"6{N}904", "6,904"),
        (lambda to: formats.compact(48_213, to), f"48,2{H}k", "48.2K"),
        (lambda to: formats.compact(1_316_000, to), f"1,3{H}M", "1.3M"),
        (lambda to: formats.compact(482_130, to), f"482{H}k", "482K"),
        (lambda to: formats.compact(999_950, to), f"1{H}M", "1M"),
        (lambda to: formats.compact(99_960, to), f"100{H}k", "100K"),
        (lambda to: formats.compact(2_400_000_000, to), f"2,4{H}Md", "2.4B"),
        (lambda to: formats.compact(None, to), NO_DATA, NO_DATA),
        # dates
        (lambda to: formats.day(date(2026, 11, 20), to), "20 nov. 2026", "20 Nov 2026"),
        (lambda to: formats.day(date(2026, 5, 1), to), "1er mai 2026", "1 May 2026"),
        (lambda to: formats.day(None, to), NO_DATA, NO_DATA),
        (lambda _: formats.day_form(date(2026, 11, 20)), "20/11/2026", "20/11/2026"),
        (lambda to: _range(to, (2026, 10, 24), (2026, 11, 20)), "24 oct. – 20 nov. 2026", "24 Oct – 20 Nov 2026"),
        (lambda to: _range(to, (2026, 11, 3), (2026, 11, 20)), "3 – 20 nov. 2026", "3 – 20 Nov 2026"),
        (
            lambda to: _range(to, (2025, 12, 24), (2026, 1, 3)),
            "24 déc. 2025 – 3 janv. 2026",
            "24 Dec 2025 – 3 Jan 2026",
        ),
        (lambda to: _range(to, (2026, 1, 3), (2026, 1, 3)), "3 janv. 2026", "3 Jan 2026"),
        # times
        (lambda to: formats.clock(NOW, to), f"14{H}h{H}05", "14:05"),
        (lambda to: formats.clock(NOW.replace(hour=9, minute=0), to), f"9{H}h{H}00", "09:00"),
        (lambda to: formats.day_and_clock(NOW, to), f"20 nov. 2026 à 14{H}h{H}05", "20 Nov 2026 at 14:05"),
        # relative
        (lambda to: _ago(to, hours=2), f"il y a 2{H}h", f"2{H}h ago"),
        (lambda to: _ago(to, seconds=20), "à l’instant", "just now"),
        (lambda to: _ago(to, minutes=5), f"il y a 5{H}min", f"5{H}min ago"),
        (lambda to: _ago(to, hours=20), "hier", "yesterday"),
        (lambda to: _ago(to, days=1), "hier", "yesterday"),
        (lambda to: _ago(to, days=3), f"il y a 3{H}j", "3 days ago"),
        (lambda to: _ago(to, days=7), "13 nov. 2026", "13 Nov 2026"),
        (lambda to: _ago(to, days=-1), "demain", "tomorrow"),
        (lambda to: _ago(to, days=-3), f"dans 3{H}j", "in 3 days"),
        (lambda to: _ago(to, minutes=-9), f"dans 9{H}min", f"in 9{H}min"),
        (lambda to: _ago(to, days=-30), "20 déc. 2026", "20 Dec 2026"),
        # durations
        (lambda to: formats.days_left(41, to), f"41{H}j restants", "41 days left"),
        (lambda to: formats.days_left(1, to), f"1{H}j restant", "1 day left"),
        (lambda to: formats.days_left(0, to), "dernier jour", "last day"),
        (lambda to: formats.duration(12_400, to), f"12,4{H}s", f"12.4{H}s"),
        (lambda to: formats.duration(59_960, to), f"1{H}min{H}00{H}s", f"1{H}min{H}00{H}s"),
        (lambda to: formats.duration(65_000, to), f"1{H}min{H}05{H}s", f"1{H}min{H}05{H}s"),
        (lambda to: formats.duration(7_380_000, to), f"2{H}h{H}03{H}min", f"2{H}h{H}03{H}min"),
        (lambda to: formats.duration(None, to), NO_DATA, NO_DATA),
        # no data
        (formats.no_data_words, "sans donnée", "no data"),
    ],
)
def test_the_table(written, french, english):
    assert written(FRENCH) == french
    assert written(ENGLISH) == english


def _range(to: str, first: tuple[int, int, int], last: tuple[int, int, int]) -> str:
    return formats.day_range(date(*first), date(*last), to)


def _ago(to: str, **span: float) -> str:
    return formats.relative(NOW - timedelta(**span), NOW, to)


def test_yesterday_is_the_day_before_on_the_reader_s_calendar():
    late = datetime(2026, 11, 19, 23, 50, tzinfo=PARIS)
    early = datetime(2026, 11, 20, 0, 10, tzinfo=PARIS)
    assert formats.relative(late, early, ENGLISH) == f"20{HARD}min ago"
    assert formats.relative(late, NOW, ENGLISH) == "yesterday"


def test_half_a_unit_goes_to_the_even_neighbour():
    assert formats.money(5_000, "EUR", ENGLISH) == "€0.00"
    assert formats.money(15_000, "EUR", ENGLISH) == "€0.02"
    assert formats.money(-5_000, "EUR", ENGLISH) == "€0.00"
    assert formats.decimal(1, 8, ENGLISH) == "0.12"
    assert formats.decimal(3, 8, ENGLISH) == "0.38"


@given(
    st.integers(min_value=-(10**16), max_value=10**16),
    st.sampled_from([row.code for row in currencies.all()]),
    st.sampled_from(formats.LANGUAGES),
)
def test_money_is_the_exact_amount_rounded_half_even(micros, currency, language):
    row = currencies.get(currency)
    text = formats.money(micros, currency, language)
    assert text.count(row.symbol) == 1
    quantum = Decimal(1).scaleb(-row.exponent)
    expected = (Decimal(micros) / 10**6).quantize(quantum, rounding=ROUND_HALF_EVEN)
    assert _number(text.replace(row.symbol, ""), language) == expected


@given(
    st.integers(min_value=-(10**12), max_value=10**12),
    st.integers(min_value=1, max_value=10**12),
    st.integers(min_value=0, max_value=4),
    st.sampled_from(formats.LANGUAGES),
)
def test_a_ratio_is_rounded_once_from_whole_numbers(part, whole, places, language):
    from fractions import Fraction

    shown = _number(formats.percent(part, whole, language, places=places).replace("%", ""), language)
    exact = Fraction(100 * part, whole)
    assert abs(Fraction(shown) - exact) <= Fraction(1, 2 * 10**places)


@given(st.integers(min_value=-(10**15), max_value=10**15), st.sampled_from(formats.LANGUAGES))
def test_a_number_keeps_its_digits_and_groups_them_by_three(value, language):
    text = formats.integer(value, language)
    assert _number(text, language) == value
    mark = NARROW if language == FRENCH else ","
    assert all(len(group) == 3 for group in text.split(mark)[1:])


@given(st.integers(min_value=0, max_value=10**13))
def test_a_compact_number_never_grows_shorter_than_the_truth_by_more_than_a_twentieth(value):
    text = formats.compact(value, ENGLISH)
    scale = {"K": 10**3, "M": 10**6, "B": 10**9}.get(text[-1], 1)
    shown = Decimal(text.rstrip("KMB").replace(",", "")) * scale
    assert abs(shown - value) <= Decimal(value) / 20


@given(
    st.one_of(
        st.builds(formats.integer, st.integers(), st.sampled_from(formats.LANGUAGES)),
        st.builds(formats.compact, st.integers(), st.sampled_from(formats.LANGUAGES)),
        st.builds(formats.change_percent, st.integers(), st.integers(), st.sampled_from(formats.LANGUAGES)),
    )
)
def test_no_text_bears_a_hyphen_for_a_minus_nor_breaks_between_number_and_unit(text):
    assert "-" not in text
    assert " " not in text


@given(st.integers(946_684_800, 4_102_444_800), st.integers(0, 400 * 86_400))
def test_days_until_an_end_are_whole_and_never_negative(at_s, seconds):
    now = datetime.fromtimestamp(at_s, tz=UTC)
    days = formats.days_until(now + timedelta(seconds=seconds), now)
    assert days == seconds // 86_400
    assert formats.days_until(now, now + timedelta(seconds=seconds)) == 0


@pytest.mark.parametrize(
    ("code", "language"),
    [("fr", "fr"), ("fr-CA", "fr"), ("FR", "fr"), ("en-GB", "en"), ("de", "en"), (None, "en"), ("", "en")],
)
def test_any_code_leads_to_one_of_the_two_languages(code, language):
    assert formats.language_of(code) == language


def _number(text: str, language: str) -> Decimal:
    """Read a number back as a reader would."""
    text = text.replace(HARD, "").replace(MINUS, "-")
    text = text.replace(NARROW, "").replace(",", ".") if language == FRENCH else text.replace(",", "")
    return Decimal(text)
