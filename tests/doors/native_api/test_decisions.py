"""A decision is read back by its id, in figures and in words."""

from __future__ import annotations

import pytest

from attise.doors.native_api.schemas.decisions import NAMES
from attise.management.accounts.actions import make_host_key
from attise.records.decision import HEADS
from tests.doors.native_api.conftest import Host
from tests.doors.native_api.specimens import a_decision

pytestmark = pytest.mark.django_db


@pytest.fixture
def host(means) -> Host:
    return Host(make_host_key(means, name="app")[1])


def test_a_decision_is_told_whole_and_names_nobody(host, means):
    decision_id = a_decision(means)
    response = host.get(f"/v1/decisions/{decision_id}")
    assert response.status_code == 200
    told = response.json()
    assert told["decision_id"] == str(decision_id)
    assert told["ad_id"] == told["winner"]["ad_id"] == "1"
    assert told["price_micros"] >= 0
    assert told["charged_micros"] == 0
    assert told["currency"] == "EUR"
    assert set(told["predictions"]) == {"ctr", "vtr", "completion", "engagement", "cvr", "negative"}
    assert told["live"] >= told["found"] >= 1
    assert told["words"]["fr"] != told["words"]["en"]
    assert all(told["words"].values())
    assert "pseudonym" not in response.content.decode()


def test_every_prediction_has_a_name_of_the_trade():
    assert tuple(NAMES) == HEADS


def test_a_decision_that_nobody_took_is_not_found_and_neither_is_one_without_a_key(host, means):
    assert host.get("/v1/decisions/1000000000000000001").status_code == 404
    assert Host(None).get(f"/v1/decisions/{a_decision(means)}").status_code == 401
