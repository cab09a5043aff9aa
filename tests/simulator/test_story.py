"""A life on the real rooms: counted right, the same for the same seed, another for another, and out of the truth."""

from typing import NamedTuple

import numpy as np
import pytest

from attise.doors.cli.living import BEGIN_MS
from attise.kernel.limits import HOUR_MS
from attise.ledger.verify import verify_ledger
from attise.management.accounts.queries import known_creators
from attise.management.posts.models import Comment, Post
from attise.management.posts.queries import creators_of
from attise.measurement.attribution.models import Outcome, Position
from attise.measurement.attribution.recount import recount
from attise.measurement.attribution.whose import Whose
from attise.measurement.counters.queries import list_counts
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.simulator.drawing import Size
from attise.simulator.truth.people import draw_people
from attise.simulator.truth.reactions import USUAL, Draws, Moments, react
from attise.simulator.truth.tastes import draw_directions
from attise.simulator.truth.works import draw_works
from tests.simulator.lives import a_life

HOURS = 18
RARE = ("comments", "reports")
"""Too few in so small a life to tell two seeds apart."""


class Life(NamedTuple):
    """All that came of a life."""

    figures: dict[str, int]
    counts: dict[int, tuple[dict[str, int], dict[str, int]]]
    charges: list[tuple[object, ...]]
    position: tuple[int, int]
    """Events that were settled, and those of them that had come before."""
    counters: object
    """What is told otherwise by a recount; the ledger likewise. None: nothing."""
    ledger: object


def live(folder, seed: int) -> Life:
    """Live until the evening, and return all that came of it."""
    with a_life(folder, seed) as (living, made):
        made.story.turn_ms = HOUR_MS
        figures = made.story.live(BEGIN_MS + HOURS * HOUR_MS).plain()
        posts = [one.post_id for one in made.cast.planned if one.post_id]
        counts = {post_id: (view.organic, view.paid) for post_id, view in list_counts(posts).items()}
        charges = list(Outcome.objects.order_by("decision_id").values_list("decision_id", "charged_micros", "counted"))
        position = Position.objects.get(id=1)
        found = recount(SqliteLog(living.house.folder, may_write=False), whose=Whose(creators_of, known_creators))
        settled = (position.events, position.duplicates)
        return Life(figures, counts, charges, settled, found.difference, verify_ledger().difference)


@pytest.fixture(scope="module")
def seventh(beforehand, tmp_path_factory) -> Life:
    """Return what the life of seed 7 came to, lived once for all tests; each of them begins on an empty house."""
    with beforehand():
        return live(tmp_path_factory.mktemp("seventh"), 7)


def test_a_life_is_counted_right(seventh):
    assert seventh.counters is None
    assert seventh.ledger is None
    lived = seventh.figures
    assert lived["settled"] == lived["events"] + lived["reports"] > 0
    assert sum(one.get("impressions", 0) for parts in seventh.counts.values() for one in parts) > 0
    assert seventh.position == (lived["events"] + lived["comments"], 0)
    assert lived["paid"] > 0
    assert len(seventh.charges) > 0


@pytest.mark.django_db(transaction=True)
def test_the_same_seed_is_the_same_life(seventh, tmp_path):
    assert not Outcome.objects.exists(), "an empty house again"
    assert live(tmp_path, 7) == seventh


@pytest.mark.django_db(transaction=True)
def test_another_seed_moves_every_figure(seventh, tmp_path):
    other = live(tmp_path, 8)
    assert other.counters is None
    before = seventh.figures
    same = {name for name, value in other.figures.items() if value == before[name] and name not in {"turns", *RARE}}
    assert not same, same
    assert other.counts != seventh.counts
    assert other.charges != seventh.charges


