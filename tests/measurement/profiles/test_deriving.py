"""What follows from evidence: whatever the order, however cut, and exactly as fast as it fades."""

import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.kernel.limits import DAY_MS
from attise.measurement.profiles import deriving, evidence
from attise.measurement.profiles.deriving import GAINED, HALF_LIFE_MS, LOST, derive
from attise.measurement.profiles.evidence import CREATOR, EVIDENCE_MS, MOST_MET, POST, Act, Deed
from attise.measurement.profiles.topics import above, topics_of, topics_of_creator
from attise.records.lookups import behaviours, categories, interests
from attise.records.viewer import Behaved

T0 = 1_795_000_000_000
GAMES, BOARD_GAMES, PETS, MAKEUP, BEAUTY = 1007, 100703, 1011, 100101, 1001
STATES = {"like", "save", "follow"}


def act(kind: str, id_: int, *, at_ms: int = T0, topics=(GAMES,), is_on: bool = True, event_id: str = "") -> Act:
    of = CREATOR if kind in {"follow", "profile_visit"} else POST
    return Act(of, id_, topics, Deed(kind, at_ms, (event_id or f"{kind}{id_}") if kind in STATES else "", is_on))


def watched_and_liked(posts, **said) -> list[Act]:
    return [act(kind, post, **said) for post in posts for kind in ("complete", "like")]


def names(derived) -> list[int]:
    return [one for one, _ in derived.interests]


def fold(acts, *, now_ms: int = T0, removed=(), before: bytes = b""):
    return derive(before, acts, removed=removed, now_ms=now_ms)


def test_three_posts_watched_and_liked_make_an_interest_and_two_do_not():
    assert names(fold(watched_and_liked([1, 2]))) == []
    assert fold(watched_and_liked([1, 2, 3])).interests == ((GAMES, T0),)


def test_one_post_makes_no_interest_whatever_is_done_with_it():
    everything = [act(kind, 1) for kind in (*deriving.RUNGS, *deriving.POINTS) if kind != "follow"]
    assert names(fold(everything)) == []


def test_an_interest_of_level_2_speaks_for_the_one_above_it():
    found = fold([*watched_and_liked([1, 2], topics=(BOARD_GAMES,)), *watched_and_liked([3, 4])])
    assert names(found) == [GAMES]
    assert names(fold(watched_and_liked([1, 2, 3], topics=(BOARD_GAMES,)))) == [GAMES, BOARD_GAMES]


def test_the_highest_rung_of_watching_counts_alone():
    rungs = [act(kind, post) for post in (1, 2, 3, 4) for kind in ("view_6s", "p75", "complete")]
    assert names(fold(rungs)) == [GAMES]
    assert names(fold(rungs[:9])) == [], "nine points: three posts of three, not of six"


def test_what_was_hidden_adds_nothing_and_takes_away():
    liked = watched_and_liked([1, 2, 3])
    assert names(fold([*liked, act("hide", 3)])) == []
    assert names(fold([*watched_and_liked([1, 2, 3, 4]), act("hide", 9)])) == [GAMES]
    assert names(fold([*liked, act("report", 8), act("hide", 9)])) == []
    assert names(fold([*liked, act("hide", 9)])) == [GAMES]


def test_a_video_left_at_once_counts_against_only_where_nothing_else_was_done():
    four = [act("like", post) for post in (1, 2, 3)]
    assert names(fold(four)) == [GAMES]
    assert names(fold([*four, act("skip", 9, at_ms=T0 - 1)])) == [GAMES], "nothing is taken from nothing"
    assert names(fold([*four[:2], act("skip", 9), *[act("like", 3, at_ms=T0 + 1)]], now_ms=T0 + 1)) == []
    assert names(fold([*four, act("skip", 3)])) == [GAMES]


def test_a_like_that_was_taken_back_says_nothing():
    taken = [act("like", post, at_ms=T0 + 1, is_on=False) for post in (1, 2, 3)]
    assert names(fold([*watched_and_liked([1, 2, 3]), *taken], now_ms=T0 + 1)) == []


