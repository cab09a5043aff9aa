"""How many people an ad group would be meant for, asked before it is made."""

from __future__ import annotations

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attise.doors.site.reach import reach_of
from attise.kernel import limits
from attise.management.viewers import queries
from attise.management.viewers.actions import create_viewer, erase_viewer
from attise.records.lookups import regions
from attise.records.targeting import Targeting
from tests.doors.native_api.conftest import advertiser_of
from tests.peopled import people

pytestmark = pytest.mark.django_db
FRANCE = regions.by_iso("FR").id


def asked(**targeting) -> dict:
    return {"objective_type": "TRAFFIC", "targeting": {"locations": ["FR"], **targeting}}


def test_the_size_of_an_audience_is_told_without_making_anything(host, means, monkeypatch):
    _, advertiser_id = advertiser_of(host)
    where = f"/v1/advertisers/{advertiser_id}/audience-size"
    assert host.post(where, asked()).json() == {"people": None, "least": None, "most": 1_000, "size": "narrow"}
    monkeypatch.setattr("attise.doors.site.reach.AUDIENCE_SAMPLE", 4_000)
    people(means, 1_250, country="FR", gender="female", birth_date="1996-05-01")
    people(means, 1_600, country="FR", gender="male", birth_date="1996-05-01")
    told = host.post(where, asked(gender="female")).json()
    assert told == {"people": 1_200, "least": 1_200, "most": 1_300, "size": "balanced"}
    assert host.post(where, asked(gender="male")).json()["size"] == "broad"
    refused = host.post(where, asked(age_groups=["13-17"]))
    assert refused.status_code == 422
    assert refused.json()["error"]["field"] == "targeting.age_groups"


def test_whoever_was_erased_is_not_counted(means):
    kept = [create_viewer(means, country="FR").id for _ in range(3)]
    erase_viewer(means, viewer_id=kept[0])
    records, total = queries.sample_records(10)
    assert ({one.viewer_id for one in records}, total) == (set(kept[1:]), 2)


def test_of_a_large_house_a_sample_is_read_in_two_statements_whoever_came_first(means, monkeypatch):
    people(means, 2_000, country="FR")
    people(means, 2_000, country="DE")
    monkeypatch.setattr("attise.doors.site.reach.AUDIENCE_SAMPLE", 1_000)
    with CaptureQueriesContext(connection) as made:
        found = reach_of(means, Targeting(locations=(FRANCE,)), objective="TRAFFIC", category="")
    assert len(made) == 2
    assert found.least <= 2_000 <= found.most
    assert found.least < found.people  # a sample says how sure it is


def test_an_estimate_takes_some_ten_milliseconds(means):
    people(means, limits.AUDIENCE_SAMPLE, country="FR", gender="female", birth_date="1996-05-01")
    audience = Targeting(locations=(FRANCE,), gender="GENDER_FEMALE")
    spent = []
    for _ in range(3):
        begun = time.process_time()
        reach_of(means, audience, objective="TRAFFIC", category="")
        spent.append(time.process_time() - begun)
    assert min(spent) < 0.25  # a third of it on a quiet core
