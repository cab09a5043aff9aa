"""What an audience may be widened by at once: what is known of people by watching them, and what their devices cost.

Places, ages, languages and systems stay: an advertiser has them for what is sold, or by law. Pure.
"""

from __future__ import annotations

import msgspec

from attise.records.targeting import Targeting


def without_narrow(targeting: Targeting) -> Targeting:
    """Return an audience without its interests, behaviours and prices of devices."""
    return msgspec.structs.replace(
        targeting, interests=(), behaviours=(), device_price_least=None, device_price_most=None
    )
