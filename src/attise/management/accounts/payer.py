"""An advertiser and a creator as the ledger knows them: an account key; an advertiser's is that of its balance too."""

from __future__ import annotations


def payer_of(advertiser_id: int) -> str:
    """Return the key of the ledger account that pays for an advertiser."""
    return f"advertiser:{advertiser_id}"


def advertiser_of(account_key: str) -> int | None:
    """Return the advertiser of an account; None of a Business Center's."""
    kind, _, number = account_key.partition(":")
    return int(number) if kind == "advertiser" else None


def earner_of(creator_id: int) -> str:
    """Return the key of the ledger account that holds what a creator earned."""
    return f"creator:{creator_id}"


def creator_of(account_key: str) -> int | None:
    """Return the creator whose earnings an account holds, or None."""
    kind, _, number = account_key.partition(":")
    return int(number) if kind == "creator" else None
