"""An advertiser changes ads: the whole of each, or some fields. What a review looks at asks for a review again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from attise.kernel.actor import Actor
from attise.kernel.errors import FIELD_UNKNOWN, NOT_FOUND
from attise.kernel.gather import Gather
from attise.kernel.house import House
from attise.kernel.limits import ADS_AT_ONCE
from attise.kernel.means import Means
from attise.management.accounts.actions import hold_advertiser
from attise.management.accounts.queries import get_advertiser
from attise.management.campaigns import ad_errors as errors
from attise.management.campaigns.actions import ad_review
from attise.management.campaigns.actions.ad_drafts import (
    STANDING,
    at_place,
    check_blockers,
    check_identities,
    columns_of,
    read_creatives,
    stand,
    told,
)
from attise.management.campaigns.actions.ad_telling import tell_ad, why_stopped
from attise.management.campaigns.actions.history import record, touch
from attise.management.campaigns.actions.holding import check_revision, hold_adgroup
from attise.management.campaigns.actions.paying import pay_fees
from attise.management.campaigns.ad_errors import AdRefused
from attise.management.campaigns.errors import TOO_MANY_AT_ONCE
from attise.management.campaigns.models import Ad, AdGroup
from attise.management.campaigns.queries.ads import get_ads
from attise.management.campaigns.rules.creative import Creative, changes_creative
from attise.management.campaigns.standing import Standing
from attise.management.campaigns.views import AdView
from attise.management.outbox.actions import Unit, unit, verb

PATCHED = frozenset(Creative.__dataclass_fields__) - {"operation_status"}
"""What can be changed of an ad by itself; the switch has a verb of its own."""
PUBLISHED = frozenset({"identity_id", "video_id", "image_ids", "ad_text", "dark_post"})
"""What of a push is fixed once its video is published."""


@dataclass(frozen=True, slots=True)
class AdEdit:
    """One ad's change: the whole creative, or the values of some of its fields.

    ``expected_revision``: that of the ad as the caller read it; None does not ask.
    """

    ad_id: int
    whole: Creative | None = None
    fields: Mapping[str, Any] | None = None
    expected_revision: int | None = None


@verb
def update_ads(
    means: Means,
    actor: Actor,
    *,
    house: House,
    advertiser_id: int,
    adgroup_id: int,
    edits: Sequence[AdEdit],
) -> list[AdView]:
    """Change 1 to 20 ads of an ad group, all of them or none, and return them in their order.

    A change of what is reviewed puts the ad to review again and asks its creator again. An ad keeps its kind; a push
    keeps what it published. Raises: as ``create_ads``, and ``ad_twice``, ``ad_kind_fixed``, ``ad_push_published``,
    ``edited_meanwhile``, ``field_unknown``.
    """
    advertiser = get_advertiser(advertiser_id)
    if not 1 <= len(edits) <= ADS_AT_ONCE:
        raise AdRefused(TOO_MANY_AT_ONCE, field="creatives", limit=ADS_AT_ONCE, got=len(edits))
    with unit(means) as work:
        hold_advertiser(advertiser_id=advertiser_id)
        group = hold_adgroup(advertiser_id=advertiser_id, adgroup_id=adgroup_id)
        rows = _hold(group, edits)
        creatives = _merge(rows, edits)
        read = read_creatives(means, house, advertiser, group, creatives)
        befores = [
            _assign(row, columns_of(one, *parts, ads_only_account=advertiser.ads_only_mode and not _is_published(row)))
            for row, one, parts in zip(rows, creatives, read, strict=True)
        ]
        _check_fixed(rows, befores)
        check_identities(rows)
        standings = stand(means, rows)
        check_blockers(rows, standings, switching=False)
        for row, before in zip(rows, befores, strict=True):
            if before:
                _save(means, work, actor, row, before, standings[row.id], house=house, category=advertiser.category)
        pay_fees(means, rows)
    return get_ads(means, advertiser_id=advertiser_id, ad_ids=[row.id for row in rows])


def _hold(group: AdGroup, edits: Sequence[AdEdit]) -> list[Ad]:
    """Return the rows to change, held, in the order asked."""
    ids = [edit.ad_id for edit in edits]
    found = {
        row.id: row
        for row in Ad.objects.select_for_update(no_key=True).filter(adgroup_id=group.id, id__in=ids).order_by("id")
    }
    gather = Gather()
    for place, edit in enumerate(edits):
        if edit.ad_id not in found:
            gather.add(AdRefused(NOT_FOUND, field=f"creatives[{place}].ad_id"))
        elif found[edit.ad_id].deleted_at_ms is not None:
            gather.add(AdRefused(errors.AD_GONE, field=f"creatives[{place}].ad_id"))
        elif ids.index(edit.ad_id) != place:
            gather.add(AdRefused(errors.AD_TWICE, field=f"creatives[{place}].ad_id"))
        else:
            gather.take(at_place, place, check_revision, found[edit.ad_id], edit.expected_revision)
    gather.tell()
    for row in found.values():
        row.adgroup = group
    return [found[ad_id] for ad_id in ids]


def _merge(rows: Sequence[Ad], edits: Sequence[AdEdit]) -> list[Creative]:
    """Return the creatives that the ads would have."""
    gather = Gather()
    merged = [
        gather.take(at_place, place, _merged, row, edit)
        for place, (row, edit) in enumerate(zip(rows, edits, strict=True))
    ]
    gather.tell()
    return merged


def _merged(row: Ad, edit: AdEdit) -> Creative:
    fields = dict(edit.fields or {})
    unknown = sorted(fields.keys() - PATCHED)
    if unknown:
        raise AdRefused(FIELD_UNKNOWN, field=unknown[0])
    if fields.get("call_to_action") and "portfolio_id" not in fields:
        fields["portfolio_id"] = None  # one button is asked for: those to choose from would hide it
    made = replace(creative_of(row) if edit.whole is None else edit.whole, **fields)
    if row.kind == Ad.Kind.PUSH and made.post_id is not None and made.post_id == row.post_id:
        made = replace(made, post_id=None)  # readers send back what they read, the post it was published as included
    if made.kind != row.kind:
        raise AdRefused(errors.KIND_FIXED, field="identity_type")
    return made


def creative_of(row: Ad) -> Creative:
    """Return the creative that an ad has, as one would ask for it."""
    return Creative(
        name=row.name,
        identity_type=row.identity_type,
        identity_id=row.identity_id,
        business_center_id=row.business_center_id,
        post_id=row.post_id if row.kind == Ad.Kind.SPARK else None,
        video_id=None if row.video is None else row.video.video_id,
        image_ids=tuple(row.image_ids),
        ad_format=row.ad_format,
        ad_text=row.ad_text,
        call_to_action=row.call_to_action,
        portfolio_id=row.portfolio_id,
        landing_page_url=row.landing_page_url,
        deeplink=row.deeplink,
        deeplink_type=row.deeplink_type,
        utm_params=tuple((one["key"], one["value"]) for one in row.utm_params),
        impression_tracking_url=row.impression_tracking_url,
        click_tracking_url=row.click_tracking_url,
        tracking_pixel_id=row.tracking_pixel_id,
        tracking_app_id=row.tracking_app_id,
        dark_post=row.dark_post,
        music_disabled=row.music_disabled,
        duet_allowed=row.duet_allowed,
        stitch_allowed=row.stitch_allowed,
        creative_authorized=row.creative_authorized,
        ai_generated=row.ai_generated,
        operation_status=row.operation_status,
    )


def _assign(row: Ad, columns: dict[str, Any]) -> dict[str, Any]:
    """Give a held row its new values and return what those that differ were."""
    columns["name"] = columns["name"] or str(row.id)
    if row.kind == Ad.Kind.PUSH:
        columns["post_id"] = row.post_id
    before = told(row, [name for name, value in columns.items() if getattr(row, name) != value])
    for name in before:
        setattr(row, name, columns[name])
    return before


def _is_published(row: Ad) -> bool:
    """Tell whether the video of a push was published; what the account chose since does not reach back to it."""
    return row.kind == Ad.Kind.PUSH and row.post_id is not None


def _check_fixed(rows: Sequence[Ad], befores: Sequence[dict[str, Any]]) -> None:
    gather = Gather()
    for place, (row, before) in enumerate(zip(rows, befores, strict=True)):
        fixed = sorted(PUBLISHED & before.keys()) if _is_published(row) else []
        if fixed:
            gather.add(AdRefused(errors.PUSHED_FIXED, field=f"creatives[{place}].{fixed[0]}"))
    gather.tell()


def _save(
    means: Means,
    work: Unit,
    actor: Actor,
    row: Ad,
    before: dict[str, Any],
    standing: Standing,
    *,
    house: House,
    category: str,
) -> None:
    """Save a changed row, with its history; a change of what is reviewed puts it to review again."""
    was_stopped = why_stopped(row)
    old = {**before, **told(row, STANDING)}
    cover = standing.situation.cover
    is_reviewed = changes_creative(before, told(row, before))
    if is_reviewed:
        row.creative_version += 1
        ad_review.put_to_review(means, row, cover, house=house, category=category)
        ad_review.publish_push(means, actor, row, house=house)
    touch(means, row)
    row.save()
    ad_review.hold_words(means, row, cover)
    record(means, actor, row, "updated", before=old, after=told(row, old))
    tell_ad(work, row, before=was_stopped)
    if is_reviewed:
        ad_review.ask_people(work, row)
