"""A creator approves or refuses one ad on their post, where their terms ask for it."""

from __future__ import annotations

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND
from attise.kernel.means import Means
from attise.management.campaigns import ad_errors as errors
from attise.management.campaigns.actions.ad_drafts import stand
from attise.management.campaigns.actions.ad_telling import tell_ad, tell_advertiser, why_stopped
from attise.management.campaigns.actions.history import record, touch
from attise.management.campaigns.ad_errors import AdRefused
from attise.management.campaigns.models import Ad
from attise.management.campaigns.queries.ads import get_ad
from attise.management.campaigns.rules.choices import check_choice
from attise.management.campaigns.views import AdView
from attise.management.outbox.actions import unit, verb

APPROVED, REFUSED = "approved", "refused"


@verb
def say_word(
    means: Means,
    actor: Actor,
    *,
    creator_id: int,
    ad_id: int,
    verdict: str,
    creative_version: int | None = None,
) -> AdView:
    """Keep the creator's word on an ad, which they may change as long as their terms ask for it.

    ``creative_version``: that of the creative they saw; None does not ask. A refused ad stops with the answer. Saying
    again what was said changes nothing.
    Raises: ``choice_unknown``, ``not_found``, ``creator_word_not_asked``, ``ad_changed_since_seen``.
    """
    check_choice(verdict, (APPROVED, REFUSED), field="verdict")
    with unit(means) as work:
        rows = Ad.objects.select_for_update(no_key=True, of=("self",)).select_related("adgroup__campaign", "advertiser")
        row = rows.filter(id=ad_id, creator_id=creator_id, deleted_at_ms__isnull=True).first()
        if row is None:
            raise AdRefused(NOT_FOUND, field="ad_id")
        cover = stand(means, [row])[row.id].situation.cover
        if cover is None or not cover.is_live or not cover.terms.approve_each_ad:
            raise AdRefused(errors.WORD_NOT_ASKED, field="ad_id")
        if creative_version not in (None, row.creative_version):
            raise AdRefused(errors.REVIEWED_ANOTHER, field="creative_version")
        if row.creator_word != verdict:
            before, was_stopped = {"creator_word": row.creator_word}, why_stopped(row)
            row.creator_word, row.creator_word_at_ms = verdict, means.clock.world_ms()
            touch(means, row)
            row.save(update_fields=["creator_word", "creator_word_at_ms", "revision", "modified_at_ms"])
            record(means, actor, row, f"creator_{verdict}", before=before, after={"creator_word": verdict})
            tell_ad(work, row, before=was_stopped)
            tell_advertiser(work, row, f"ad_{verdict}_by_creator", creator_id=str(creator_id))
    return get_ad(means, advertiser_id=row.advertiser_id, ad_id=ad_id)
