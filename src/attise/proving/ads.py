"""``attise bench ads``: making ads and reading them all through the management API, over the public port.

- *one by one*: a request for each ad. *by twenty*: a request for each ad group of twenty.
- *list*: all ads that were made one by one, with all their fields, in one page.

The ceiling of each is the same stack (edge, site, routing, checks up to the endpoint) answering a fixed body; rounds
are interleaved. Every four ads show one post, whose code was applied by the same client. Every ad that is listed is
compared with the one that was answered when it was made.
"""

from __future__ import annotations

import datetime as dt
import itertools
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from attise.kernel.limits import ADS_AT_ONCE, ADS_PER_ADGROUP
from attise.proving.client import Client
from attise.proving.dialect import apply_code, first_post, spare_posts
from attise.proving.result import Row, quantile
from attise.proving.serving import serve_sandbox

ADS = 1_000
QUICK_ADS = 200
ADS_OF_A_POST = 4
FRANCE = "3017382"
ROUNDS = 5
LISTS = 12
"""Readings of the whole list in a round."""
FIXED = 40
"""Fixed answers in a round."""
PROMISED_CREATE_S = 60
"""For a thousand ads, however they are asked for."""
PROMISED_LIST_MS = 400
"""At the 95th percentile, for a thousand ads."""
_numbers = itertools.count(1)


