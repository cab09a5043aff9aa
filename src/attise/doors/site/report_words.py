"""Words beside the figures of a report: names, goals and budgets of the objects of its rows, as they are now."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from attise.management.accounts.queries import list_advertisers
from attise.management.accounts.views import AdvertiserView
from attise.management.campaigns.queries import Described, describe
from attise.measurement.reports.asking.answering import Row
from attise.measurement.reports.asking.asked import Asked
from attise.measurement.reports.asking.dimensions import IDS
from attise.measurement.reports.asking.metrics import METRICS, UNDEFINED, Form, amount_text


@dataclass(frozen=True, slots=True)
class Words:
    """What is known of the objects of a page."""

    level: str
    """The deepest identifier of the rows; empty: they are of no object."""
    described: Mapping[int, Described] = field(default_factory=dict)
    advertisers: Mapping[int, AdvertiserView] = field(default_factory=dict)

    def told(self, name: str, row: Row) -> str:
        """Return a word about the object of a row; ``-`` where there is none, or it is not known here."""
        if self.level and name in row.dimensions:
            return row.dimensions[name]
        one = self.described.get(int(row.dimensions[self.level])) if self.level in row.dimensions else None
        advertiser = self._advertiser(one, row)
        if name in _OF_ADVERTISER:
            return UNDEFINED if advertiser is None else _OF_ADVERTISER[name](advertiser) or UNDEFINED
        if one is None or name not in _OF_OBJECT or advertiser is None:
            return UNDEFINED
        return _OF_OBJECT[name](one, advertiser.currency) or UNDEFINED

    def _advertiser(self, one: Described | None, row: Row) -> AdvertiserView | None:
        if one is not None:
            return self.advertisers.get(one.advertiser_id)
        if "advertiser_id" in row.dimensions:
            return self.advertisers.get(int(row.dimensions["advertiser_id"]))
        return next(iter(self.advertisers.values())) if len(self.advertisers) == 1 else None


def metrics_of(asked: Asked, row: Row, words: Words) -> dict[str, str]:
    """Return the metrics of a row that are asked for, in their order."""
    return {
        name: words.told(name, row) if METRICS[name].form is Form.ATTRIBUTE else row.told(name)
        for name in asked.metrics
    }


def words_of(asked: Asked, rows: Collection[Row]) -> Words:
    """Return what is known of the objects of some rows, where it is asked for. Cost: two queries for a thousand."""
    level = max(asked.ids, key=IDS.index, default="")
    if asked.is_always_empty or not any(METRICS[name].form is Form.ATTRIBUTE for name in asked.metrics):
        return Words(level)
    advertisers = {view.id: view for view in list_advertisers(asked.advertiser_ids)}
    described: dict[int, Described] = {}
    if level not in ("", "advertiser_id"):
        ids = {int(row.dimensions[level]) for row in rows}
        described = describe(level, advertiser_ids=asked.advertiser_ids, ids=ids)
    return Words(level, described, advertisers)


_OF_ADVERTISER: Final[dict[str, Callable[[AdvertiserView], str]]] = {
    "advertiser_id": lambda view: str(view.id),
    "advertiser_name": lambda view: view.name,
    "currency": lambda view: view.currency,
    "timezone": lambda view: view.timezone,
}


def _id(value: int | None) -> str:
    return str(value) if value else ""


def _money(micros: int | None, currency: str) -> str:
    return "" if micros is None else amount_text(micros, currency)


_OF_OBJECT: Final[dict[str, Callable[[Described, str], str]]] = {
    "campaign_id": lambda one, _: _id(one.campaign_id),
    "campaign_name": lambda one, _: one.campaign_name,
    "objective_type": lambda one, _: one.objective_type,
    "app_promotion_type": lambda one, _: one.app_promotion_type,
    "campaign_budget": lambda one, currency: _money(one.campaign_budget_micros, currency),
    "opt_status": lambda one, _: one.operation_status,
    "adgroup_id": lambda one, _: _id(one.adgroup_id),
    "adgroup_name": lambda one, _: one.adgroup_name,
    "promotion_type": lambda one, _: one.promotion_type,
    "placement_type": lambda one, _: one.placement_type,
    "optimization_goal": lambda one, _: one.optimization_goal,
    "billing_event": lambda one, _: one.billing_event,
    "smart_target": lambda one, _: one.optimization_goal,
    "bid_strategy": lambda one, _: one.bid_type,
    "bid": lambda one, currency: _money(
        one.bid_micros if one.bid_micros is not None else one.conversion_bid_micros, currency
    ),
    "budget": lambda one, currency: _money(
        one.budget_micros if one.adgroup_id else one.campaign_budget_micros, currency
    ),
    "ad_id": lambda one, _: _id(one.ad_id),
    "ad_name": lambda one, _: one.ad_name,
    "ad_text": lambda one, _: one.ad_text,
    "image_mode": lambda one, _: one.ad_format,
    "call_to_action": lambda one, _: one.call_to_action,
    "identity_id": lambda one, _: one.identity_id,
    "tiktok_item_id": lambda one, _: _id(one.post_id),
    "is_smart_creative": lambda one, _: "False" if one.ad_id else "",
    "is_aco": lambda one, _: "False" if one.ad_id else "",
}
"""What is told of an object, with the currency of its advertiser; empty: nothing."""
