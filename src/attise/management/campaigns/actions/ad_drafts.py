"""From creatives to rows: what making and changing ads share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ParamSpec, TypeVar

from attise.kernel.errors import NOT_FOUND, Refusal, Refusals
from attise.kernel.gather import Gather
from attise.kernel.house import House, Mode
from attise.kernel.limits import ADS_PER_IDENTITY
from attise.kernel.means import Means
from attise.management.accounts.views import AdvertiserView
from attise.management.campaigns import ad_errors as errors
from attise.management.campaigns import envelopes, standing
from attise.management.campaigns.actions.ad_sources import Source, find_source
from attise.management.campaigns.ad_errors import AdRefused
from attise.management.campaigns.blockers import Stops
from attise.management.campaigns.models import Ad, AdGroup, Switch
from attise.management.campaigns.rules.creative import Aim, Clean, Creative, clean_creative
from attise.management.campaigns.standing import Standing
from attise.management.library.queries import get_portfolio
from attise.management.pixels.queries import find_app, owners_of

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
OF_NO_CREATIVE = frozenset({"adgroup_id", "advertiser_id"})
"""Fields that are the same for every creative of a request."""


def aim_of(house: House, group: AdGroup) -> Aim:
    """Return what an ad group asks of its creatives."""
    return Aim(group.optimization_goal, group.promotion_type, plain_pages=house.mode is not Mode.LIVE)


def at_place(place: int, check: Callable[Given, Answer], *args: Given.args, **kwargs: Given.kwargs) -> Answer:
    """Return what a check of one creative returns; its refusals name the creative by its place in the request."""
    try:
        return check(*args, **kwargs)
    except Refusal as refusal:
        raise placed(refusal, place) from None
    except Refusals as several:
        raise Refusals([placed(refusal, place) for refusal in several.items]) from None


def placed(refusal: Refusal, place: int) -> Refusal:
    """Return a refusal with the place of its creative before its field."""
    if refusal.field in OF_NO_CREATIVE:
        return refusal
    return refusal.at(f"creatives[{place}].{refusal.field}" if refusal.field else f"creatives[{place}]")


def read_creatives(
    means: Means, house: House, advertiser: AdvertiserView, group: AdGroup, creatives: Sequence[Creative]
) -> list[tuple[Clean, Source]]:
    """Return the texts and sources of creatives that are right. Raises: all that is wrong with them, together."""
    aim, gather = aim_of(house, group), Gather()
    cleans = [gather.take(at_place, place, clean_creative, one, aim) for place, one in enumerate(creatives)]
    gather.tell()
    sources = []
    for place, one in enumerate(creatives):
        asked = {"advertiser_id": advertiser.id, "creative": one, "ads_only_account": advertiser.ads_only_mode}
        sources.append(gather.take(at_place, place, find_source, means, **asked))
        gather.take(at_place, place, _check_named, group, one)
    gather.tell()
    return list(zip(cleans, sources, strict=True))


def _check_named(group: AdGroup, creative: Creative) -> None:
    """Refuse buttons, a pixel or an app that is not the advertiser's, and a pixel that is not its ad group's.

    Raises: ``not_found``, ``tracking_pixel_not_groups``. Cost: a query for each that is named.
    """
    if creative.portfolio_id is not None:
        get_portfolio(group.advertiser_id, creative.portfolio_id)
    pixel_id, app_id = creative.tracking_pixel_id, creative.tracking_app_id
    if pixel_id is not None and owners_of([pixel_id]).get(pixel_id) != group.advertiser_id:
        raise AdRefused(NOT_FOUND, field="tracking_pixel_id")
    if pixel_id is not None and group.pixel_id not in (None, pixel_id):
        raise AdRefused(errors.TRACKER_NOT_GROUPS, field="tracking_pixel_id", pixel=str(group.pixel_id))
    if app_id is not None and find_app(group.advertiser_id, app_id) is None:
        raise AdRefused(NOT_FOUND, field="tracking_app_id")


def columns_of(creative: Creative, clean: Clean, source: Source, *, ads_only_account: bool) -> dict[str, Any]:
    """Return what an ad's row holds of a creative."""
    return {
        "name": clean.name,
        "kind": source.kind,
        "identity_type": source.identity_type,
        "identity_id": source.identity_id,
        "business_center_id": source.business_center_id,
        "creator_id": source.creator_id,
        "post_id": None if source.post is None else source.post.id,
        "video_id": None if source.video is None else source.video.material_id,
        "image_ids": list(source.image_ids),
        "custom_identity_id": source.custom_identity_id,
        "ad_format": source.ad_format,
        "ad_text": clean.ad_text,
        "call_to_action": clean.call_to_action,
        "portfolio_id": creative.portfolio_id,
        "landing_page_url": clean.landing_page_url,
        "deeplink": clean.deeplink,
        "deeplink_type": clean.deeplink_type,
        "utm_params": clean.utm_params,
        "impression_tracking_url": clean.impression_tracking_url,
        "click_tracking_url": clean.click_tracking_url,
        "tracking_pixel_id": creative.tracking_pixel_id,
        "tracking_app_id": creative.tracking_app_id,
        "dark_post": creative.dark_post or ads_only_account,
        "music_disabled": creative.music_disabled,
        "duet_allowed": creative.duet_allowed,
        "stitch_allowed": creative.stitch_allowed,
        "creative_authorized": creative.creative_authorized,
        "ai_generated": creative.ai_generated,
    }