@dataclass
class Shop:
    """An advertiser with posts to show and a campaign to show them in."""

    client: Client
    advertiser_id: str
    campaign_id: str
    shown: list[tuple[str, str]]
    """Posts, each with the identity it is shown under."""
    made: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Ads as they were answered, by their ids."""

    def group(self) -> str:
        """Make an ad group and return its id."""
        fields = {"adgroup_name": f"Bench {next(_numbers)}", "location_ids": [FRANCE], "bid_price": 0.5}
        data = self.post("adgroup/create/", campaign_id=self.campaign_id, **fields, **_DAY, **_GROUP)
        group_id: str = data["adgroup_id"]
        return group_id

    def creative(self) -> dict[str, Any]:
        """Return a creative that was not asked for before."""
        number = next(_numbers)
        post_id, identity_id = self.shown[number // ADS_OF_A_POST % len(self.shown)]
        return {
            "ad_name": f"Bench {number}",
            "identity_type": "AUTH_CODE",
            "identity_id": identity_id,
            "tiktok_item_id": post_id,
            "ad_format": "SINGLE_VIDEO",
            "call_to_action": "LEARN_MORE",
            "landing_page_url": f"https://www.example.org/course?n={number}",
        }

    def create(self, group_id: str, count: int) -> int:
        """Make ads with one request, and return how many answers are wrong."""
        creatives = [self.creative() for _ in range(count)]
        asked = {"advertiser_id": self.advertiser_id, "adgroup_id": group_id, "creatives": creatives}
        answer = self.client.dialect("ad/create/", asked)
        if answer["code"] != 0:
            return count
        rows = answer["data"]["creatives"]
        self.made.update((row["ad_id"], row) for row in rows)
        pairs = zip(creatives, rows, strict=True)
        return sum(any(row[name] != value for name, value in sent.items()) for sent, row in pairs)

    def list_all(self) -> tuple[float, int]:
        """Read all ads in one page; return the milliseconds it took and how many rows are wrong."""
        path = f"ad/get/?advertiser_id={self.advertiser_id}&page_size={ADS}"
        began = time.perf_counter()
        answer = self.client.dialect(path)
        taken = (time.perf_counter() - began) * 1000
        if answer["code"] != 0 or answer["data"]["page_info"]["total_number"] != len(self.made):
            return taken, len(self.made)
        rows = {row["ad_id"]: row for row in answer["data"]["list"]}
        return taken, sum(rows.get(ad_id) != row for ad_id, row in self.made.items())

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        """Ask for something that is not measured."""
        answer = self.client.dialect(path, {"advertiser_id": self.advertiser_id, **body})
        if answer["code"] != 0:
            raise RuntimeError(f"{path} was refused: {answer}")
        data: dict[str, Any] = answer["data"]
        return data


_DAY = {"budget_mode": "BUDGET_MODE_DAY", "budget": 50}
_GROUP = {
    "placements": ["PLACEMENT_TIKTOK"],
    "schedule_type": "SCHEDULE_FROM_NOW",
    "schedule_start_time": f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M:%S}",
    "optimization_goal": "CLICK",
    "billing_event": "CPC",
    "bid_type": "BID_TYPE_CUSTOM",
    "pacing": "PACING_MODE_SMOOTH",
}


def run(*, quick: bool) -> list[Row]:
    """Measure every case."""
    ads = QUICK_ADS if quick else ADS
    with serve_sandbox() as served:
        client = Client(served.port, bundle := served.credentials())
        _tell(f"opening {ads // ADS_OF_A_POST} posts")
        post_id = first_post(served, client)
        posts = spare_posts(served.folder / "attise.sqlite3", post_id, ads // ADS_OF_A_POST)
        shown = [(str(one), apply_code(client, bundle, one)) for one in posts]
        shop = Shop(client, bundle["advertiser_id"], "", shown)
        shop.campaign_id = shop.post(
            "campaign/create/", campaign_name="Bench", objective_type="TRAFFIC", **{**_DAY, "budget": 5_000}
        )["campaign_id"]
        one_by_one = _create(shop, "one by one", ads, 1)
        listed = _list(shop, ads)
        return [one_by_one, _create(shop, "by twenty", ads, ADS_AT_ONCE), listed]


def _create(shop: Shop, name: str, ads: int, at_once: int) -> Row:
    """Make ``ads`` ads, ``at_once`` a request."""
    _tell(f"{ads} ads, {name}")
    groups = [shop.group() for _ in range(ads // ADS_PER_ADGROUP)]
    asked = [(group, at_once) for group in groups for _ in range(ADS_PER_ADGROUP // at_once)]
    times: list[float] = []
    ceilings: list[float] = []
    wrong = 0
    for part in _parts(asked):
        ceilings.append(_ceiling(shop.client))
        for group, count in part:
            began = time.perf_counter()
            wrong += shop.create(group, count)
            times.append((time.perf_counter() - began) * 1000)
    thousand_s = sum(times) / ads
    return _row(
        f"ads/create {name}",
        f"{ads} ads",
        times,
        ceilings,
        {"wrong_ads": wrong, "s_per_1000_ads": round(thousand_s, 1), "promised_s": PROMISED_CREATE_S},
    )


def _list(shop: Shop, ads: int) -> Row:
    """Read all that was made, again and again."""
    _tell(f"a list of {ads} ads")
    wrong = shop.list_all()[1]
    times: list[float] = []
    ceilings: list[float] = []
    for _ in range(ROUNDS):
        ceilings.append(_ceiling(shop.client))
        for _ in range(LISTS):
            taken, mistaken = shop.list_all()
            times.append(taken)
            wrong += mistaken
    p95 = round(quantile(times, 0.95), 1)
    checks = {"wrong_rows": wrong, "p95_ms": p95, "promised_p95_ms": PROMISED_LIST_MS}
    return _row("ads/list", f"{ads} ads", times, ceilings, checks)


def _row(name: str, scale: str, times: list[float], ceilings: list[float], checks: dict[str, float | int | str]) -> Row:
    measured, ceiling = 1000 * len(times) / sum(times), quantile(ceilings, 0.5)
    return Row(
        name=name,
        scale=scale,
        ceiling_per_s=round(ceiling, 1),
        measured_per_s=round(measured, 1),
        ratio=round(measured / ceiling, 3),
        p50_ms=round(quantile(times, 0.5), 2),
        p99_ms=round(quantile(times, 0.99), 2),
        checks=checks,
        ok=not next(iter(checks.values())),
    )


def _ceiling(client: Client) -> float:
    """Return how many fixed answers a second come through the same stack."""
    began = time.perf_counter()
    for _ in range(FIXED):
        client.dialect("catalog/get/")
    return FIXED / (time.perf_counter() - began)


def _parts(asked: list[tuple[str, int]]) -> Iterator[list[tuple[str, int]]]:
    """Yield what is to be asked in as many parts as there are rounds."""
    size = -(-len(asked) // ROUNDS)
    for first in range(0, len(asked), size):
        yield asked[first : first + size]


def _tell(what: str) -> None:
    sys.stderr.write(f"bench ads: {what}\n")
