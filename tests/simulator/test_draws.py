"""The first brand of a world that goes on lets chance choose once; the same seed chooses the same posts."""

import pytest

from attise.doors.cli.living import BEGIN_MS
from attise.kernel.limits import DAY_MS, HOUR_MS
from attise.management.campaigns.queries import page_lots
from attise.management.campaigns.verify import first_wrong_lot
from attise.simulator.drawing import Size
from attise.simulator.draws import POSTS, PROMOTED
from attise.simulator.rivals import Rivals
from tests.simulator.lives import a_life

SIZE = Size(viewers=40, creators=6, posts=36, advertisers=2, days=2.0)
DRAWN: dict[int, object] = {}
"""What the life of the test before drew: each begins on an empty house."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [1, 2])
def test_a_draw_is_made_once_and_the_same_by_the_same_seed(tmp_path, number):
    with a_life(tmp_path, 7, SIZE, go_on=True) as (living, made):
        story, cast = made.story, made.cast
        story.turn_ms = 2 * HOUR_MS
        owner = cast.brands[0].advertiser_id
        story.live(BEGIN_MS + DAY_MS - 2 * HOUR_MS)
        assert page_lots(living.means, advertiser_id=owner).items == []
        story.live(BEGIN_MS + int(1.5 * DAY_MS))
        (lot,) = page_lots(living.means, advertiser_id=owner).items
        assert (len(lot.posts), lot.wish.promoted, lot.state) == (POSTS, PROMOTED, "running")
        assert not {one.post_id for one in lot.posts} & {run.post_id for run in story.rivals.running}
        assert first_wrong_lot() == (None, 1)
        # A life that was cut short is told nothing of it, and finds it in the house.
        again = Rivals(story.stage, cast, story.rivals.running)
        again.turn()
        assert again.held == story.rivals.held == {one.post_id for one in lot.posts}
        assert page_lots(living.means, advertiser_id=owner).items == [lot]
        told = (lot.seed, lot.posts, lot.commitment)
        if number == 1:
            DRAWN[7] = told
        else:
            assert told == DRAWN[7]
