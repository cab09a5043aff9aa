"""When the house itself fails, the envelope is still whole, and says nothing of the inside."""

from __future__ import annotations

import logging

import pytest
from django.db import OperationalError

from attise.doors.marketing_api.endpoint import REGISTRY
from attise.kernel.errors import Outage

pytestmark = pytest.mark.django_db


@pytest.fixture
def failing(monkeypatch):
    """Make ``user/info`` fail with an exception."""

    def failing(error: Exception):
        def run(call):
            raise error

        endpoint = REGISTRY["user/info"]["GET"]
        monkeypatch.setitem(REGISTRY["user/info"], "GET", type(endpoint)(**{**_fields(endpoint), "run": run}))

    return failing


def _fields(endpoint):
    return {name: getattr(endpoint, name) for name in endpoint.__dataclass_fields__}


@pytest.mark.parametrize("error", [OperationalError("database is locked"), Outage("disk full")])
def test_an_outage_is_50002_and_a_retry_may_do(api, failing, error):
    failing(error)
    answer = api.get("user/info")
    assert (answer["code"], answer["data"]) == (50002, {})
    assert "locked" not in answer["message"]


def test_a_bug_is_50000_and_its_reference_is_in_the_log(api, failing, caplog):
    failing(KeyError("secret thing"))
    with caplog.at_level(logging.ERROR, logger="attise.dialect"):
        answer = api.get("user/info")
    assert (answer["code"], answer["data"]) == (50000, {})
    assert "secret thing" not in str(answer)
    (record,) = [record for record in caplog.records if record.name == "attise.dialect"]
    assert record.request_id == answer["request_id"]
