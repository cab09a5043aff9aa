"""One call of a decision: kernel and numpy agree, unknown ids have their token, and what is tried is bounded."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from attise.records.feed import ViewerContext
from attise.serving.prediction import thompson
from attise.serving.prediction.features import (
    CROSS_FEATURES,
    SPACES,
    VIEWER_FEATURES,
    known_interests,
    many_viewer_keys,
    viewer_keys,
    viewer_part,
)
from attise.serving.prediction.hashing import code_of, codes_of, mix, mix_one
from attise.serving.prediction.heads import CLICK, COMPLETE, IMPRESSIONS, TOLD_OFTEN, WIDTH
from attise.serving.prediction.history import Counts
from attise.serving.prediction.model import cold_model, read_model, write_model
from attise.serving.prediction.predictor import Predictor
from attise.serving.prediction.table import make_table
from tests import machine_code
from tests.serving.prediction.some import NOTHING, NOW_MS, VIEWER, ads, learned


@pytest.fixture(scope="module", autouse=True)
def _kernels():
    machine_code.load()


def predictor(*, share: float = 1.0, split: int = 150) -> Predictor:
    facts, model = ads(), learned()
    tables = (
        make_table(model, facts.take(slice(split)), NOTHING),
        make_table(model, facts.take(slice(split, None)), NOTHING),
    )
    return Predictor(model, tables, explore_share=share)


def candidates(count: int = 64, seed: int = 3):
    drawn = np.random.default_rng(seed)
    segment = (drawn.random(count) < 0.3).astype(np.uint8)
    place = np.where(segment == 0, drawn.integers(0, 150, count), drawn.integers(0, 50, count)).astype(np.int32)
    exposures = drawn.integers(0, 6, count).astype(np.int32)
    since = np.where(exposures > 0, drawn.integers(0, 10**9, count), -1)
    return {"segment": segment, "place": place, "exposures": exposures, "since_ms": since}


@pytest.mark.parametrize("viewer", [VIEWER, ViewerContext(pseudonym="")], ids=["known", "unknown"])
@pytest.mark.parametrize("seed", range(5))
def test_the_kernel_and_numpy_say_the_same_to_the_last_bit(viewer, seed, monkeypatch):
    made = predictor()
    asked = candidates(seed=seed)
    found = []
    for ready in (False, True):
        monkeypatch.setattr("attise.serving.kernels.are_ready", lambda ready=ready: ready)
        found.append(made.predict(viewer, now_ms=NOW_MS, index=3, gap=7, seed=99, **asked))
    plain, fast = found
    assert np.array_equal(plain.mean, fast.mean)
    assert np.array_equal(plain.sampled, fast.sampled)
    assert np.array_equal(plain.exploring, fast.exploring)
    assert plain.exploring.any()


def test_what_is_mapped_from_a_file_predicts_as_what_is_in_memory(tmp_path, monkeypatch):
    made = predictor()
    mapped = read_model(write_model(tmp_path, made.model))
    tables = []
    for table in made.tables:
        for values in vars(table).values():
            values.flags.writeable = False
        tables.append(table)
    monkeypatch.setattr("attise.serving.kernels.are_ready", lambda: True)
    asked = candidates()
    first = made.predict(VIEWER, now_ms=NOW_MS, seed=99, **asked)
    second = Predictor(mapped, tuple(tables), explore_share=1.0).predict(VIEWER, now_ms=NOW_MS, seed=99, **asked)
    assert np.array_equal(first.mean, second.mean)
    assert np.array_equal(first.sampled, second.sampled)


def test_the_hash_of_a_kernel_is_the_hash_of_numpy():
    from attise.serving.prediction import compiled

    drawn = np.random.default_rng(4).integers(0, 2**63, (1_000, 2)).astype(np.uint64)
    plain = mix(SPACES["age"], drawn[:, 0], drawn[:, 1])
    assert [int(compiled.mix(SPACES["age"], a, b)) for a, b in drawn] == plain.tolist()
    assert [mix_one(int(SPACES["age"]), int(a), int(b)) for a, b in drawn] == plain.tolist()


def test_a_slot_and_its_sign_are_evenly_spread():
    mixed = mix(SPACES["ad"], np.arange(100_000, dtype=np.uint64), np.zeros(1, dtype=np.uint64))
    held = np.bincount((mixed & np.uint64(1023)).astype(np.int64), minlength=1024)
    assert held.std() < 1.2 * np.sqrt(100_000 / 1024)
    assert abs(int((mixed >> np.uint64(63)).sum()) - 50_000) < 800


def test_keys_of_one_request_are_keys_of_a_column_of_them():
    one = viewer_keys(VIEWER, now_ms=NOW_MS, index=3, gap=-1)
    known = codes_of(np.array([known_interests(VIEWER.interests)]))
    column = many_viewer_keys(
        age=np.array([30]),
        gender=codes_of(np.array(["FEMALE"])),
        country=codes_of(np.array(["FR"])),
        region=codes_of(np.array(["FR-IDF"])),
        language=codes_of(np.array(["fr"])),
        os=codes_of(np.array(["IOS"])),
        device_price=np.array([700]),
        now_ms=np.array([NOW_MS]),
        index=np.array([3]),
        gap=np.array([-1]),
        interests=known,
    )
    assert np.array_equal(column[0], one)
    assert known_interests(VIEWER.interests) == ("1001", "1005", "1009", "100102")


def test_the_viewer_part_names_nobody():
    other = replace_pseudonym("somebody else")
    keys = [viewer_keys(viewer, now_ms=NOW_MS, index=0, gap=-1) for viewer in (VIEWER, other)]
    assert np.array_equal(*keys)
    part = viewer_part(keys[0][None], 14)
    assert part.slots.shape == (1, VIEWER_FEATURES)
    assert (part.slots[0] >= 0).sum() == VIEWER_FEATURES - 2, "two of six interests are not there"
    assert CROSS_FEATURES == 12 + 2 * 6


def replace_pseudonym(text: str) -> ViewerContext:
    return ViewerContext(**{name: getattr(VIEWER, name) for name in VIEWER.__struct_fields__} | {"pseudonym": text})


def test_words_have_the_same_code_in_every_process():
    assert (code_of(""), code_of("FR"), code_of("fashion")) == (0, 1_654_639_268, 4_180_407_349)


def test_a_new_house_predicts_usual_rates_for_anybody():
    facts, model = ads(), cold_model(10)
    found = Predictor(model, (make_table(model, facts, NOTHING),)).predict(
        VIEWER, now_ms=NOW_MS, segment=np.zeros(9, dtype=np.uint8), place=np.arange(9)
    )
    assert np.allclose(found.mean, TOLD_OFTEN, rtol=0.02)
    assert found.sampled is None


def test_a_post_that_is_watched_to_its_end_begins_above_its_like():
    facts, model = ads(), cold_model(10)
    rows = np.zeros((1, WIDTH), dtype=np.float32)
    rows[0, [COMPLETE, IMPRESSIONS]] = (1_500, 3_000)
    table = make_table(model, facts, Counts(facts.post_id[1:2], rows))
    rates = table.rates(model)
    assert rates[1, COMPLETE] > 1.5 * rates[2, COMPLETE]
    assert rates[1, CLICK] == rates[2, CLICK], "the feed tells nothing of clicks"


def test_new_ads_of_one_advertiser_have_the_same_token_and_known_ones_their_own():
    facts, model = ads(), learned()
    one = facts.take(slice(1, 2))
    twin = replace(one, ad_id=one.ad_id + 5_000, post_id=one.post_id + 5_000)
    other = replace(one, ad_id=one.ad_id + 6_000, post_id=one.post_id + 6_000)
    first, second = (make_table(model, made, NOTHING).alone for made in (twin, other))
    assert np.array_equal(first, second)
    known = facts.take(slice(0, 1))
    moved = replace(known, ad_id=known.ad_id + 2)
    assert not np.array_equal(make_table(model, known, NOTHING).alone, make_table(model, moved, NOTHING).alone)


def test_a_request_without_a_seed_or_outside_the_budget_tries_nothing():
    asked = candidates()
    assert predictor().predict(VIEWER, now_ms=NOW_MS, **asked).sampled is None
    seeds = range(20_000)
    explores = [thompson.does_explore(seed, thompson.MOST_SHARE) for seed in seeds]
    assert 0.025 < np.mean(explores) < 0.035
    quiet = explores.index(False)
    found = predictor(share=thompson.MOST_SHARE).predict(VIEWER, now_ms=NOW_MS, seed=quiet, **asked)
    assert found.sampled is None
    assert not found.exploring.any()


def test_only_new_ads_are_drawn_and_no_advertiser_has_more_than_its_tickets():
    made = predictor()
    place = np.arange(150, dtype=np.int32)
    found = made.predict(VIEWER, now_ms=NOW_MS, segment=np.zeros(150, dtype=np.uint8), place=place, seed=8)
    assert found.sampled is not None
    assert (found.sampled >= found.mean).all(), "nothing is shown less for being new"
    moved = (found.sampled != found.mean).any(axis=1)
    assert not moved[~found.exploring].any()
    assert moved[found.exploring].all()
    counts = np.bincount(ads().advertiser_id[place[found.exploring]])
    assert counts.max() == thompson.TICKETS


def test_the_same_seed_draws_the_same_and_draws_are_normal():
    ids = np.arange(50_000)
    drawn = thompson.normals(7, ids)
    assert np.array_equal(drawn, thompson.normals(7, ids))
    assert not np.array_equal(drawn, thompson.normals(8, ids))
    assert np.abs(drawn.mean(axis=0)).max() < 0.02
    assert np.abs(drawn.std(axis=0) - 1).max() < 0.02
    apart = np.corrcoef(drawn.T) - np.eye(drawn.shape[1])
    assert np.abs(apart).max() < 0.02


def test_a_draw_reaches_as_far_as_a_hundred_impressions_may_move_the_mean():
    rates = np.array([0.01, 0.1, 0.5, 0.0], dtype=np.float32)
    unknown = thompson.spread_of(np.zeros(4, dtype=np.float32))
    reach = thompson.reach_of(unknown, rates)
    assert (np.diff(reach[:3]) > 0).all(), "what happens often is learned sooner"
    assert reach[3] == 0, "what never happens is not learned"
    assert (reach**2 < unknown).all()
    seen = thompson.spread_of(np.full(4, 20, dtype=np.float32))
    assert (thompson.reach_of(seen, rates)[:3] < reach[:3]).all(), "what is known is tried less"
    left = 1 / (1 / unknown + 100 * rates * (1 - rates))
    np.testing.assert_allclose(reach**2, unknown - left, atol=1e-6)


def test_an_ad_leaves_with_its_impressions_or_its_events():
    rows = np.zeros((3, WIDTH), dtype=np.float32)
    rows[1, IMPRESSIONS] = thompson.MOST_IMPRESSIONS
    rows[2, CLICK] = thompson.MOST_EVENTS
    assert thompson.is_new(rows, np.zeros(3, dtype=np.uint8)).tolist() == [True, False, False]
    assert thompson.is_new(rows, np.full(3, COMPLETE, dtype=np.uint8)).tolist() == [True, False, True]


def test_the_share_of_exploring_requests_follows_what_guesses_win():
    assert thompson.next_share(0.03, tried=0, explored=99) == 0.03, "too few to tell"
    assert thompson.next_share(0.03, tried=5, explored=300) == 0.06, "at most doubled"
    assert thompson.next_share(0.2, tried=600, explored=2_000) == pytest.approx(0.08), "and lowered at once"
    assert thompson.next_share(0.2, tried=0, explored=2_000) == thompson.MOST_REQUESTS
