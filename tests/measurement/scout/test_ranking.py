"""Posts that will grow come first, with a verdict, a deadline and reasons that are the forecast's own."""

from __future__ import annotations

import numpy as np
import pytest

from attise.doors.cli.speaking import tongue_of
from attise.kernel.tongue import ENGLISH
from attise.measurement.scout import words
from attise.measurement.scout.bounds import POSTS_MOST, STALLED_GROWTH
from attise.measurement.scout.features import rows_of
from attise.measurement.scout.forecast import LEARN_LEAST, forecast
from attise.measurement.scout.judging import BOOST_NOW, TOO_EARLY, TOO_LATE, WATCH, Case, judge, score_of
from attise.measurement.scout.observed import observe
from attise.measurement.scout.ranking import rank
from attise.measurement.scout.words import REASONS, VERDICTS
from tests.measurement.scout.built import HOUR, NOON, grown, many

FRENCH = tongue_of("fr")


def of(ranking, post):
    return next(one for one in ranking.posts if one.post == post)


def test_nothing_is_ranked_as_nothing():
    assert rank([]).posts == ()
    assert rank([observe("a", [NOON], [5])], now_ms=NOON - 1).posts == ()


def test_what_accelerates_comes_before_what_fades():
    posts = [*many(), grown("rising", power=2.5, age_h=30), grown("fading", power=0.05, age_h=30)]
    ranking = rank(posts)
    order = [one.post for one in ranking.posts]
    assert order.index("rising") == 0
    assert order.index("fading") > len(order) - 6
    rising, fading = of(ranking, "rising"), of(ranking, "fading")
    assert rising.verdict == BOOST_NOW
    assert rising.until_ms == NOON + 42 * HOUR
    assert rising.growth[0] > fading.growth[2]
    assert ranking.mode == "growth"


def test_people_who_share_lift_a_post_above_its_equals():
    loved = grown("loved", power=0.35, rates=(0.05, 0.012, 0.016, 0.02))
    ranking = rank([*many(), grown("equal", power=0.35), loved])
    assert of(ranking, "loved").score > of(ranking, "equal").score + 5
    codes = [reason.code for reason in of(ranking, "loved").reasons]
    assert "shares" in codes
    assert of(ranking, "loved").signals["shares"] > 2


def test_a_signal_is_held_against_the_creators_own_habit():
    rates = (0.05, 0.012, 0.016, 0.02)
    habit = [grown(f"habit {place}", power=0.35, rates=rates, creator="lively") for place in range(12)]
    of_lively = of(rank([*many(), *habit]), "habit 0").signals["shares"]
    alone = of(rank([*many(), grown("one", power=0.35, rates=rates, creator="alone")]), "one").signals["shares"]
    assert of_lively < 1.8 < alone


def test_what_hardly_anybody_does_says_nothing_where_it_is_missing():
    hours = np.arange(1, 30)
    alone = rank([observe("it", NOON + hours * HOUR, 40 * hours.cumsum(), shares=hours * 0, published_at_ms=NOON)])
    assert alone.posts[0].signals["shares"] == pytest.approx(1, abs=0.05)
    assert alone.posts[0].verdict == BOOST_NOW


def test_one_look_is_level_only_and_less_sure():
    once, often = (rank([*many(step_h=step), grown("it", step_h=step, power=1.2)]) for step in (1_000, 1))
    assert (once.mode, often.mode) == ("level", "growth")
    assert of(once, "it").views == of(often, "it").views
    wide, narrow = (np.mean([one.growth[2] / one.growth[1] for one in ranking.posts]) for ranking in (once, often))
    assert wide > narrow


def test_weights_move_with_the_posts_own_past_where_there_is_enough_of_it():
    few, enough = many(LEARN_LEAST - 1), many(LEARN_LEAST + 5)
    assert forecast(few, rows_of(few)).learnt_from == 0
    learnt = forecast(enough, rows_of(enough))
    assert learnt.learnt_from >= LEARN_LEAST
    assert not np.allclose(learnt.weights[0], forecast(few, rows_of(few)).weights[0])


def test_the_question_may_be_asked_of_the_past():
    posts = [*many(), grown("it", age_h=60)]
    then = of(rank(posts, now_ms=NOON - 30 * HOUR), "it")
    assert then.age_h == 30
    assert then.views < of(rank(posts), "it").views


def case(**changed):
    usual = {
        "now_ms": NOON,
        "seen_at_ms": NOON,
        "published_at_ms": NOON - 30 * HOUR,
        "views": 5_000,
        "growth": 0.8,
        "grows": 0.95,
        "grows_late": 0.1,
    }
    return Case(**{**usual, **changed})


