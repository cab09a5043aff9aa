"""What an event costs and who is paid of it. Pure.

The price, the envelopes and the shares are those of the token: what is edited after a decision re-prices nothing.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from attise.records.charge import EVENT, Charge
from attise.records.terms import PPM
from attise.records.token import AdClaims, Claims

FEES, REVENUE = "house:fees", "house:revenue"
"""Accounts of the house: the platform's fee, and what is left for the host."""
BILLED_BY: Final = {"CPM": "impression", "OCPM": "impression", "CPC": "click"}
"""What is paid for, by billing event; ``CPV`` is paid for a view of its goal."""
VIEW_GOAL: Final = {"view_2s": 2_000, "view_6s": 6_000}
"""How long somebody has watched, at least, who sends one of these."""


def creator_account(creator_id: int) -> str:
    """Return the ledger account of what a creator earns."""
    return f"creator:{creator_id}"


def reaches_goal(ad: AdClaims, type_: str, *, watch_ms: int, duration_ms: int) -> bool:
    """Tell whether an event says that a view was long enough to be paid for; the whole of a shorter video is."""
    if ad.billing_event != "CPV":
        return False
    watched_ms = max(watch_ms, VIEW_GOAL.get(type_, 0))
    if type_ == "complete":
        return duration_ms > 0 or watched_ms >= ad.view_goal_ms
    return watched_ms >= ad.view_goal_ms


def charge_of(key: bytes, claims: Claims, ad: AdClaims, *, received_ms: int) -> Charge:
    """Return what is asked of the ledger for one event; ``key`` is what the event counts once by."""
    return Charge(
        key=f"{EVENT}{key.hex()}",
        envelopes=ad.envelopes,
        amount_micros=ad.price_micros,
        legs=legs_of(ad, claims.creator_id),
        decided_at_ms=claims.decided_at_ms,
        received_at_ms=received_ms,
        sealed_at_ms=claims.sealed_at_ms,
    )


def legs_of(ad: AdClaims, creator_id: int) -> tuple[tuple[str, int], ...]:
    """Return who is paid what of a price: the creator, the platform, and the host what is left.

    The creator's share comes first, a fee that would not fit beside it is cut. A share of nobody is the host's.
    Invariants: the parts sum to the price, none is negative, each is within one micro of its exact part.
    """
    share_ppm = min(ad.share_ppm, PPM) if creator_id else 0
    fee_ppm = min(ad.fee_ppm, PPM - share_ppm)
    share, fee, rest = split(ad.price_micros, (share_ppm, fee_ppm, PPM - share_ppm - fee_ppm))
    legs = ((creator_account(creator_id), share), (FEES, fee), (REVENUE, rest))
    return tuple((key, micros) for key, micros in legs if micros)


@lru_cache(maxsize=4_096)
def split(amount_micros: int, parts_ppm: tuple[int, ...]) -> tuple[int, ...]:
    """Return an amount in whole micros by parts of a million, the micros left over to the largest remainders.

    Of equal remainders the earlier part comes first. Invariants: the parts make a million; the result the amount.
    """
    if sum(parts_ppm) != PPM or min(parts_ppm) < 0:
        raise AssertionError("parts make a whole")
    whole = [amount_micros * part // PPM for part in parts_ppm]
    left = amount_micros - sum(whole)
    by_remainder = sorted(range(len(parts_ppm)), key=lambda place: (-(amount_micros * parts_ppm[place] % PPM), place))
    for place in by_remainder[:left]:
        whole[place] += 1
    return tuple(whole)
