"""How much of the same is too much, counted in memory and written down batch by batch."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.measurement.attribution import paces
from attise.measurement.attribution.models import Pace, Position
from attise.measurement.attribution.paces import FIELD_BITS, LIFE_MS, WHOLE, Held
from attise.measurement.attribution.recount import recount
from tests.measurement.attribution.counted import shown
from tests.measurement.attribution.happened import Happened, claims, event

buckets = st.tuples(
    st.sampled_from(["s1/ann", "s1/bob", "m1/ann"]), st.integers(0, 59), st.integers(1, paces.SESSION_SECOND)
).map(lambda one: (one[0], WHOLE if one[0][0] == "m" else FIELD_BITS * one[1], one[2]))


@given(st.lists(st.lists(buckets, max_size=3), max_size=200), st.lists(st.integers(0, 200), max_size=5))
def test_numbers_say_what_counting_each_bucket_would(told, cuts):
    held, plain = Held(), Counter()
    filled = {}
    for place, some in enumerate(told):
        if place in cuts:
            held.keep(paces.decode_filled(paces.encode_filled(filled)), received_ms=1)
            filled = {}
        expected = False
        for key, bits, most in some:
            expected = expected or plain[key, bits] >= most
            plain[key, bits] += 1
        assert paces.fill(filled, held, some) == expected


def test_what_is_held_is_kept_for_its_life_and_not_for_ever():
    held = Held()
    for minute in range(100):
        now_ms = 1_000_000 + minute * 60_000
        held.keep({f"m{minute}": 1}, received_ms=now_ms)
        kept = [held.get(f"m{one}", 0) for one in range(minute + 1)]
        assert all(kept[-(LIFE_MS // 60_000) :])
        assert sum(kept) <= 2 * LIFE_MS // 60_000 + 2


@pytest.mark.django_db
def test_whoever_settles_next_knows_what_was_held(means, happened):
    organic = [claims(means, session_id="s") for _ in range(25)]
    happened.settle(*[event(means, "impression", one) for one in organic[:15]])
    happened.settler = happened.new_settler()
    happened.settle(*[event(means, "impression", one) for one in organic[15:]])
    assert (shown("impressions"), shown("doubted")) == ((20, 0), (5, 0))


@pytest.mark.django_db
def test_two_who_settle_in_turns_count_as_one(means, happened):
    settlers = [happened.new_settler(batch_events=3) for _ in range(2)]
    happened.append([event(means, "impression", claims(means, session_id="s")) for _ in range(27)])
    done = [settlers[turn % 2].settle(means) for turn in range(40)]
    assert sum(one.events for one in done) == Position.objects.get().events == 27
    assert (shown("impressions"), shown("doubted")) == ((20, 0), (7, 0))


@pytest.mark.django_db
def test_buckets_go_by_the_time_of_the_log(means, happened, clock):
    happened.settle(event(means, "impression", claims(means, session_id="s")))
    (first,) = Pace.objects.values_list("id", flat=True)
    clock.advance(seconds=LIFE_MS / 1000 + 1)
    happened.settle(event(means, "impression", claims(means, session_id="s")))
    assert first not in Pace.objects.values_list("id", flat=True)


@pytest.mark.django_db
def test_what_was_received_by_a_clock_far_ahead_makes_no_bucket_live_longer(means, happened, clock):
    ahead_ms = means.clock.wire_ms() + 100 * LIFE_MS
    happened.settle(event(means, "share", received_ms=ahead_ms), event(means, "share"))
    (first,) = Pace.objects.values_list("id", flat=True)
    clock.advance(seconds=LIFE_MS / 1000 + 1)
    happened.settle(event(means, "share"))
    assert first not in Pace.objects.values_list("id", flat=True)
    assert recount(happened.log, whose=happened.whose).difference is None


@pytest.mark.django_db
def test_what_comes_after_a_batch_was_read_ahead_is_settled_too(means, happened: Happened):
    settler = happened.new_settler(batch_events=10)
    happened.append([event(means, "share") for _ in range(15)])
    assert settler.settle(means).events == 10, "and the other five are read meanwhile"
    happened.append([event(means, "share") for _ in range(4)])
    ahead = settler.settle(means)
    assert (ahead.events, ahead.is_end) == (5, False), "more may have come since they were read"
    last = settler.settle(means)
    assert (last.events, last.is_end) == (4, True)
    assert shown("shares") == (19, 0)


@pytest.mark.django_db
def test_nothing_is_remembered_of_what_was_emptied(means, happened: Happened):
    happened.settle(*[event(means, "impression", claims(means, session_id="s")) for _ in range(20)])
    Pace.objects.all().delete()
    Position.objects.update(began=happened.log.end())
    happened.settle(event(means, "impression", claims(means, session_id="s")))
    assert (shown("impressions"), shown("doubted")) == ((21, 0), (0, 0))
