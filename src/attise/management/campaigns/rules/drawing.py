"""A lot: of several posts, chance chooses those that are boosted; the others are what they are compared with. Pure.

Whoever holds the seed can draw it again: of each post the hash of ``SEED:POST`` is taken, and those with the smallest
hashes are boosted. What is told before, the commitment, is the hash of ``SEED:HOW_MANY:POST,POST…``: the house cannot
take another seed once it knows what came of the first.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import comb
from typing import Final

from attise.kernel.errors import FIELD_INVALID, N_, Refusal
from attise.kernel.gather import Gather
from attise.kernel.limits import LOT_POSTS_LEAST, LOT_POSTS_MOST
from attise.management.campaigns.rules.boosting import BoostWish, at_wish

SEED_BYTES: Final = 32
TELLING_DRAWS: Final = 40
"""Of so many draws one is as rare as an interval of 95 of 100 leaves out on each side."""
_OF_THE_POST: Final = frozenset({"post_id", "identity_id", "identity_type", "business_center_id", "adgroup_id"})
"""Fields of what is refused of one ad that stand for its post; those of its ad group too, where its terms differ."""


class State(enum.StrEnum):
    """Where a lot stands: told before, then drawn; *over* once the boosts are at their end."""

    ANNOUNCED = "announced"
    RUNNING = "running"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class LotWish:
    """What an advertiser wishes of a lot; ``boost`` holds for each post that is drawn, and names none itself."""

    post_ids: tuple[int, ...]
    promoted: int
    boost: BoostWish

    @property
    def most_micros(self) -> int:
        """What it spends at most."""
        return self.promoted * self.boost.budget_micros * self.boost.days


def check_lot(wish: LotWish) -> None:
    """Refuse what is no lot: too few or too many posts, one twice, none left out. Raises: all of it, together."""
    gather = Gather()
    many = len(wish.post_ids)
    if not LOT_POSTS_LEAST <= many <= LOT_POSTS_MOST:
        gather.add(Refusal(FIELD_INVALID, field="post_ids", rule=N_("it names from 2 to 20 posts")))
    seen: set[int] = set()
    for place, post_id in enumerate(wish.post_ids):
        if post_id in seen:
            gather.add(Refusal(FIELD_INVALID, field=f"post_ids[{place}]", rule=N_("it names each post once")))
        seen.add(post_id)
    if not 1 <= wish.promoted < max(many, LOT_POSTS_LEAST):
        rule = N_("it is at least 1, and leaves at least one post out")
        gather.add(Refusal(FIELD_INVALID, field="promoted", rule=rule))
    gather.tell()


def drawn_of(seed: str, post_ids: Sequence[int], promoted: int) -> tuple[int, ...]:
    """Return the posts that a seed chooses, in the order of their hashes. ``seed``: hexadecimal, as it is told."""
    return tuple(sorted(post_ids, key=lambda one: (_hash(f"{seed}:{one}"), one))[:promoted])


def commitment_of(seed: str, post_ids: Sequence[int], promoted: int) -> str:
    """Return what is told before the draw, hexadecimal; posts are taken from the smallest to the greatest."""
    return _hash(f"{seed}:{promoted}:{','.join(map(str, sorted(post_ids)))}")


def state_of(drawn_at_ms: int | None, ends_at_ms: int | None, *, now_ms: int) -> State:
    """Return where a lot stands at a moment of world time."""
    if drawn_at_ms is None:
        return State.ANNOUNCED
    return State.OVER if ends_at_ms is not None and ends_at_ms <= now_ms else State.RUNNING


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def can_tell(posts: int, promoted: int) -> bool:
    """Tell whether a lot alone can ever tell what ads brought from chance.

    The rarest outcome of a draw is one of all draws there are: where it comes too often, nothing is rare enough.
    """
    return comb(posts, promoted) >= TELLING_DRAWS


def wish_for(wish: LotWish, post_id: int, number: int) -> BoostWish:
    """Return the boost of one post that was drawn; ``number``: which of them, from 1 on, told by its name."""
    return replace(wish.boost, post_id=post_id, name=f"{wish.boost.name} · {number}")


def at_lot(refusal: Refusal, place: int) -> Refusal:
    """Return what is refused of a post's boost at the field of the lot; ``place``: of the post, as it was named."""
    told = at_wish(refusal)
    return told.at(f"post_ids[{place}]") if told.field in _OF_THE_POST else told
