"""Whatever a room can say, a page has words for, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import translation

import attise
from attise.doors.consoles import telling, words
from attise.doors.consoles.money_text import read_money, read_percent
from attise.doors.site import notices
from attise.kernel.errors import Kind, Refusal
from attise.management.accounts.rules import ALL_SCOPES, NAMED, Permission, Roles
from attise.management.authorizations import errors, rules
from attise.management.posts import rules as post_rules
from attise.management.posts.errors import CAPTION_LOCKED

SOURCE = Path(attise.__file__).parent / "management"


def said_in(pattern: str, folder: str = "") -> set[str]:
    """Return what the rooms say, by a pattern over their sources."""
    text = "\n".join(path.read_text() for path in (SOURCE / folder).rglob("*.py"))
    return set(re.findall(pattern, text))


def test_every_verb_of_a_history_has_words():
    verbs = said_in(r'record\(\s*means,\s*actor,\s*row,\s*"(\w+)"', "authorizations")
    assert verbs
    assert verbs <= words.HISTORY.keys()


def test_every_notice_has_a_sentence():
    kinds = said_in(r'\.notice\(\s*"?\w+"?,\s*[\w.]+,\s*"(\w+)"')
    assert kinds <= notices._sentences().keys()


@pytest.mark.parametrize(
    ("table", "keys"),
    [
        (words.ROLE_NAMES, NAMED),
        (words.ROLE_RIGHTS, NAMED),
        (words.SCOPES, ALL_SCOPES),
        (words.ACCESS_ASKED, rules.PERMISSIONS),
        (words.ACCESS_OFFERED, rules.PERMISSIONS),
        (words.OBJECTIVES, rules.OBJECTIVES),
        (words.FORMATS, post_rules.FORMATS),
        (words.VISIBILITIES, post_rules.VISIBILITIES),
        (words.VISIBILITY_MEANS, post_rules.VISIBILITIES),
        (telling.STATUSES, Kind),
    ],
)
def test_every_value_has_its_words(table, keys):
    assert set(table) >= set(keys)


def test_a_role_that_has_no_name_is_said_by_its_parts():
    assert words.role_name(Roles("STANDARD", "ADMIN", "ANALYST")) == "STANDARD · ADMIN · ANALYST"
    with translation.override("fr"):
        assert words.role_name(NAMED["campaign_operator"]) == "Opérateur de campagnes"


def test_a_disabled_control_says_for_whom_it_is():
    with translation.override("fr"):
        assert str(words.reserved_for(Permission.MANAGE_MEMBERS)) == "Réservé aux administrateurs du Business Center"
        assert "opérateurs de campagnes" in str(words.reserved_for(Permission.APPLY_CODES))


@pytest.mark.parametrize(
    ("language", "names", "told"),
    [
        ("en", [], ""),
        ("en", ["A"], "A"),
        ("en", ["A", "B", "C"], "A, B and C"),
        ("fr", ["A", "B"], "A et B"),
    ],
)
def test_names_are_listed_as_a_sentence_lists_them(language, names, told):
    with translation.override(language):
        assert words.listed(names) == told


@pytest.mark.parametrize(
    ("name", "letters"), [("Léa Peau", "LP"), ("lea.peau", "LP"), ("Maison", "M"), ("…", "?"), ("", "?"), ("_a", "A")]
)
def test_initials_come_from_the_first_two_words(name, letters):
    assert words.initials(name) == letters


# ---- refusals


def test_dates_inside_refusals_are_days_in_the_reader_s_language():
    expired = errors.AuthorizationRefused(errors.AUTH_CODE_EXPIRED, date=rules.day_of(1_790_000_000_000))
    with translation.override("fr"):
        assert telling.sentence(expired) == "Ce code a expiré le 21 sept. 2026. Demandez un nouveau code au créateur."
    with translation.override("en"):
        locked = Refusal(CAPTION_LOCKED, field="caption", until="2026-12-22T04:33:20Z")
        assert telling.sentence(locked).endswith("until 22 Dec 2026.")


@pytest.mark.parametrize(
    ("seconds", "french"),
    [
        (1, "Trop d’essais. Nouvel essai possible dans 1 seconde."),
        (59, "Trop d’essais. Nouvel essai possible dans 59 secondes."),
        (121, "Trop d’essais. Nouvel essai possible dans 3 minutes."),
        (3600, "Trop d’essais. Nouvel essai possible dans 60 minutes."),
    ],
)
def test_a_wait_is_said_in_seconds_then_in_minutes(seconds, french):
    with translation.override("fr"):
        assert telling.wait_sentence(seconds) == french


# ---- amounts as people type them


@pytest.mark.parametrize(
    ("typed", "micros"),
    [
        ("50", 50_000_000),
        ("50,00", 50_000_000),
        ("50 €", 50_000_000),
        ("€50", 50_000_000),
        ("50 EUR", 50_000_000),
        ("1 200", 1_200_000_000),
        ("1\u202f200,50", 1_200_500_000),
        ("1,200.50", 1_200_500_000),
        ("1.200,50", 1_200_500_000),
        ("12’000", 12_000_000_000),
        ("49,99", 49_990_000),
        ("0", 0),
        *((wrong, None) for wrong in ("", "x", "1e3", "-5", "50,", ",5", "1.2.3", "1,20,0", "٥٠", "NaN", "1" * 30)),
    ],
)
def test_an_amount_is_read_as_it_is_written_in_either_language(typed, micros):
    assert read_money(typed, "EUR") == micros


def test_an_amount_has_no_more_decimals_than_its_currency():
    assert read_money("1200", "JPY") == 1_200_000_000
    assert read_money("12.5", "JPY") is None
    assert read_money("1.234", "KWD") == 1_234_000


@pytest.mark.parametrize(
    ("typed", "ppm"),
    [("10", 100_000), ("12,5 %", 125_000), ("100", 1_000_000), ("101", None), ("0,0001", 1), ("x", None), ("-1", None)],
)
def test_a_percentage_is_read_in_parts_per_million(typed, ppm):
    assert read_percent(typed) == ppm
