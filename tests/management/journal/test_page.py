"""Acts of every room are one list, in their order, narrowed by who, what, on what and when."""

from __future__ import annotations

import pytest

from attise.kernel.actor import Actor
from attise.kernel.limits import DAY_MS
from attise.management.accounts import actions as accounts
from attise.management.authorizations import actions as grants
from attise.management.campaigns.actions import switch_ads, switch_campaigns
from attise.management.journal.queries import page_journal
from attise.management.journal.rules import ACTIONS, ALL_ACTIONS
from tests.builders import an_advertiser
from tests.campaigns import fund
from tests.management.campaigns.asked import make_campaign
from tests.management.campaigns.town import HOST, TOKEN, Town

pytestmark = pytest.mark.django_db
OLGA = Actor("person", 12)


@pytest.fixture
def town(means, tmp_path) -> Town:
    """A town in which something of every kind has happened, an hour apart."""
    town = Town(means, tmp_path)
    ad = town.ad(town.spark(**town.by_code()))
    means.clock.advance(seconds=3_600)
    switch_ads(means, TOKEN, advertiser_id=town.brand.id, ad_ids=[ad.id], to="DISABLE")
    means.clock.advance(seconds=3_600)
    call = {"advertiser_id": town.brand.id, "campaign_ids": [make_campaign(means, town.brand).id]}
    switch_campaigns(means, OLGA, to="DISABLE", **call)
    switch_campaigns(means, OLGA, to="DELETE", **call)
    accounts.make_host_key(means, OLGA, name="Billing")
    fund(means, an_advertiser(means, "Rivale").id, 5)
    return town


def told(**asked):
    return [(entry.object_kind, entry.action, entry.actor) for entry in page_journal(**asked).items]


def test_the_newest_comes_first_whatever_it_is_on(town):
    assert told(limit=6) == [
        ("transfer", "funding", "command"),
        ("host_key", "host_key_made", "person:12"),
        ("campaign", "deleted", "person:12"),
        ("campaign", "switched_off", "person:12"),
        ("campaign", "created", "token:1"),
        ("ad", "switched_off", "token:1"),
    ]
    ids = [entry.id for entry in page_journal().items]
    assert ids == sorted(ids, reverse=True)


def test_pages_follow_each_other_without_a_gap_or_a_repetition(town):
    whole, parts, after = page_journal(limit=100).items, [], None
    while True:
        page = page_journal(limit=2, after=after)
        parts += page.items
        after = page.after
        if after is None:
            break
    assert parts == whole
    assert len(whole) > 6


def test_each_filter_narrows_and_they_hold_together(town, means):
    now = means.clock.world_ms()
    assert {actor for _, _, actor in told(actor="person")} == {"person:12"}
    assert told(actor="person:1") == []
    assert told(actor="person:12", action="deleted") == [("campaign", "deleted", "person:12")]
    assert told(object_kind="ad") == [("ad", "switched_off", "token:1"), ("ad", "created", "token:1")]
    assert told(object_kind="campaign", action="switched_off") == [("campaign", "switched_off", "person:12")]
    assert told(object_kind="campaign", action="switched_on") == []
    assert told(object_kind="host_key", action="issued") == []
    (ad, made) = page_journal(object_kind="ad").items
    assert told(object_id=ad.object_id) == told(object_kind="ad")
    assert made.advertiser_id == town.brand.id
    assert (ad.before, ad.after) == ({"operation_status": "ENABLE"}, {"operation_status": "DISABLE"})
    hour = DAY_MS // 24
    assert told(from_ms=now - hour, to_ms=now) == [("ad", "switched_off", "token:1")]
    assert told(to_ms=now - 2 * hour) == []


def test_grants_are_in_it_with_what_was_said(town, means):
    view, _ = grants.grant_post(means, HOST, creator_id=town.lea.id, post_id=town.post.id, days=7)
    grants.revoke(means, HOST, creator_id=town.lea.id, authorization_id=view.id, when="now")
    assert told(object_kind="authorization", object_id=view.id) == [
        ("authorization", "revoked", "host:1"),
        ("authorization", "issued", "host:1"),
    ]
    (issued,) = page_journal(action="issued", object_id=view.id).items
    assert issued.after["days"] == 7


def test_a_page_costs_the_same_queries_whatever_is_in_it(town, django_assert_num_queries):
    with django_assert_num_queries(5):
        assert len(page_journal().items) > 6
    with django_assert_num_queries(1):
        page_journal(object_kind="campaign")
    with django_assert_num_queries(0):
        assert page_journal(object_kind="host_key", action="issued").items == []


def test_every_act_that_histories_keep_has_its_word(town, means):
    kept = {(entry.object_kind, entry.action) for entry in page_journal(limit=100).items}
    assert [act for act in kept if act[1] not in ACTIONS[act[0]]] == [("transfer", "test")]
    assert set(ALL_ACTIONS) == {action for actions in ACTIONS.values() for action in actions}
