"""What a creator earned, by brand, grant and post: what both doors show of it.

The ledger says how much, to the micro; where a grant is of a whole account, what was settled says by which post.
"""

from __future__ import annotations

from collections import defaultdict

from attise.ledger import sums
from attise.ledger.sums import Span
from attise.management.accounts.payer import advertiser_of, earner_of
from attise.management.earnings import queries
from attise.management.earnings.by_post import EarnedRow, Part, with_posts
from attise.measurement.attribution.shares import list_shares, posts_of_charges


def list_earned(creator_id: int, currency: str) -> list[EarnedRow]:
    """Return what a creator ever earned in a currency by advertiser, grant and post, the largest first.

    Cost: four statements, and about four more where a grant of a whole account brought something; two of them read
    every earning of the creator.
    """
    rows = queries.list_earned(creator_id, currency, Span())
    if all(row.is_fee or row.post_id is not None for row in rows):
        return rows
    back = _given_back(creator_id, currency) if any(row.given_back_micros for row in rows) else {}
    return with_posts(
        rows,
        [
            Part(
                one.advertiser_id,
                one.post_id,
                one.events,
                one.shared_micros,
                back.get((one.advertiser_id, one.post_id), 0),
            )
            for one in list_shares(creator_id, currency)
        ],
    )


def _given_back(creator_id: int, currency: str) -> dict[tuple[int, int], int]:
    """Return what was given back of a creator's earnings by advertiser and post, of what events brought."""
    returned = sums.list_returned(earner_of(creator_id), currency, Span())
    named = sums.name_envelopes(envelope for one in returned for envelope in one.envelopes)
    post_of = posts_of_charges({one.charge_key for one in returned})
    found: dict[tuple[int, int], int] = defaultdict(int)
    for one in returned:
        payer = next((advertiser_of(named[at].payer) for at in one.envelopes if at in named), None)
        if payer is not None and one.charge_key in post_of:
            found[payer, post_of[one.charge_key]] -= one.amount_micros
    return found
