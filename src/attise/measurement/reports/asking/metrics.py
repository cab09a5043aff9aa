"""Every metric of reports: how it is told, and its formula over sums of roll-ups. One table; pure.

A *sum* is a column of a roll-up added up under a condition; a *metric* is a sum, or one divided by another, and is
computed from the sums of its own row: so a rate of a total is that of the total, not a mean of rates. What is undefined
(nothing to divide by) is ``-``. A metric that nothing here brings about is told as ``0`` where clients count it, else
as ``-``: they ask for eighty names at once, and a name that is known is never refused.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from attise.kernel.money import MICROS
from attise.records.lookups import currencies
from attise.records.web_events import BY_NAME

UNDEFINED: Final = "-"
CENT: Final = Decimal("0.01")


class Form(enum.Enum):
    """How a value is told."""

    COUNT = "count"
    MONEY = "money"
    """With the decimals of its currency."""
    MICROS = "micros"
    PERCENT = "percent"
    """Of a hundred, two decimals; likewise the next two."""
    RATIO = "ratio"
    SECONDS = "seconds"
    """Of a sum of milliseconds."""
    ZERO = "zero"
    """Always 0: it does not happen here."""
    NONE = "none"
    """Always ``-``: it is not measured."""
    ATTRIBUTE = "attribute"
    """A word about the object of the row; whoever owns the object says it."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A column of a roll-up under a condition; ``is_seen``: of the people reached."""

    column: str
    only: str = "NOT by_event"
    is_seen: bool = False

    @property
    def sql(self) -> str:
        """Return it as SQL; people are counted once each."""
        if self.is_seen:
            return f"COUNT(DISTINCT CASE WHEN {self.only} THEN {self.column} END)"
        return f"CAST(COALESCE(SUM(CASE WHEN {self.only} THEN {self.column} ELSE 0 END), 0) AS BIGINT)"


@dataclass(frozen=True, slots=True)
class Metric:
    """A formula: the sums ``over`` added up, ``times`` as much, divided by those ``under`` added up, if any."""

    form: Form
    over: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    times: int = 1

    @property
    def sums(self) -> tuple[str, ...]:
        """The names of the sums that it needs."""
        return self.over + self.under

    @property
    def is_number(self) -> bool:
        """Whether rows can be ordered by it."""
        return bool(self.over)

    @property
    def is_sum_of_money(self) -> bool:
        """Whether it is money that adds up over rows, rather than what one of many came to."""
        return self.form is Form.MONEY and not self.under

    @property
    def order_sql(self) -> str:
        """Return what rows are ordered by; null where it is undefined."""
        over = " + ".join(self.over)
        return f"CAST({over} AS DOUBLE) / NULLIF({' + '.join(self.under)}, 0)" if self.under else over

    def micros(self, sums: Mapping[str, int]) -> int:
        """Return a sum of money to the micro. Args: sums: of a row."""
        return sum(sums[name] for name in self.over) * self.times

    def value(self, sums: Mapping[str, int], currency: str) -> int | Decimal | None:
        """Return its value for a row's sums, rounded as it is told; None: undefined. Args: as of ``told``."""
        if self.form is Form.ZERO:
            return 0
        if not self.over or (self.form is Form.MONEY and not currency):
            return None
        over, under = sum(sums[name] for name in self.over), sum(sums[name] for name in self.under)
        if self.form in (Form.COUNT, Form.MICROS):
            return over
        if self.under and under == 0:
            return None
        value = Decimal(over * self.times) / (under if self.under else 1)
        if self.form is Form.MONEY:
            return amount_of(value, currency)
        scale = {Form.PERCENT: Decimal(100), Form.SECONDS: Decimal("0.001")}.get(self.form, Decimal(1))
        return (value * scale).quantize(CENT, ROUND_HALF_UP)

    def told(self, sums: Mapping[str, int], currency: str) -> str:
        """Return its value for a row's sums, in text. Args: currency: of the row; empty where several are mixed."""
        value = self.value(sums, currency)
        return UNDEFINED if value is None else str(value)


