"""The official SDK, unchanged but for the host: a campaign and an ad group from their creation to their deletion."""

from __future__ import annotations

import json
import uuid

import business_api_client as sdk
import pytest
from business_api_client.tiktok_business.tiktok_exceptions import TiktokSDKError

from tests.stories.sdk_tree import Tree, now


@pytest.fixture
def tree(brand) -> Tree:
    return Tree(brand)


def test_a_campaign_from_its_creation_to_its_deletion(tree):
    made = tree.create_campaign()
    assert float(made["budget"]) == 100.5
    (row,) = tree.campaign(made["campaign_id"])
    assert row == made
    body = sdk.CampaignUpdateBody(
        advertiser_id=tree.who.id,
        campaign_id=made["campaign_id"],
        campaign_name=f"{made['campaign_name']} bis",
        budget=80,
    )
    changed = tree.campaigns.campaign_update(tree.who.token, body=body)["data"]
    assert (changed["budget"], changed["campaign_name"][-3:]) == (80, "bis")
    assert tree.switch_campaign(made["campaign_id"], "DISABLE")["status"] == "DISABLE"
    assert tree.campaign(made["campaign_id"])[0]["secondary_status"] == "CAMPAIGN_STATUS_DISABLE"
    tree.switch_campaign(made["campaign_id"], "ENABLE")
    assert tree.campaign(made["campaign_id"])[0]["operation_status"] == "ENABLE"
    tree.switch_campaign(made["campaign_id"], "DELETE")
    assert tree.campaign(made["campaign_id"]) == []
    refused = tree.who.refused(tree.switch_campaign, made["campaign_id"], "ENABLE")
    assert (refused.code, refused.message.partition(":")[0]) == (40002, "campaign_ids")


def test_an_ad_group_from_its_creation_to_its_deletion(tree):
    parent = tree.create_campaign()["campaign_id"]
    made = tree.create_group(parent, age_groups=["AGE_18_24", "AGE_25_34"], frequency=3, frequency_schedule=7)
    assert (made["campaign_id"], made["bid_price"], made["budget"]) == (parent, 0.87, 50)
    assert tree.group(made["adgroup_id"]) == [made]
    body = sdk.AdgroupUpdateBody(
        advertiser_id=tree.who.id,
        adgroup_id=made["adgroup_id"],
        adgroup_name="France, femmes",
        gender="GENDER_FEMALE",
        budget=60.25,
        bid_price=1.1,
        schedule_type="SCHEDULE_START_END",
        schedule_end_time=now(days=30),
    )
    changed = tree.groups.adgroup_update(tree.who.token, body=body)["data"]
    assert (changed["budget"], changed["bid_price"], changed["gender"]) == (60.25, 1.1, "GENDER_FEMALE")
    assert changed["age_groups"] == made["age_groups"]
    tree.who.post(
        "adgroup/budget/update",
        advertiser_id=tree.who.id,
        budget=[{"adgroup_id": made["adgroup_id"], "budget": 70}],
        scheduled_budget=[{"adgroup_id": made["adgroup_id"], "scheduled_budget": 75}],
    )
    (row,) = tree.group(made["adgroup_id"])
    assert (row["budget"], row["scheduled_budget"]) == (70, 75)
    quota = tree.groups.adgroup_quota(tree.who.id, tree.who.token)["data"]
    assert quota["used_adgroup_quota"] >= 1
    assert tree.switch_groups([made["adgroup_id"]], "DISABLE")["status"] == "DISABLE"
    assert tree.group(made["adgroup_id"])[0]["secondary_status"] == "ADGROUP_STATUS_DISABLE"
    tree.switch_groups([made["adgroup_id"]], "DELETE")
    assert tree.group(made["adgroup_id"]) == []
    (gone,) = tree.group(made["adgroup_id"], secondary_status="ADGROUP_STATUS_DELETE")
    assert gone["secondary_status"] == "ADGROUP_STATUS_DELETE"


def test_what_was_done_in_part_is_told_as_20001(tree):
    made = tree.create_group(tree.create_campaign()["campaign_id"])["adgroup_id"]
    with pytest.raises(TiktokSDKError, match="Error Code: 20001, message: Partial success"):
        tree.switch_groups([made, "1790000000000000001"], "DISABLE", allow_partial_success=True)
    assert tree.group(made)[0]["operation_status"] == "DISABLE"


def test_the_same_request_id_makes_one(tree):
    name = f"Once {uuid.uuid4().hex}"
    first, second = (tree.create_campaign(campaign_name=name, request_id="7700000000000000001") for _ in range(2))
    assert first == second


def test_a_reader_turns_pages_as_connectors_do(tree):
    """As the tap does (until it has as many as the total), and as the other connector (until a page is not full)."""
    parent = tree.create_campaign()["campaign_id"]
    made = {tree.create_group(parent)["adgroup_id"] for _ in range(5)}
    found, page = [], 1
    while True:
        data = tree.who.get(
            "adgroup/get",
            advertiser_id=tree.who.id,
            page=page,
            page_size=2,
            filtering={"campaign_ids": [parent], "secondary_status": "ADGROUP_STATUS_ALL"},
        )
        found += data["list"]
        page += 1
        if len(data["list"]) < 2:
            break
    assert {row["adgroup_id"] for row in found} == made
    assert len(found) == data["page_info"]["total_number"] == 5


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"budget": 49.99}, 40002, "budget"),
        ({"budget": 100.001}, 40002, "budget"),
        ({"objective_type": "PRODUCT_SALES"}, 40002, "objective_type"),
        ({"campaign_name": "🔥"}, 40002, "campaign_name"),
        (
            {"advertiser_id": "1790000000000000001"},
            40001,
            "No permission to operate this advertiser or Business Center",
        ),
    ],
)
def test_what_is_refused_reaches_the_program_with_its_field(tree, fields, code, field):
    refused = tree.who.refused(tree.create_campaign, **fields)
    assert refused.code == code
    assert refused.message.startswith(field)


def test_anothers_campaign_does_not_exist(tree, rival):
    theirs = Tree(rival).create_campaign()["campaign_id"]
    assert tree.campaign(theirs) == []
    assert tree.who.refused(tree.create_group, theirs).code == 40007
    assert json.dumps(tree.campaigns.campaign_get(tree.who.id, tree.who.token, page_size=1000)).count(theirs) == 0
