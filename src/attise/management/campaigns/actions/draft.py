"""A campaign is put together, step by step: what was typed is kept, then sent as a whole, or dropped."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.house import House
from attise.kernel.means import Means
from attise.management.campaigns.actions.boost import Boosted, boost
from attise.management.campaigns.models import Draft
from attise.management.campaigns.queries.drafts import view_draft
from attise.management.campaigns.rules.adgroup import AdGroupDraft
from attise.management.campaigns.rules.campaign import CampaignDraft
from attise.management.campaigns.rules.creative import Creative
from attise.management.campaigns.views import DraftView
from attise.management.library.actions import keep_video, name_identity
from attise.management.outbox.actions import unit, verb

DRAFTS: Final = 20
"""Of an advertiser; one more lets go of the one that was touched longest ago."""


@verb
def save_draft(means: Means, *, advertiser_id: int, body: dict[str, Any], draft_id: int | None = None) -> DraftView:
    """Keep what was typed: over what the draft held of the same fields, or as a new draft.

    Raises: ``not_found`` for a draft that is not the advertiser's, or was sent or dropped meanwhile.
    """
    now_ms = means.clock.world_ms()
    with unit(means):
        if draft_id is None:
            row = Draft(id=means.ids.next(), advertiser_id=advertiser_id, created_at_ms=now_ms)
        else:
            row = _held(advertiser_id, draft_id)
        row.body = {**row.body, **body}
        row.modified_at_ms = now_ms
        row.save()
        mine = Draft.objects.filter(advertiser_id=advertiser_id).order_by("-modified_at_ms", "-id")
        kept = list(mine.values_list("id", flat=True)[:DRAFTS])
        mine.exclude(id__in=kept).delete()
    return view_draft(row)


@verb
def import_video(
    means: Means,
    actor: Actor,
    *,
    house: House,
    advertiser_id: int,
    draft_id: int,
    unpublished_id: int,
    file_name: str,
) -> DraftView:
    """Take a video that waits into the library, and show it in a draft: both, or neither.

    Raises: ``not_found``; as ``library.keep_video``.
    """
    with unit(means):
        row = _held(advertiser_id, draft_id)
        video = keep_video(
            means,
            actor,
            house=house,
            advertiser_id=advertiser_id,
            unpublished_id=unpublished_id,
            file_name=file_name,
        )
        row.body = {**row.body, "shown": video.video_id}
        row.modified_at_ms = means.clock.world_ms()
        row.save()
    return view_draft(row)


@verb
def drop_draft(means: Means, *, advertiser_id: int, draft_id: int) -> None:
    """Let go of a draft; one that is gone already stays so."""
    with unit(means):
        Draft.objects.filter(advertiser_id=advertiser_id, id=draft_id).delete()


@verb
def send_draft(
    means: Means,
    actor: Actor,
    *,
    house: House,
    advertiser_id: int,
    draft_id: int,
    campaign: CampaignDraft,
    adgroup: AdGroupDraft,
    creative: Creative,
    display_name: str = "",
) -> Boosted:
    """Make campaign, ad group and ad of a draft, which is then gone: sent twice at once, it is made once.

    ``display_name``: that a standard ad is shown under; the identity of this name is made where there is none yet.
    Raises: ``not_found``, and as ``boost``; the refusals of a name; then nothing is made and the draft is kept.
    """
    with unit(means):
        row = _held(advertiser_id, draft_id)
        if display_name:
            name = name_identity(means, actor, advertiser_id=advertiser_id, display_name=display_name)
            creative = replace(creative, identity_id=name.identity_id)
        made = boost(
            means,
            actor,
            house=house,
            advertiser_id=advertiser_id,
            campaign=campaign,
            adgroup=adgroup,
            creative=creative,
        )
        row.delete()
    return made


def _held(advertiser_id: int, draft_id: int) -> Draft:
    row = Draft.objects.select_for_update(no_key=True).filter(advertiser_id=advertiser_id, id=draft_id).first()
    if row is None:
        raise Refusal(NOT_FOUND, field="draft_id")
    return row
