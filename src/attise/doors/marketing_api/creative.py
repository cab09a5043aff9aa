"""What ads are made of beside videos: buttons and sets of them, music.

A set of buttons (``CTA`` portfolio) is named by an ad as ``call_to_action_id``. Other kinds of portfolios (cards,
stickers, gestures) are not offered.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from attise.doors.marketing_api.endpoint import Advertiser, Call, Data, Params, endpoint
from attise.doors.marketing_api.lookups import Word, said
from attise.doors.marketing_api.wire.kinds import Between, Id, Items, Length
from attise.doors.marketing_api.wire.lists import LARGEST_PAGE, cut, page_info
from attise.kernel.limits import PORTFOLIO_CONTENTS
from attise.management.accounts.rules import Permission, Scope
from attise.management.library import actions, queries, rules
from attise.management.library.rules import PortfolioItem
from attise.management.library.views import PortfolioView
from attise.records.lookups import call_to_actions

PageNumber = Annotated[int, Between(1, LARGEST_PAGE)]
Kind = Annotated[str, Length(1, 60)]
CTA = "CTA"
SPELLED = {
    "contents": "portfolio_content",
    "contents[].content": "portfolio_content[].asset_content",
    "contents[].call_ids": "portfolio_content[].asset_ids",
    "contents[].call_ids[]": "portfolio_content[].asset_ids[]",
    "portfolio_id": "creative_portfolio_id",
}


class _Recommend(Params):
    advertiser_id: Id
    content_type: Word = ""
    promotion_type: Word = ""
    asset_type: Word = ""
    language: Word = "en"


@endpoint("GET", "creative/cta/recommend", needs=Advertiser(), scope=Scope.CREATIVE)
def suggest_calls(call: Call, params: _Recommend) -> Data:  # noqa: ARG001 - the same arguments for all
    """Suggest buttons that suit where an ad leads, with the ids that a portfolio takes."""
    rows = [call_to_actions.get(code) for code in rules.recommended_calls(params.promotion_type)]
    assets = [{"asset_content": said(row, params.language), "asset_ids": [row.wire_id]} for row in rows]
    return {"recommend_assets": assets}


class _Content(Params):
    asset_content: str = ""
    asset_ids: Annotated[list[Id], Items(0, PORTFOLIO_CONTENTS)] = []


class _CreatePortfolio(Params):
    advertiser_id: Id
    portfolio_content: Annotated[list[_Content], Items(1, PORTFOLIO_CONTENTS)]
    creative_portfolio_type: Literal["CTA"] = "CTA"


@endpoint(
    "POST",
    "creative/portfolio/create",
    needs=Advertiser(Permission.EDIT_LIBRARY),
    scope=Scope.CREATIVE,
    spelled=SPELLED,
)
def create_portfolio(call: Call, params: _CreatePortfolio) -> Data:
    """Make a set of buttons; its id is an ad's ``call_to_action_id``."""
    made = actions.create_portfolio(
        call.means,
        call.actor,
        advertiser_id=params.advertiser_id,
        contents=[PortfolioItem(one.asset_content, tuple(one.asset_ids)) for one in params.portfolio_content],
    )
    return {"creative_portfolio_id": str(made.id)}


class _ReadPortfolio(Params):
    advertiser_id: Id
    creative_portfolio_id: Id


@endpoint("GET", "creative/portfolio/get", needs=Advertiser(), scope=Scope.CREATIVE, spelled=SPELLED)
def read_portfolio(call: Call, params: _ReadPortfolio) -> Data:  # noqa: ARG001 - as above
    """Tell one set of buttons."""
    return _row(queries.get_portfolio(params.advertiser_id, params.creative_portfolio_id))


class _PortfolioFilter(Params):
    creative_portfolio_ids: Annotated[list[Id], Items(0, 100)] | None = None
    creative_portfolio_types: Annotated[list[Kind], Items(0, 50)] | None = None


class _ListPortfolios(Params):
    advertiser_id: Id
    filtering: _PortfolioFilter = _PortfolioFilter()
    page: PageNumber = 1
    page_size: Annotated[int, Between(1, 100)] = 20


@endpoint("GET", "creative/portfolio/list", needs=Advertiser(), scope=Scope.CREATIVE)
def list_portfolios(call: Call, params: _ListPortfolios) -> Data:  # noqa: ARG001 - as above
    """List portfolios: sets of buttons if asked for by type or id, else all other kinds, of which there is none."""
    asked = params.filtering
    kinds = asked.creative_portfolio_types
    if (CTA in kinds) if kinds else asked.creative_portfolio_ids:
        page = queries.list_portfolios(
            params.advertiser_id,
            ids=asked.creative_portfolio_ids or None,
            page=params.page,
            page_size=params.page_size,
        )
    else:
        page = cut([], params.page, params.page_size)
    return {"creative_portfolios": [_row(view) for view in page.items], "page_info": page_info(page)}


class _Music(Params):
    advertiser_id: Id
    page: PageNumber = 1
    page_size: Annotated[int, Between(1, 1000)] = 20


@endpoint("GET", "file/music/get", needs=Advertiser(), scope=Scope.CREATIVE)
def list_music(call: Call, params: _Music) -> Data:  # noqa: ARG001 - as above
    """List music for ads: the house has none, a video brings its own sound."""
    return {"musics": [], "page_info": page_info(cut([], params.page, params.page_size))}


def _row(view: PortfolioView) -> dict[str, Any]:
    return {
        "creative_portfolio_id": str(view.id),
        "creative_portfolio_type": CTA,
        "portfolio_content": [
            {"asset_content": item.content, "asset_ids": [str(call_id) for call_id in item.call_ids]}
            for item in view.items
        ],
    }
