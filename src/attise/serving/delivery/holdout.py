"""Who is not shown a campaign's ads, so that what they bring can be told: arms by keyed hash, the same for ever.

A viewer is in a campaign's holdout by a hash of both under the house's key: no list is kept, every process says the
same, and one campaign's arm tells nothing of another's. The contest is held with the ad in it; where it would have won,
a *ghost* is logged and the next one is shown: of another advertiser, since in the other arm its advertiser has the slot
too, and nothing but the campaign may differ between the arms. Somebody without a pseudonym cannot be told from others
tomorrow, and is in no arm. Source: Johnson, Lewis, Nubbemeyer (2017), ghost ads.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

from attise.records.terms import PPM

PURPOSE: Final = "holdout"
"""Of the house's secret by which arms are drawn."""
_RANGE: Final = 1 << 64


def is_held_out(campaign_id: int, pseudonym: str, *, share_ppm: int, salt: bytes) -> bool:
    """Tell whether a viewer is in a campaign's holdout of this share; a greater share holds all of a smaller one's.

    ``salt``: up to 64 bytes, secret. Cost: a microsecond.
    """
    if share_ppm <= 0 or not pseudonym:
        return False
    hashed = blake2b(campaign_id.to_bytes(8, "big") + pseudonym.encode(), digest_size=8, key=salt, person=b"holdout")
    return int.from_bytes(hashed.digest(), "big") * PPM < share_ppm * _RANGE
