"""Ad groups: made, listed, changed, switched; their budgets, and how many there may be."""

from __future__ import annotations

from typing import Annotated, Any

from attise.doors.marketing_api import asked
from attise.doors.marketing_api.adgroup_fields import FIELDS, SPELLED, AdGroupFields, read_changes, read_draft, row_of
from attise.doors.marketing_api.asked import CommonFilter, ListParams, answer, common, ids_or_none
from attise.doors.marketing_api.campaign import EDITS, Switch
from attise.doors.marketing_api.endpoint import Advertiser, Call, Data, Params, Partly, endpoint
from attise.doors.marketing_api.once import once
from attise.doors.marketing_api.wire import codes, numbers, shapes
from attise.doors.marketing_api.wire.errors import RULE_TWICE
from attise.doors.marketing_api.wire.kinds import Amount, Id, Items
from attise.kernel.limits import ADGROUPS_PER_ADVERTISER, SWITCHED_AT_ONCE
from attise.management.accounts.queries import get_advertiser
from attise.management.accounts.rules import Scope
from attise.management.campaigns import actions, queries
from attise.management.campaigns.queries import AdGroupWish
from attise.management.campaigns.rules.bids import CUSTOM, NO_BID

CAPPED = {"BID_STRATEGY_COST_CAP", "BID_STRATEGY_BID_CAP"}


class _CreateAdGroup(AdGroupFields, kw_only=True):
    advertiser_id: Id
    campaign_id: Id
    adgroup_name: str
    budget_mode: str
    budget: Amount
    schedule_type: str
    schedule_start_time: asked.Time
    optimization_goal: str
    billing_event: str
    pacing: str
    operation_status: str = "ENABLE"
    request_id: Id | None = None


@endpoint("POST", "adgroup/create", needs=EDITS, scope=Scope.ADS, spelled=SPELLED)
def create_adgroup(call: Call, params: _CreateAdGroup) -> Data:
    """Make an ad group of a campaign, once for each ``request_id``; its whole row is answered."""
    owner = f"advertiser:{params.advertiser_id}"
    return once(call, owner, params.request_id, params, lambda: _create(call, params))


def _create(call: Call, params: _CreateAdGroup) -> dict[str, Any]:
    draft = read_draft(params, get_advertiser(params.advertiser_id).currency)
    made = actions.create_adgroup(
        call.means, call.actor, advertiser_id=params.advertiser_id, campaign_id=params.campaign_id, draft=draft
    )
    return row_of(made)


class _AdGroupFilter(CommonFilter, kw_only=True):
    campaign_ids: asked.Ids | None = None
    adgroup_ids: asked.Ids | None = None
    adgroup_name: asked.Name = ""
    secondary_status: asked.AdGroupStatus | None = None
    promotion_type: asked.PromotionType | None = None
    bid_strategy: asked.BidStrategy | None = None
    billing_events: list[asked.BillingEvent] | None = None
    creative_material_mode: asked.MaterialMode | None = None

    @property
    def finds_nothing(self) -> bool:
        """Whether it asks for what no ad group here is."""
        return self.creative_material_mode not in (None, "CUSTOM") or super().finds_nothing


class _ListAdGroups(ListParams, kw_only=True):
    filtering: _AdGroupFilter = _AdGroupFilter()


@endpoint("GET", "adgroup/get", needs=Advertiser(), scope=Scope.ADS)
def list_adgroups(call: Call, params: _ListAdGroups) -> Data:
    """List ad groups, newest first; without a filter by status, those that are not deleted."""
    asked_for = params.filtering
    strategy = asked_for.bid_strategy
    wish = AdGroupWish(
        adgroup_ids=ids_or_none(asked_for.adgroup_ids, nothing=asked_for.finds_nothing),
        campaign_ids=asked_for.campaign_ids or None,
        name=asked_for.adgroup_name,
        promotion_type=asked_for.promotion_type,
        billing_events=asked_for.billing_events or None,
        bid_type=None if strategy is None else CUSTOM if strategy in CAPPED else NO_BID,
        **common(asked_for, asked_for.secondary_status),
    )
    page = queries.list_adgroups(
        call.means, advertiser_id=params.advertiser_id, wish=wish, page=params.page, page_size=params.page_size
    )
    return answer(params, page, row_of, known=FIELDS)


