"""A served house that is set to Spark asks the cluster, and says so when it cannot."""

from __future__ import annotations

import datetime as dt
from typing import Any

import business_api_client as sdk
import pytest

from attise.proving.reports import FIRST
from tests.distributed.standalone import standalone
from tests.doors.rig import rig
from tests.stories.sdk_house import Advertiser, serve

pytestmark = [pytest.mark.long, pytest.mark.spark, pytest.mark.timeout(1_800)]
pytest.importorskip("pyspark", reason="needs the extra 'spark': make test-long PART=spark")


def test_a_served_house_asks_the_cluster_and_tells_when_it_is_away(tmp_path):
    with rig(tmp_path) as made:
        with standalone(tmp_path) as cluster:
            environ = {
                "ATTISE_REPORT_ENGINE": "spark",
                "ATTISE_SPARK_MASTER": cluster.url,
                "ATTISE_SPARK_CORES": "1",
                "SPARK_LOCAL_IP": "127.0.0.1",
            }
            house = serve(made, tmp_path / "data", tmp_path / "none.mp4", environ)
            brand = house.advertiser("Brand")
            api = sdk.ReportingApi(brand.client)
            data = api.report_integrated_get(**asked_by(brand))["data"]
            assert (data["list"], data["page_info"]["total_number"]) == ([], 0)
            assert "attise" in cluster.applications()
        # The cluster is away: the house says so, and goes on with all that does not need it.
        assert brand.refused(api.report_integrated_get, **asked_by(brand)).code == 50002
        assert brand.get("campaign/get", advertiser_id=brand.id)["list"] == []


def asked_by(brand: Advertiser) -> dict[str, Any]:
    return {
        "access_token": brand.token,
        "advertiser_id": brand.id,
        "report_type": "BASIC",
        "data_level": "AUCTION_AD",
        "dimensions": ["ad_id", "stat_time_day"],
        "metrics": ["spend", "impressions", "reach"],
        "start_date": f"{FIRST}",
        "end_date": f"{FIRST + dt.timedelta(days=6)}",
        "_request_timeout": 600,
    }
