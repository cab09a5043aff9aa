"""The compiled choice of posts is numpy's, and the compiled filling the plain one, to the last bit."""

import random

import numpy as np
import pytest

from attise.records.feed import ViewerContext
from attise.records.totals import PostCircle, PostTotals
from attise.serving.feed import ranking
from attise.serving.feed.mixing import AN_AD, BY_CHANCE, SENSITIVITY, Filling, fill_plainly
from attise.serving.feed.posts import CATEGORIES, code_of, from_posts, sheet_of
from attise.serving.feed.quality import record_of
from tests import machine_code
from tests.serving.feed.stock import posts
from tests.snapshot_records import NOON_MS

STOCK = from_posts(
    [
        *posts(500, creators=60, language="fr", country="FR"),
        *posts(300, first=5_000, creators=20, category="sport"),
        *posts(100, first=9_000, creators=3, published_at_ms=NOON_MS + 5),
    ],
    now_ms=NOON_MS,
    record=record_of(PostTotals(5_000 + n, circle=PostCircle(n % 4, 3, is_progressing=n % 2 == 0)) for n in range(300)),
)


@pytest.fixture(scope="module")
def compiled():
    machine_code.load()
    from attise.serving.feed import compiled

    return compiled


def some(chance: random.Random, most: int) -> np.ndarray:
    return np.array([chance.randrange(len(STOCK)) for _ in range(chance.randint(0, most))], np.int32)


def test_whatever_is_asked_both_choose_the_same(compiled):
    chance = random.Random(4)
    STOCK.live[:] = True
    STOCK.live[some(chance, 90)] = False
    for _ in range(300):
        asked = ranking.Asked(
            tuple(sheet_of(STOCK.rows, some(chance, 300)) for _ in range(chance.randint(0, 3))),
            some(chance, 70),
            STOCK.post_id[some(chance, 600)],
            some(chance, 20),
            np.array([chance.choice([0, 0.25]) for _ in range(CATEGORIES)], np.float32),
            chance.choice([0, code_of("fr")]),
            chance.choice([0, code_of("FR")]),
            NOON_MS + chance.randint(-9, 10**9),
            chance.getrandbits(64),
            chance.randint(1, 60),
        )
        one, other = ranking.choose_by_numpy(STOCK, asked), compiled.choose(STOCK, asked)
        assert one[0].tolist() == other[0].tolist()
        assert one[1].tolist() == other[1].tolist()


@pytest.mark.parametrize("many", [0, 5, 60, 400, 850, 900])
def test_whoever_has_seen_however_much_is_ranked_alike(compiled, monkeypatch, many):
    """From short lists, from whole ones where those are seen, and again where all is."""
    chance = random.Random(many)
    STOCK.live[:] = True
    seen = chance.sample(STOCK.post_id.tolist(), many)
    for interests in ((), ("1001", "1006"), tuple(str(number) for number in range(1_001, 1_012))):
        creators = tuple(sorted(chance.sample(sorted(set(STOCK.creator_id.tolist())), 6)))
        viewer = ViewerContext(pseudonym="p", language="fr", interests=interests, follows=creators)
        about = {"seen": seen, "count": 16, "now_ms": NOON_MS, "seed": chance.getrandbits(64)}
        found = []
        for choose in (ranking.choose_by_numpy, compiled.choose):
            monkeypatch.setattr(ranking, "_chooser", lambda choose=choose: choose)
            pool = ranking.pool_of(STOCK, viewer, **about)
            found.append((pool.places.tolist(), pool.scores.tolist(), pool.repeats))
        assert found[0] == found[1]
        assert len(set(found[0][0])) == 16
        monkeypatch.undo()


def test_the_compiled_choice_is_used_once_it_is_ready(compiled):
    assert ranking._chooser() is compiled.choose


def an_ad_list(chance: random.Random, count: int) -> np.ndarray:
    slots = sorted(chance.sample(range(count), min(count, chance.randint(0, 3))))
    known = [int(STOCK.post_id[chance.randrange(len(STOCK))]), 0, 77]
    makers = [int(STOCK.creator_id[chance.randrange(len(STOCK))]), 5]
    rows = [(slot, chance.choice(known), chance.choice(makers), chance.choice([0, 1, 3, 3])) for slot in slots]
    return np.array(rows, np.int64).reshape(-1, 4)


def test_whatever_is_filled_both_fill_alike(compiled):
    """Careful ads, their own posts in the pool, new posts by chance, posts that are seen, stopped or too few."""
    chance = random.Random(5)
    STOCK.live[:] = True
    STOCK.live[some(chance, 90)] = False
    sensitive = np.flatnonzero([SENSITIVITY[one] > 0 for one in range(CATEGORIES)])
    STOCK.category[some(chance, 400)] = sensitive[0]
    kinds = set()
    for _ in range(500):
        count = chance.randint(1, 24)
        few = chance.sample(range(len(STOCK)), chance.randint(0, count + 6))
        pool = ranking.Pool(np.array(few, np.int32), np.zeros(len(few), np.float32), chance.randint(0, len(few)))
        filling = Filling(
            count,
            chance.getrandbits(64),
            pool,
            an_ad_list(chance, count),
            STOCK.post_id[some(chance, 300)],
            chance.choice([0.0, 0.08, 0.6]),
        )
        plainly, at_once = fill_plainly(STOCK, filling), compiled.fill(STOCK, filling)
        assert plainly.at == at_once.at
        organic = [number for number, at in enumerate(plainly.at) if at != AN_AD]
        for one, other in zip(plainly[1:], at_once[1:], strict=True):
            assert [one[number] for number in organic] == [other[number] for number in organic]
        kinds |= {min(at, 0) for at in plainly.at}
    assert kinds == {0, BY_CHANCE, AN_AD}