STANDING = ("operation_status", "review", "review_rule", "review_note", "appealed", "appeal_note", "creator_word")
"""Columns that say where an ad stands with people."""


def told(row: Ad, names: Iterable[str]) -> dict[str, Any]:
    """Return columns of a row as a history keeps them: identifiers as texts."""
    values = {name: getattr(row, name) for name in names}
    return {
        name: str(value) if name.endswith("_id") and isinstance(value, int) else value for name, value in values.items()
    }


def stand(means: Means, rows: Sequence[Ad]) -> dict[int, Standing]:
    """Return where rows stand, saved or not, each with its ad group."""
    spent = envelopes.spent_of_groups((row.adgroup for row in rows), now_ms=means.clock.world_ms())
    return standing.of_ads(means, rows, spent)


def check_blockers(rows: Iterable[Ad], standings: dict[int, Standing], *, switching: bool = True) -> None:
    """Refuse ads that can never run as they are, and with ``switching`` those made on that may not be switched on.

    Raises: every blocker of those kinds, each once, with the place of its ad.
    """
    gather = Gather()
    seen: set[tuple[str, str | None]] = set()
    for place, row in enumerate(rows):
        is_on = switching and row.operation_status == Switch.ENABLE
        least = Stops.SWITCH if is_on else Stops.CREATION
        for blocker in standings[row.id].blockers:
            refusal = placed(blocker, place)
            if blocker.stops >= least and (refusal.code, refusal.field) not in seen:
                seen.add((refusal.code, refusal.field))
                gather.add(refusal)
    gather.tell()


def check_identities(rows: Sequence[Ad]) -> None:
    """Refuse one ad too many under an identity, those of the same request counted too.

    Raises: ``too_many_ads_of_identity``. Cost: one query an identity.
    """
    ids = [row.id for row in rows]
    counts: dict[str, int] = {}
    for place, row in enumerate(rows):
        if row.kind == Ad.Kind.STANDARD:
            continue
        if row.identity_id not in counts:
            there = Ad.objects.filter(advertiser_id=row.advertiser_id, identity_id=row.identity_id)
            counts[row.identity_id] = there.filter(deleted_at_ms__isnull=True).exclude(id__in=ids).count()
        counts[row.identity_id] += 1
        if counts[row.identity_id] > ADS_PER_IDENTITY:
            field = f"creatives[{place}].identity_id"
            raise AdRefused(errors.TOO_MANY_OF_IDENTITY, field=field, limit=ADS_PER_IDENTITY)