def amount_of(micros: int | Decimal, currency: str) -> Decimal:
    """Return an amount with the decimals of its currency."""
    exponent = currencies.get(currency).exponent
    return (Decimal(micros) / MICROS).quantize(Decimal(1).scaleb(-exponent), ROUND_HALF_UP)


def amount_text(micros: int | Decimal, currency: str) -> str:
    """Return it in text."""
    return str(amount_of(micros, currency))


def title_of(name: str) -> str:
    """Return what a column of a file is called: ``Ad Group ID`` for ``adgroup_id``, of a metric or a dimension."""
    if name in _TITLES:
        return _TITLES[name]
    words = name.replace("adgroup", "ad_group").split("_")
    return " ".join(word.upper() if word in _SHORT else word[:1].upper() + word[1:] for word in words)


_TITLES: Final = {
    "stat_time_day": "By Day",
    "stat_time_hour": "By Hour",
    "country_code": "Country/Region",
    "cost_per_1000_reached": "Cost per 1,000 Accounts Reached",
    "tiktok_item_id": "Post ID",
}
_SHORT: Final = frozenset({"id", "ctr", "cpc", "cpm", "roas", "cta", "vta", "evta", "aco", "tt", "dpa"})
_IS_RESULT: Final = "event <> ''"
_EVENTS: Final = {
    "complete_payment": "SHOPPING",
    "web_event_add_to_cart": "ON_WEB_CART",
    "initiate_checkout": "INITIATE_ORDER",
    "page_content_view_events": "ON_WEB_DETAIL",
    "registration": "ON_WEB_REGISTER",
    "user_registration": "ON_WEB_REGISTER",
    "form": "FORM",
    "add_billing": "ADD_BILLING",
    "on_web_order": "ON_WEB_ORDER",
    "on_web_add_to_wishlist": "ON_WEB_ADD_TO_WISHLIST",
    "on_web_subscribe": "ON_WEB_SUBSCRIBE",
    "search": "ON_WEB_SEARCH",
    "button_click": "BUTTON",
    "download_start": "DOWNLOAD_START",
    "online_consult": "CONSULT",
    "total_pageview": "PAGE_VIEW",
    "app_install": "INSTALL",
}
"""What happened on a page or in an app, by the name of its metric: the kind of ``records.web_events``."""
_VALUED: Final = ("complete_payment", "web_event_add_to_cart", "initiate_checkout", "on_web_order", "on_web_subscribe")


def _named(kind: str) -> str:
    """Return the condition of rows of one kind: all names under which it is sent."""
    names = ", ".join(f"'{name}'" for name, event in BY_NAME.items() if event.type == kind)
    return f"event IN ({names})"


def _sums_of_events() -> Iterator[tuple[str, Sum]]:
    for name, kind in _EVENTS.items():
        yield name, Sum("conversions", f"{_named(kind)} AND NOT by_event")
        yield f"real_time_{name}", Sum("conversions", f"{_named(kind)} AND by_event")
    for name in _VALUED:
        yield f"value_of_{name}", Sum("value_micros", f"{_named(_EVENTS[name])} AND NOT by_event")


