"""A post that an ad of the brand showed for two days, whose feed went on beside posts that a lot left out."""

from __future__ import annotations

from collections.abc import Callable

from attise.management.campaigns import queries
from attise.management.posts.models import Post
from tests.browser.brand import a_brand
from tests.browser.town import Town
from tests.promoting import promoted


def promoted_post(path: str, *, several: int = 30) -> Callable[[Town], str]:
    """Return what gives the address of a page of that post."""

    def make(town: Town) -> str:
        brand = a_brand(town)
        wish = queries.AdWish(campaign_ids=[brand.ids["mixed"]], name="geste")
        ad = queries.page_ads(town.means, advertiser_id=town.advertiser.id, wish=wish, limit=1).items[0]
        assert ad.post is not None
        posts = [Post.objects.get(id=ad.post.id), *(town.a_post() for _ in range(several - 1))]
        promoted(town.means, posts, advertiser_id=town.advertiser.id)
        return path.format(post=ad.post.id)

    return make
