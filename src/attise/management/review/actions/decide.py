"""A reviewer approves or refuses an ad; what it stands on is kept as it was given."""

from __future__ import annotations

import logging
from typing import Any

from attise.kernel.actor import Actor
from attise.kernel.house import House
from attise.kernel.means import Means
from attise.management.accounts.queries import get_advertiser
from attise.management.campaigns.actions import set_review
from attise.management.campaigns.rules.review import RULES
from attise.management.campaigns.views import AdView
from attise.management.outbox.actions import unit, verb
from attise.management.review.models import Decision
from attise.management.review.rules import REJECTED, Grounds, clean_grounds
from attise.management.review.views import DecisionView, view_decision

log = logging.getLogger(__name__)


def decide(
    means: Means,
    actor: Actor,
    *,
    house: House,
    ad_id: int,
    creative_version: int,
    verdict: str,
    rule: str = "",
    note: str = "",
) -> DecisionView:
    """Approve or refuse an ad that waits, as the reviewer saw it.

    The advertiser is told; an approved push is published. Of two reviewers the second hears that it waits no more.
    Raises: the refusals of ``clean_grounds``; ``not_found``, ``ad_not_in_review``, ``ad_changed_since_seen``,
    ``label_data_missing``; for a push every blocker that stops a creation.
    """
    grounds = clean_grounds(verdict, rule, note)
    return _decide(means, actor, house, ad_id, creative_version, grounds, was="pending")


def withdraw(
    means: Means, actor: Actor, *, house: House, ad_id: int, creative_version: int, rule: str, note: str = ""
) -> DecisionView:
    """Take an approval back, when it proves wrong: the ad stops with the answer, and its advertiser may appeal.

    Raises: as ``decide``; ``ad_not_in_review`` when the ad is not approved.
    """
    grounds = clean_grounds(REJECTED, rule, note)
    return _decide(means, actor, house, ad_id, creative_version, grounds, was="approved")


@verb
def _decide(
    means: Means, actor: Actor, house: House, ad_id: int, creative_version: int, grounds: Grounds, *, was: str
) -> DecisionView:
    with unit(means):
        ad = set_review(
            means,
            actor,
            house=house,
            ad_id=ad_id,
            creative_version=creative_version,
            verdict=grounds.verdict,
            rule=grounds.rule,
            note=grounds.note,
            was=was,
        )
        row = Decision.objects.create(
            id=means.ids.next(),
            ad_id=ad.id,
            creative_version=ad.creative_version,
            was=was,
            verdict=grounds.verdict,
            rule=grounds.rule,
            sentence=RULES.get(grounds.rule, ""),
            note=grounds.note,
            on_appeal=ad.appealed,
            appeal_note=ad.appeal_note,
            seen=_seen(ad),
            reviewer=str(actor),
            origin=actor.origin,
            asked_at_ms=ad.review_asked_at_ms if was == "pending" else None,
            at_ms=means.clock.world_ms(),
        )
    log.info("ad %s %s by %s", ad.id, grounds.verdict, actor)
    return view_decision(row)


def _seen(ad: AdView) -> dict[str, Any]:
    """Return what was judged: the creative, where it leads, and on whose behalf."""
    advertiser = get_advertiser(ad.advertiser_id)
    return {
        "name": ad.name,
        "kind": ad.kind,
        "identity_type": ad.identity_type,
        "identity_id": ad.identity_id,
        "display_name": ad.display_name,
        "post_id": None if ad.post is None else str(ad.post.id),
        "video_id": ad.video_id,
        "image_ids": list(ad.image_ids),
        "ad_text": ad.ad_text,
        "calls": list(ad.calls),
        "landing_page_url": ad.landing_page_url,
        "deeplink": ad.deeplink,
        "utm_params": list(ad.utm_params),
        "ai_generated": ad.ai_generated,
        "advertiser": advertiser.company,
        "payer": advertiser.payer_name,
        "category": advertiser.category,
    }
