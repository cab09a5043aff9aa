"""A served house that is set to Spark asks the cluster, says so when it cannot, and asks again when it can."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import business_api_client as sdk
import msgspec
import pytest
from business_api_client.tiktok_business.tiktok_exceptions import TiktokSDKError

from attise.kernel.alone import alone
from attise.measurement.reports import columnar
from attise.measurement.reports.columnar import facts_table
from attise.measurement.reports.folder import FileView
from attise.measurement.reports.rollups.growing import grown
from attise.measurement.reports.rollups.manifest import NOTHING, publish_manifest, rollups_folder
from attise.proving.reports import BEGIN_MS, FIRST, drawn_facts
from tests.distributed.standalone import free_port, standalone
from tests.doors.rig import rig, until
from tests.stories.sdk_house import Advertiser, serve

pytestmark = [pytest.mark.long, pytest.mark.spark, pytest.mark.timeout(3_600)]
pytest.importorskip("pyspark", reason="needs the extra 'spark': make test-long PART=spark")
FACTS = 20_000


def test_a_served_house_asks_the_cluster_and_tells_when_it_is_away(tmp_path):
    port = free_port()
    with rig(tmp_path) as made:
        with standalone(tmp_path, port) as cluster:
            environ = {
                "ATTISE_REPORT_ENGINE": "spark",
                "ATTISE_SPARK_MASTER": cluster.url,
                "ATTISE_SPARK_CORES": "1",
                "SPARK_LOCAL_IP": "127.0.0.1",
            }
            house = serve(made, tmp_path / "data", tmp_path / "none.mp4", environ, patience_s=600)
            brand = house.advertiser("Brand")
            api = sdk.ReportingApi(brand.client)
            data = api.report_integrated_get(**asked_by(brand))["data"]
            assert (data["list"], data["page_info"]["total_number"]) == ([], 0)
            give_roll_ups(house.folder, int(brand.id))
            assert reached(api, brand) == FACTS
            assert "attise" in cluster.applications()
        # The cluster is away: the house says so, and goes on with all that does not need it.
        assert brand.refused(api.report_integrated_get, **asked_by(brand)).code == 50002
        assert brand.get("campaign/get", advertiser_id=brand.id)["list"] == []
        # Another one stands in its place, which knows nothing of the house: reports are back.
        with standalone(tmp_path, port) as cluster:

            def answered() -> bool:
                with suppress(TiktokSDKError):
                    return reached(api, brand) == FACTS
                return False

            assert until(answered, "an answer of the new cluster", patience_s=900)
            assert "attise" in cluster.applications()


def give_roll_ups(folder: Path, advertiser_id: int) -> None:
    """Put roll-ups into a house as if their facts had been let go of: its worker leaves them as they are."""
    house: Any = SimpleNamespace(folder=folder)
    drawn, file = folder / "drawn.parquet", FileView(-1, 0, FACTS, 0, BEGIN_MS, BEGIN_MS)
    columnar.write_table(drawn, drawn_facts(0, FACTS, position=0, a_day=FACTS))
    theirs = f"SELECT * REPLACE (CAST({advertiser_id} AS BIGINT) AS advertiser_id) FROM facts"
    columnar.write_table(folder / file.name, theirs, facts_table([drawn]))
    rollups = rollups_folder(house)

    def published() -> bool:
        with alone(rollups) as ours:
            if ours:
                held = msgspec.structs.replace(NOTHING, position=file.from_position)
                publish_manifest(rollups, grown(held, [file], folder=rollups, facts=folder))
            return ours

    until(published, "a turn of one's own")


def reached(api: Any, brand: Advertiser) -> int:
    data = api.report_integrated_get(**asked_by(brand))["data"]
    return sum(int(row["metrics"]["impressions"]) for row in data["list"])


def asked_by(brand: Advertiser) -> dict[str, Any]:
    return {
        "access_token": brand.token,
        "advertiser_id": brand.id,
        "report_type": "BASIC",
        "data_level": "AUCTION_ADVERTISER",
        "dimensions": ["advertiser_id", "stat_time_day"],
        "metrics": ["spend", "impressions"],
        "start_date": f"{FIRST}",
        "end_date": f"{FIRST + dt.timedelta(days=6)}",
        "_request_timeout": 600,
    }
