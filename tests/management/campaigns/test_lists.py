"""Lists of campaigns and ad groups: filters, exact totals, pages, and a bounded number of queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attise.management.campaigns import actions, queries
from attise.management.campaigns.models import AdGroup, Campaign
from attise.management.campaigns.queries import AdGroupWish, CampaignWish
from attise.management.campaigns.status import StatusWish
from tests.builders import an_advertiser
from tests.campaign_rows import a_campaign, an_ad, an_adgroup
from tests.management.campaigns.asked import DAY, EURO, INFINITE, TOKEN, make_campaign, make_group

pytestmark = pytest.mark.django_db
THOUSAND = 1_000
MOST_QUERIES = 12


def campaigns(means, brand, **wish):
    return queries.list_campaigns(means, advertiser_id=brand.id, wish=CampaignWish(**wish), page_size=THOUSAND)


def groups(means, brand, **wish):
    return queries.list_adgroups(means, advertiser_id=brand.id, wish=AdGroupWish(**wish), page_size=THOUSAND)


def ids(page) -> list[int]:
    return [view.id for view in page.items]


def delete(means, brand, *views):
    chosen = [view.id for view in views]
    actions.switch_campaigns(means, TOKEN, advertiser_id=brand.id, campaign_ids=chosen, to="DELETE")


class TestCampaigns:
    """Which campaigns are found."""

    def test_newest_first_without_the_deleted_and_without_anybody_elses(self, means, brand):
        first, second, gone = (make_campaign(means, brand, name=name) for name in ("one", "two", "three"))
        make_campaign(means, an_advertiser(means, "Rivage"))
        delete(means, brand, gone)
        assert ids(campaigns(means, brand)) == [second.id, first.id]

    def test_every_filter_holds_with_the_others(self, means, brand, clock):
        old = make_campaign(means, brand, name="Été 100 % Paris", objective_type="REACH")
        clock.advance(days=1)
        new = make_campaign(means, brand, name="ÉTÉ Lyon", budget_mode=INFINITE, budget_micros=None)
        make_group(means, brand, new)
        assert ids(campaigns(means, brand, name="paris")) == [old.id]
        assert ids(campaigns(means, brand, name="100 %")) == [old.id]
        assert ids(campaigns(means, brand, name="\0")) == []
        assert ids(campaigns(means, brand, campaign_ids=[old.id, 5])) == [old.id]
        assert ids(campaigns(means, brand, campaign_ids=[])) == []
        assert ids(campaigns(means, brand, objective_type="TRAFFIC")) == [new.id]
        assert ids(campaigns(means, brand, optimization_goal="CLICK")) == [new.id]
        assert ids(campaigns(means, brand, created_from_ms=new.created_at_ms)) == [new.id]
        assert ids(campaigns(means, brand, created_to_ms=old.created_at_ms)) == [old.id]
        assert ids(campaigns(means, brand, objective_type="TRAFFIC", name="paris")) == []

    def test_the_deleted_are_found_by_those_who_ask(self, means, brand):
        kept, gone = make_campaign(means, brand, name="kept"), make_campaign(means, brand, name="gone")
        delete(means, brand, gone)
        assert ids(campaigns(means, brand, status=StatusWish(None, "CAMPAIGN_STATUS_ALL"))) == [gone.id, kept.id]
        assert ids(campaigns(means, brand, status=StatusWish("STATUS_DELETE"))) == [gone.id]
        assert ids(campaigns(means, brand, status=StatusWish(None, "CAMPAIGN_STATUS_DELETE"))) == [gone.id]
        assert ids(campaigns(means, brand, status=StatusWish("STATUS_ALL"))) == [gone.id, kept.id]

    def test_a_derived_status_finds_what_is_told_so_now(self, means, brand, spend):
        spent, runs, off = (make_campaign(means, brand, name=name) for name in ("spent", "runs", "off"))
        assert spend(spent, euros=100) == "charged"
        actions.switch_campaigns(means, TOKEN, advertiser_id=brand.id, campaign_ids=[off.id], to="DISABLE")
        assert ids(campaigns(means, brand, status=StatusWish(None, "CAMPAIGN_STATUS_BUDGET_EXCEED"))) == [spent.id]
        assert ids(campaigns(means, brand, status=StatusWish("STATUS_DELIVERY_OK"))) == [runs.id]
        assert ids(campaigns(means, brand, status=StatusWish("STATUS_DISABLE"))) == [off.id]
        assert ids(campaigns(means, brand, status=StatusWish("STATUS_NOT_DELIVERY"))) == [spent.id]


class TestAdGroups:
    """Which ad groups are found."""

    def test_those_of_a_deleted_campaign_are_deleted(self, means, brand):
        kept, gone = make_group(means, brand), make_group(means, brand)
        delete(means, brand, queries.get_campaign(means, advertiser_id=brand.id, campaign_id=gone.campaign_id))
        assert ids(groups(means, brand)) == [kept.id]
        assert ids(groups(means, brand, status=StatusWish("STATUS_DELETE"))) == [gone.id]
        assert ids(groups(means, brand, status=StatusWish(None, "ADGROUP_STATUS_CAMPAIGN_DELETE"))) == [gone.id]
        assert ids(groups(means, brand, status=StatusWish(None, "ADGROUP_STATUS_DELETE"))) == []
        assert ids(groups(means, brand, status=StatusWish(None, "ADGROUP_STATUS_ALL"))) == [gone.id, kept.id]
        assert queries.count_adgroups(brand.id) == 1

    def test_every_filter_holds_with_the_others(self, means, brand):
        click = make_group(means, brand, name="Clics", bid_micros=EURO)
        reach = make_group(
            means,
            brand,
            make_campaign(means, brand, name="r", objective_type="REACH"),
            optimization_goal="REACH",
            name="Portée",
        )
        assert ids(groups(means, brand, name="clic")) == [click.id]
        assert ids(groups(means, brand, adgroup_ids=[reach.id])) == [reach.id]
        assert ids(groups(means, brand, campaign_ids=[click.campaign_id])) == [click.id]
        assert ids(groups(means, brand, objective_type="REACH")) == [reach.id]
        assert ids(groups(means, brand, optimization_goal="CLICK")) == [click.id]
        assert ids(groups(means, brand, promotion_type="WEBSITE")) == [click.id]
        assert ids(groups(means, brand, billing_events=["CPM"])) == [reach.id]
        assert ids(groups(means, brand, bid_type="BID_TYPE_CUSTOM")) == [click.id]
        assert ids(groups(means, brand, status=StatusWish(None, "ADGROUP_STATUS_CREATE"))) == [reach.id, click.id]


class TestPages:
    """Totals and turns."""

    @pytest.mark.parametrize("status", [StatusWish(), StatusWish(None, "ADGROUP_STATUS_CREATE")])
    def test_pages_by_number_hold_everything_once_with_the_exact_total(self, means, brand, status):
        parent = a_campaign(means, brand)
        made = [an_adgroup(means, parent).id for _ in range(7)]
        found, totals = [], set()
        for page in range(1, 5):
            part = queries.list_adgroups(
                means, advertiser_id=brand.id, wish=AdGroupWish(status=status), page=page, page_size=3
            )
            found += ids(part)
            totals.add(part.total)
        assert found == made[::-1]
        assert totals == {7}

    @pytest.mark.parametrize("status", [StatusWish(), StatusWish(None, "CAMPAIGN_STATUS_ENABLE")])
    def test_parts_after_an_id_hold_everything_once(self, means, brand, status):
        made = [a_campaign(means, brand).id for _ in range(7)]
        found, after = [], None
        while True:
            part = queries.page_campaigns(
                means, advertiser_id=brand.id, wish=CampaignWish(status=status), after=after, limit=3
            )
            found += ids(part)
            after = part.after
            if after is None:
                break
        assert found == made[::-1]

    def test_past_the_end_there_is_nothing(self, means, brand):
        make_campaign(means, brand)
        part = queries.list_campaigns(means, advertiser_id=brand.id, page=10**6, page_size=1000)
        assert (part.items, part.total) == ([], 1)
        assert queries.list_campaigns(means, advertiser_id=5).total == 0

    def test_the_history_turns_too(self, means, brand):
        for number in range(5):
            make_campaign(means, brand, name=f"Campaign {number}")
        first = queries.page_history(advertiser_id=brand.id, limit=3)
        rest = queries.page_history(advertiser_id=brand.id, after=first.after, limit=3)
        assert [len(first.items), len(rest.items), rest.after] == [3, 2, None]


@pytest.fixture
def thousand(means, brand):
    """A thousand campaigns, each with an ad group that has an ad."""
    now = means.clock.world_ms()
    level = {"advertiser": brand, "created_at_ms": now, "modified_at_ms": now}
    parents = Campaign.objects.bulk_create(
        Campaign(
            id=means.ids.next(),
            name=f"Campaign {number}",
            objective_type="TRAFFIC",
            budget_mode=DAY,
            budget_micros=50 * EURO,
            **level,
        )
        for number in range(THOUSAND)
    )
    template = an_adgroup(means, parents[0])
    columns = {field.attname: getattr(template, field.attname) for field in AdGroup._meta.concrete_fields}
    made = AdGroup.objects.bulk_create(
        AdGroup(**{**columns, "id": means.ids.next(), "campaign_id": parent.id}) for parent in parents[1:]
    )
    for group in (template, made[0], made[-1]):
        an_ad(means, group)
    return parents


@pytest.mark.parametrize("status", [StatusWish(), StatusWish("STATUS_NOT_DELIVERY"), StatusWish("STATUS_DELIVERY_OK")])
def test_a_list_of_a_thousand_costs_a_dozen_queries_at_most(means, brand, thousand, status):
    with CaptureQueriesContext(
        connection,
    ) as counted:
        found = campaigns(means, brand, status=status)
    assert len(counted) <= MOST_QUERIES
    assert found.total == (0 if status.primary == "STATUS_NOT_DELIVERY" else THOUSAND)
    with CaptureQueriesContext(connection) as counted:
        found = groups(means, brand, status=status)
    assert len(counted) <= MOST_QUERIES
    assert found.total == (0 if status.primary == "STATUS_DELIVERY_OK" else THOUSAND)


def test_a_list_of_one_costs_what_a_list_of_a_thousand_does(means, brand, thousand):
    def cost(page_size: int) -> int:
        with CaptureQueriesContext(connection) as counted:
            queries.list_adgroups(means, advertiser_id=brand.id, page_size=page_size)
        return len(counted)

    assert cost(1) == cost(THOUSAND)
