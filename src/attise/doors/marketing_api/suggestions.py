"""Suggestions and checks for an ad group in the making: a bid, keywords, whether an address can be used.

Keywords and hashtags cannot be targeted here, so that none is ever suggested.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from attise.doors.marketing_api.endpoint import Advertiser, Call, Data, Params, endpoint
from attise.doors.marketing_api.lookups import Word
from attise.doors.marketing_api.wire.kinds import Id, Items, Length
from attise.kernel.errors import Refusal
from attise.kernel.gather import Gather
from attise.kernel.limits import TARGETED_LOCATIONS
from attise.kernel.money import MICROS
from attise.kernel.urls import clean_deeplink, clean_url
from attise.management.accounts.rules import Scope
from attise.management.campaigns import queries
from attise.management.campaigns.rules.objectives import check_objective
from attise.management.campaigns.targeting_rules import TOLD_AT_ONCE, location_named

Text = Annotated[str, Length(0, 200)]
_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)


class _Bid(Params):
    advertiser_id: Id
    objective_type: Word
    location_ids: Annotated[list[Id], Items(1, TARGETED_LOCATIONS)]


@endpoint("POST", "tool/bid/recommend", needs=Advertiser(), scope=Scope.ADS)
def suggest_bid(call: Call, params: _Bid) -> Data:  # noqa: ARG001 - the same arguments for all
    """Suggest a bid for an objective: the median of the advertiser's own, or the smallest that is taken."""
    gather = Gather()
    gather.take(check_objective, params.objective_type)
    for place, location in enumerate(params.location_ids):
        if len(gather.found) <= TOLD_AT_ONCE:
            gather.take(location_named, str(location), f"location_ids[{place}]")
    gather.tell()
    return {"bid": queries.suggest_bid(params.advertiser_id, params.objective_type) / MICROS}


class _Keyword(Params):
    advertiser_id: Id
    keyword: Text


@endpoint("GET", "tool/interest_keyword/recommend", needs=Advertiser(), scope=Scope.ADS)
def suggest_keywords(call: Call, params: _Keyword) -> Data:  # noqa: ARG001 - as above
    """Suggest keywords of interests: none."""
    return {"recommended_keywords": []}


class _OfAdvertiser(Params):
    advertiser_id: Id


@endpoint("GET", "tool/interest_keyword/get", needs=Advertiser(), scope=Scope.ADS)
def read_keywords(call: Call, params: _OfAdvertiser) -> Data:  # noqa: ARG001 - as above
    """Tell keywords of interests by their ids: there are none."""
    return {"keywords": []}


class _Hashtags(Params):
    advertiser_id: Id
    keywords: Annotated[list[Text], Items(1, 10)]
    operator: Literal["AND", "OR"] = "AND"


@endpoint("GET", "tool/hashtag/recommend", needs=Advertiser(), scope=Scope.ADS)
def suggest_hashtags(call: Call, params: _Hashtags) -> Data:  # noqa: ARG001 - as above
    """Suggest hashtags: none."""
    return {"recommend_keywords": []}


class _HashtagIds(Params):
    advertiser_id: Id
    keyword_ids: Annotated[list[Word], Items(1, 1000)]


@endpoint("GET", "tool/hashtag/get", needs=Advertiser(), scope=Scope.ADS)
def read_hashtags(call: Call, params: _HashtagIds) -> Data:  # noqa: ARG001 - as above
    """Tell hashtags by their ids: there are none."""
    return {"keywords_status": []}


class _Url(Params):
    advertiser_id: Id
    url: str


@endpoint("GET", "tool/url_validate", needs=Advertiser(), scope=Scope.ADS)
def check_url(call: Call, params: _Url) -> Data:  # noqa: ARG001 - as above
    """Tell whether an address can be a landing page, or the link of an app; nothing is fetched."""
    is_page = _is_taken(clean_url, params.url)
    is_link = _SCHEME.match(params.url) is not None
    return {
        "url_info": {
            "validate_info": {
                "is_valid_url": is_page,
                "is_scheme_link": is_link,
                "is_valid_scheme": is_link and _is_taken(clean_deeplink, params.url),
            }
        }
    }


def _is_taken(check: Any, url: str) -> bool:
    try:
        check(url, field="url")
    except Refusal:
        return False
    return True
