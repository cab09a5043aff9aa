"""A creation with a client's ``request_id`` is done once."""

from __future__ import annotations

import pytest

from attise.management.accounts import queries
from tests.doors.marketing_api.conftest import make_tenant
from tests.losing import FOR_EVER, losing
from tests.races import at_once

ID = "1790000000000000077"


def create(tenant, role: str = "admin", name: str = "Second", **more):
    body = {
        "bc_id": str(tenant.center.id),
        "advertiser_info": {"name": name, "currency": "EUR", "timezone": "Europe/Paris"},
        "customer_info": {"company": "Brand SA"},
        **more,
    }
    return tenant.client(role).post("bc/advertiser/create", **body)


def count(tenant) -> int:
    return len(queries.list_advertisers_of_business_center(tenant.center.id)) - 1


@pytest.mark.django_db
class TestOne:
    """One after the other."""

    def test_the_same_again_answers_the_same(self, brand):
        first, second = create(brand, request_id=ID), create(brand, request_id=ID)
        assert first["data"] == second["data"]
        assert first["request_id"] != second["request_id"]
        assert count(brand) == 1

    def test_the_same_id_with_another_body_is_40050(self, brand):
        create(brand, request_id=ID)
        other = create(brand, name="Third", request_id=ID)
        assert (other["code"], other["message"].split(":")[0]) == (40050, "request_id")
        assert count(brand) == 1

    def test_without_an_id_each_is_its_own(self, brand):
        assert create(brand)["data"] != create(brand)["data"]
        assert count(brand) == 2

    def test_a_refused_request_leaves_its_id_free(self, brand):
        assert create(brand, name="", request_id=ID)["code"] == 40002
        assert create(brand, name="a\u202eb", request_id=ID)["code"] == 40002
        assert create(brand, request_id=ID)["code"] == 0

    def test_another_app_may_use_the_same_id(self, brand, rival):
        assert create(brand, request_id=ID)["data"] != create(rival, request_id=ID)["data"]

    def test_an_id_is_a_number_written_as_a_string(self, brand):
        assert create(brand, request_id="once-more")["code"] == 40002


@pytest.mark.django_db(transaction=True)
class TestLosing:
    """Its transaction loses to another one."""

    def test_with_an_id_it_is_made_once_and_answered(self, brand, clock):
        with losing(clock, 2, table="accounts_advertiser") as lost:
            made = create(brand, request_id=ID)
        assert (made["code"], len(lost.pauses), count(brand)) == (0, 2, 1)
        assert create(brand, request_id=ID)["data"] == made["data"]

    def test_lost_too_often_it_is_50002_and_leaves_its_id_free(self, brand, clock):
        with losing(clock, FOR_EVER, table="accounts_advertiser"):
            assert create(brand, request_id=ID)["code"] == 50002
        assert count(brand) == 0
        assert create(brand, request_id=ID)["code"] == 0


@pytest.mark.django_db(transaction=True)
def test_race_many_at_once_make_one(means):
    brand = make_tenant(means, "Brand")
    answers = at_once([lambda: create(brand, request_id=ID)] * 8)
    made = {answer["data"]["advertiser_id"] for answer in answers if answer["code"] == 0}
    assert len(made) == 1
    assert {answer["code"] for answer in answers} <= {0, 40202}
    assert count(brand) == 1
