"""What tests of the dialect's reports begin with: two tenants' ads, and what viewers do with them, rolled up."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.measurement.reports.actions import export, roll_up
from tests.doors.marketing_api.worlds import World, a_world
from tests.ledger.payers import an_envelope
from tests.measurement.attribution.happened import Happened, ad_claims, claims, event
from tests.measurement.reports.facing import VIEWER, Facing

PRICE = 123_456


class Ads:
    """Two tenants with an ad each; what viewers do with the ads is settled, exported and rolled up."""

    def __init__(self, means: Any, folder: Any) -> None:
        self.means = means
        self.mine, self.other = a_world(means, "Brand", "lea"), a_world(means, "Rival", "noe")
        self.happened = Happened(means, folder)
        self.house = SimpleNamespace(folder=folder)

    def live(
        self, world: World, *events: str, who: Any = VIEWER, viewer: str = "ann", goal: str = "", **said: Any
    ) -> None:
        advertiser = world.tenant.advertiser.id
        envelopes = (an_envelope(self.means, f"campaign:{advertiser}", None, payer=f"advertiser:{advertiser}"),)
        names = {name: int(world.names[name]) for name in ("ad_id", "adgroup_id", "campaign_id")}
        ad = ad_claims(envelopes, advertiser_id=advertiser, price_micros=PRICE, is_spark=True, goal=goal, **names)
        of = claims(self.means, ad, viewer=viewer, post_id=int(world.names["item_id"]), **said)
        Facing.decide(self.happened, of, viewer=who)  # the record of the decision, beside its events
        self.happened.settle(*(event(self.means, type_, of, after_s=9) for type_ in events))

    def roll_up(self) -> None:
        log = SqliteLog(self.house.folder, may_write=False)
        while not export(self.means, self.house, log).is_end:
            pass
        log.close()
        while not roll_up(self.means, self.house).is_end:
            pass

    def report(self, world: World | None = None, **asked: Any) -> dict[str, Any]:
        client = (world or self.mine).tenant.client("analyst")
        said = {
            "report_type": "BASIC",
            "advertiser_id": self.mine.names["advertiser_id"],
            "data_level": "AUCTION_AD",
            "dimensions": ["ad_id"],
            "query_lifetime": True,
            **asked,
        }
        return client.get("report/integrated/get", **{name: value for name, value in said.items() if value is not None})
