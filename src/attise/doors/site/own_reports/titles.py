"""What people call the columns of a report, and the values that rows are told by, in the language of now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from attise.doors.site import formats
from attise.doors.site.report_sheets import sheet_of
from attise.doors.site.sheets.columns import Sheet
from attise.measurement.reports.asking.answering import Row
from attise.measurement.reports.asking.asked import Asked
from attise.measurement.reports.asking.dimensions import COUNTRY, DAY, HOUR
from attise.measurement.reports.asking.metrics import METRICS, title_of
from attise.records.lookups import languages, regions

DIMENSIONS: Final[dict[str, Promise]] = {
    DAY: _("Day"),
    HOUR: _("Hour"),
    COUNTRY: _("Country"),
    "province_id": _("Region"),
    "age": _("Age"),
    "gender": pgettext_lazy("people", "Gender"),
    "platform": _("Device"),
    "language": _("Language"),
    "post_id": pgettext_lazy("noun", "Post"),
}
"""By the technical name, in the order of a choice."""
_OBJECTS: Final[dict[str, Promise]] = {
    "campaign_id": _("Campaign id"),
    "campaign_name": _("Campaign"),
    "adgroup_id": _("Ad group id"),
    "adgroup_name": _("Ad group"),
    "ad_id": _("Ad id"),
    "ad_name": pgettext_lazy("noun", "Ad"),
    "advertiser_name": _("Advertiser"),
    "currency": _("Currency"),
    "objective_type": _("Objective"),
}
LEVELS: Final[dict[str, Promise]] = {
    "account": _("The whole account"),
    "campaign": _("Campaigns"),
    "adgroup": _("Ad groups"),
    "ad": pgettext_lazy("noun", "Ads"),
}
PERIODS: Final[dict[str, Promise]] = {
    "today": pgettext_lazy("period", "Today"),
    "yesterday": pgettext_lazy("period", "Yesterday"),
    "7_days": pgettext_lazy("period", "7 days"),
    "14_days": pgettext_lazy("period", "14 days"),
    "28_days": pgettext_lazy("period", "28 days"),
    "this_month": pgettext_lazy("period", "This month"),
    "last_month": pgettext_lazy("period", "Last month"),
    "90_days": pgettext_lazy("period", "90 days"),
    "365_days": pgettext_lazy("period", "365 days"),
    "dates": pgettext_lazy("period", "From a day to another"),
}


class Family(NamedTuple):
    """Metrics that belong together, in the order of a choice."""

    name: Promise
    metrics: dict[str, Promise]


FAMILIES: Final = (
    Family(
        _("Delivery"),
        {
            "spend": _("Spend"),
            "impressions": _("Impressions"),
            "reach": _("Reach"),
            "frequency": _("Frequency"),
            "cpm": _("Cost per mille (CPM)"),
            "cost_per_1000_reached": _("Cost per 1,000 people reached"),
            "clicks": _("Clicks"),
            "ctr": _("Click-through rate"),
            "cpc": _("Cost per click"),
        },
    ),
    Family(
        _("Results"),
        {
            "result": _("Results"),
            "cost_per_result": _("Cost per result"),
            "result_rate": _("Result rate"),
            "conversion": _("Conversions"),
            "cost_per_conversion": _("Cost per conversion"),
            "conversion_rate": _("Conversion rate"),
        },
    ),
    Family(
        _("Video"),
        {
            "video_play_actions": _("Views"),
            "video_watched_2s": _("Views of 2 seconds"),
            "video_watched_6s": _("Views of 6 seconds"),
            "video_views_p25": _("Watched to 25%"),
            "video_views_p50": _("Watched to 50%"),
            "video_views_p75": _("Watched to 75%"),
            "video_views_p100": _("Completed views"),
            "average_video_play": _("Seconds watched per view"),
            "engaged_view": _("Engaged views"),
        },
    ),
    Family(
        _("Engagement through ads"),
        {
            "likes": _("Likes"),
            "comments": _("Comments"),
            "shares": _("Shares"),
            "saves": _("Saves"),
            "follows": _("Follows"),
            "cost_per_follow": _("Cost per follow"),
            "profile_visits": _("Profile visits"),
            "engagements": _("Engagements"),
            "engagement_rate": _("Engagement rate"),
            "clicks_on_music_disc": _("Clicks on the sound"),
            "duet_clicks": _("Duets"),
            "stitch_clicks": _("Stitches"),
            "hides": _("Ads hidden"),
        },
    ),
    Family(
        _("On your pages"),
        {
            "total_landing_page_view": _("Landing pages seen"),
            "cost_per_landing_page_view": _("Cost per landing page seen"),
            "web_event_add_to_cart": _("Adds to cart"),
            "cost_per_web_event_add_to_cart": _("Cost per add to cart"),
            "initiate_checkout": _("Checkouts begun"),
            "complete_payment": _("Purchases"),
            "cost_per_complete_payment": _("Cost per purchase"),
            "total_complete_payment_value": _("Value of purchases"),
            "complete_payment_roas": _("Value per spend (ROAS)"),
            "registration": _("Registrations"),
            "form": _("Forms sent"),
        },
    ),
)
"""The metrics that pages offer; a report made by a program may have any other of ``METRICS``."""
METRIC_TITLES: Final = {name: title for family in FAMILIES for name, title in family.metrics.items()}
assert METRIC_TITLES.keys() <= METRICS.keys()
_GENDERS: Final = {"FEMALE": pgettext_lazy("gender", "Women"), "MALE": pgettext_lazy("gender", "Men")}
_AGES: Final = {
    "AGE_13_17": "13–17",
    "AGE_18_24": "18–24",
    "AGE_25_34": "25–34",
    "AGE_35_44": "35–44",
    "AGE_45_54": "45–54",
    "AGE_55_100": "55+",
}
_PLATFORMS: Final[dict[str, Promise | str]] = {"ANDROID": "Android", "IPHONE": "iOS", "PC": _("Other device")}
_UNKNOWN: Final = pgettext_lazy("people", "Not known")


TECHNICAL: Final = "names"
"""In place of a language: columns and values are called by their technical names."""


def sheet_in(language: str, name: str, asked: Asked, batches: Iterable[list[Row]]) -> Sheet:
    """Return a report as a table of people's: in a language, that of now where it is empty, or by technical names."""
    if language == TECHNICAL:
        return sheet_of(name, asked, batches, title=str, word=lambda _dimension, value: value)
    return sheet_of(name, asked, batches, title=title, word=file_word)


