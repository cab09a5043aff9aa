"""What circles go by, as rules alone: what an impression is worth, how large circles are, who passes, who grows."""

from itertools import pairwise
from math import prod

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from attise.doors.cli.speaking import tongue_of
from attise.kernel.tongue import ENGLISH
from attise.measurement.circles import words
from attise.measurement.circles.book import begin as begun
from attise.measurement.circles.book import new_plan, waiting
from attise.measurement.circles.bounds import BACK_AFTER_MS, GROWS, MOST_CIRCLES, PATIENCE_MS, WINDOW_MS
from attise.measurement.circles.gate import Level, Result, Says, judge, level_of, prior_of
from attise.measurement.circles.growth import is_over
from attise.measurement.circles.ladder import batches_of, passes_of
from attise.measurement.circles.moving import Batch, Place, Reason, State, move_of
from attise.measurement.circles.quality import SPANS, WIDTH, noise_of, percentiles_of, quality_of, spans_of
from attise.records.durations import DURATION_GROUPS
from tests.measurement.circles.met import DAY_MS, HOUR_MS, NOON_MS, at, counts, row

NORMS = np.tile(np.array((300.0, 250.0, 250.0, 200.0)), (DURATION_GROUPS, 1))
SHORT, LONG = np.array([1]), np.array([9])
LEVELS = (Level(100, 0.5, 0.45, 0.2), Level(600, 0.6, 0.6, 0.15))
SEEN = st.fixed_dictionaries(
    {name: st.integers(0, 500) for name in ("views", "views_2s", "views_6s", "completions", "likes", "negatives")}
)


@given(SEEN, st.integers(0, 11))
def test_every_impression_ends_somewhere_and_more_good_is_never_worth_less(seen, group):
    told, groups = {"impressions": 500, **seen}, np.array([group])
    spans = spans_of(row(**told), groups)
    assert (spans >= 0).all()
    assert spans.sum() == 500
    _, (mean,) = quality_of(row(**told), groups, NORMS)
    for name in ("views_2s", "views_6s", "completions", "likes"):
        _, (better,) = quality_of(row(**{**told, name: min(told[name] + 1, 500)}), groups, NORMS)
        assert better >= mean - 1e-12, name
    _, (worse,) = quality_of(row(**{**told, "negatives": told["negatives"] + 1}), groups, NORMS)
    assert worse < mean


@given(st.lists(st.lists(st.integers(0, 10_000), min_size=SPANS, max_size=SPANS), min_size=12, max_size=12))
def test_percentiles_rise_and_the_mean_of_a_group_is_one_half(rows):
    norms = np.array(rows, np.float64)
    found = percentiles_of(norms)
    assert (np.diff(found, axis=1) > 0).all()
    assert ((found > 0) & (found < 1)).all()
    large = norms.sum(axis=1) > 5_000
    assert (np.abs((norms * found).sum(axis=1)[large] / norms.sum(axis=1)[large] - 0.5) < 0.01).all()


def test_a_short_video_is_not_better_for_being_watched_whole():
    norms = np.ones((DURATION_GROUPS, SPANS))
    norms[1], norms[9] = (200, 150, 50, 600), (200, 150, 600, 50)  # what is usual of short and of long ones
    usual_short, usual_long = (row(**counts(1_000, loved=part, likes=30)) for part in (0.6, 0.06))
    (short,), (long,) = (quality_of(one, group, norms)[1] for one, group in ((usual_short, SHORT), (usual_long, LONG)))
    assert abs(short - long) < 0.12
    (as_long,) = quality_of(usual_short, LONG, norms)[1]
    assert as_long > long + 0.3, "a long one that six of ten see whole is a rare one"


@given(st.floats(0, 1e9), st.floats(0, 1e6))
def test_batches_rise_with_the_house_and_the_smallest_has_one(impressions, published):
    found = batches_of(impressions, published)
    assert 1 <= len(found) <= MOST_CIRCLES
    assert list(found) == sorted(set(found))
    assert 8 <= found[0] <= 300
    assert len(batches_of(2 * impressions, published)) >= len(found) - (found[0] < 300)
    assert all(after <= (before + 1) * GROWS for before, after in pairwise(found))
    passes = passes_of(published, found)
    assert all(0 < share <= 1 for share in passes)
    assert list(passes) == sorted(passes, reverse=True), "a small batch takes few away, a large one most"
    assert GROWS ** -len(found) - 1e-9 <= prod(passes) <= 0.6 ** len(found) + 1e-9


