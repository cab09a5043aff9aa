"""An advertiser launches an ad: all that is in its way is told at once, or it is switched on.

Step 2 of *an advertiser launches an ad*. Before: ``create_ads``. After: whatever it waits for; then snapshots.
"""

from __future__ import annotations

from attise.kernel.actor import Actor
from attise.kernel.means import Means
from attise.management.campaigns.actions.holding import check_revision
from attise.management.campaigns.actions.paying import pay_fees
from attise.management.campaigns.actions.switch_ads import hold_ads, turn
from attise.management.campaigns.blockers import Stops
from attise.management.campaigns.queries.ads import get_ad
from attise.management.campaigns.rules.switching import ENABLE
from attise.management.campaigns.views import Launch
from attise.management.outbox.actions import unit, verb


@verb
def launch_ad(
    means: Means, actor: Actor, *, advertiser_id: int, ad_id: int, expected_revision: int | None = None
) -> Launch:
    """Switch an ad on unless something of it is the advertiser's to mend first, and tell all that is in its way.

    A launched ad may still wait: for a review, its creator's word, its schedule, a switch above it. Those are told too
    and refuse nothing. ``expected_revision``: that of the ad as the caller read it; None does not ask.
    Raises: ``not_found``, ``edited_meanwhile``.
    """
    with unit(means) as work:
        (row,) = hold_ads(advertiser_id=advertiser_id, ad_ids=[ad_id])
        check_revision(row, expected_revision)
        view = get_ad(means, advertiser_id=advertiser_id, ad_id=ad_id)
        is_launched = all(blocker.stops < Stops.LAUNCH for blocker in view.blockers)
        if is_launched:
            turn(means, work, actor, row, ENABLE)
            pay_fees(means, [row])
            view = get_ad(means, advertiser_id=advertiser_id, ad_id=ad_id)
    return Launch(is_launched, view)