def test_points_halve_and_an_interest_ends_on_the_millisecond():
    acts = watched_and_liked([1, 2, 3])  # 21 points
    import math

    ends_at_ms = T0 + math.ceil(HALF_LIFE_MS * math.log2(21 / LOST))
    assert names(fold(acts, now_ms=ends_at_ms - 1)) == [GAMES]
    assert names(fold(acts, now_ms=ends_at_ms)) == []
    found = fold(acts)
    assert ends_at_ms <= found.next_at_ms <= ends_at_ms + deriving.AFTER_MS
    assert names(fold([], before=found.evidence, now_ms=found.next_at_ms)) == []


def test_between_the_two_thresholds_nothing_changes():
    begun = watched_and_liked([1, 2, 3])
    later = T0 + HALF_LIFE_MS  # 10.5 points: between LOST and GAINED
    assert LOST < 21 / 2 < GAINED
    assert names(fold(begun, now_ms=later)) == [GAMES]
    never = [act("like", 1), act("like", 2), act("view_6s", 3), act("view_6s", 4)]  # ten points
    assert names(fold(never)) == []


def test_evidence_is_over_after_ninety_days():
    found = fold(watched_and_liked([1]))
    assert found.evidence
    assert fold([], before=found.evidence, now_ms=T0 + EVIDENCE_MS) == msgspec.structs.replace(
        found, evidence=b"", next_at_ms=None, behaviours=()
    )


def test_only_the_strongest_are_held():
    every = [row.id for row in interests.all() if row.level == 2]
    acts = [
        one
        for place, topic in enumerate(every)
        for one in watched_and_liked([place * 3 + n for n in range(3)], topics=(topic,))
    ]
    found = fold(acts)
    assert len(found.interests) == deriving.MOST_INTERESTS
    assert found.interests == tuple(sorted(found.interests))


def test_what_is_removed_is_not_derived_nor_what_belongs_to_it():
    acts = watched_and_liked([1, 2, 3, 4], topics=(BOARD_GAMES,))
    assert names(fold(acts, removed=[BOARD_GAMES])) == [], "nor does the one above rest on it"
    assert names(fold(acts, removed=[GAMES])) == []
    assert fold(acts, removed=[GAMES]).behaviours == ()
    assert names(fold([], before=fold(acts, removed=[GAMES]).evidence)) == [GAMES, BOARD_GAMES]


def test_behaviours_are_what_was_lately_done_often_enough():
    day = T0 // DAY_MS
    videos = next(row.id for row in behaviours.all() if row.slug == "videos_games")
    found = fold([*watched_and_liked([1, 2]), act("share", 3, at_ms=T0 - DAY_MS)])
    assert found.behaviours == (Behaved(videos, "LIKED", day), Behaved(videos, "SHARED", day - 1))
    found = fold([*watched_and_liked([1, 2]), act("loop", 3)])
    assert Behaved(videos, "WATCHED_TO_END", day) in found.behaviours
    creators = next(row.id for row in behaviours.all() if row.slug == "creators_games")
    assert fold([act("follow", 7)]).behaviours == (Behaved(creators, "FOLLOWING", day),)
    assert fold([act("follow", 7), act("follow", 7, at_ms=T0 + 1, is_on=False)]).behaviours == ()
    month = T0 + deriving.BEHAVIOUR_MS
    assert fold([act("share", 3)], now_ms=month - 1).behaviours
    assert fold([act("share", 3)], now_ms=month).behaviours == ()
    assert fold([act("share", 3), act("hide", 3)]).behaviours == ()


def test_every_action_that_an_ad_may_ask_for_is_one_that_is_derived_or_known_not_to_be():
    from attise.management.campaigns.targeting_rules import SCENE_ACTIONS

    asked = {(scene, action) for scene, actions in SCENE_ACTIONS.items() for action in actions}
    assert asked - deriving._ACTIONS.keys() == {("HASHTAG_RELATED", "VIEW_HASHTAG")}
    assert deriving._ACTIONS.keys() <= asked
    assert {action for _, action in deriving._ACTIONS} == deriving.LEAST_TIMES.keys()


