"""The twenty commonest mistakes of an advertiser's program, as data: what is wrong, and what it hears.

Each is a right request with something changed; ``test_whole_tree.py`` sends them. A value in angle brackets stands for
something that the story has made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

PLACE = "creatives[0]"


@dataclass(frozen=True)
class Mistake:
    """One mistake: the call, what is changed in a right one, and the parts of the answer."""

    what: str
    call: str
    change: dict[str, Any]
    field: str
    """What the answer is about, as the request spells it; of a Spark refusal, with its name before it."""
    rule: str
    next_step: str
    code: int = 40002


MISTAKES = (
    Mistake(
        "a campaign's budget below the minimum",
        "campaign",
        {"budget": 49.99},
        "budget",
        "At least 50.00 EUR per day are needed.",
        "Raise the budget.",
    ),
    Mistake(
        "more decimals than the currency has",
        "campaign",
        {"budget": 100.001},
        "budget",
        "is too large, or has more decimals than its currency.",
        "Correct the value and send again.",
    ),
    Mistake(
        "an objective that is not sold here",
        "campaign",
        {"objective_type": "PRODUCT_SALES"},
        "objective_type",
        "This value is not one of: REACH, VIDEO_VIEWS, TRAFFIC, ENGAGEMENT, WEB_CONVERSIONS, LEAD_GENERATION, "
        "APP_PROMOTION.",
        "Choose one of the values listed.",
    ),
    Mistake(
        "a name that another campaign has",
        "campaign",
        {"campaign_name": "<a taken name>"},
        "campaign_name",
        "Another campaign of this advertiser has this name.",
        "Choose another name, or delete the other campaign.",
    ),
    Mistake(
        "an emoji in a name",
        "campaign",
        {"campaign_name": "Été 🔥"},
        "campaign_name",
        "A name holds no emoji: U+1F525.",
        "Remove the emoji.",
    ),
    Mistake(
        "a campaign of another account",
        "adgroup",
        {"campaign_id": "<another's campaign>"},
        "",
        "This object does not exist or is not available to this account.",
        "Check the identifier.",
        40007,
    ),
    Mistake(
        "nowhere to be shown",
        "adgroup",
        {"location_ids": []},
        "location_ids",
        "It is not said where: at least one country or region is needed.",
        "Name the countries or regions where the ads may be shown.",
    ),
    Mistake(
        "a place by a number that is none",
        "adgroup",
        {"location_ids": ["1"]},
        "location_ids[0]",
        "This place is not known: 1.",
        "Give places that the look-up table of regions lists.",
    ),
    Mistake(
        "an ad group's budget below the minimum",
        "adgroup",
        {"budget": 19},
        "budget",
        "At least 20.00 EUR per day are needed.",
        "Raise the budget.",
    ),
    Mistake(
        "a bid above the budget",
        "adgroup",
        {"bid_price": 51},
        "bid_price",
        "The bid of 51.00 EUR is above the budget of 50.00 EUR.",
        "Lower the bid, or raise the budget.",
    ),
    Mistake(
        "a bid of one's own without its price",
        "adgroup",
        {"bid_price": None},
        "bid_price",
        "BID_TYPE_CUSTOM needs a bid above zero here.",
        "Give the bid, or choose BID_TYPE_NO_BID for maximum delivery.",
    ),
    Mistake(
        "a goal with another goal's billing",
        "adgroup",
        {"billing_event": "CPM"},
        "billing_event",
        "The billing event CPM does not go with the goal CLICK, which is billed by CPC.",
        "Take the billing event of the goal, or another goal.",
    ),
    Mistake(
        "an end before the start",
        "adgroup",
        {"schedule_type": "SCHEDULE_START_END", "schedule_end_time": "2020-01-01 00:00:00"},
        "schedule_end_time",
        "This moment is not valid: the end comes after the start.",
        "Correct the schedule and send again.",
    ),
    Mistake(
        "minors where they may not be targeted",
        "adgroup",
        {"age_groups": ["AGE_13_17"]},
        "age_groups",
        "Ages 13 to 17 may not be targeted in: FR.",
        "Remove the ages 13 to 17, or these places.",
        40065,
    ),
    Mistake(
        "a code cut short",
        "code",
        {"auth_code": "#abc"},
        "auth_code_format_error",
        "This code is not valid.",
        "Check it was copied in full, or ask for a new one.",
    ),
    Mistake(
        "a post whose code was revoked",
        "spark",
        {"tiktok_item_id": "<a revoked post>", "identity_id": "<its identity>"},
        f"auth_code_revoked: {PLACE}.tiktok_item_id",
        "The creator revoked this authorization.",
        "Choose another video, or ask the creator for a new code.",
    ),
    Mistake(
        "no page to lead to",
        "spark",
        {"landing_page_url": None},
        f"{PLACE}.landing_page_url",
        "The goal of this ad group leads to a page: the ad needs its address.",
        "Give the address of the landing page.",
    ),
    Mistake(
        "a page without https",
        "spark",
        {"landing_page_url": "www.example.org/soin"},
        f"{PLACE}.landing_page_url",
        "This address is not taken: it does not say https:// at its beginning.",
        "Copy the whole address, as it shows in the address bar of a browser.",
    ),
    Mistake(
        "no button for a goal that needs a click",
        "spark",
        {"call_to_action": None},
        f"{PLACE}.call_to_action",
        "The goal of this ad group needs a click: the ad needs a call to action.",
        "Choose a call to action.",
    ),
    Mistake(
        "a video without its cover",
        "standard",
        {"image_ids": []},
        f"{PLACE}.image_ids",
        "This ad needs one cover picture; 0 are given.",
        "Give the id of one uploaded image, or of the suggested cover of the video.",
    ),
)
