"""The compiled choice of posts is numpy's, to the last bit."""

import random

import numpy as np
import pytest

from attise.records.totals import PostCircle, PostTotals
from attise.serving.feed import ranking
from attise.serving.feed.posts import CATEGORIES, code_of, from_posts
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
        places = some(chance, 700)
        asked = ranking.Asked(
            places,
            chance.randint(0, len(places)),
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


def test_the_compiled_choice_is_used_once_it_is_ready(compiled):
    assert ranking._chooser() is compiled.choose
