"""A lot: posts are named, its hash is told, chance chooses those that are boosted, and anybody can draw it again."""

from __future__ import annotations

import subprocess

import pytest
from django.db import DatabaseError, transaction

from attise.kernel.errors import Refusal, Refusals
from attise.management.authorizations import actions as grants
from attise.management.authorizations.models import Authorization
from attise.management.campaigns import actions, queries, verify
from attise.management.campaigns.models import Ad, AdGroup, Campaign, Lot, LotPost
from attise.management.campaigns.rules import drawing
from attise.management.campaigns.rules.boosting import BoostWish
from attise.management.campaigns.rules.drawing import LotWish, can_tell, commitment_of, drawn_of
from attise.management.posts.models import Post
from attise.records.terms import Terms
from tests.builders import a_creator, a_post, an_advertiser
from tests.campaign_rows import FRANCE, HOST, a_campaign, a_code, an_ad, an_adgroup
from tests.killing import kill_beside
from tests.management.campaigns.town import TOKEN, Town
from tests.races import at_once

pytestmark = pytest.mark.django_db
EURO = 1_000_000


@pytest.fixture
def town(means, tmp_path):
    return Town(means, tmp_path)


def posts_of(town: Town, many: int, **terms) -> list[Post]:
    """Posts whose codes the brand has applied."""
    found = [a_post(town.means, town.lea) for _ in range(many)]
    for post in found:
        a_code(town.means, post, town.brand, terms=Terms(**terms) if terms else None)
    return found


def wish(posts, promoted: int = 2, **facts) -> LotWish:
    boost = {
        "post_id": 0,
        "name": "Soups",
        "objective_type": "TRAFFIC",
        "optimization_goal": "CLICK",
        "budget_micros": 50 * EURO,
        "days": 7,
        "location_ids": (FRANCE,),
        "call_to_action": "LEARN_MORE",
        "landing_page_url": "https://shop.example/soups",
        **facts,
    }
    return LotWish(post_ids=tuple(one.id for one in posts), promoted=promoted, boost=BoostWish(**boost))


def announce(town: Town, asked: LotWish):
    return actions.announce_lot(town.means, TOKEN, house=town.sandbox, advertiser_id=town.brand.id, wish=asked)


def draw(town: Town, lot_id: int):
    return actions.draw_lot(town.means, TOKEN, house=town.sandbox, advertiser_id=town.brand.id, lot_id=lot_id)


def refused(act, *args) -> list[tuple[str, str | None]]:
    with pytest.raises((Refusal, Refusals)) as told:
        act(*args)
    found = told.value
    return [(one.code, one.field) for one in (found.items if isinstance(found, Refusals) else [found])]


def test_a_lot_is_announced_drawn_and_boosts_what_its_seed_chose(town):
    posts = posts_of(town, 6)
    told = announce(town, wish(posts))
    assert (told.state, told.seed, {one.is_promoted for one in told.posts}) == ("announced", None, {None})
    assert not Campaign.objects.exists()
    drawn = draw(town, told.id)
    assert drawn.commitment == told.commitment == commitment_of(drawn.seed, drawn.wish.post_ids, 2)
    chosen = {one.post_id for one in drawn.posts if one.is_promoted}
    assert chosen == set(drawn_of(drawn.seed, drawn.wish.post_ids, 2))
    assert drawn.state == "running"
    assert {ad.id: ad.post_id for ad in Ad.objects.all()} == {
        one.ad_id: one.post_id for one in drawn.posts if one.is_promoted
    }
    assert [one.post_id for one in drawn.posts] == [one.id for one in posts], "as they were named"
    assert Campaign.objects.get().id == drawn.campaign_id
    groups = AdGroup.objects.order_by("id")
    assert [(one.name, one.budget_micros) for one in groups] == [("Soups · 1", 50 * EURO), ("Soups · 2", 50 * EURO)]
    assert verify.first_wrong_lot() == (None, 1)


def test_drawn_again_it_answers_what_was_drawn(town):
    told = announce(town, wish(posts_of(town, 4)))
    first = draw(town, told.id)
    assert draw(town, told.id) == first
    assert Ad.objects.count() == 2
    dropped = refused(lambda: actions.drop_lot(town.means, TOKEN, advertiser_id=town.brand.id, lot_id=told.id))
    assert dropped == [("lot_drawn", "lot_id")]


def test_a_lot_can_be_let_go_of_before_it_is_drawn(town):
    told = announce(town, wish(posts_of(town, 4)))
    actions.drop_lot(town.means, TOKEN, advertiser_id=town.brand.id, lot_id=told.id)
    assert refused(draw, town, told.id) == [("not_found", "lot_id")]


