"""Brands of a story that find nothing to boost, as others boost all there is, look again after a pause."""

from dataclasses import replace

import pytest

from attise.doors.cli.living import BEGIN_MS
from attise.kernel.limits import HOUR_MS
from attise.management.campaigns.models import Campaign
from attise.simulator.drawing import Size
from attise.simulator.rivals import PAUSE_MS, Rivals
from tests.simulator.lives import a_life

FEW = Size(viewers=5, creators=2, posts=6, advertisers=2, days=1.0)


@pytest.mark.django_db(transaction=True)
def test_brands_that_find_every_post_taken_look_again_after_a_pause(tmp_path):
    with a_life(tmp_path, 11, FEW) as (living, made):
        posts = [one.post_id for one in made.cast.planned if one.post_id]
        first, others = posts[0], made.cast.planned
        for one in others:
            one.post_id = one.post_id if one.post_id == first else 0
        made.cast.brands[:] = [replace(one, name=f"{one.name} bis") for one in made.cast.brands]  # with a name to give
        before = Campaign.objects.count()

        rivals, boosted = Rivals.begin(living, made.cast)

        assert [one.ad.post.id for one in boosted] == [first], "the second brand finds the only post taken"
        assert Campaign.objects.count() == before + 1
        assert [bool(run.campaign_id) for run in rivals.running] == [True, False]

        for one, post_id in zip([one for one in others if not one.post_id], posts[1:], strict=False):
            one.post_id = post_id
        living.pass_to(BEGIN_MS + PAUSE_MS - HOUR_MS)
        rivals.turn()
        assert Campaign.objects.count() == before + 1, "it pauses"

        living.pass_to(BEGIN_MS + PAUSE_MS + HOUR_MS)
        rivals.turn()
        assert Campaign.objects.count() == before + 2, "by then there are more"
        assert [run.number for run in rivals.running] == [0, 1]