_PLAIN: Final = (
    *("impressions", "views", "views_2s", "views_6s", "engaged_views", "p25", "p50", "p75", "completions", "loops"),
    *("clicks", "likes", "comments", "shares", "saves", "follows", "profile_visits", "sound_clicks", "duets"),
    *("stitches", "hides", "watch_ms"),
)
SUMS: Final[Mapping[str, Sum]] = {
    **{name: Sum(name) for name in _PLAIN},
    "spent": Sum("charged_micros"),
    "result": Sum("sought"),
    "real_time_result": Sum("sought", "event = '' OR by_event"),
    "conversion": Sum("results", f"{_IS_RESULT} AND NOT by_event"),
    "real_time_conversion": Sum("results", f"{_IS_RESULT} AND by_event"),
    **{
        f"{short}_{name}": Sum(column, f"{only}touch = '{touch}' AND NOT by_event")
        for short, touch in (("cta", "click"), ("vta", "view"), ("eva", "engaged"))
        for name, column, only in (
            ("conversion", "results", f"{_IS_RESULT} AND "),
            ("purchase", "conversions", f"{_named('SHOPPING')} AND "),
        )
    },
    "landed": Sum("conversions", f"{_named('PAGE_VIEW')} AND touch = 'click' AND NOT by_event"),
    **dict(_sums_of_events()),
    "reach": Sum("viewer", "impressions > 0", is_seen=True),
    "players": Sum("viewer", "views > 0", is_seen=True),
}
"""Every sum by name."""
DELIVERED: Final = ("impressions", "clicks", "spent", "conversion", "real_time_conversion")
"""A row in which all of these are 0 is not told, unless something else of it was asked for and is there."""
ENGAGED: Final = (
    *("clicks", "likes", "comments", "shares", "follows", "profile_visits", "sound_clicks", "duets", "stitches"),
)


def _count(*names: str) -> Metric:
    return Metric(Form.COUNT, names)


def _money(*over: str, per: str = "", times: int = 1) -> Metric:
    return Metric(Form.MONEY, over, (per,) if per else (), times)


def _percent(*over: str, of: str) -> Metric:
    return Metric(Form.PERCENT, over, (of,))


def _results() -> Iterator[tuple[str, Metric]]:
    for prefix in ("", "real_time_"):
        for name, rate in (("conversion", "conversion_rate"), ("result", "result_rate")):
            counted = f"{prefix}{name}"
            yield counted, _count(counted)
            yield f"{prefix}cost_per_{name}", _money("spent", per=counted)
            yield f"{prefix}{rate}", _percent(counted, of="clicks" if name == "conversion" else "impressions")
        yield f"{prefix}conversion_rate_v2", _percent(f"{prefix}conversion", of="impressions")


def _events() -> Iterator[tuple[str, Metric]]:
    for name in _EVENTS:
        yield name, _count(name)
        yield f"cost_per_{name}", _money("spent", per=name)
        yield f"{name}_rate", _percent(name, of="clicks")
        yield f"real_time_{name}", _count(f"real_time_{name}")
        yield f"real_time_{name}_cost", _money("spent", per=f"real_time_{name}")
    for name in _VALUED:
        yield f"total_{name}_value", _money(f"value_of_{name}")
        yield f"value_per_{name}", _money(f"value_of_{name}", per=name)
        yield f"{name}_roas", Metric(Form.RATIO, (f"value_of_{name}",), ("spent",))


def _all(form: Form, *names: str) -> dict[str, Metric]:
    return dict.fromkeys(names, Metric(form))


