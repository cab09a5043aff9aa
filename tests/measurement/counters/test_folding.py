"""A state is the same fold whatever order its acts come in, and its turns add up to what it is."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from attise.measurement.counters.folding import (
    MOST_ACTS,
    NEW,
    Act,
    Turn,
    decode_state,
    encode_state,
    is_on,
    turns_of,
    with_act,
)

HOUR = 3_600_000
POST, CREATOR = 11, 5


def act(at_ms: int, event_id: str, *, on: bool = True, paid: bool = False, post: int = POST) -> Act:
    return Act(at_ms, event_id, on, paid, "post", post, CREATOR)


def folded(acts) -> tuple[object, dict]:
    state, counts = NEW, Counter()
    for one in acts:
        state, turns = with_act(state, one)
        for turn in turns:
            counts[turn.credited.subject_id, turn.credited.is_paid, turn.hour_ms] += turn.step
    return state, {key: n for key, n in counts.items() if n}


acts_drawn = st.lists(
    st.builds(
        lambda at, name, on, paid, post: act(at * HOUR // 4, name, on=on, paid=paid, post=post),
        st.integers(0, 20),
        st.text("abc", min_size=1, max_size=3),
        st.booleans(),
        st.booleans(),
        st.sampled_from([11, 12]),
    ),
    max_size=20,
    unique_by=lambda one: (one.at_ms, one.event_id),
)


@settings(max_examples=300)
@given(acts_drawn, st.randoms(use_true_random=False))
def test_any_order_of_acts_folds_to_the_same(acts, chance):
    shuffled = list(acts)
    chance.shuffle(shuffled)
    state, counts = folded(acts)
    other, again = folded(shuffled)
    assert state == other
    assert counts == again
    assert sum(counts.values()) == int(is_on(state)), "one who is on counts once, one who is off not at all"
    assert decode_state(encode_state(state)) == state


def test_a_second_like_through_an_ad_takes_nothing_from_the_feed():
    state, _ = with_act(NEW, act(1, "a"))
    state, turns = with_act(state, act(2, "b", paid=True))
    assert turns == []
    state, turns = with_act(state, act(HOUR, "c", on=False, paid=True))
    assert turns == [Turn(act(1, "a"), HOUR, -1)], "whoever turns it off, what turned it on is taken back"
    state, turns = with_act(state, act(2 * HOUR, "d", paid=True))
    assert [(turn.credited.event_id, turn.step) for turn in turns] == [("d", 1)]


def test_an_earlier_act_that_comes_late_moves_the_credit():
    state, _ = with_act(NEW, act(5, "paid", paid=True))
    _, turns = with_act(state, act(3, "organic"))
    assert {(turn.credited.event_id, turn.step) for turn in turns} == {("paid", -1), ("organic", 1)}


def test_old_acts_are_summed_up_and_what_is_older_still_comes_too_late():
    acts = [act(number, f"{number:03}", on=number % 2 == 0) for number in range(MOST_ACTS + 10)]
    state, counts = folded(acts)
    assert len(state.acts) == MOST_ACTS
    assert sum(counts.values()) == int(is_on(state)) == 0
    assert with_act(state, act(4, "late")) == (state, [])
    alone = [turn.step for turn in turns_of(state)]
    assert alone == [1, -1] * (MOST_ACTS // 2)
