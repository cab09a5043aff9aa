"""What an ad account is in the dialect, and how its facts change."""

from __future__ import annotations

import pytest

from attise.doors.marketing_api.advertiser import FIELDS, row_of
from attise.management.accounts import queries

pytestmark = pytest.mark.django_db


def test_the_shape_of_an_account(brand, api):
    (row,) = api.get("advertiser/info", advertiser_ids=[str(brand.advertiser.id)])["data"]["list"]
    assert tuple(row) == FIELDS
    assert row["advertiser_id"] == str(brand.advertiser.id)
    assert row["owner_bc_id"] == str(brand.center.id)
    assert row["create_time"] == brand.advertiser.created_at_ms // 1000
    assert (row["balance"], row["ads_only_mode"]) == (0.0, False)
    assert (row["contacter"], row["email"], row["telephone_number"]) == ("L***", "l***@***", "***89")
    text = str(row)
    assert "lea@" not in text
    assert "45 67" not in text


def test_the_fields_that_can_be_selected_are_those_that_are_told(brand):
    assert tuple(row_of(brand.advertiser)) == FIELDS


@pytest.mark.parametrize("ids", ["{id}", '["{id}"]', "[{id}]", '[\n "{id}"\n]', '"{id}"'])
def test_ids_come_as_a_list_however_it_is_written(brand, api, ids):
    answer = api.get("advertiser/info", advertiser_ids=ids.replace("{id}", str(brand.advertiser.id)))
    assert len(answer["data"]["list"]) == 1


def test_a_hundred_ids_and_no_more(brand, api):
    mine = str(brand.advertiser.id)
    assert api.get("advertiser/info", advertiser_ids=[mine] * 100)["code"] == 0
    assert api.get("advertiser/info", advertiser_ids=[mine] * 101)["code"] == 40002


def test_facts_change_and_the_rest_stays(brand, api):
    body = {"advertiser_id": str(brand.advertiser.id), "advertiser_name": "Neuf", "contact_email": "x@example.org"}
    assert api.post("advertiser/update", **body) | {"request_id": ""} == {
        "code": 0,
        "message": "OK",
        "request_id": "",
        "data": {},
    }
    after = queries.get_advertiser(brand.advertiser.id)
    assert (after.name, after.contact_email, after.contact_name) == ("Neuf", "x@example.org", "Lea Martin")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("advertiser_name", ""),
        ("advertiser_name", "x" * 101),
        ("advertiser_name", "a\u202eb"),
        ("contact_email", "nobody"),
        ("contact_number", "call me"),
        ("promotion_link", "javascript:alert(1)"),
        ("advertiser_budgets", [{"advertiser_id": 1, "budget": 50, "budget_mode": "DAILY_BUDGET"}]),
    ],
)
def test_a_fact_that_is_refused_names_the_field_as_the_caller_spelled_it(brand, api, field, value):
    answer = api.post("advertiser/update", advertiser_id=str(brand.advertiser.id), **{field: value})
    assert answer["code"] == 40002
    assert answer["message"].startswith(f"{field}: ")


def test_the_business_center_may_be_named_as_a_number_as_the_sdk_declares_it(brand, rival, api):
    body = {"advertiser_id": str(brand.advertiser.id), "address": "1 rue X"}
    assert api.post("advertiser/update", **body, bc_id=brand.center.id)["code"] == 0
    assert api.post("advertiser/update", **body, bc_id=rival.center.id)["code"] == 40001


class TestCreate:
    """An ad account is made in a Business Center."""

    def body(self, brand, **more):
        return {
            "bc_id": str(brand.center.id),
            "advertiser_info": {"name": "Second", "currency": "EUR", "timezone": "Europe/Paris", "type": "AUCTION"},
            "customer_info": {"company": "Brand SA", "industry": 290000, "registered_area": "FR"},
            "contact_info": {"name": "Lea", "email": "lea@example.org", "number": "+33123456789"},
            **more,
        }

    def test_the_token_that_made_it_may_act_for_it(self, brand, api):
        made = api.post("bc/advertiser/create", **self.body(brand))["data"]["advertiser_id"]
        (row,) = api.get("advertiser/info", advertiser_ids=[made])["data"]["list"]
        assert (row["name"], row["industry"], row["currency"]) == ("Second", "290000", "EUR")

    def test_only_an_administrator_makes_one(self, brand):
        codes = {role: brand.client(role).post("bc/advertiser/create", **self.body(brand))["code"] for role in ROLES}
        assert codes == {"admin": 0, "operator": 40001, "analyst": 40001, "finance": 40001}

    def test_what_is_missing_is_told_by_path(self, brand, api):
        body = self.body(brand, advertiser_info={"name": "x"})
        assert (
            "advertiser_info.currency, advertiser_info.timezone" in api.post("bc/advertiser/create", **body)["message"]
        )

    def test_what_is_wrong_is_told_by_path(self, brand, api):
        wrong = {"name": "x", "currency": "XXX", "timezone": "Mars/Olympus"}
        message = api.post("bc/advertiser/create", **self.body(brand, advertiser_info=wrong))["message"]
        assert "advertiser_info.currency: " in message
        assert "advertiser_info.timezone: " in message


ROLES = ("admin", "operator", "analyst", "finance")