KINDS = ("view_6s", "p75", "complete", "loop", "like", "save", "share", "hide", "skip", "comment", "follow")
ACTS = st.builds(
    act,
    st.sampled_from(KINDS),
    st.integers(1, 9),
    at_ms=st.integers(0, 60).map(lambda days: T0 + days * DAY_MS // 2),
    topics=st.sampled_from([(GAMES,), (BOARD_GAMES,), (PETS,), (MAKEUP, PETS)]),
    is_on=st.booleans(),
    event_id=st.sampled_from("ab"),
)
LAST = T0 + 30 * DAY_MS


@given(st.lists(ACTS, max_size=60), st.randoms(use_true_random=False), st.integers(1, 7))
def test_order_batches_and_repetition_change_nothing(acts, chance: random.Random, size: int):
    at_once = fold(acts, now_ms=LAST)
    shuffled = [*acts, *acts[: len(acts) // 2]]
    chance.shuffle(shuffled)
    before, found = b"", fold([], now_ms=LAST)
    for begin in range(0, len(shuffled), size):
        found = fold(shuffled[begin : begin + size], before=before, now_ms=LAST)
        before = found.evidence
    assert found == at_once


@given(st.lists(ACTS, max_size=40), st.lists(st.integers(0, 80), max_size=6))
def test_looking_in_between_changes_nothing(acts, looks):
    """Decay is exact: whoever looked every hour sees what somebody sees who looks once."""
    acts = sorted(acts, key=lambda one: one.deed.at_ms)
    before, found, place = b"", None, 0
    for now_ms in sorted(T0 + look * DAY_MS for look in [*looks, 80]):
        due = [one for one in acts[place:] if one.deed.at_ms <= now_ms]
        place += len(due)
        found = fold(due, before=before, now_ms=now_ms)
        before = found.evidence
    assert found.interests == fold(acts, now_ms=T0 + 80 * DAY_MS).interests
    assert found.behaviours == fold(acts, now_ms=T0 + 80 * DAY_MS).behaviours


@given(st.lists(ACTS, max_size=40))
def test_hiding_never_adds(acts):
    """Whatever else was done, an interest that is there after something was hidden was there before."""
    now_ms = LAST + DAY_MS
    without = names(fold(acts, now_ms=now_ms))
    newest = [Act(POST, post, (GAMES,), Deed("hide", LAST + 1)) for post in (1, 2, 3)]
    with_hidden = names(fold([*acts, *newest], now_ms=now_ms))
    assert GAMES not in with_hidden or GAMES in without


def test_the_newest_things_are_kept_of_too_many():
    acts = [act("like", post, at_ms=T0 + post) for post in range(MOST_MET + 50)]
    found = evidence.decode(fold(acts, now_ms=T0 + DAY_MS).evidence)
    assert sorted(id_ for _, id_ in found) == list(range(50, MOST_MET + 50))
    assert len(evidence.encode(found)) < 20_000


def test_topics_are_rows_of_the_table_in_either_language():
    assert topics_of("games", ("Maquillage", "board_games", "Jeux de société", "sansrapport")) == (
        GAMES,
        MAKEUP,
        BOARD_GAMES,
    )
    assert topics_of("", ("musées_et_histoire",)) == (101402,)
    assert topics_of("other", ()) == ()
    assert topics_of_creator(["games", "pets", "other"]) == (GAMES, PETS)
    assert above(BOARD_GAMES) == (BOARD_GAMES, GAMES)


@pytest.mark.parametrize("slug", [row.slug for row in categories.all() if row.gate != "none"])
def test_a_post_of_a_gated_category_says_nothing_of_who_watches_it(slug):
    assert topics_of(slug, ("games", "recipes")) == ()
