"""An advertiser compares two ad groups: drafts a test, launches it, and each viewer is of one side until it ends.

Told by what becomes of the rows that decisions are made of, and by what is refused on the way.
"""

from __future__ import annotations

import pytest

from attise.kernel.actor import COMMAND
from attise.kernel.limits import DAY_MS
from attise.management.campaigns import actions, queries
from attise.management.campaigns.rules.pairing import PairWish, text_of
from attise.management.campaigns.rules.splitting import SplitDraft, clean_split
from attise.management.outbox.queries import at_one_version
from attise.management.snapshots.render import Renderer
from tests.campaign_rows import a_group_of
from tests.management.campaigns.asked import make_group
from tests.management.campaigns.town import TOKEN, Town
from tests.refusals import refusals_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(means, tmp_path):
    return Town(means, tmp_path)


@pytest.fixture
def pair(town):
    """Two ad groups, each with an ad that may run."""
    second = a_group_of(town.means, town.brand)
    (one,) = town.make(town.spark(**town.by_code()))
    (other,) = town.make(town.upload(), group=second)
    return one, other


def draft(town, pair, **said):
    asked = {"name": "Spark against standard", "level": "adgroup", "days": 14}
    asked |= {"first_id": pair[0].adgroup_id, "second_id": pair[1].adgroup_id, **said}
    return actions.create_split(town.means, TOKEN, advertiser_id=town.brand.id, draft=SplitDraft(**asked))


def launch(town, split):
    return actions.launch_split(town.means, TOKEN, advertiser_id=town.brand.id, split_id=split.id)


def sides_of(town, *ads):
    """Return what decisions know of the ads: the test and the side of each."""
    with at_one_version():
        found = Renderer(town.means).ads([one.id for one in ads])
    return [(found[one.id].group.split_id, found[one.id].group.split_side) for one in ads]


def test_a_test_is_drafted_launched_and_over_after_its_days(town, pair):
    split = draft(town, pair)
    assert (split.state, split.ends_at_ms, sides_of(town, *pair)) == ("draft", None, [(0, 0), (0, 0)])
    assert [one.kinds for one in split.sides] == [("spark",), ("standard",)]
    running = launch(town, split)
    assert (running.state, running.ends_at_ms) == ("running", running.starts_at_ms + 14 * DAY_MS)
    assert sides_of(town, *pair) == [(split.id, 0), (split.id, 1)]
    assert actions.end_due_splits(town.means) == 0
    town.means.clock.advance(seconds=14 * 86_400 + 5)
    assert actions.end_due_splits(town.means) == 1
    over = queries.get_split(advertiser_id=town.brand.id, split_id=split.id)
    assert (over.state, over.ends_at_ms) == ("over", running.ends_at_ms)
    assert sides_of(town, *pair) == [(0, 0), (0, 0)]
    last = queries.page_history(
        advertiser_id=town.brand.id, level="adgroup", object_id=pair[0].adgroup_id, limit=2
    ).items
    assert [one.verb for one in last] == ["split_ended", "split_launched"]


def test_it_is_ended_by_hand_and_only_while_it_runs(town, pair):
    split = draft(town, pair)
    asked = {"advertiser_id": town.brand.id, "split_id": split.id}
    assert refusals_of(actions.end_split, town.means, TOKEN, **asked) == [("split_id", "split_not_running")]
    launch(town, split)
    assert refusals_of(actions.drop_split, town.means, TOKEN, **asked) == [("split_id", "split_launched")]
    assert refusals_of(actions.launch_split, town.means, TOKEN, **asked) == [("split_id", "split_launched")]
    town.means.clock.advance(seconds=60)
    over = actions.end_split(town.means, TOKEN, **asked)
    assert (over.state, over.ends_at_ms) == ("over", town.means.clock.world_ms())
    assert sides_of(town, *pair) == [(0, 0), (0, 0)]
    another = draft(town, pair, name="Again")
    actions.drop_split(town.means, TOKEN, advertiser_id=town.brand.id, split_id=another.id)
    assert [one.id for one in queries.page_splits(advertiser_id=town.brand.id).items] == [split.id]


def test_a_side_without_an_ad_that_may_run_is_not_launched_and_is_switched_on_with_it(town, pair):
    empty = a_group_of(town.means, town.brand)
    split = draft(town, pair, second_id=empty.id)
    asked = {"advertiser_id": town.brand.id, "split_id": split.id}
    assert refusals_of(actions.launch_split, town.means, TOKEN, **asked) == [("second_id", "split_not_ready")]
    off = make_group(town.means, town.brand, operation_status="DISABLE")
    (other,) = town.make(town.upload(), group=off)
    assert is_unknown(town, other)
    asked = {"advertiser_id": town.brand.id, "campaign_ids": [off.campaign_id]}
    actions.switch_campaigns(town.means, TOKEN, to="DISABLE", **asked)
    split = draft(town, (pair[0], other))
    assert [(one.may_run, one.is_on) for one in split.sides] == [(True, True), (False, False)]
    actions.switch_campaigns(town.means, TOKEN, to="ENABLE", **asked)
    assert [one.is_on for one in launch(town, split).sides] == [True, True]
    assert sides_of(town, other)[0][1] == 1


