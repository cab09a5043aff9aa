"""What ads left of a post, on its creator's page, in the library of the advertiser and on the operator's page."""

from __future__ import annotations

import re

import pytest

from attise.management.posts.models import Post
from tests.browser.town import Town
from tests.promoting import promoted

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(brand) -> Town:
    return brand.town


def section(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content[:300]
    page = response.content.decode()
    return re.sub(r"\s+", " ", page.partition('aria-labelledby="promoted-title"')[2].partition("</section>")[0])


def made(brand, ad, *, several: int = 30, more: float = 1.0):
    town = brand.town
    posts = [Post.objects.get(id=ad.post.id), *(town.a_post() for _ in range(several - 1))]
    return promoted(town.means, posts, advertiser_id=town.advertiser.id, more=more)


def test_creator_advertiser_and_operator_see_the_same_course(creator, advertiser, signed_in, brand, ad):
    made(brand, ad)
    found, other = (
        section(creator, f"/creation/publications/{ad.post.id}"),
        section(advertiser, f"/ads/bibliotheque/{ad.post.id}"),
    )
    assert found.rpartition("<table")[2] == other.rpartition("<table")[2], "hours are told in each one's zone"
    assert "Before, during and after ads" in found
    assert 'class="line slate dashed"' in found, "what it would have come to is drawn"
    assert "what ads brought goes on" in found
    for name in ("Before ads", "While ads showed it", "Since then", "Both together"):
        assert f">{name}</th>" in found
    assert re.search(r'data-label="Brought by ads">\+[\d,]+<small>\+[\d,]+ to \+[\d,]+<', found)
    assert "Beside 29 posts that could have been promoted" in found
    assert section(signed_in(brand.town.olga), f"/operateur/publications/{ad.post.id}")


def test_where_too_few_were_left_out_it_says_how_many_more(creator, brand, ad):
    made(brand, ad, several=10)
    found = section(creator, f"/creation/publications/{ad.post.id}")
    assert "Not enough data yet: about 3 more posts are needed" in found
    assert "dashed" not in found
    assert "not known yet" in found


def test_where_ads_brought_nothing_it_says_how_many_promoted_posts_would_tell(creator, brand, ad):
    made(brand, ad, more=0.0)
    found = section(creator, f"/creation/publications/{ad.post.id}")
    assert re.search(r"About [\d,]+ more promoted posts? like this one would tell|as posts without ads do", found)


def test_a_post_that_no_ad_showed_has_no_such_part(creator, brand, ad):
    assert not section(creator, f"/creation/publications/{ad.post.id}")
