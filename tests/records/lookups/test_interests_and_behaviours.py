"""Interests and behaviours: two levels, one vocabulary, and nothing that must not be targeted."""

import re
from typing import Any

import pytest

from attise.records.lookups import behaviours, categories, interests
from attise.records.special_categories import names_special_category

TREES = pytest.mark.parametrize("table", [interests, behaviours], ids=["interests", "behaviours"])


@TREES
def test_no_row_names_a_special_category(table: Any) -> None:
    for row in table.all():
        words = f"{row.slug} | {row.name_fr} | {row.name_en}"
        assert not names_special_category(words), words


@pytest.mark.parametrize(
    "words",
    ["Santé mentale", "Ramadan recipes", "Fierté", "Élections", "Syndicats", "Cuisine asiatique", "videos_of_health"],
)
def test_the_words_looked_for_would_be_found(words: str) -> None:
    assert names_special_category(words)


@pytest.mark.parametrize("words", ["", "Recettes du quotidien", "Running and cycling", "home_garden", "Wealth"])
def test_words_that_tell_nothing_of_the_kind_are_not(words: str) -> None:
    assert not names_special_category(words)


@TREES
def test_a_row_hangs_under_a_row_of_the_level_above(table: Any) -> None:
    for row in table.all():
        if row.level == 1:
            assert row.parent_id is None
            assert table.children(row.id), f"{row.slug} has nothing under it"
            assert table.chain(row.id) == (row,)
        else:
            parent = table.get(row.parent_id)
            assert parent.level == 1
            assert row in table.children(parent.id)
            assert table.chain(row.id) == (row, parent)
            assert table.children(row.id) == ()


@TREES
def test_an_id_tells_the_parent(table: Any) -> None:
    for row in table.all():
        assert len(row.wire_id) == (4 if row.level == 1 else 6)
        assert row.level == 1 or row.id // 100 == row.parent_id


@TREES
def test_a_slug_is_plain_and_finds_its_row(table: Any) -> None:
    for row in table.all():
        assert re.fullmatch(r"[a-z]+(?:_[a-z]+)*", row.slug)
        assert table.find(row.slug) is row
        assert table.find(row.slug.upper()) is None


def test_published_ids_keep_their_meaning() -> None:
    """Stored targeting holds these numbers: a row may be renamed, never replaced."""
    published = {
        1001: "beauty_care",
        1003: "food_drink",
        1007: "games",
        100101: "makeup",
        100301: "recipes",
        101801: "small_business",
    }
    assert {row_id: interests.get(row_id).slug for row_id in published} == published
    published = {
        2001: "videos_everyday_life",
        200103: "videos_recipes",
        200403: "creators_food",
        200702: "hashtags_do_it_yourself",
    }
    assert {row_id: behaviours.get(row_id).slug for row_id in published} == published


def test_the_tables_have_a_size_a_person_can_read() -> None:
    assert 50 <= len(interests.all()) <= 70
    assert 25 <= len(behaviours.all()) <= 70


def test_a_behaviour_keeps_the_scene_of_its_parent_and_says_what_it_is_about() -> None:
    for row in behaviours.all():
        if row.level == 1:
            assert row.about_id is None
        else:
            assert row.action_scene == behaviours.get(row.parent_id).action_scene
            assert interests.get(row.about_id)
    assert {row.action_scene for row in behaviours.all()} == {"VIDEO_RELATED", "CREATOR_RELATED", "HASHTAG_RELATED"}


def test_every_interest_of_level_one_is_a_category_under_the_same_names() -> None:
    for interest in interests.all():
        if interest.level == 1:
            category = categories.get(interest.slug)
            assert (category.name_fr, category.name_en, category.gate) == (interest.name_fr, interest.name_en, "none")
