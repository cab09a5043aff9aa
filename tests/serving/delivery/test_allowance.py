"""What a process may still spend: rooms, holds, ends, and totals that come late, twice or not at all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.records.totals import EnvelopeTotals, Totals, TotalsHead
from attise.serving.delivery.allowance import (
    ALLOWANCE_LIFE_MS,
    CERTAIN_LIFE_MS,
    CLOSED,
    KINDS,
    NEVER,
    NO_LIMIT,
    STRANGE,
    UNCERTAIN_LIFE_MS,
    Allowances,
    Held,
)

WIRE_MS = 1_790_000_000_000
DAY_MS = 86_400_000
OLD_ENOUGH_MS = WIRE_MS - 2 * UNCERTAIN_LIFE_MS


def an_envelope(spent=0, *, envelope_id=31, limit=1_000, **fields):
    return EnvelopeTotals(
        envelope_id, **{"kind": "day", "begins_at_ms": WIRE_MS, "ends_at_ms": WIRE_MS + DAY_MS, **fields},
        limit_micros=limit, spent_micros=spent,
    )  # fmt: skip


def totals(*rows, version=1, at_ms=WIRE_MS, counted_to_ms=None):
    return Totals(TotalsHead(version, at_ms, at_ms if counted_to_ms is None else counted_to_ms), rows)


def allowances(*rows, processes=1, node=7):
    made = Allowances(node=node, started_at_ms=OLD_ENOUGH_MS)
    made.heed(totals(*rows), processes=processes)
    return made


def why(made, ids=(31,), price=100, *, now_ms=WIRE_MS, wire_ms=WIRE_MS):
    return made.why_not(ids, price, now_ms=now_ms, wire_ms=wire_ms)


def test_a_whole_price_must_be_left_and_what_is_expected_fit_in_the_share():
    made = allowances(an_envelope(), processes=4)
    asked = {"now_ms": WIRE_MS, "wire_ms": WIRE_MS}
    assert made.may_spend((31,), 1_000, expected_micros=250, **asked)
    assert not made.may_spend((31,), 1_000, expected_micros=251, **asked)
    assert not made.may_spend((31,), 1_001, expected_micros=1, **asked)
    places = made.places_of(np.array([[31, 0]]))
    assert (made.rooms(places, **asked)[0], made.lefts(places, **asked)[0]) == (250, 1_000)


def test_before_any_totals_nothing_may_be_spent():
    made = Allowances(node=7, started_at_ms=WIRE_MS)
    assert why(made) is Held.STALE
    assert not made.may_spend((31,), 0, now_ms=WIRE_MS, wire_ms=WIRE_MS)


def test_each_process_has_its_share_of_what_is_left():
    made = allowances(an_envelope(200), processes=4)
    assert made.room_micros(31) == 200
    assert why(made, price=200) is None
    assert why(made, price=201) is Held.SPENT


def test_every_envelope_of_a_charge_must_have_room_and_id_0_is_no_envelope():
    made = allowances(an_envelope(), an_envelope(990, envelope_id=32))
    assert why(made, (31, 0, 0), 900) is None
    assert why(made, (31, 32), 11) is Held.SPENT
    assert why(made, (31, 33), 1) is Held.UNKNOWN


def test_no_limit_is_no_bound():
    made = allowances(an_envelope(limit=None))
    assert made.room_micros(31) == NO_LIMIT
    assert why(made, price=10**15) is None


def test_a_closed_envelope_takes_not_even_what_is_free():
    made = allowances(an_envelope(closed_at_ms=WIRE_MS))
    assert why(made, price=0) is Held.CLOSED


def test_totals_are_good_for_ten_seconds_of_wire_time():
    made = allowances(an_envelope())
    assert why(made, wire_ms=WIRE_MS + ALLOWANCE_LIFE_MS - 1) is None
    assert why(made, wire_ms=WIRE_MS + ALLOWANCE_LIFE_MS) is Held.STALE
    made.heed(totals(version=1, at_ms=WIRE_MS + 9_000), processes=1)
    assert why(made, wire_ms=WIRE_MS + ALLOWANCE_LIFE_MS) is None


def test_a_day_that_is_over_allows_nothing_until_the_next_is_told():
    made = allowances(an_envelope())
    assert why(made, now_ms=WIRE_MS + DAY_MS - 1) is None
    assert why(made, now_ms=WIRE_MS + DAY_MS) is Held.PERIOD
    tomorrow = an_envelope(begins_at_ms=WIRE_MS + DAY_MS, ends_at_ms=WIRE_MS + 2 * DAY_MS)
    made.heed(totals(tomorrow, version=2), processes=1)
    assert why(made, now_ms=WIRE_MS + DAY_MS) is None
    made.heed(totals(an_envelope(1_000), version=3), processes=1)
    assert why(made, now_ms=WIRE_MS + DAY_MS) is None, "a late row of yesterday's says nothing of today"


def test_what_was_decided_counts_until_its_life_is_over_by_the_totals_own_clock():
    made = allowances(an_envelope())
    made.hold((31,), 900, wire_ms=WIRE_MS, certain=True)
    assert why(made, price=101) is Held.SPENT
    late = WIRE_MS + CERTAIN_LIFE_MS
    made.heed(totals(version=2, at_ms=late, counted_to_ms=WIRE_MS), processes=1)
    assert why(made, price=101, wire_ms=late) is Held.SPENT, "settling stands still: nothing is known of it"
    made.heed(totals(version=3, at_ms=late + 1_000), processes=1)
    assert why(made, price=1_000, wire_ms=late) is None


def test_what_totals_show_as_charged_is_not_held_any_more():
    made = allowances(an_envelope(spent_by_node=((7, 0),)))
    made.hold((31,), 300, wire_ms=WIRE_MS, certain=True)
    charged = an_envelope(250, spent_by_node=((6, 50), (7, 200)))
    made.heed(totals(charged, version=2), processes=1)
    assert made.outstanding_micros(31) == 100
    assert made.room_micros(31) == 1_000 - 250 - 100
    made.heed(totals(charged, version=2), processes=1)
    assert made.outstanding_micros(31) == 100, "the same totals twice say nothing new"


def test_where_totals_do_not_tell_whose_decisions_were_charged_each_process_takes_its_share():
    made = allowances(an_envelope(), processes=4)
    made.hold((31,), 200, wire_ms=WIRE_MS, certain=True)
    made.heed(totals(an_envelope(400), version=2), processes=4)
    assert made.outstanding_micros(31) == 100
    alone = allowances(an_envelope())
    alone.hold((31,), 200, wire_ms=WIRE_MS, certain=True)
    alone.heed(totals(an_envelope(150), version=2), processes=1)
    assert alone.outstanding_micros(31) == 50


def test_a_click_says_little_about_the_other_clicks_that_may_come():
    made = allowances(an_envelope(spent_by_node=((7, 0),)))
    made.hold((31,), 30, wire_ms=WIRE_MS, certain=False)
    made.heed(totals(an_envelope(200, spent_by_node=((7, 200),)), version=2), processes=1)
    assert made.outstanding_micros(31) == 15
    after = WIRE_MS + CERTAIN_LIFE_MS
    made.heed(totals(version=3, at_ms=after), processes=1)
    assert made.outstanding_micros(31) == 15
    made.heed(totals(version=4, at_ms=WIRE_MS + UNCERTAIN_LIFE_MS), processes=1)
    assert made.outstanding_micros(31) == 0


def test_a_process_that_was_just_started_begins_with_an_eighth():
    made = Allowances(node=7, started_at_ms=WIRE_MS)
    made.heed(totals(an_envelope()), processes=1)
    assert made.room_micros(31) == 125
    made.heed(totals(version=2, at_ms=WIRE_MS + UNCERTAIN_LIFE_MS), processes=1)
    assert made.room_micros(31) == 1_000


def test_where_people_live_quicker_what_may_come_is_waited_for_that_much_shorter():
    made = Allowances(node=7, started_at_ms=WIRE_MS)
    made.live_at(100)
    aged_ms = WIRE_MS + UNCERTAIN_LIFE_MS // 100
    made.heed(totals(an_envelope(), at_ms=aged_ms), processes=1)
    assert made.room_micros(31) == 1_000, "as old as one that lives at the wire's pace is after ten minutes"
    made.hold((31,), 400, wire_ms=aged_ms, certain=False)
    made.heed(totals(version=2, at_ms=aged_ms + CERTAIN_LIFE_MS // 100 + 1_000), processes=1)
    assert made.outstanding_micros(31) == 200
    made.heed(totals(version=3, at_ms=aged_ms + UNCERTAIN_LIFE_MS // 100 + 1_000), processes=1)
    assert made.outstanding_micros(31) == 0
    made.live_at(0.5)
    made.hold((31,), 400, wire_ms=aged_ms, certain=True)
    made.heed(totals(version=4, at_ms=aged_ms + CERTAIN_LIFE_MS // 2), processes=1)
    assert made.outstanding_micros(31) == 400, "nobody lives slower than the wire"


def test_totals_of_a_database_that_was_put_back_are_taken_when_asked():
    made = allowances(an_envelope(900))
    made.heed(totals(an_envelope(100), version=0), processes=1)
    assert made.room_micros(31) == 100
    made.begin_again()
    made.heed(totals(an_envelope(100), version=0), processes=1)
    assert made.room_micros(31) == 900


def test_many_groups_are_asked_at_once_and_answer_as_one_by_one():
    rows = [an_envelope(10 * number, envelope_id=number, limit=5_000) for number in range(1, 300)]
    rows[40] = an_envelope(envelope_id=41, closed_at_ms=WIRE_MS)
    made = allowances(*rows)
    ids = np.array([[number, 300 - number, 0, 0, 0] for number in range(1, 300)] + [[999, 0, 0, 0, 0], [0] * 5])
    places = made.places_of(ids)
    found = made.rooms(places, now_ms=WIRE_MS, wire_ms=WIRE_MS)
    for group, room in zip(ids, found, strict=True):
        asked = [int(one) for one in group if one]
        assert room == min((made.room_micros(one) for one in asked), default=NO_LIMIT)
    assert found[40] == CLOSED
    assert found[-2] == CLOSED
    made.heed(totals(an_envelope(envelope_id=999), version=2), processes=1)
    assert made.rooms(places, now_ms=WIRE_MS, wire_ms=WIRE_MS)[-2] == 1_000, "a place is kept for what is told later"
    assert (made.rooms(places, now_ms=WIRE_MS, wire_ms=WIRE_MS + ALLOWANCE_LIFE_MS) == CLOSED).all()


def test_an_envelope_that_is_told_twice_at_once_is_taken_row_by_row():
    made = allowances(an_envelope(100, spent_by_node=((7, 100),)))
    made.hold((31,), 300, wire_ms=WIRE_MS, certain=True)
    twice = [an_envelope(spent, spent_by_node=((7, spent),)) for spent in (150, 250)]
    made.heed(totals(*twice, version=2), processes=1)
    assert (made.outstanding_micros(31), made.room_micros(31)) == (150, 1_000 - 250 - 150)


def test_heeding_says_whether_an_envelope_is_new_and_pacing_is_told_what_totals_told():
    made = Allowances(node=7, started_at_ms=OLD_ENOUGH_MS)
    made.places_of(np.array([31, 32]))
    assert made.heed(totals(an_envelope(5)), processes=1)
    assert not made.heed(totals(an_envelope(6), version=2), processes=1)
    assert not made.heed(totals(version=3), processes=1)
    endless = an_envelope(limit=None, envelope_id=33, ends_at_ms=None)
    assert not made.heed(totals(endless, version=1), processes=1), "older totals are ignored"
    assert made.heed(totals(endless, version=4), processes=1)
    assert made.facts_of(np.array([31, 32, 33, 0, 99])).T.tolist() == [
        [WIRE_MS, WIRE_MS + DAY_MS, 1_000, 6, KINDS["day"]],
        [0, NEVER, NO_LIMIT, 0, STRANGE],
        [WIRE_MS, NEVER, NO_LIMIT, 0, KINDS["day"]],
        [0, NEVER, NO_LIMIT, 0, STRANGE],
        [0, NEVER, NO_LIMIT, 0, STRANGE],
    ]


def test_a_limit_of_any_size_is_shared_exactly():
    for limit in (10**15, 2**61 + 12_345, NO_LIMIT - 1):
        made = allowances(an_envelope(limit=limit), processes=3)
        assert made.room_micros(31) == limit // 3
        young = Allowances(node=7, started_at_ms=WIRE_MS - UNCERTAIN_LIFE_MS // 2)
        young.heed(totals(an_envelope(limit=limit)), processes=3)
        assert young.room_micros(31) == limit * 4 // 24


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["hold", "click", "charge", "time", "lost"]),
        st.integers(0, 400),
        st.integers(0, 200_000),
    ),
    max_size=40,
)


@given(ACTS)
def test_nothing_outstanding_is_ever_negative_and_room_is_slice_less_outstanding(acts):
    made = allowances(an_envelope(spent_by_node=((7, 0),)))
    wire_ms, spent, version = WIRE_MS, 0, 1
    for act, micros, step_ms in acts:
        if act in {"hold", "click"} and made.may_spend((31,), micros, now_ms=WIRE_MS, wire_ms=wire_ms):
            made.hold((31,), micros, wire_ms=wire_ms, certain=act == "hold")
        elif act == "charge":
            spent = min(1_000, spent + micros)
        elif act == "time":
            wire_ms += step_ms
        if act != "lost":
            version += 1
            row = an_envelope(spent, spent_by_node=((7, spent),))
            made.heed(totals(row, version=version, at_ms=wire_ms), processes=1)
            assert made.room_micros(31) == 1_000 - spent - made.outstanding_micros(31)
        assert made.outstanding_micros(31) >= 0
    made.heed(totals(version=version + 1, at_ms=wire_ms + 2 * UNCERTAIN_LIFE_MS), processes=1)
    assert made.outstanding_micros(31) == 0


def test_a_negative_cost_is_a_fault():
    with pytest.raises(AssertionError):
        allowances(an_envelope()).hold((31,), -1, wire_ms=WIRE_MS, certain=True)
