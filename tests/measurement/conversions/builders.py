"""Touches and conversions as tests tell them: a few names, everything else the same."""

from __future__ import annotations

from hashlib import sha256

import msgspec

from attise.kernel.limits import DAY_MS
from attise.measurement.conversions.rules import Touched, Windows
from attise.records.conversion import Conversion, Source, key_of

NOW_MS = 1_790_000_000_000
BRAND, RIVAL = 3, 4
PIXEL = 7


def digest(text: str) -> bytes:
    return sha256(text.encode()).digest()


def touch(decision_id: int, person: str = "lea", *, seen=None, engaged=None, clicked=None, **more) -> Touched:
    """Return a touch; times are days before ``NOW_MS``, None for never."""
    facts = {
        "advertiser_id": BRAND,
        "campaign_id": 30,
        "adgroup_id": 300,
        "ad_id": 3_000 + decision_id,
        "post_id": 9,
        "windows": Windows(7, 1, 1),
        "counts_once": False,
        **more,
    }
    return Touched(
        decision_id=decision_id,
        person=person,
        seen_at_ms=_ago(seen),
        engaged_at_ms=_ago(engaged),
        clicked_at_ms=_ago(clicked),
        **facts,
    )


def conversion(id_: int, event: str = "Purchase", *, ago: float = 0, event_id: str = "", **more) -> Conversion:
    """Return a conversion of ``ago`` days before ``NOW_MS``."""
    pixel_id = more.pop("pixel_id", PIXEL)
    made = Conversion(
        key=key_of(pixel_id, event, event_id, receipt_id=id_),
        id=id_,
        pixel_id=pixel_id,
        advertiser_id=BRAND,
        event=event,
        event_id=event_id,
        source=Source.BROWSER,
        at_ms=_ago(ago),
        received_ms=_ago(ago),
        received_at_ms=_ago(ago),
        has_consent=True,
    )
    return msgspec.structs.replace(made, **more)


def _ago(days: float | None) -> int:
    return 0 if days is None else NOW_MS - round(days * DAY_MS)
