"""How a brand of a story comes to use a post: its creator grants it, the brand applies the code."""

from __future__ import annotations

from typing import Final

from attise.kernel.actor import COMMAND
from attise.management.authorizations import actions as authorizations
from attise.management.posts import queries as posts_queries
from attise.records.terms import Terms
from attise.simulator.cast import Brand
from attise.simulator.stage import Stage

GRANT_DAYS: Final = 30
PAGE: Final = "http://127.0.0.1:8000/boutique/"
"""Where ads lead."""
SHARE_PPM: Final = 100_000
"""Of what an ad costs, its post's creator is paid a tenth."""


def authorize(stage: Stage, brand: Brand, post_id: int) -> str:
    """Have a post's creator grant it to a brand, and the brand apply the code; returns the identity that it opens.

    Raises: the refusals of those verbs.
    """
    post = posts_queries.get_post(post_id)
    _, code = authorizations.grant_post(
        stage.means,
        COMMAND,
        creator_id=post.creator_id,
        post_id=post_id,
        days=GRANT_DAYS,
        terms=Terms(share_ppm=SHARE_PPM),
    )
    return authorizations.redeem(stage.means, COMMAND, advertiser_id=brand.advertiser_id, code=code).identity_id
