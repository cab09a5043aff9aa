"""Names without emoji: what devices draw as pictures is refused, signs that are letters of somebody are not."""

from __future__ import annotations

import pytest

from attise.kernel.text import clean_plain_name, find_emoji
from tests.refusals import refusals_of


@pytest.mark.parametrize("text", ["Été 2026", "Œuvre — n° 3", "北京", "Ω & ∑", "©™→★", "C++ / #1 *", "Zoë’s"])
def test_letters_and_signs_are_taken(text):
    assert find_emoji(text) is None
    assert clean_plain_name(f" {text} ", field="name", limit=40) == text


@pytest.mark.parametrize("text", ["😀", "a👍🏽", "🇫🇷", "1️⃣", "❤", "⌚", "👨‍👩‍👧", "⭐"])
def test_emoji_are_not(text):
    assert refusals_of(clean_plain_name, text, field="name", limit=40) == [("name", "name_emoji")]


def test_a_text_far_too_long_is_refused_for_its_length():
    assert refusals_of(clean_plain_name, "x" * 100_000, field="name", limit=40) == [("name", "text_too_long")]


def test_a_name_is_not_made_of_cells_without_dots():
    assert refusals_of(clean_plain_name, "\u2800", field="name", limit=40) == [("name", "text_characters")]
