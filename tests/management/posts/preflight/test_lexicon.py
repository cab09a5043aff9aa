"""Words in the first person and calls for a comment: what is found, and what only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.management.posts.preflight.lexicon import call_to_comment_of, first_person_of

FIRST_PERSON = [
    ("Je te montre comment je fais mes pâtes", "Je"),
    ("J’ai testé cette crème pendant un mois", "J’"),
    ("La recette de ma grand-mère", "ma"),
    ("Chez nous c'est dimanche pâtes", "nous"),
    ("Ça m'a pris trois ans", "m'"),
    ("Ce matin on a essayé le vélo", "on a"),
    ("Mon avis sur ce sac", "Mon"),
    ("I tried this for a month", "I"),
    ("I’ve never told anyone this", "I’ve"),
    ("My three-minute dinner", "My"),
    ("How we built our van", "we"),
    ("They sent us a box", "us"),
    ("so today i tried the viral pan", "i"),
]
NOT_FIRST_PERSON = [
    "",
    "Pâtes au citron, dix minutes",
    "Le sac qu'il te faut pour l'été",
    "Comment faire un gâteau sans four",
    "One pan, ten minutes",
    "Put it on a shelf and wait",
    "Made in the US, sold in France",
    "Type I and type II, explained",
    "#moi #myday @me https://example.com/me/my/we",
    "Il ne mange que du pain, et on the road again",
    "Les mines de sel, dans les Alpes",
]
CALLS = [
    ("Dis-moi en commentaire ce que tu en penses", "Dis-moi"),
    ("Dites-nous quelle couleur", "Dites-nous"),
    ("Et toi ?", "Et toi ?"),
    ("Et vous ?", "Et vous ?"),
    ("T'en penses quoi ?", "T'en penses"),
    ("Je veux ton avis", "ton avis"),
    ("Commente avec ta ville", "Commente"),
    ("Réponses dans les commentaires", "commentaires"),
    ("Tague la personne qui fait ça", "Tague"),
    ("Tu mettrais du sel, toi ?", "Tu mettrais du sel, toi ?"),
    ("Lequel choisir ?", "Lequel choisir ?"),
    ("Comment below with your city", "Comment below"),
    ("Let me know in the comments", "Let me know"),
    ("What do you think", "What do you think"),
    ("Thoughts?", "Thoughts?"),
    ("Would you wear this?", "Would you wear this?"),
    ("Tag someone who needs this", "Tag someone"),
    ("Drop a heart if it helped", "Drop a"),
    ("Leave me a comment", "Leave me a comment"),
]
NOT_CALLS = [
    "",
    "Comment faire un gâteau",
    "Comment je range ma cuisine",
    "Sans commentaire",
    "No comment",
    "No comments.",
    "One pan, ten minutes",
    "Dix minutes chrono ?",
    "Votez avec vos pieds",
    "#commentaires @dismoi https://example.com/comments?you=1",
    "The commentator talks",
    "Je dis ce que je pense",
]


@pytest.mark.parametrize(("text", "found"), FIRST_PERSON)
def test_a_story_in_the_first_person_is_found(text, found):
    assert first_person_of(text) == found.replace("’", "'")


@pytest.mark.parametrize("text", NOT_FIRST_PERSON)
def test_other_words_are_not_the_first_person(text):
    assert first_person_of(text) is None


@pytest.mark.parametrize(("text", "found"), CALLS)
def test_a_call_to_comment_is_found(text, found):
    assert call_to_comment_of(text) == found


@pytest.mark.parametrize("text", NOT_CALLS)
def test_other_words_call_for_no_comment(text):
    assert call_to_comment_of(text) is None


def test_a_long_question_is_shown_cut():
    said = call_to_comment_of("Est-ce que tu " + "vraiment " * 20 + "aimes ça ?")
    assert said is not None
    assert len(said) <= 60
    assert said.endswith("…")


@given(st.text(max_size=2_200))
def test_any_text_is_read_in_time(text):
    for find in (first_person_of, call_to_comment_of):
        found = find(text)
        assert found is None or found


@pytest.mark.parametrize(
    "piece", ["tu ", "?", "a", "-tu", "you ", "leave ", "pas de ", "d'", "\n", "no any ", "votez "]
)
@pytest.mark.timeout(10)
def test_a_text_made_to_be_slow_is_not(piece):
    text = piece * (2_200 // len(piece))
    first_person_of(text)
    call_to_comment_of(text)