def test_a_tiny_house_a_small_one_and_a_large_one():
    assert batches_of(100, 2) == (8,)
    assert batches_of(18_000, 21) == (69, 270)
    assert batches_of(5e7, 40_000) == (100, 600, 3_600, 21_600, 129_600, 750_000)


@given(
    st.integers(0, 500), st.floats(-0.5, 1.5), st.floats(0, 0.5), st.floats(0.1, 1.0), st.floats(-0.3, 1.2),
    st.booleans(),
)  # fmt: skip
def test_a_better_batch_is_never_stopped_where_a_worse_one_passes(met, mean, more, noise, prior, is_late):
    order = [Says.STOP, Says.WAIT, Says.PROMOTE]
    level = LEVELS[0]
    worse = judge(level, met=met, mean=mean, noise=noise, prior=prior, is_late=is_late)
    better = judge(level, met=met, mean=mean + more, noise=noise, prior=prior, is_late=is_late)
    assert order.index(better.says) >= order.index(worse.says)
    assert min(prior, mean) - 1e-9 <= worse.value <= max(prior, mean) + 1e-9
    if is_late or met >= 2 * level.batch:
        assert worse.says != Says.WAIT
    if met < level.batch / 4 and not is_late:
        assert worse.says == Says.WAIT


def test_about_the_share_that_is_to_pass_passes_once_a_circle_knows_its_posts():
    chance, noise, spread = np.random.default_rng(5), 0.7, 0.2
    true = chance.normal(0.4, spread, 4_000)
    means = true + chance.normal(0, noise / 10, 4_000)
    level = Level(100, 0.0, 0.4, 0.25)
    for passes in (0.2, 0.5):
        results = []
        for begin in range(0, 4_000, 200):
            for mean in means[begin : begin + 200]:
                judged = judge(level, met=200, mean=mean, noise=noise, prior=level.mean)
                results.append(Result(200, mean, judged.value))
            level = level_of(100, results[-400:], passes=passes, usual=0.4, noise=noise)
        passed = [judge(level, met=200, mean=mean, noise=noise, prior=level.mean).says for mean in means[-1_000:]]
        assert abs(passed.count(Says.PROMOTE) / 1_000 - passes) < 0.06
        assert abs(level.spread - spread) < 0.04
        assert abs(level.mean - 0.4) < 0.03


def test_posts_that_wait_make_the_bar_with_those_that_were_judged():
    """Where posts crowd the better ones are met first: a bar of those alone would ask too much."""
    plan = new_plan()
    plan.levels, plan.noise = (LEVELS[0],), 0.7
    counts = np.zeros((3, WIDTH), np.int64)
    counts[:, 0] = (3, 40, 90)
    standings = [
        begun(post_id, creator_id=1, category="", length=SHORT[0], published_at_ms=0, now_ms=0) for post_id in (1, 2, 3)
    ]
    for one, many in zip(standings, counts, strict=True):
        one.seen = tuple(many.tolist())
    standings[2].place = Place(State.OPEN, 1, 0)
    found = waiting(plan, standings)
    assert list(found) == [0]
    assert [result.met for result in found[0]] == [40], "three impressions say nothing, and who is open waits no more"


def test_what_is_known_of_a_creator_is_believed_as_their_posts_are_many():
    level = LEVELS[0]
    one, many = (prior_of(level, (0.1, several), (0.0, 0)) for several in (1, 40))
    assert level.mean < one < many < level.mean + 0.1
    assert prior_of(level, (9.0, 99)) == level.mean + 2 * level.spread


def test_noise_is_that_of_what_is_counted():
    usual, noise = noise_of(NORMS, np.zeros(11))
    assert abs(usual - 0.5) < 0.01
    assert 0.2 < noise < 0.3
    disliked = np.zeros(11)
    disliked[10] = 0.1 * NORMS.sum()
    lower, louder = noise_of(NORMS, disliked)
    assert abs(lower - (usual - 0.2)) < 1e-9
    assert louder > 2 * noise


def hours(*windows: int) -> list[tuple[int, int]]:
    begin = NOON_MS - len(windows) * WINDOW_MS
    return [(begin + at * WINDOW_MS, seen) for at, seen in enumerate(windows)]


