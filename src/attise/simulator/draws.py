"""The first brand of a story lets chance choose once: it names some posts, and the house draws which are boosted.

So whoever opens an example world finds a draw in their own Ads Manager, with what came of it. It is begun once the
first posts have a day behind them with which to compare. Whether it was is read from the house alone: a life that was
cut short names nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from attise.kernel.actor import COMMAND
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.limits import DAY_MS, HOUR_MS
from attise.kernel.money import MICROS
from attise.management.authorizations.queries import find_usable
from attise.management.campaigns import actions, queries
from attise.management.campaigns.rules.boosting import BoostWish
from attise.management.campaigns.rules.drawing import LotWish
from attise.management.campaigns.views import LotView
from attise.records.lookups import regions
from attise.simulator.cast import Brand, Cast
from attise.simulator.granting import PAGE, authorize
from attise.simulator.stage import Stage

POSTS, PROMOTED = 8, 3
"""The fewest of which a draw can tell by itself."""
AFTER_MS: Final = DAY_MS
"""Since the first campaigns of the story."""
DAYS: Final = 3
YOUNGEST_MS: Final = 6 * HOUR_MS
"""How old a post is at least that is named: younger ones have no day before the draw."""


def find_draw(stage: Stage, brand: Brand) -> LotView | None:
    """Return the draw of a brand, if it has named one. Cost: three queries."""
    return next(iter(queries.page_lots(stage.means, advertiser_id=brand.advertiser_id, limit=1).items), None)


def draw_once(stage: Stage, cast: Cast, brand: Brand, busy: Iterable[int]) -> LotView | None:
    """Have a brand name its posts and draw them, each unless it is done; None: there are too few posts, or one went.

    ``busy``: posts that some brand boosts.
    """
    lot = find_draw(stage, brand)
    asked: dict[str, Any] = {"house": stage.house, "advertiser_id": brand.advertiser_id}
    try:
        if lot is None:
            posts = _named(stage, cast, brand, set(busy))
            if len(posts) < POSTS:
                return None
            for post_id in posts:
                if not find_usable(stage.means, advertiser_id=brand.advertiser_id, post_ids=[post_id]):
                    authorize(stage, brand, post_id)
            lot = actions.announce_lot(stage.means, COMMAND, wish=_wish(brand, posts), **asked)
        return actions.draw_lot(stage.means, COMMAND, lot_id=lot.id, **asked)
    except (Refusal, Refusals):
        return None


def _named(stage: Stage, cast: Cast, brand: Brand, busy: set[int]) -> list[int]:
    """Return the newest posts of a brand's sort that nobody boosts, others where those are too few."""
    oldest_ms = stage.clock.world_ms() - YOUNGEST_MS
    there = [one for one in cast.planned if one.post_id and one.post_id not in busy and one.at_ms <= oldest_ms]
    mine = [one for one in there if one.category == brand.category]
    others = [one for one in there if one.category != brand.category]
    return [one.post_id for one in [*mine[::-1], *others[::-1]][:POSTS]]


def _wish(brand: Brand, posts: list[int]) -> LotWish:
    france = regions.by_iso("FR")
    if france is None:
        raise AssertionError("France is among the regions")
    return LotWish(
        post_ids=tuple(posts),
        promoted=PROMOTED,
        boost=BoostWish(
            post_id=0,
            name=f"{brand.name} · tirage",
            objective_type="VIDEO_VIEWS",
            optimization_goal="ENGAGED_VIEW",
            budget_micros=50 * MICROS,
            days=DAYS,
            location_ids=(france.id,),
            call_to_action="LEARN_MORE",
            landing_page_url=PAGE,
        ),
    )