class _UpdateAdGroup(AdGroupFields, kw_only=True):
    advertiser_id: Id
    adgroup_id: Id


@endpoint("POST", "adgroup/update", needs=EDITS, scope=Scope.ADS, spelled=SPELLED)
def update_adgroup(call: Call, params: _UpdateAdGroup) -> Data:
    """Change an ad group's audience, schedule, bid or budget; what is not sent stays. Its whole row is answered."""
    advertiser_id, adgroup_id = params.advertiser_id, params.adgroup_id
    before = queries.get_adgroup(call.means, advertiser_id=advertiser_id, adgroup_id=adgroup_id)
    changes = read_changes(params, before)
    return row_of(
        actions.update_adgroup(
            call.means,
            call.actor,
            advertiser_id=advertiser_id,
            adgroup_id=adgroup_id,
            expected_revision=before.revision if "targeting" in changes else None,  # parts of it were read from before
            **changes,
        )
    )


class _SwitchAdGroups(Params, kw_only=True):
    advertiser_id: Id
    adgroup_ids: Annotated[list[Id], Items(1, SWITCHED_AT_ONCE)]
    operation_status: Switch
    allow_partial_success: bool = False


@endpoint("POST", "adgroup/status/update", needs=EDITS, scope=Scope.ADS)
def switch_adgroups(call: Call, params: _SwitchAdGroups) -> Data:
    """Switch ad groups on or off, or delete them for good; with ``allow_partial_success``, as many as can be."""
    result = actions.switch_adgroups(
        call.means,
        call.actor,
        advertiser_id=params.advertiser_id,
        adgroup_ids=params.adgroup_ids,
        to=params.operation_status,
        allow_partial=params.allow_partial_success,
    )
    data: dict[str, Any] = {"adgroup_ids": [str(one) for one in result.done], "status": params.operation_status}
    if not params.allow_partial_success:
        return data
    data["error_list"] = [
        {"adgroup_id": str(one), "error_message": codes.message_of(refusal)} for one, refusal in result.refused.items()
    ]
    return Partly(data, tuple(result.refused.values())) if result.refused else data


class _Budget(Params):
    adgroup_id: Id
    budget: Amount


class _ScheduledBudget(Params):
    adgroup_id: Id
    scheduled_budget: Amount


class _SetBudgets(Params, kw_only=True):
    advertiser_id: Id
    budget: Annotated[list[_Budget], Items(0, SWITCHED_AT_ONCE)] = []
    scheduled_budget: Annotated[list[_ScheduledBudget], Items(0, SWITCHED_AT_ONCE)] = []


@endpoint("POST", "adgroup/budget/update", needs=EDITS, scope=Scope.ADS, spelled={"budget_micros": "budget"})
def set_budgets(call: Call, params: _SetBudgets) -> Data:
    """Set budgets of several ad groups, at once or from the advertiser's next midnight on: all of them, or none."""
    currency = get_advertiser(params.advertiser_id).currency
    now: dict[int, int] = {}
    scheduled: dict[int, int] = {}
    for budget in params.budget:
        _put(now, budget.adgroup_id, numbers.micros_of(budget.budget, currency, "budget"), "budget")
    for later in params.scheduled_budget:
        micros = numbers.micros_of(later.scheduled_budget, currency, "scheduled_budget")
        _put(scheduled, later.adgroup_id, micros, "scheduled_budget")
    actions.set_adgroup_budgets(
        call.means, call.actor, advertiser_id=params.advertiser_id, now=now, scheduled=scheduled
    )
    return {}


def _put(budgets: dict[int, int], adgroup_id: int, micros: int | None, field: str) -> None:
    """Note a budget; one ad group has one. Raises: ``dialect_value``."""
    if adgroup_id in budgets:
        raise shapes.refuse(RULE_TWICE, field)
    budgets[adgroup_id] = micros or 0


class _ReadQuota(Params):
    advertiser_id: Id


@endpoint("GET", "adgroup/quota", needs=Advertiser(), scope=Scope.ADS)
def read_quota(_call: Call, params: _ReadQuota) -> Data:
    """Tell how many ad groups the advertiser may have, and has; deleted ones do not count."""
    return {
        "total_adgroup_quota": ADGROUPS_PER_ADVERTISER,
        "used_adgroup_quota": queries.count_adgroups(params.advertiser_id),
    }