def test_a_post_no_longer_grows_when_it_falls_twice_and_a_night_of_the_house_is_nobodys_end():
    def traffic(from_ms: int, to_ms: int) -> float:
        return 5_000.0

    def asked(*windows: int, house=traffic, since_ms=NOON_MS - 9 * DAY_MS) -> bool:
        return is_over(hours(*windows), house, since_ms=since_ms, now_ms=NOON_MS)

    assert asked(100, 60, 30)
    assert not asked(100, 60, 55), "it fell once"
    assert not asked(30, 60, 100)
    assert not asked(4, 2, 1), "too few to say"
    assert not asked(100, 60, 30, since_ms=NOON_MS - 2 * WINDOW_MS), "not open for so long"
    night = {NOON_MS - 18 * HOUR_MS: 10_000.0, NOON_MS - 12 * HOUR_MS: 6_000.0, NOON_MS - 6 * HOUR_MS: 3_000.0}
    assert not asked(100, 60, 30, house=lambda from_ms, _: night[from_ms])


def moved(place, *, met=0, mean=0.5, now_ms=NOON_MS + 2 * DAY_MS, over=False, levels=LEVELS):
    batch = Batch(met, mean, lambda level: level.mean)
    return move_of(place, batch, levels, noise=0.7, now_ms=now_ms, has_stopped_growing=lambda: over)


def test_a_post_goes_up_circle_by_circle_is_stopped_and_may_come_back_one_lower():
    up = moved(at(), met=120, mean=0.9)
    assert (up.to.state, up.to.circle, up.reason) == (State.TESTING, 1, Reason.PROMOTED)
    opened = moved(at(circle=1), met=700, mean=0.9)
    assert (opened.to.state, opened.to.circle) == (State.OPEN, 2)
    assert moved(opened.to) is None
    over = moved(opened.to, over=True)
    assert (over.to.state, over.reason) == (State.STOPPED, Reason.GROWTH_OVER)
    back = moved(over.to._replace(since_ms=NOON_MS), met=200, mean=1.2)
    assert (back.to.state, back.to.circle, back.reason) == (State.TESTING, 0, Reason.CAME_BACK)
    assert moved(at(State.STOPPED), met=200, mean=1.2, now_ms=NOON_MS + BACK_AFTER_MS - 1) is None
    few = moved(at(), met=10, mean=0.2, now_ms=NOON_MS + PATIENCE_MS)
    assert (few.to.state, few.reason) == (State.STOPPED, Reason.TOO_FEW)
    assert moved(at(circle=3)).reason == Reason.LADDER


PLACES = st.builds(at, st.sampled_from(State), st.integers(0, 4), st.just(NOON_MS))


@given(PLACES, st.integers(0, 2_000), st.floats(-1, 2), st.integers(0, 12 * DAY_MS), st.booleans(), st.integers(1, 2))
def test_no_move_skips_a_circle_and_only_what_is_open_is_at_the_end(place, met, mean, later_ms, over, several):
    move = moved(place, met=met, mean=mean, now_ms=NOON_MS + later_ms, over=over, levels=LEVELS[:several])
    if move is None:
        return
    assert move.to.since_ms == NOON_MS + later_ms
    assert (move.to.state == State.OPEN) <= (move.to.circle == several)
    assert move.to.state != State.TESTING or move.to.circle < several
    if place.circle <= several and move.reason not in {Reason.GROWTH_OVER, Reason.LADDER}:
        assert abs(move.to.circle - place.circle) <= 1 + (place.state == State.STOPPED)
    if place.state == State.STOPPED:
        assert move.reason == Reason.CAME_BACK
        assert later_ms >= BACK_AFTER_MS
        assert move.to.circle <= max(place.circle - 1, 0)


def test_everything_is_said_in_both_languages():
    french = tongue_of("fr")
    for table, codes in ((words.STATES, State), (words.REASONS, Reason)):
        assert set(table) == set(codes)
        assert all(french.gettext(text) != text for text in table.values())
    assert words.reason("promoted", 12_345, french).count("\N{NO-BREAK SPACE}") == 1
    assert "12\N{NARROW NO-BREAK SPACE}345" in words.reason("promoted", 12_345, french)
    assert "12,345" in words.reason("promoted", 12_345, ENGLISH)
    assert {words.audience(circle, 2, ENGLISH) for circle in range(3)} == {words.FIRST, words.WIDER, "everyone"}
