"""An advertiser makes a set of buttons that its ads may choose from."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict

from attise.kernel.actor import Actor
from attise.kernel.errors import Refusal
from attise.kernel.limits import PORTFOLIOS
from attise.kernel.means import Means
from attise.management.accounts import queries as accounts
from attise.management.accounts.actions import hold_advertiser
from attise.management.library import queries, rules
from attise.management.library.errors import TOO_MANY_PORTFOLIOS
from attise.management.library.models import Portfolio
from attise.management.library.rules import PortfolioItem
from attise.management.library.views import PortfolioView
from attise.management.outbox.actions import unit, verb

log = logging.getLogger(__name__)


@verb
def create_portfolio(
    means: Means, actor: Actor, *, advertiser_id: int, contents: Sequence[PortfolioItem]
) -> PortfolioView:
    """Make a set of buttons; it never changes.

    Raises: ``not_found`` for the advertiser, ``portfolios_too_many``, what ``rules.clean_portfolio`` refuses.
    """
    accounts.get_advertiser(advertiser_id)
    items = rules.clean_portfolio(contents)
    with unit(means):
        hold_advertiser(advertiser_id=advertiser_id)
        if Portfolio.objects.filter(advertiser_id=advertiser_id).count() >= PORTFOLIOS:
            raise Refusal(TOO_MANY_PORTFOLIOS, limit=PORTFOLIOS)
        row = Portfolio.objects.create(
            id=means.ids.next(),
            advertiser_id=advertiser_id,
            contents=[asdict(item) for item in items],
            created_at_ms=means.clock.world_ms(),
        )
    log.info("portfolio %s made by %s", row.id, actor)
    return queries.get_portfolio(advertiser_id, row.id)
