"""Items of an answer as they are decided, with their tokens."""

from __future__ import annotations

from dataclasses import dataclass

from attise.records.snapshot.shapes import SnapshotAd, SnapshotPost
from attise.records.token import AdClaims, Claims, TokenKind


@dataclass(frozen=True)
class Shown:
    token: str
    decision_id: int
    post: SnapshotPost | None
    ad: SnapshotAd | None


def claims(house, kind=TokenKind.AD) -> Claims:
    money = AdClaims(90, 30, 20, 1, "CPC", 400_000, "EUR", (1, 2), 0, 0, 0, "", "", "", "", 0, 70, is_spark=True)
    now_ms = house.clock.wire_ms()
    ad = money if kind is TokenKind.AD else None
    return Claims(kind, house.ids.next(), 1, 50, 5, "p", "", "feed", now_ms, now_ms, 12_000, 3, 1, 1, False, ad)


def shown(house, *, ad=None, post=None) -> Shown:
    said = claims(house, TokenKind.ORGANIC if ad is None else TokenKind.AD)
    return Shown(house.tokens.seal(said), said.decision_id, post if ad is None else ad.post, ad)
