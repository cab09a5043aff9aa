"""The terms that ride with a grant: management/authorizations → serving, ledger. What the creator allows, and for what.

Absent means not limited. Amounts are micros of ``currency``; shares are parts per million of the charge.
"""

from __future__ import annotations

import msgspec

PPM = 1_000_000


class Terms(msgspec.Struct, frozen=True, omit_defaults=True):
    """Terms of one grant, version by version; a decision enforces those in force when it is taken."""

    spend_cap_micros: int | None = None
    """What each advertiser that holds the grant may spend on it."""
    currency: str | None = None
    """ISO 4217; said whenever an amount is."""
    countries: tuple[str, ...] = ()
    """ISO 3166-1 alpha-2; where the ad may be shown. Empty: anywhere."""
    refused_objectives: tuple[str, ...] = ()
    """Objective types of the dialect that the creator refuses."""
    refused_categories: tuple[str, ...] = ()
    """Slugs of ``records.lookups.categories`` that the creator refuses."""
    share_ppm: int = 0
    """The creator's share of each charge, in parts per million. Not together with ``fee_micros``."""
    fee_micros: int = 0
    """A fixed fee, once per advertiser that binds the grant."""
    approve_each_ad: bool = False
    max_advertisers: int = 1

    @property
    def is_paid(self) -> bool:
        """Whether the creator is paid, which makes the post a commercial collaboration."""
        return self.share_ppm > 0 or self.fee_micros > 0
