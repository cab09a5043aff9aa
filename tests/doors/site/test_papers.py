"""A paper as a PDF: what it says can be read back, in both languages, and the same paper is the same file."""

from __future__ import annotations

import datetime as dt
import io

import pypdf
import pytest
from django.utils import translation

from attise.doors.consoles.papers import heads
from attise.doors.site.papers.pdf import pdf_of
from attise.doors.site.papers.words import exact_money, paper_of
from attise.management.invoices.rules import Body, Line, Party, rounded

EURO = 1_000_000


def a_body(*lines: Line, **said) -> Body:
    total = sum(line.amount_micros for line in lines)
    values = {
        "kind": "invoice",
        "number": "F-2026-000042",
        "period": "2026-12",
        "timezone": "Europe/Paris",
        "currency": "EUR",
        "issued_on": "2027-01-03",
        "issuer": Party("Zażółć Ελλάδα Москва SAS", "1 rue des Prés\n75001 Paris"),
        "mention": "Exigible à réception.",
        "advertiser": Party("Maison Aubrée", country="FR", payer="Holding Źdź"),
        "lines": lines,
        "total_micros": total,
        "rounded_micros": rounded(total, 10_000),
        **said,
    }
    return Body(**values)


def read(body: Body, language: str) -> tuple[str, int, bytes]:
    with translation.override(language):
        made = pdf_of(paper_of(body), heads(), issued_at_ms=1_790_000_000_000)
    pages = pypdf.PdfReader(io.BytesIO(made)).pages
    return "\n".join(page.extract_text() for page in pages), len(pages), made


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("fr", ("Facture F-2026-000042", "Campagne « Été »", "31 déc. 2026", "Somme exacte", "Total")),
        ("en", ("Invoice F-2026-000042", "Campaign “Été”", "31 Dec 2026", "Exact sum", "€1,234.57")),
    ],
)
def test_a_paper_says_in_its_pdf_what_was_issued(language, wanted):
    text, pages, _ = read(a_body(Line("campaign", "Été", "12", 18_423, 1_234_567_890)), language)
    assert pages == 1
    for words in (*wanted, "Zażółć Ελλάδα Москва SAS", "Holding Źdź", "Exigible à réception."):
        assert words.replace("\u00a0", " ") in text.replace("\u00a0", " ").replace("\u202f", " "), words


def test_two_hundred_lines_are_all_there_on_pages_that_number_themselves():
    lines = [Line("campaign", f"Campagne {number:03}", str(number), 1, EURO) for number in range(200)]
    text, pages, _ = read(a_body(*lines), "fr")
    assert pages > 5
    assert f"{pages} / {pages}" in text
    assert all(f"Campagne {number:03}" in text for number in range(200))


class _Moments(type):
    """Knows every moment as one of its own."""

    def __instancecheck__(cls, one):
        return isinstance(one, dt.datetime)


class _Later(dt.datetime, metaclass=_Moments):
    """The hour of another day, for whoever asks the machine."""

    @classmethod
    def now(cls, tz=None):
        return dt.datetime(2031, 5, 6, 7, 8, 9, tzinfo=tz)


def test_the_same_paper_is_the_same_file_byte_for_byte(monkeypatch):
    body = a_body(Line("other", "", "", 1, 5))
    first = read(body, "fr")[2]
    for module in ("fpdf.fpdf", "fpdf.output"):
        monkeypatch.setattr(f"{module}.datetime", _Later)
    assert read(body, "fr")[2] == first


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "\u202e=cmd", "x" * 512, "漢字", "(\\) Tj ET", "\U0001f600"], ids=ascii
)
def test_any_name_makes_a_paper(hostile):
    _, pages, made = read(a_body(Line("campaign", hostile, "1", 1, EURO), advertiser=Party(hostile)), "fr")
    assert pages == 1
    assert made.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("micros", "fr", "en"),
    [
        (1, "0,000001", "€0.000001"),
        (1_230_000, "1,23", "€1.23"),
        (1_234_500, "1,2345", "€1.2345"),
        (0, "0,00", "€0.00"),
    ],
)
def test_an_exact_amount_has_the_decimals_it_needs(micros, fr, en):
    assert exact_money(micros, "EUR", "fr") == f"{fr}\u00a0€"
    assert exact_money(micros, "EUR", "en") == en


@pytest.mark.parametrize(
    ("micros", "step", "to"),
    [
        (4_999, 10_000, 0),
        (5_000, 10_000, 10_000),
        (-5_000, 10_000, -10_000),
        (1_499_999, 1_000_000, 1_000_000),
        (0, 1, 0),
    ],
)
def test_a_sum_is_rounded_once_halves_away_from_zero(micros, step, to):
    assert rounded(micros, step) == to
