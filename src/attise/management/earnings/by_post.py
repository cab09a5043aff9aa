"""What a creator earned, by the post that earned it: where the ledger knows no post, from what was settled. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class EarnedRow:
    """What a creator earned from one advertiser by one grant with one post, in micros.

    ``authorization_id`` is None where the charge names no grant, ``post_id`` where nothing says which post it was.
    """

    advertiser_id: int | None
    authorization_id: int | None
    post_id: int | None
    is_fee: bool
    earned_micros: int
    given_back_micros: int
    events: int

    @property
    def net_micros(self) -> int:
        """What is left of it."""
        return self.earned_micros - self.given_back_micros


@dataclass(frozen=True, slots=True)
class Part:
    """What one post brought from one advertiser by any grant, in micros, as what was settled says."""

    advertiser_id: int
    post_id: int
    events: int
    earned_micros: int
    given_back_micros: int = 0


def with_posts(rows: Sequence[EarnedRow], parts: Iterable[Part]) -> list[EarnedRow]:
    """Return rows with those of grants of whole accounts told by post.

    What a post brought by a grant of its own is taken off its part; what is left of it was brought by grants of the
    account. Where an advertiser had several of these, nobody can say which one it was, and the rows name none. What no
    part explains stays in a row without a post. Invariant: the sums stay, of each advertiser and in all.
    """
    left: dict[int, dict[int, Part]] = defaultdict(dict)
    for part in parts:
        left[part.advertiser_id][part.post_id] = part
    whole: dict[int, list[EarnedRow]] = defaultdict(list)
    found: list[EarnedRow] = []
    for row in rows:
        if row.is_fee or row.post_id is not None:
            found.append(row)
            mine = left.get(row.advertiser_id or 0, {})
            if not row.is_fee and row.post_id in mine:
                mine[row.post_id] = _less(mine[row.post_id], row)
        else:
            whole[row.advertiser_id or 0].append(row)
    for advertiser_id, of_accounts in whole.items():
        found += _by_post(of_accounts, left.get(advertiser_id, {}).values())
    return sorted(
        found, key=lambda row: (-row.net_micros, row.advertiser_id or 0, row.authorization_id or 0, row.post_id or 0)
    )


def _less(part: Part, row: EarnedRow) -> Part:
    return replace(
        part,
        events=max(part.events - row.events, 0),
        earned_micros=part.earned_micros - row.earned_micros,
        given_back_micros=part.given_back_micros - row.given_back_micros,
    )


def _by_post(rows: list[EarnedRow], parts: Iterable[Part]) -> list[EarnedRow]:
    """Return what grants of accounts brought from one advertiser by post; the rows themselves, if parts exceed them."""
    kept = [part for part in parts if part.earned_micros > 0]
    earned = sum(row.earned_micros for row in rows) - sum(part.earned_micros for part in kept)
    given_back = sum(row.given_back_micros for row in rows) - sum(part.given_back_micros for part in kept)
    events = sum(row.events for row in rows) - sum(part.events for part in kept)
    if not kept or earned < 0 or given_back < 0:
        return rows
    source = replace(rows[0], authorization_id=rows[0].authorization_id if len(rows) == 1 else None)
    told = [
        replace(
            source,
            post_id=part.post_id,
            earned_micros=part.earned_micros,
            given_back_micros=part.given_back_micros,
            events=part.events,
        )
        for part in kept
    ]
    if earned or given_back:
        told.append(replace(source, earned_micros=earned, given_back_micros=given_back, events=max(events, 0)))
    return told
