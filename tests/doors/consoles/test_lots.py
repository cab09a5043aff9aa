"""An advertiser names posts, sees the hash, draws, and reads what came of those drawn beside the others."""

from __future__ import annotations

import csv
import re

import pytest

from attise.doors.consoles.advertiser.assistant import choosing
from attise.doors.site.promoted import weigh_promotions
from attise.kernel.actor import COMMAND
from attise.management.authorizations import actions as grants
from attise.management.authorizations.models import Authorization
from attise.management.campaigns.models import Ad, Campaign, Lot
from attise.management.posts.models import Post
from tests.browser.lots_pages import made, told
from tests.browser.town import Town
from tests.builders import a_creator, a_post
from tests.campaign_rows import a_code
from tests.campaigns import fund
from tests.lots import a_lot, drawn

pytestmark = pytest.mark.django_db
LOTS = "/ads/a-booster/tirages"


@pytest.fixture
def town(brand) -> Town:
    return brand.town


def page(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.content[:500]
    return re.sub(r"\s+", " ", response.content.decode())


def given(town: Town, posts, **facts) -> dict[str, object]:
    return {
        "compte": str(town.advertiser.id),
        "posts": [str(one) for one in posts],
        "promoted": "2",
        "goal": "TRAFFIC:CLICK",
        "landing_page_url": "https://shop.example/soups",
        "budget": "50",
        "days": "7",
        "call_to_action": "LEARN_MORE",
        **facts,
    }


def open_posts(town: Town, many: int) -> list[int]:
    """Posts that the advertiser may use."""
    lot = told(town, posts=many, promoted=1)
    Lot.objects.all().delete()
    return list(lot.wish.post_ids)


def test_a_draw_takes_three_clicks(advertiser, town):
    posts = open_posts(town, 5)
    sheet = page(advertiser, f"{LOTS}/nouveau")
    assert sheet.count('name="posts"') >= 5
    named = advertiser.post(f"{LOTS}/nouveau", given(town, posts))
    lot = Lot.objects.get()
    assert named.headers["Location"] == f"{LOTS}/{lot.id}"
    recap = page(advertiser, named.headers["Location"])
    assert "2 of your 5 posts are boosted, drawn by lot; the others are the comparison." in recap
    assert "Draw and launch, €700 at most" in recap or "Draw and launch, €700.00 at most" in recap
    assert lot.commitment in recap
    assert lot.seed not in recap, "it is told once it is drawn"
    assert "So few posts cannot tell by themselves" in recap
    assert not Campaign.objects.filter(name=lot.wish["name"]).exists()
    done = advertiser.post(f"{LOTS}/{lot.id}/tirer", {"compte": str(town.advertiser.id)}, follow=True)
    after = done.content.decode()
    assert lot.seed in after
    assert "Too early to say" in after
    assert Ad.objects.filter(post_id__in=posts).count() == 2
    again = advertiser.post(f"{LOTS}/{lot.id}/tirer", {"compte": str(town.advertiser.id)})
    assert again.status_code == 302
    assert Ad.objects.filter(post_id__in=posts).count() == 2


def test_what_came_of_it_is_said_drawn_listed_and_exported(advertiser, town):
    lot = made(town)
    found = page(advertiser, f"{LOTS}/{lot.id}")
    assert re.search(r"views of boosted posts: \+\d+%, between \+\d+% and \+\d+%", found)
    assert 'class="line slate dashed"' in found
    for name in ("Before ads", "While ads showed them", "Since then", "Both together"):
        assert f">{name}</th>" in found
    assert found.count(">Left out<") == 5
    assert f"SEED={lot.seed}" in found
    assert "So few posts" not in found
    listed = page(advertiser, LOTS)
    assert "1 draw: 3 boosted, 5 left out" in listed
    exported = advertiser.get(f"{LOTS}/{lot.id}/exporter?format=intl")
    rows = list(csv.reader(b"".join(exported.streaming_content).decode("utf-8-sig").splitlines()))
    assert len(rows) == 9
    assert [row[0] for row in rows[1:]] == [str(one.post_id) for one in lot.posts]


def test_a_draw_that_was_told_is_changed_and_dropped(advertiser, town):
    first = told(town)
    again = page(advertiser, f"{LOTS}/nouveau?de={first.id}")
    assert again.count("checked") >= 8
    changed = given(town, first.wish.post_ids[:4], de=str(first.id))
    advertiser.post(f"{LOTS}/nouveau", changed)
    second = Lot.objects.get()
    assert second.id != first.id
    gone = advertiser.post(f"{LOTS}/{second.id}/abandonner", {"compte": str(town.advertiser.id)})
    assert gone.headers["Location"] == LOTS
    assert not Lot.objects.exists()


def test_what_is_wrong_stands_at_its_field_and_names_the_post(advertiser, town):
    posts = open_posts(town, 4)
    for facts, said in (
        ({"posts": [str(posts[0])]}, "Choose at least two posts."),
        ({"promoted": "4"}, "Leave at least one post out"),
        ({"budget": "3"}, "50"),
        ({"landing_page_url": ""}, "Where should the ad lead?"),
    ):
        answer = advertiser.post(f"{LOTS}/nouveau", {**given(town, posts), **facts})
        assert answer.status_code == 422
        assert said in answer.content.decode(), facts
    grant = Authorization.objects.get(post_id=posts[2])
    lot = advertiser.post(f"{LOTS}/nouveau", given(town, posts)).headers["Location"]
    grants.revoke(town.means, COMMAND, creator_id=grant.creator_id, authorization_id=grant.id, when="now")
    refused = advertiser.post(f"{lot}/tirer", {"compte": str(town.advertiser.id)})
    assert refused.status_code == 422
    assert "by @lea.peau: You may not use this post" in refused.content.decode()
    Post.objects.filter(id=posts[1]).update(state="deleted")
    assert (
        "A post that cannot be seen any more"
        in advertiser.post(f"{lot}/tirer", {"compte": str(town.advertiser.id)}).content.decode()
    )
    assert Lot.objects.get().drawn_at_ms is None


def test_posts_in_a_draw_that_runs_are_not_offered(advertiser, town):
    lot = drawn(town.means, told(town, posts=4, promoted=1))
    for one in lot.posts:
        assert f'value="{one.post_id}"' not in page(advertiser, f"{LOTS}/nouveau")


def test_who_may_not_edit_reads_and_is_told_why(signed_in, town):
    analyst = signed_in(town.a_member("ana@example.org", "Ana", "analyst"))
    lot = told(town)
    found = page(analyst, f"{LOTS}/{lot.id}")
    assert "disabled" in found
    assert analyst.post(f"{LOTS}/{lot.id}/tirer", {"compte": str(town.advertiser.id)}).status_code == 403


def test_without_posts_it_says_where_they_come_from(signed_in, town, means):
    fund(means, town.advertiser.id)
    ada = signed_in(town.a_member("ada@example.org", "Ada", "admin"))
    Authorization.objects.all().update(state="revoked")
    assert "A draw needs two posts" in page(ada, f"{LOTS}/nouveau")
    assert "No draw yet" in page(ada, LOTS)


def test_all_promoted_posts_stand_together_with_their_draws(advertiser, town):
    lot = made(town)
    assert "worked out once an hour" in page(advertiser, "/ads/publications-promues"), "the worker works it out"
    weigh_promotions(now_ms=town.means.clock.world_ms(), advertiser_id=town.advertiser.id)
    found = page(advertiser, "/ads/publications-promues")
    assert "As of " in found
    assert "1 draw: 3 boosted, 5 left out" in found
    assert found.count("/ads/bibliotheque/") >= 3
    exported = advertiser.get("/ads/publications-promues/exporter?format=intl")
    rows = list(csv.reader(b"".join(exported.streaming_content).decode("utf-8-sig").splitlines()))
    chosen = {str(one.post_id) for one in lot.posts if one.is_promoted}
    assert {row[0] for row in rows[1:]} == chosen
    assert "What ads leave" in page(advertiser, "/ads/bibliotheque")
    assert "Boost by draw" in page(advertiser, "/ads/a-booster")


def test_where_no_ad_has_shown_a_post_it_says_so(advertiser, town):
    assert "No ad of yours has shown a post yet" in page(advertiser, "/ads/publications-promues")


def test_posts_of_a_linked_account_are_offered_beside_many_codes(advertiser, town, means, monkeypatch):
    grants.link_own_account(means, COMMAND, advertiser_id=town.advertiser.id, creator_id=town.creator.id)
    free = town.a_post("Sur mon compte")
    for number in range(4):
        a_code(means, a_post(means, a_creator(means, handle=f"later{number}")), town.advertiser)
    monkeypatch.setattr(choosing, "SHOWN", 4)
    assert f'value="{free.id}"' in page(advertiser, f"{LOTS}/nouveau")


def test_lots_of_another_advertiser_are_not_in_the_list(advertiser, town):
    rival = town.a_rival()
    fund(town.means, rival.id)
    a_lot(town.means, rival.id, [town.a_post() for _ in range(2)], name="Foreign draw")
    assert "Foreign draw" not in page(advertiser, LOTS)