@pytest.mark.django_db(transaction=True)
def test_what_bots_do_is_kept_and_not_counted(tmp_path):
    with a_life(tmp_path, 9, Size(viewers=40, creators=4, posts=12, advertisers=1, days=1.0)) as (_, made):
        made.cast.people.is_bot[:] = True
        made.story.turn_ms = 2 * HOUR_MS
        made.story.live(BEGIN_MS + 12 * HOUR_MS)
        position = Position.objects.get(id=1)
        assert position.events == position.doubted > 0
        counts = list_counts([one.post_id for one in made.cast.planned if one.post_id])
        assert not sum(view.of("impressions").total for view in counts.values())
        assert not Comment.objects.exists()
        assert Post.objects.count() >= 12 - sum(not one.post_id for one in made.cast.planned)


def reactions(rng: np.random.Generator, *, herding: float = 0.0, draws: Draws = USUAL, **more: object):
    """Return what 40,000 people do of one work each, the same people and works for the same generator."""
    count = 40_000
    directions = draw_directions(rng, 5)
    people = draw_people(rng, 500, directions, herding=herding)
    people.is_bot[:] = False
    works = draw_works(
        rng, directions, rng.integers(0, 5, 200), np.zeros(200, np.float32), np.full(200, more.pop("seconds", 12.0))
    )
    no, none = np.zeros(count, np.bool_), np.zeros(count, np.int64)
    fields = {
        "person": rng.integers(0, 500, count),
        "work": rng.integers(0, 200, count),
        "is_ad": no,
        "is_standard": no,
        "has_page": no,
        "likes": none,
        "seen_before": none,
    }
    fields |= {name: np.full(count, value) for name, value in more.items()}
    return works, fields["work"], react(rng, people, works, Moments(**fields), draws)


def completed(seconds: float, **more: object) -> float:
    _, _, made = reactions(np.random.default_rng(1), seconds=seconds, **more)
    return float(np.mean(made.watch_ms >= 1000 * seconds))


def test_people_are_as_people_are():
    """Marginals that anybody knows: few like, fewer comment, longer works are finished less often."""
    works, work, made = reactions(np.random.default_rng(1))
    assert 0.01 < made.like.mean() < 0.08
    assert 0.0001 < made.comment.mean() < 0.005
    assert 0.0001 < made.share.mean() < 0.005
    assert completed(6.0) > completed(12.0) > completed(24.0) > 0.02
    good = works.quality[work] > np.quantile(works.quality, 0.9)
    assert made.watch_ms[good].mean() > made.watch_ms[~good].mean()


def test_likes_draw_only_as_far_as_the_knob_says():
    assert completed(12.0, herding=0.0, likes=500) == completed(12.0, herding=0.0, likes=0)
    assert completed(12.0, herding=0.1, likes=500) > completed(12.0, herding=0.1, likes=0) + 0.02


def test_the_authors_name_and_comments_draw_only_as_far_as_their_knobs_say():
    shown = {"is_ad": True, "is_standard": True}
    assert completed(12.0, **shown, draws=Draws(native=0.0)) == completed(12.0, is_ad=True)
    assert completed(12.0, **shown, draws=Draws(native=0.9)) < completed(12.0, **shown, draws=Draws(native=0.3)) - 0.02
    many = {"comments": 60}
    assert completed(12.0, **many, draws=Draws(comments=0.0)) == completed(12.0)
    assert completed(12.0, **many, draws=Draws(comments=0.1)) > completed(12.0) + 0.02


def test_ads_are_forgiven_less_a_brands_less_still_and_each_time_less():
    organic = completed(12.0)
    spark = completed(12.0, is_ad=True)
    standard = completed(12.0, is_ad=True, is_standard=True)
    again = completed(12.0, is_ad=True, seen_before=6)
    assert organic > spark > standard
    assert spark > again


def test_whoever_comes_stays_for_one_item_at_least():
    rng = np.random.default_rng(1)
    people = draw_people(rng, 30_000, draw_directions(rng, 10), herding=0.0)
    assert people.stay.min() == 1.0, "some would stay for less, and no session is that long"
    assert abs(people.stay.mean() - 16.0) < 0.2