METRICS: Final[Mapping[str, Metric]] = {
    # Money and delivery
    **dict.fromkeys(("spend", "stat_cost", "billed_cost", "cash_spend"), _money("spent")),
    "spend_micros": Metric(Form.MICROS, ("spent",)),
    "voucher_spend": Metric(Form.ZERO),
    "impressions": _count("impressions"),
    "gross_impressions": Metric(Form.NONE),
    "clicks": _count("clicks"),
    "ctr": _percent("clicks", of="impressions"),
    "cpc": _money("spent", per="clicks"),
    "cpm": _money("spent", per="impressions", times=1_000),
    "reach": _count("reach"),
    "cost_per_1000_reached": _money("spent", per="reach", times=1_000),
    "frequency": Metric(Form.RATIO, ("impressions",), ("reach",)),
    # Results
    **dict(_results()),
    **_all(
        Form.NONE,
        *("secondary_goal_result", "cost_per_secondary_goal_result", "secondary_goal_result_rate"),
        *("real_time_secondary_goal_result", "real_time_cost_per_secondary_goal_result"),
        "real_time_secondary_goal_result_rate",
    ),
    # Video
    "video_play_actions": _count("views"),
    "video_watched_2s": _count("views_2s"),
    "video_watched_6s": _count("views_6s"),
    "video_views_p25": _count("p25"),
    "video_views_p50": _count("p50"),
    "video_views_p75": _count("p75"),
    "video_views_p100": _count("completions"),
    "video_loops": _count("loops"),
    "average_video_play": Metric(Form.SECONDS, ("watch_ms",), ("views",)),
    "average_video_play_per_user": Metric(Form.SECONDS, ("watch_ms",), ("players",)),
    **dict.fromkeys(("engaged_view", "paid_engaged_view"), _count("engaged_views")),
    "cost_per_engaged_view": _money("spent", per="engaged_views"),
    **_all(Form.NONE, "paid_engagement_engaged_view", "engaged_view_15s", "paid_engaged_view_15s"),
    "organic_video_views": Metric(Form.NONE),
    # Engagement, through ads alone
    "likes": _count("likes"),
    "comments": _count("comments"),
    "shares": _count("shares"),
    "saves": _count("saves"),
    "follows": _count("follows"),
    "cost_per_follow": _money("spent", per="follows"),
    "profile_visits": _count("profile_visits"),
    "profile_visits_rate": _percent("profile_visits", of="impressions"),
    "clicks_on_music_disc": _count("sound_clicks"),
    "duet_clicks": _count("duets"),
    "stitch_clicks": _count("stitches"),
    "hides": _count("hides"),
    "engagements": _count(*ENGAGED),
    "engagement_rate": _percent(*ENGAGED, of="impressions"),
    **_all(Form.ZERO, "clicks_on_hashtag_challenge", "sound_usage_clicks", "anchor_clicks"),
    "anchor_click_rate": Metric(Form.NONE),
    # On pages and in apps
    **dict(_events()),
    "total_complete_payment_rate": _money("value_of_complete_payment"),
    "total_purchase_value": _money("value_of_complete_payment"),
    "total_landing_page_view": _count("landed"),
    "cost_per_landing_page_view": _money("spent", per="landed"),
    "landing_page_view_rate": _percent("landed", of="clicks"),
    # By what they are credited to
    "cta_conversion": _count("cta_conversion"),
    "vta_conversion": _count("vta_conversion"),
    "engaged_view_through_conversions": _count("eva_conversion"),
    "cost_per_cta_conversion": _money("spent", per="cta_conversion"),
    "cost_per_vta_conversion": _money("spent", per="vta_conversion"),
    "cta_purchase": _count("cta_purchase"),
    "vta_purchase": _count("vta_purchase"),
    "evta_purchase": _count("eva_purchase"),
    # Of other products
    **_all(
        Form.ZERO,
        *("purchase", "purchase_rate", "cost_per_purchase", "total_purchase", "sales_lead", "sales_lead_rate"),
        *("cost_per_sales_lead", "total_app_event_add_to_cart", "cost_per_total_app_event_add_to_cart"),
        *("onsite_shopping", "total_onsite_shopping_value", "cost_per_onsite_shopping", "onsite_shopping_rate"),
        *("interactive_add_on_impressions", "live_views", "live_unique_views", "live_product_clicks"),
    ),
    # Words about the object
    **_all(
        Form.ATTRIBUTE,
        *("campaign_name", "campaign_id", "objective_type", "adgroup_name", "adgroup_id", "ad_name", "ad_id"),
        *("ad_text", "advertiser_name", "advertiser_id", "currency", "timezone", "placement_type", "promotion_type"),
        *("opt_status", "budget", "campaign_budget", "smart_target", "bid_strategy", "bid", "billing_event"),
        *("call_to_action", "image_mode", "split_test", "app_promotion_type", "campaign_dedicate_type"),
        *("is_smart_creative", "is_aco", "tt_app_id", "tt_app_name", "mobile_app_id", "dpa_target_audience_type"),
        *("tiktok_item_id", "identity_id", "tiktok_name", "video_id", "file_name", "optimization_goal"),
    ),
}
"""Every metric by name, in the order of its families."""
