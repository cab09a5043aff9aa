"""People of a life are of one side of a split test each: they see its ads alone, and alike sides do not differ."""

from __future__ import annotations

from dataclasses import fields

import pytest

from attise.doors.cli.living import BEGIN_MS
from attise.kernel.actor import COMMAND
from attise.kernel.limits import HOUR_MS
from attise.management.campaigns import actions, queries
from attise.management.campaigns.rules.adgroup import AdGroupDraft
from attise.management.campaigns.rules.creative import Creative
from attise.management.campaigns.rules.splitting import SplitDraft
from attise.measurement.ingest.log import EntryKind
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.measurement.lift.queries import list_met
from attise.records.decision import decode_decision
from attise.simulator.drawing import Size
from tests.simulator.lives import a_life


def twin_of(living, boosted):
    """Make another ad group like the one of a boost, with the same ad in it; return its id."""
    group, ad = boosted.adgroup, boosted.ad
    facts = {one.name: getattr(group, one.name) for one in fields(AdGroupDraft)}
    made = actions.create_adgroup(
        living.means,
        COMMAND,
        advertiser_id=group.advertiser_id,
        campaign_id=group.campaign_id,
        draft=AdGroupDraft(**{**facts, "name": "Twin", "starts_at_ms": living.means.clock.world_ms()}),
    )
    creative = Creative(
        identity_type=ad.identity_type,
        identity_id=ad.identity_id,
        post_id=ad.post.id,
        call_to_action=ad.call_to_action,
        landing_page_url=ad.landing_page_url,
    )
    actions.create_ads(
        living.means,
        COMMAND,
        house=living.house,
        advertiser_id=group.advertiser_id,
        adgroup_id=made.id,
        creatives=[creative],
    )
    return made.id


@pytest.mark.django_db(transaction=True)
def test_each_of_a_lifes_people_sees_one_side_and_the_sides_are_as_large_as_chance_makes_them(tmp_path):
    with a_life(tmp_path, 11, Size(viewers=160, creators=4, posts=16, advertisers=1, days=1.0)) as (living, made):
        made.story.turn_ms = HOUR_MS
        made.story.live(BEGIN_MS + 9 * HOUR_MS)
        boosted = made.boosted[0]
        advertiser_id, first_id = boosted.adgroup.advertiser_id, boosted.adgroup.id
        second_id = twin_of(living, boosted)
        draft = SplitDraft(name="Alike", level="adgroup", first_id=first_id, second_id=second_id, days=1)
        split = actions.create_split(living.means, COMMAND, advertiser_id=advertiser_id, draft=draft)
        actions.launch_split(living.means, COMMAND, advertiser_id=advertiser_id, split_id=split.id)
        made.story.live(BEGIN_MS + 21 * HOUR_MS)
        met = list_met(split.id)
        shown = winners(living, split.id, (first_id, second_id))
        assert len(met) > 30
        assert abs(sum(met.values()) - len(met) / 2) < 2.6 * len(met) ** 0.5
        assert len(shown) > 10
        assert {side for side, _ in shown.values()} == {0, 1}
        assert all(sides == {side} for side, sides in shown.values())
        assert shown.keys() <= met.keys()
        assert all(met[person] == side for person, (side, _) in shown.items())
        made.story.live(BEGIN_MS + 34 * HOUR_MS)
        assert queries.get_split(advertiser_id=advertiser_id, split_id=split.id).state == "over"


def winners(living, split_id: int, adgroup_ids: tuple[int, int]) -> dict[str, tuple[int, set[int]]]:
    """Return, by person, the side that they are of and the sides whose ads won for them while the test ran."""
    log, found = SqliteLog(living.house.folder, may_write=False), {}
    position = 0
    while batches := log.read(position, limit=200):
        position = batches[-1].position
        for entry in (one for batch in batches for one in batch.entries if one.kind == EntryKind.DECISION):
            decision = decode_decision(entry.body)
            side = dict(decision.splits).get(split_id)
            if side is None or decision.winner is None or decision.winner.adgroup_id not in adgroup_ids:
                continue
            won = found.setdefault(decision.viewer.pseudonym, (side, set()))[1]
            won.add(adgroup_ids.index(decision.winner.adgroup_id))
    log.close()
    return found
