"""An advertiser makes a campaign: step 1 of *an advertiser launches an ad*. Before: a door. After: ad groups."""

from __future__ import annotations

from dataclasses import asdict

from django.db import IntegrityError, transaction

from attise.kernel.actor import Actor
from attise.kernel.errors import Refusal
from attise.kernel.limits import CAMPAIGNS_PER_ADVERTISER
from attise.kernel.means import Means
from attise.management.accounts.actions import hold_advertiser
from attise.management.accounts.queries import get_advertiser
from attise.management.campaigns import envelopes
from attise.management.campaigns.actions.changing import stored
from attise.management.campaigns.actions.history import record
from attise.management.campaigns.actions.telling import tell_campaign
from attise.management.campaigns.errors import CAMPAIGN_NAME_TAKEN, QUOTA_REACHED
from attise.management.campaigns.models import Campaign
from attise.management.campaigns.queries import get_campaign
from attise.management.campaigns.rules.campaign import CampaignDraft, clean_campaign
from attise.management.campaigns.views import CampaignView
from attise.management.outbox.actions import unit, verb
from attise.management.pixels.queries import get_app
from attise.management.policy.queries import get_policy


@verb
def create_campaign(means: Means, actor: Actor, *, advertiser_id: int, draft: CampaignDraft) -> CampaignView:
    """Make a campaign with its budget's envelope.

    Raises: ``not_found``, ``campaign_name_taken``, ``quota_reached``, and the refusals of ``clean_campaign``, together.
    """
    advertiser = get_advertiser(advertiser_id)
    values = asdict(clean_campaign(draft, currency=advertiser.currency, least_eur=get_policy().least_budget_micros))
    if draft.app_id is not None:
        get_app(advertiser_id, draft.app_id)
    with unit(means) as work:
        hold_advertiser(advertiser_id=advertiser_id)
        mine = Campaign.objects.filter(advertiser_id=advertiser_id, deleted_at_ms__isnull=True)
        if mine.count() >= CAMPAIGNS_PER_ADVERTISER:
            raise Refusal(QUOTA_REACHED, field="advertiser_id", limit=CAMPAIGNS_PER_ADVERTISER)
        now = means.clock.world_ms()
        row = Campaign(
            id=means.ids.next(),
            advertiser_id=advertiser_id,
            created_at_ms=now,
            modified_at_ms=now,
            **{name: stored(value) for name, value in values.items()},
        )
        envelopes.open_budget(means, row, advertiser)
        if row.operation_status != "ENABLE":
            envelopes.close_budgets(means, [row], advertiser.currency)
        _insert(row)
        record(means, actor, row, "created", after={name: stored(value) for name, value in values.items()})
        tell_campaign(work, row)
    return get_campaign(means, advertiser_id=advertiser_id, campaign_id=row.id)


def _insert(row: Campaign) -> None:
    """Insert a campaign whose name nobody else's campaign of the advertiser has. Raises: ``campaign_name_taken``."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refusal(CAMPAIGN_NAME_TAKEN, field="name") from None
