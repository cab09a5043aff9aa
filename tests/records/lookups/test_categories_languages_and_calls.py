"""The three small tables: categories and their gates, languages, calls to action."""

import re

import pytest

from attise.records.lookups import call_to_actions, categories, languages
from attise.records.lookups.names import name


@pytest.mark.parametrize(
    ("slug", "gate"),
    [
        ("fashion", "none"),
        ("alcohol", "adult_only"),
        ("gambling", "adult_only"),
        ("dating", "adult_only"),
        ("finance", "review"),
        ("crypto", "review"),
        ("medicines", "review"),
        ("cosmetic_procedures", "banned"),
        ("tobacco_vaping", "banned"),
        ("prescription_medicines", "banned"),
        ("therapy_substitutes", "banned"),
        ("sports_tips", "banned"),
        ("wild_animals", "banned"),
        ("politics", "banned"),
    ],
)
def test_what_the_law_gates_is_gated(slug: str, gate: str) -> None:
    assert categories.get(slug).gate == gate


def test_a_category_of_daily_life_cites_no_law_and_there_is_one_for_the_rest() -> None:
    assert {row.law for row in categories.all() if row.gate == "none"} == {""}
    other = categories.find("other")
    assert other is not None
    assert other.gate == "none"


def test_slugs_of_categories_are_plain() -> None:
    assert all(re.fullmatch(r"[a-z]+(?:_[a-z]+)*", row.slug) for row in categories.all())


def test_a_language_is_named_in_two_languages() -> None:
    german = languages.find("de")
    assert german is not None
    assert (name(german, "fr"), name(german, "en")) == ("allemand", "German")
    assert len(languages.all()) >= 40


@pytest.mark.parametrize("text", ["FR", "fra", "fr-FR", "french", "xx"])
def test_a_language_is_found_by_its_two_small_letters_only(text: str) -> None:
    assert languages.find(text) is None


def test_language_codes_are_those_of_the_standard() -> None:
    from babel import Locale

    assert all(re.fullmatch("[a-z]{2}", row.code) for row in languages.all())
    assert {row.code for row in languages.all()} <= set(Locale("en").languages)


DIALECT = """
    APPLY_NOW BOOK_NOW CALL_NOW CONTACT_US DOWNLOAD_NOW EXPERIENCE_NOW GET_QUOTE GET_SHOWTIMES
    GET_TICKETS_NOW INSTALL_NOW INTERESTED LEARN_MORE LISTEN_NOW ORDER_NOW PLAY_GAME PREORDER_NOW
    READ_MORE SEND_MESSAGE SHOP_NOW SIGN_UP SUBSCRIBE VIEW_NOW VIEW_PROFILE VISIT_STORE WATCH_LIVE
    WATCH_NOW JOIN_THIS_HASHTAG SHOOT_WITH_THIS_EFFECT VIEW_VIDEO_WITH_THIS_EFFECT
"""


def test_every_call_to_action_of_the_dialect_has_a_label_and_there_is_no_other() -> None:
    assert {row.code for row in call_to_actions.all()} == set(DIALECT.split())


@pytest.mark.parametrize(
    ("code", "french", "english"),
    [
        ("LEARN_MORE", "En savoir plus", "Learn more"),
        ("SHOP_NOW", "Acheter", "Shop now"),
        ("ORDER_NOW", "Commander", "Order now"),
        ("SIGN_UP", "S’inscrire", "Sign up"),
        ("DOWNLOAD_NOW", "Télécharger", "Download"),
        ("INSTALL_NOW", "Installer", "Install"),
        ("BOOK_NOW", "Réserver", "Book now"),
        ("GET_QUOTE", "Obtenir un devis", "Get a quote"),
        ("CONTACT_US", "Nous contacter", "Contact us"),
        ("SUBSCRIBE", "S’abonner", "Subscribe"),
        ("VIEW_NOW", "Voir plus", "View more"),
        ("APPLY_NOW", "Postuler", "Apply now"),
    ],
)
def test_a_button_reads_as_the_pages_write_it(code: str, french: str, english: str) -> None:
    row = call_to_actions.get(code)
    assert (name(row, "fr"), name(row, "en")) == (french, english)


def test_published_ids_of_buttons_keep_their_meaning() -> None:
    """Sets of buttons hold these numbers: a row may be renamed, never replaced."""
    published = {
        3001: "APPLY_NOW",
        3012: "LEARN_MORE",
        3019: "SHOP_NOW",
        3020: "SIGN_UP",
        3029: "VIEW_VIDEO_WITH_THIS_EFFECT",
    }
    for call_id, code in published.items():
        row = call_to_actions.by_id(call_id)
        assert row is not None
        assert row.code == code
    assert call_to_actions.by_id(3000) is None
    assert len({row.id for row in call_to_actions.all()}) == len(call_to_actions.all())


def test_a_button_is_named_by_its_code_alone() -> None:
    assert call_to_actions.find("3012") is None
