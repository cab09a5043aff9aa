"""Campaigns: made, listed, changed, switched."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from attise.doors.marketing_api import asked
from attise.doors.marketing_api.asked import CommonFilter, ListParams, answer, common, ids_or_none
from attise.doors.marketing_api.endpoint import Advertiser, Call, Data, Params, endpoint
from attise.doors.marketing_api.once import once
from attise.doors.marketing_api.wire import numbers
from attise.doors.marketing_api.wire.kinds import Amount, Id, Items, NotOffered, NotOfferedMark
from attise.doors.marketing_api.wire.times import entity_time
from attise.kernel.limits import SWITCHED_AT_ONCE
from attise.management.accounts.queries import get_advertiser
from attise.management.accounts.rules import Permission, Scope
from attise.management.campaigns import actions, queries
from attise.management.campaigns.queries import CampaignWish
from attise.management.campaigns.rules.campaign import CampaignDraft
from attise.management.campaigns.rules.switching import DELETE, DISABLE, ENABLE
from attise.management.campaigns.views import CampaignView

SPELLED = {"name": "campaign_name", "budget_micros": "budget"}
EDITS = Advertiser(Permission.EDIT_CAMPAIGNS)
Switch = Literal[ENABLE, DISABLE, DELETE]
Texts = Annotated[list[str], Items(0, 20)]


def row_of(view: CampaignView) -> dict[str, Any]:
    """Return a campaign as the dialect tells it; amounts are numbers, never null."""
    return {
        "advertiser_id": str(view.advertiser_id),
        "campaign_id": str(view.id),
        "campaign_name": view.name,
        "campaign_type": "REGULAR_CAMPAIGN",
        "campaign_system_origin": None,
        "objective": "APP" if view.objective_type == "APP_PROMOTION" else "LANDING_PAGE",
        "objective_type": view.objective_type,
        "virtual_objective_type": None,
        "sales_destination": None,
        "app_promotion_type": view.app_promotion_type or None,
        "app_id": None if view.app_id is None else str(view.app_id),
        "is_smart_performance_campaign": False,
        "is_search_campaign": False,
        "is_advanced_dedicated_campaign": False,
        "is_new_structure": True,
        "rf_campaign_type": "STANDARD",
        "split_test_variable": None,
        "special_industries": list(view.special_industries),
        "budget": numbers.amount(view.budget_micros, view.currency),
        "budget_mode": view.budget_mode,
        "budget_optimize_on": view.budget_optimize_on,
        "bid_type": None,
        "deep_bid_type": None,
        "roas_bid": numbers.amount(0, view.currency),
        "optimization_goal": None,
        "po_number": view.po_number or None,
        "operation_status": view.operation_status,
        "secondary_status": view.secondary_status,
        "create_time": entity_time(view.created_at_ms),
        "modify_time": entity_time(view.modified_at_ms),
    }


FIELDS = (
    *("advertiser_id", "campaign_id", "campaign_name", "campaign_type", "campaign_system_origin", "objective"),
    *("objective_type", "virtual_objective_type", "sales_destination", "app_promotion_type", "app_id"),
    *("is_smart_performance_campaign", "is_search_campaign", "is_advanced_dedicated_campaign", "is_new_structure"),
    *("rf_campaign_type", "split_test_variable", "special_industries", "budget", "budget_mode", "budget_optimize_on"),
    *("bid_type", "deep_bid_type", "roas_bid", "optimization_goal", "po_number", "operation_status"),
    *("secondary_status", "create_time", "modify_time"),
)


class _CreateCampaign(Params, kw_only=True):
    advertiser_id: Id
    campaign_name: str
    objective_type: str
    budget_mode: str | None = None
    budget: Amount | None = None
    budget_optimize_on: bool = False
    operation_status: str = ENABLE
    special_industries: Texts = []
    app_promotion_type: str = ""
    app_id: Id | None = None
    po_number: str = ""
    request_id: Id | None = None
    catalog_enabled: NotOffered = None
    is_search_campaign: NotOffered = None
    is_advanced_dedicated_campaign: NotOffered = None
    rta_bid_enabled: NotOffered = None
    rta_product_selection_enabled: NotOffered = None
    roas_bid: NotOffered = None
    deep_bid_type: Annotated[None, NotOfferedMark(("DEFAULT",))] = None
    campaign_type: Annotated[None, NotOfferedMark(("REGULAR_CAMPAIGN",))] = None
    rf_campaign_type: Annotated[None, NotOfferedMark(("STANDARD",))] = None


@endpoint("POST", "campaign/create", needs=EDITS, scope=Scope.ADS, spelled=SPELLED)
def create_campaign(call: Call, params: _CreateCampaign) -> Data:
    """Make a campaign, once for each ``request_id``; its whole row is answered."""
    owner = f"advertiser:{params.advertiser_id}"
    return once(call, owner, params.request_id, params, lambda: _create(call, params))


def _create(call: Call, params: _CreateCampaign) -> dict[str, Any]:
    currency = get_advertiser(params.advertiser_id).currency
    draft = CampaignDraft(
        name=params.campaign_name,
        objective_type=params.objective_type,
        budget_mode=params.budget_mode,
        budget_micros=numbers.micros_of(params.budget, currency, "budget"),
        budget_optimize_on=params.budget_optimize_on,
        operation_status=params.operation_status,
        special_industries=tuple(params.special_industries),
        app_promotion_type=params.app_promotion_type,
        app_id=params.app_id,
        po_number=params.po_number,
    )
    return row_of(actions.create_campaign(call.means, call.actor, advertiser_id=params.advertiser_id, draft=draft))


class _CampaignFilter(CommonFilter, kw_only=True):
    campaign_ids: asked.Ids | None = None
    campaign_name: asked.Name = ""
    secondary_status: asked.CampaignStatus | None = None
    campaign_type: Literal["REGULAR_CAMPAIGN", "IOS14_CAMPAIGN"] | None = None
    is_smart_performance_campaign: bool | None = None

    @property
    def finds_nothing(self) -> bool:
        """Whether it asks for what no campaign here is."""
        others = self.campaign_type == "IOS14_CAMPAIGN" or self.is_smart_performance_campaign is True
        return others or super().finds_nothing


class _ListCampaigns(ListParams, kw_only=True):
    filtering: _CampaignFilter = _CampaignFilter()


@endpoint("GET", "campaign/get", needs=Advertiser(), scope=Scope.ADS)
def list_campaigns(call: Call, params: _ListCampaigns) -> Data:
    """List campaigns, newest first; without a filter by status, those that are not deleted."""
    asked_for = params.filtering
    wish = CampaignWish(
        campaign_ids=ids_or_none(asked_for.campaign_ids, nothing=asked_for.finds_nothing),
        name=asked_for.campaign_name,
        **common(asked_for, asked_for.secondary_status),
    )
    page = queries.list_campaigns(
        call.means, advertiser_id=params.advertiser_id, wish=wish, page=params.page, page_size=params.page_size
    )
    return answer(params, page, row_of, known=FIELDS)


class _UpdateCampaign(Params, kw_only=True):
    advertiser_id: Id
    campaign_id: Id
    campaign_name: str | None = None
    budget_mode: str | None = None
    budget: Amount | None = None
    special_industries: Texts | None = None
    po_number: str | None = None


@endpoint("POST", "campaign/update", needs=EDITS, scope=Scope.ADS, spelled=SPELLED)
def update_campaign(call: Call, params: _UpdateCampaign) -> Data:
    """Change a campaign's name, budget or declarations; what is not sent stays. Its whole row is answered."""
    currency = get_advertiser(params.advertiser_id).currency
    given: dict[str, Any] = {
        "name": params.campaign_name,
        "budget_mode": params.budget_mode,
        "budget_micros": numbers.micros_of(params.budget, currency, "budget"),
        "special_industries": None if params.special_industries is None else tuple(params.special_industries),
        "po_number": params.po_number,
    }
    changes: Any = {name: value for name, value in given.items() if value is not None}
    return row_of(
        actions.update_campaign(
            call.means, call.actor, advertiser_id=params.advertiser_id, campaign_id=params.campaign_id, **changes
        )
    )


class _SwitchCampaigns(Params, kw_only=True):
    advertiser_id: Id
    campaign_ids: Annotated[list[Id], Items(1, SWITCHED_AT_ONCE)]
    operation_status: Switch


@endpoint("POST", "campaign/status/update", needs=EDITS, scope=Scope.ADS)
def switch_campaigns(call: Call, params: _SwitchCampaigns) -> Data:
    """Switch campaigns on or off, or delete them for good with all that is in them: all that are named, or none."""
    done = actions.switch_campaigns(
        call.means,
        call.actor,
        advertiser_id=params.advertiser_id,
        campaign_ids=params.campaign_ids,
        to=params.operation_status,
    )
    status = params.operation_status
    return {
        "campaign_ids": [str(one) for one in done],
        "status": status,
        "campaign_list": [{"campaign_id": str(one), "status": status} for one in done],
    }