def test_another_advertiser_finds_no_lot(town, means):
    told = announce(town, wish(posts_of(town, 4)))
    other = an_advertiser(means, "Other").id
    asked = {"advertiser_id": other, "lot_id": told.id}
    assert refused(lambda: queries.get_lot(means, **asked)) == [("not_found", "lot_id")]
    assert refused(lambda: actions.draw_lot(means, TOKEN, house=town.sandbox, **asked)) == [("not_found", "lot_id")]
    assert refused(lambda: actions.drop_lot(means, TOKEN, **asked)) == [("not_found", "lot_id")]


def test_posts_that_may_not_be_used_are_each_named(town):
    mine, foreign = posts_of(town, 2), a_post(town.means, a_creator(town.means, handle="other"))
    shown = posts_of(town, 1)[0]
    an_ad(town.means, an_adgroup(town.means, a_campaign(town.means, town.brand)), post=shown, creator=town.lea)
    found = refused(announce, town, wish([*mine, foreign, shown]))
    assert found == [("lot_post_not_usable", "post_ids[2]"), ("lot_post_taken", "post_ids[3]")]
    assert not Lot.objects.exists()


def test_a_post_of_a_lot_that_runs_is_in_no_other(town):
    posts = posts_of(town, 5)
    draw(town, announce(town, wish(posts[:3], 1)).id)
    found = refused(announce, town, wish(posts[2:], 1, name="More"))
    assert found == [("lot_post_taken", "post_ids[0]")]
    town.means.clock.advance(days=8)
    assert announce(town, wish(posts[2:4], 1, name="More")).state == "announced"


@pytest.mark.parametrize(
    ("many", "promoted", "facts", "fields"),
    [
        (1, 1, {}, ["post_ids"]),
        (3, 3, {}, ["promoted"]),
        (3, 0, {}, ["promoted"]),
        (3, 1, {"budget_micros": EURO}, ["budget_micros"]),
        (3, 1, {"days": 91}, ["days"]),
        (3, 1, {"landing_page_url": ""}, ["landing_page_url"]),
        (3, 1, {"optimization_goal": "INSTALL", "days": 0}, ["days", "optimization_goal"]),
        (3, 1, {"location_ids": (1,)}, ["location_ids[0]"]),
        (3, 1, {"name": ""}, ["name"]),
    ],
)
def test_what_is_no_lot_or_no_boost_is_refused_at_its_field(town, many, promoted, facts, fields):
    assert [field for _code, field in refused(announce, town, wish(posts_of(town, many), promoted, **facts))] == fields
    assert not Campaign.objects.exists()
    assert not AdGroup.objects.exists()


def test_a_post_is_named_once(town):
    (post, other) = posts_of(town, 2)
    assert refused(announce, town, wish([post, other, post], 1)) == [("field_invalid", "post_ids[2]")]


def test_terms_that_refuse_the_objective_name_the_post_whatever_chance_would_choose(town):
    posts = [*posts_of(town, 3), *posts_of(town, 1, refused_objectives=("TRAFFIC",))]
    found = refused(announce, town, wish(posts, 1))
    assert {field for _code, field in found} == {"post_ids[3]"}


@pytest.mark.parametrize("gone", ["deleted", "revoked"])
def test_a_post_that_went_before_the_draw_is_refused_and_nothing_is_drawn(town, gone):
    posts = posts_of(town, 4)
    told = announce(town, wish(posts))
    _lose(town, posts[3], gone)
    code = {"deleted": "video_unavailable", "revoked": "lot_post_not_usable"}[gone]
    assert refused(draw, town, told.id) == [(code, "post_ids[3]")]
    seen = queries.get_lot(town.means, advertiser_id=town.brand.id, lot_id=told.id)
    assert (seen.state, seen.seed) == ("announced", None)
    assert not Ad.objects.exists()
    assert not LotPost.objects.exists()


@pytest.mark.parametrize("gone", ["deleted", "revoked"])
def test_a_post_that_went_after_the_draw_stays_what_it_was_drawn(town, gone):
    posts = posts_of(town, 4)
    drawn = draw(town, announce(town, wish(posts)).id)
    _lose(town, next(one for one in posts if one.id == drawn.posts[0].post_id), gone)
    seen = queries.get_lot(town.means, advertiser_id=town.brand.id, lot_id=drawn.id)
    assert seen.posts == drawn.posts
    assert verify.first_wrong_lot() == (None, 1)


