"""Ads: made, listed, changed, switched."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.conf import settings

from attise.doors.marketing_api import asked
from attise.doors.marketing_api.ad_fields import FIELDS, SPELLED, CreativeFields, read_fields, row_of
from attise.doors.marketing_api.asked import CommonFilter, ListParams, answer, common, ids_or_none
from attise.doors.marketing_api.campaign import EDITS, Switch
from attise.doors.marketing_api.endpoint import Advertiser, Call, Data, Params, endpoint
from attise.doors.marketing_api.once import once
from attise.doors.marketing_api.wire import errors
from attise.doors.marketing_api.wire.kinds import Id, Items, NotOffered, Time
from attise.kernel.errors import Refusal
from attise.kernel.limits import ADS_AT_ONCE, SWITCHED_AT_ONCE
from attise.management.accounts.rules import Scope
from attise.management.campaigns import actions, queries
from attise.management.campaigns.queries import AdWish
from attise.management.campaigns.rules.creative import Creative
from attise.management.campaigns.views import AdView


class _NewCreative(CreativeFields, kw_only=True):
    identity_type: str
    identity_id: str
    operation_status: Literal["ENABLE", "DISABLE"] = "ENABLE"


class _CreateAds(Params, kw_only=True):
    advertiser_id: Id
    adgroup_id: Id
    creatives: Annotated[list[_NewCreative], Items(1, ADS_AT_ONCE)]
    request_id: Id | None = None


@endpoint("POST", "ad/create", needs=EDITS, scope=Scope.ADS, spelled=SPELLED)
def create_ads(call: Call, params: _CreateAds) -> Data:
    """Make ads in an ad group, all of them or none; their rows are answered. With a ``request_id``, once."""
    owner = f"advertiser:{params.advertiser_id}"
    return once(call, owner, params.request_id, params, lambda: _create(call, params))


def _create(call: Call, params: _CreateAds) -> dict[str, Any]:
    creatives = [Creative(**read_fields(one), operation_status=one.operation_status) for one in params.creatives]
    made = actions.create_ads(
        call.means,
        call.actor,
        house=settings.HOUSE,
        advertiser_id=params.advertiser_id,
        adgroup_id=params.adgroup_id,
        creatives=creatives,
    )
    return {**_told(made), "need_audit": any(view.review == "pending" for view in made)}


def _told(views: list[AdView]) -> dict[str, Any]:
    return {"ad_ids": [str(view.id) for view in views], "creatives": [row_of(view) for view in views]}


class _AdFilter(CommonFilter, kw_only=True):
    campaign_ids: asked.Ids | None = None
    adgroup_ids: asked.Ids | None = None
    ad_ids: asked.Ids | None = None
    ad_name: asked.Name = ""
    secondary_status: asked.AdStatus | None = None
    creative_material_mode: asked.MaterialMode | None = None
    modified_after: Time | None = None
    campaign_system_origins: list[str] | None = None
    destination: NotOffered = None

    @property
    def finds_nothing(self) -> bool:
        """Whether it asks for what no ad here is."""
        others = self.creative_material_mode not in (None, "CUSTOM") or bool(self.campaign_system_origins)
        return others or super().finds_nothing


class _ListAds(ListParams, kw_only=True):
    filtering: _AdFilter = _AdFilter()


@endpoint("GET", "ad/get", needs=Advertiser(), scope=Scope.ADS)
def list_ads(call: Call, params: _ListAds) -> Data:
    """List ads, newest first; without a filter by status, those that are not deleted."""
    asked_for = params.filtering
    wish = AdWish(
        campaign_ids=asked_for.campaign_ids or None,
        adgroup_ids=asked_for.adgroup_ids or None,
        ad_ids=ids_or_none(asked_for.ad_ids, nothing=asked_for.finds_nothing),
        name=asked_for.ad_name,
        modified_after_ms=asked_for.modified_after,
        **common(asked_for, asked_for.secondary_status),
    )
    page = queries.list_ads(
        call.means, advertiser_id=params.advertiser_id, wish=wish, page=params.page, page_size=params.page_size
    )
    return answer(params, page, row_of, known=FIELDS)


class _ChangedCreative(CreativeFields, kw_only=True):
    ad_id: Id


class _UpdateAds(Params, kw_only=True):
    advertiser_id: Id
    adgroup_id: Id
    creatives: Annotated[list[_ChangedCreative], Items(1, ADS_AT_ONCE)]
    patch_update: bool = False


@endpoint("POST", "ad/update", needs=EDITS, scope=Scope.ADS, spelled=SPELLED)
def update_ads(call: Call, params: _UpdateAds) -> Data:
    """Change ads of an ad group, all of them or none: the whole of each, or with ``patch_update`` what is sent."""
    done = actions.update_ads(
        call.means,
        call.actor,
        house=settings.HOUSE,
        advertiser_id=params.advertiser_id,
        adgroup_id=params.adgroup_id,
        edits=[_edit(one, is_patch=params.patch_update) for one in params.creatives],
    )
    return _told(done)


def _edit(sent: _ChangedCreative, *, is_patch: bool) -> actions.AdEdit:
    given = read_fields(sent)
    if is_patch:
        return actions.AdEdit(sent.ad_id, fields=given)
    return actions.AdEdit(sent.ad_id, whole=Creative(**{"identity_type": "", "identity_id": "", **given}))


class _SwitchAds(Params, kw_only=True):
    advertiser_id: Id
    ad_ids: Annotated[list[Id], Items(1, SWITCHED_AT_ONCE)] | None = None
    aco_ad_ids: NotOffered = None
    operation_status: Switch


@endpoint("POST", "ad/status/update", needs=EDITS, scope=Scope.ADS)
def switch_ads(call: Call, params: _SwitchAds) -> Data:
    """Switch ads on or off, or delete them for good: all that are named, or none."""
    if params.ad_ids is None:
        raise Refusal(errors.MISSING, fields="ad_ids")
    actions.switch_ads(
        call.means,
        call.actor,
        advertiser_id=params.advertiser_id,
        ad_ids=params.ad_ids,
        to=params.operation_status,
    )
    ids = [str(one) for one in dict.fromkeys(params.ad_ids)]
    return {"ad_ids": ids, "aco_ad_ids": [], "status": params.operation_status}