@pytest.mark.parametrize(
    ("changed", "verdict", "fact"),
    [
        ({}, BOOST_NOW, None),
        ({"growth": 0.3}, WATCH, None),
        ({"growth": 0.02, "grows": 0.1}, TOO_LATE, "stalled"),
        ({"published_at_ms": NOON - 9 * HOUR}, TOO_EARLY, "opens"),
        ({"published_at_ms": NOON - 9 * HOUR, "growth": 0.0, "grows": 0.0}, TOO_EARLY, "opens"),
        ({"published_at_ms": NOON - 73 * HOUR}, TOO_LATE, "too_old"),
        ({"published_at_ms": NOON - 73 * HOUR, "grows_late": 0.9}, WATCH, "still_growing"),
        ({"published_at_ms": NOON - 72 * HOUR}, BOOST_NOW, None),
        ({"published_at_ms": NOON - 24 * HOUR}, BOOST_NOW, None),
        ({"views": 99}, WATCH, "few_views"),
        ({"seen_at_ms": NOON - 25 * HOUR}, WATCH, "stale"),
        ({"published_at_ms": None}, WATCH, "no_publication"),
        ({"published_at_ms": None, "growth": 0.02, "grows": 0.1}, TOO_LATE, "stalled"),
    ],
)
def test_verdicts(changed, verdict, fact):
    judged = judge(case(**changed))
    assert judged.verdict == verdict
    assert (judged.facts[0] if judged.facts else None) == fact
    if judged.until_ms is not None:
        assert NOON < judged.until_ms <= (case(**changed).published_at_ms or NOON) + 10_000 * HOUR


def test_the_deadline_is_the_end_of_the_window_or_of_growth():
    assert judge(case(growth=5.0)).until_ms == NOON + 42 * HOUR
    soon = judge(case(growth=0.06))
    assert soon.until_ms == soon.no_growth_at_ms < NOON + 42 * HOUR
    assert judge(case(growth=STALLED_GROWTH)).until_ms is None  # it ends now
    early = judge(case(published_at_ms=NOON - 2 * HOUR, growth=0.06))
    assert early.from_ms == NOON + 22 * HOUR == early.until_ms


def test_a_score_of_50_is_half_as_many_views_again():
    assert score_of(0.5) == 50
    assert score_of(0) == 0
    assert score_of(1e9) < 100 < score_of(1e9) + 1


def test_likes_that_nothing_goes_with_are_pointed_at():
    bought = grown("bought", rates=(0.4, 0.004, 0.004, 0.006))
    assert "likes_alone" in [reason.code for reason in of(rank([*many(), bought]), "bought").reasons]


def test_every_reason_is_said_in_both_languages_with_its_figures():
    posts = [
        *many(),
        *(grown(f"a {power}", power=power, age_h=30) for power in (0.05, 0.6, 2.5)),
        grown("old", age_h=90),
        grown("young", age_h=9),
        grown("small", views=20),
        grown("loved", rates=(0.2, 0.02, 0.03, 0.03)),
        grown("undated", dated=False),
        observe("fell", NOON + np.arange(-3, 1) * HOUR, [200, 300, 250, 400], published_at_ms=NOON - 30 * HOUR),
    ]
    told = set()
    for one in rank(posts).posts:
        assert one.verdict in VERDICTS
        assert len(one.reasons) <= 3
        for reason in one.reasons:
            told.add(reason.code)
            french, english = (words.sentence(reason, tongue, "Europe/Paris") for tongue in (FRENCH, ENGLISH))
            assert french != english
            assert "%(" not in french + english
            assert " :" not in french
    assert told <= set(REASONS)
    assert {"pace", "trend", "age", "views", "too_old", "opens", "few_views", "no_publication", "fell"} <= told


def test_a_sign_never_stands_against_what_its_sentence_says_of_views():
    chance = np.random.default_rng(3)
    posts = [
        observe(
            f"drawn {number}",
            NOON + np.arange(-29, 1) * HOUR,
            np.cumsum(chance.gamma(0.6, chance.uniform(5, 60), 30)).astype(int).tolist(),
            published_at_ms=NOON - 30 * HOUR,
        )
        for number in range(120)
    ]
    reasons = [reason for one in rank([*many(), *posts]).posts for reason in one.reasons]
    told = [one for one in reasons if one.code in {"trend", "fading", "rising"}]
    for one in told:
        is_more = one.figures["now"] >= one.figures["usual"]
        assert one.code == ("trend" if (one.effect >= 0) == is_more else "rising" if one.effect >= 0 else "fading")
    assert {one.code for one in told} == {"trend", "fading", "rising"}


@pytest.mark.parametrize("texts", [words.REASONS, words.VERDICTS, words.MODES, words.SIGNALS])
def test_every_text_is_in_the_catalogue_of_french(texts):
    assert all(FRENCH.gettext(text) != text for text in texts.values())


def test_figures_are_written_as_each_language_writes_them():
    assert words.share(0.0042, FRENCH) == "0,42\N{NO-BREAK SPACE}%"
    assert words.share(0.0042, ENGLISH) == "0.42%"
    assert words.growth(38, ENGLISH) == "×39"
    assert words.span(0.2, FRENCH) == "0\N{NO-BREAK SPACE}heure"
    assert words.span(0.2, ENGLISH) == "0\N{NO-BREAK SPACE}hours"
    assert words.span(1, FRENCH) == "1\N{NO-BREAK SPACE}heure"
    assert words.span(200, ENGLISH) == "8\N{NO-BREAK SPACE}days"
    assert words.count(12_345, FRENCH) == "12\N{NARROW NO-BREAK SPACE}345"
    assert words.moment(1_763_643_900_000, ENGLISH, "UTC").startswith("20\N{NO-BREAK SPACE}Nov\N{NO-BREAK SPACE}2025,")
    assert "14\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}05" in words.moment(1_763_643_900_000, FRENCH, "Europe/Paris")


def test_more_posts_than_are_taken_are_refused():
    with pytest.raises(ValueError, match="more than"):
        rank([grown("a", step_h=40)] * (POSTS_MOST + 1))