def _lose(town: Town, post: Post, gone: str) -> None:
    if gone == "deleted":
        Post.objects.filter(id=post.id).update(state="deleted")
        return
    grant = Authorization.objects.get(post_id=post.id)
    grants.revoke(town.means, HOST, creator_id=post.creator_id, authorization_id=grant.id, when="now")


def test_the_database_keeps_what_was_drawn(town):
    draw(town, announce(town, wish(posts_of(town, 4))).id)
    for change in (lambda: LotPost.objects.update(is_promoted=True), lambda: LotPost.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_a_seed_or_a_hash_that_was_changed_is_found(town):
    lot = announce(town, wish(posts_of(town, 8), 3))
    drawn = draw(town, lot.id)
    seed = next(
        one
        for one in map("{:064x}".format, range(1_000))
        if set(drawn_of(one, drawn.wish.post_ids, 3)) != set(drawn_of(drawn.seed, drawn.wish.post_ids, 3))
    )
    Lot.objects.update(seed=seed)
    assert "what was told before" in verify.first_wrong_lot()[0]
    Lot.objects.update(commitment=commitment_of(seed, drawn.wish.post_ids, 3))
    assert "does not choose as the rows say" in verify.first_wrong_lot()[0]


def test_every_post_is_chosen_as_often_as_any_other():
    posts = [7_507_931_062_747_136_000 + 977 * one for one in range(8)]
    times = dict.fromkeys(posts, 0)
    for number in range(4_000):
        for one in drawn_of(f"{number:064x}", posts, 3):
            times[one] += 1
    # 4,000 draws of 3 in 8: 1,500 each, give or take four times their scatter of 31.
    assert all(1_380 < count < 1_620 for count in times.values()), times
    assert drawn_of("ab", posts, 3) == drawn_of("ab", posts[::-1], 3), "the order they are named in chooses nothing"


def test_a_lot_is_drawn_again_by_a_shell(town):
    drawn = draw(town, announce(town, wish(posts_of(town, 6))).id)
    ids = sorted(drawn.wish.post_ids)
    script = """
    printf '%s:%s:%s' "$SEED" "$PROMOTED" "$(echo $POSTS | tr ' ' ',')" | sha256sum | cut -d' ' -f1
    for post in $POSTS; do echo "$(printf '%s:%s' "$SEED" "$post" | sha256sum | cut -d' ' -f1) $post"; done |
      sort | head -n "$PROMOTED" | cut -d' ' -f2
    """
    given = {"SEED": drawn.seed, "PROMOTED": "2", "POSTS": " ".join(map(str, ids)), "PATH": "/usr/bin:/bin"}
    said = subprocess.run(["/bin/sh", "-c", script], env=given, capture_output=True, text=True, check=True)
    commitment, *chosen = said.stdout.split()
    assert commitment == drawn.commitment
    assert set(map(int, chosen)) == {one.post_id for one in drawn.posts if one.is_promoted}


def test_too_few_posts_can_never_tell():
    assert [can_tell(8, 3), can_tell(10, 2), can_tell(20, 10)] == [True, True, True]
    assert [can_tell(2, 1), can_tell(20, 1), can_tell(7, 3), can_tell(9, 2)] == [False] * 4


def test_what_a_lot_spends_at_most_is_said(town):
    assert wish(posts_of(town, 4), 3).most_micros == 3 * 50 * 7 * EURO
    assert Lot._meta.get_field("seed").max_length == drawing.SEED_BYTES * 2


@pytest.mark.django_db(transaction=True)
def test_drawn_by_many_at_once_it_is_drawn_once(town):
    told = announce(town, wish(posts_of(town, 4)))
    answers = at_once([lambda: draw(town, told.id)] * 4)
    assert len(set(answers)) == 1
    assert (Ad.objects.count(), LotPost.objects.count(), Campaign.objects.count()) == (2, 4, 1)


@pytest.mark.django_db(transaction=True)
def test_a_draw_is_whole_or_not_at_all_wherever_it_dies(town):
    told = announce(town, wish(posts_of(town, 4)))
    seen = kill_beside(__file__, now_ms=town.means.clock.world_ms(), advertiser=town.brand.id, lot=told.id, every=17)
    assert seen["wrong"] == []
    assert seen["kills"] >= 8
    drawn = queries.get_lot(town.means, advertiser_id=town.brand.id, lot_id=told.id)
    assert {one.post_id for one in drawn.posts if one.is_promoted} == set(seen["would"])
    assert (Ad.objects.count(), Campaign.objects.count()) == (2, 1)
    assert verify.first_wrong_lot() == (None, 1)