def title(name: str) -> str:
    """Return what a column is called."""
    found = METRIC_TITLES.get(name) or DIMENSIONS.get(name) or _OBJECTS.get(name)
    return title_of(name) if found is None else str(found)


def word(dimension: str, value: str) -> str:
    """Return what a value that rows are told by is called; identifiers stay as they are."""
    language = formats.language_of(get_language())
    if dimension == DAY:
        return formats.day(dt.date.fromisoformat(value[:10]), language)
    if dimension == HOUR:
        moment = dt.datetime.fromisoformat(value)
        return f"{formats.day(moment.date(), language)}, {formats.clock(moment, language)}"
    known = {"gender": _GENDERS, "age": _AGES, "platform": _PLATFORMS}.get(dimension)
    if known is not None:
        return str(known.get(value, _UNKNOWN))
    if dimension in (COUNTRY, "province_id", "language"):
        return _name(dimension, value) or str(_UNKNOWN)
    return value


def file_word(dimension: str, value: str) -> str:
    """Return what a value is called in a file: a moment as machines write it."""
    return value[:16] if dimension == HOUR else word(dimension, value)


def _name(dimension: str, value: str) -> str:
    if dimension == "language":
        found: object | None = languages.find(value)
    elif dimension == "province_id":
        found = regions.find(value)
    else:
        found = regions.by_iso(value)
    french = formats.language_of(get_language()) == formats.FRENCH
    return "" if found is None else str(getattr(found, "name_fr" if french else "name_en"))