def test_what_runs_in_one_test_is_in_no_other_by_itself_or_by_its_campaign(town, pair):
    third = a_group_of(town.means, town.brand)
    (more,) = town.make(town.upload(), group=third)
    launch(town, draft(town, pair))
    again = draft(town, (pair[0], more))
    asked = {"advertiser_id": town.brand.id}
    assert refusals_of(actions.launch_split, town.means, TOKEN, split_id=again.id, **asked) == [
        ("first_id", "split_overlaps")
    ]
    whole = draft(
        town, pair, level="campaign", first_id=pair[1].campaign_id, second_id=more.campaign_id, name="Campaigns"
    )
    assert refusals_of(actions.launch_split, town.means, TOKEN, split_id=whole.id, **asked) == [
        ("first_id", "split_overlaps")
    ]


def test_two_campaigns_are_compared_with_all_that_is_in_them(town, pair):
    split = draft(town, pair, level="campaign", first_id=pair[0].campaign_id, second_id=pair[1].campaign_id)
    launch(town, split)
    assert sides_of(town, *pair) == [(split.id, 0), (split.id, 1)]
    late = a_group_of(town.means, town.brand)
    assert sides_of(town, town.make(town.upload(), group=late)[0]) == [(0, 0)]


def test_what_differs_beside_the_ads_is_said(town, pair):
    assert draft(town, pair).differing == ()
    actions.update_adgroup(
        town.means, TOKEN, advertiser_id=town.brand.id, adgroup_id=pair[1].adgroup_id, frequency=2, frequency_days=7
    )
    (split,) = queries.page_splits(advertiser_id=town.brand.id).items
    assert split.differing == ("frequency", "frequency_days")


def test_a_test_that_makes_no_sense_is_refused_with_all_that_is_wrong(town, pair):
    same = pair[0].adgroup_id
    wrong = SplitDraft(name="", level="ad", first_id=same, second_id=same, days=0)
    assert {code for _, code in refusals_of(clean_split, wrong)} == {
        "field_required",
        "choice_unknown",
        "field_invalid",
        "split_same_sides",
    }
    foreign = SplitDraft(name="Other", level="campaign", first_id=same, second_id=pair[1].campaign_id)
    asked = {"advertiser_id": town.brand.id, "draft": foreign}
    assert refusals_of(actions.create_split, town.means, COMMAND, **asked) == [("first_id", "not_found")]


def test_the_same_video_in_two_formats_is_one_call(town):
    (spark,) = town.make(town.spark())
    video = town.video()
    wish = PairWish(name="Two formats", ad_id=spark.id, video_id=video, display_name="Aubrée", days=28)
    asked = {"house": town.sandbox, "advertiser_id": town.brand.id, "wish": wish}
    split = actions.pair_formats(town.means, TOKEN, **asked)
    assert [one.kinds for one in split.sides] == [("spark",), ("standard",)]
    assert (split.state, split.days, split.differing) == ("draft", 28, ())
    (made,) = queries.list_ads(
        town.means, advertiser_id=town.brand.id, wish=queries.AdWish(adgroup_ids=[split.sides[1].object_id])
    ).items
    assert (made.video_id, made.landing_page_url, made.call_to_action) == (
        video,
        spark.landing_page_url,
        spark.call_to_action,
    )
    assert is_unknown(town, made)
    launch(town, split)
    assert sides_of(town, spark, made) == [(split.id, 0), (split.id, 1)]
    standard = PairWish(name="Once more", ad_id=made.id, video_id=video, display_name="Aubrée")
    assert refusals_of(actions.pair_formats, town.means, TOKEN, **{**asked, "wish": standard}) == [
        ("ad_id", "split_pair_needs_post")
    ]


def is_unknown(town, ad):
    """Tell whether decisions know nothing of an ad: its group is off until the test is launched."""
    with at_one_version():
        return Renderer(town.means).ads([ad.id]) == {}


def test_a_caption_becomes_a_text_that_an_ad_may_have():
    assert text_of("Soin 🍂 d’hiver\n\n#soin 🧴") == "Soin d’hiver #soin"
    assert len(text_of("x" * 300)) == 100
