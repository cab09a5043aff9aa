"""Each kind of change leads to the deltas that it should, whole, and to no other."""

import pytest

from attise.kernel.limits import DAY_MS
from attise.ledger.queries import ids_of_envelopes
from attise.management.accounts import actions as accounts
from attise.management.accounts.payer import payer_of
from attise.management.authorizations import actions as grants
from attise.management.authorizations.models import Authorization, Binding
from attise.management.campaigns.models import Ad
from attise.management.library import actions as library
from attise.management.library.models import Identity, Image, Video
from attise.management.policy.actions import set_policy
from attise.management.posts import actions as posts
from attise.records.change import STOPS, ChangeKind
from attise.records.snapshot.deltas import DeltaKind
from attise.records.snapshot.shapes import decode_ad, decode_post
from attise.records.terms import Terms
from tests.builders import a_business_center, a_creator, a_post, an_advertiser
from tests.campaign_rows import HOST, a_campaign, a_code, a_group_of, a_spark_ad, an_ad, an_adgroup
from tests.snapshot_reader import Reader, change, settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(means):
    return Reader.from_nothing()


@pytest.fixture
def brand(means):
    return an_advertiser(means)


@pytest.fixture
def creator(means):
    return a_creator(means)


@pytest.fixture
def post(means, creator):
    return a_post(means, creator, tags=["routine"], category="beauty_care")


@pytest.fixture
def told(means, reader):
    """Return what is told since the last call: kind and id of each delta, and the last bodies by id."""

    def told():
        settle(means)
        return [(delta.kind, delta.object_id) for delta in reader.catch_up()]

    return told


@pytest.fixture
def ad(means, brand, post, told):
    """A Spark ad that every reader knows."""
    row = a_spark_ad(means, a_group_of(means, brand), post)
    change(means, ChangeKind.AD_CHANGED, row.id)
    told()
    return row


def test_a_new_ad_is_told_whole(means, reader, told, brand, creator, post):
    terms = Terms(spend_cap_micros=90_000_000, currency="EUR", countries=("FR",), share_ppm=50_000)
    group = an_adgroup(
        means,
        a_campaign(means, brand, holdout_ppm=100_000),
        bid_micros=700_000,
        dayparting="1" * 8 + "0" * 328,
        frequency=3,
        frequency_days=7,
        ends_at_ms=means.clock.world_ms() + 9 * DAY_MS,
        envelope_id=77,
    )
    row = a_spark_ad(
        means,
        group,
        post,
        terms=terms,
        utm_params=[{"key": "utm_source", "value": "attise"}],
        call_to_action="SHOP_NOW",
    )
    settle(means)
    reader.catch_up()
    change(means, ChangeKind.AD_CHANGED, row.id)
    assert told() == [(DeltaKind.AD, row.id)]
    ad = reader.fold.ads()[row.id]
    grant = Authorization.objects.get(post=post)
    binding = Binding.objects.get(authorization=grant)
    assert (ad.creative.kind, ad.creative.call_to_action) == ("spark", "SHOP_NOW")
    assert ad.creative.utm_params == (("utm_source", "attise"),)
    assert ad.creative.identity_key == binding.identity_id
    assert (ad.grant.grant_id, ad.grant.kind, ad.grant.ends_at_ms) == (grant.id, "post", grant.ends_at_ms)
    assert ad.grant.terms == terms
    assert ad.grant.envelope_id == binding.envelope_id > 0
    assert ids_of_envelopes([payer_of(brand.id)]) == {payer_of(brand.id): ad.group.balance_envelope_id}
    assert (ad.group.advertiser_id, ad.group.campaign_id, ad.group.adgroup_id) == (
        brand.id,
        group.campaign_id,
        group.id,
    )
    assert (ad.group.objective, ad.group.billing_event, ad.group.bid_micros) == ("TRAFFIC", "CPC", 700_000)
    assert (ad.group.timezone, ad.group.currency, ad.group.paid_by) == ("Europe/Paris", "EUR", brand.payer_name)
    assert (ad.group.frequency, ad.group.frequency_days, ad.group.envelope_id) == (3, 7, 77)
    assert ad.group.holdout_ppm == 100_000
    assert ad.group.dayparting == b"\xff" + bytes(41)
    assert ad.group.targeting.locations == (3_017_382,)
    assert (ad.post.post_id, ad.post.handle, ad.post.tags) == (post.id, creator.handle, ("routine",))
    assert ad.post.media.duration_ms == 12_000
    assert ad.ends_at_ms == group.ends_at_ms


def test_a_standard_ad_shows_its_video_under_its_name(means, reader, told, brand, post):
    picture = Image.objects.create(
        id=means.ids.next(), image_id="p1", advertiser=brand, media=post.media, file_name="p", created_at_ms=1,
        modified_at_ms=1,
    )  # fmt: skip
    video = Video.objects.create(
        id=means.ids.next(), video_id="v1", advertiser=brand, media=post.media, file_name="v", created_at_ms=1,
        modified_at_ms=1,
    )  # fmt: skip
    name = Identity.objects.create(
        id=means.ids.next(), identity_id="n1", advertiser=brand, display_name="Aubrée", image=picture, created_at_ms=1
    )
    row = an_ad(
        means, a_group_of(means, brand), kind="standard", identity_type="CUSTOMIZED_USER", identity_id="n1",
        custom_identity=name, video=video, ad_text="La crème",
    )  # fmt: skip
    change(means, ChangeKind.AD_CHANGED, row.id)
    assert told() == [(DeltaKind.AD, row.id)]
    ad = reader.fold.ads()[row.id]
    assert (ad.grant, ad.post, ad.creative.display_name, ad.creative.identity_key) == (None, None, "Aubrée", name.id)
    assert ad.video.key == ad.creative.picture.key == post.media.key
    Identity.objects.filter(id=name.id).update(deleted_at_ms=2)
    change(means, ChangeKind.AD_CHANGED, row.id)
    assert told() == [(DeltaKind.AD_GONE, row.id)]


@pytest.mark.parametrize(
    "kind", [ChangeKind.ADGROUP_CHANGED, ChangeKind.CAMPAIGN_CHANGED, ChangeKind.ADVERTISER_CHANGED]
)
def test_what_is_above_ads_tells_of_all_of_them(means, told, brand, post, kind):
    campaign = a_campaign(means, brand)
    group = an_adgroup(means, campaign)
    ads = [a_spark_ad(means, group, post) for _ in range(3)]
    elsewhere = a_spark_ad(
        means, a_group_of(means, an_advertiser(means, "Other")), post, terms=Terms(max_advertisers=9)
    )
    told()
    above = {"adgroup": group, "campaign": campaign, "advertiser": brand}[kind.removesuffix("_changed")]
    change(means, kind, above.id)
    assert told() == [(DeltaKind.AD, row.id) for row in ads]
    change(means, ChangeKind.AD_CHANGED, elsewhere.id)
    assert told() == [(DeltaKind.AD, elsewhere.id)]


@pytest.mark.parametrize(
    "fields",
    [
        {"operation_status": "DISABLE"},
        {"review": "pending"},
        {"review": "rejected"},
        {"creator_word": "refused"},
        {"deleted_at_ms": 1},
    ],
)
def test_an_ad_that_may_not_run_is_gone(means, told, ad, fields):
    Ad.objects.filter(id=ad.id).update(**fields)
    change(means, ChangeKind.AD_CHANGED, ad.id)
    assert told() == [(DeltaKind.AD_GONE, ad.id)]


def test_an_account_that_may_not_advertise_takes_its_ads_along(means, told, brand, ad):
    for fields in (
        {"status": "STATUS_LIMIT"},
        {"status": "STATUS_ENABLE", "company": ""},
        {"category": "tobacco_vaping"},
    ):
        type(brand).objects.filter(id=brand.id).update(**{"company": "Aubrée", **fields})
        change(means, ChangeKind.ADVERTISER_CHANGED, brand.id)
        assert told() == [(DeltaKind.AD_GONE, ad.id)], fields
    type(brand).objects.filter(id=brand.id).update(category="alcohol")
    change(means, ChangeKind.ADVERTISER_CHANGED, brand.id)
    assert told() == [(DeltaKind.AD, ad.id)]


def test_facts_of_an_advertiser_reach_its_ads(means, reader, told, brand, ad):
    accounts.update_advertiser(means, HOST, advertiser_id=brand.id, payer_name="Groupe Aubrée", category="alcohol")
    assert told() == [(DeltaKind.AD, ad.id)]
    group = reader.fold.ads()[ad.id].group
    assert (group.paid_by, group.category_gate) == ("Groupe Aubrée", "adult_only")


def test_a_changed_post_is_told_for_the_feed_and_for_its_ads(means, reader, told, creator, post, ad):
    posts.mark_partnership(means, post_id=post.id)
    assert told() == [(DeltaKind.POST, post.id), (DeltaKind.AD, ad.id)]
    assert reader.fold.posts()[post.id].partnership
    assert reader.fold.ads()[ad.id].post.partnership


def test_a_new_post_is_told_and_one_for_ads_only_is_not_in_the_feed(means, reader, told, creator):
    seen = a_post(means, creator)
    hidden = a_post(means, creator, ads_only=True)
    for row in (seen, hidden):
        change(means, ChangeKind.POST_CHANGED, row.id)
    assert told() == [(DeltaKind.POST, seen.id), (DeltaKind.POST_GONE, hidden.id)]
    assert list(reader.fold.posts()) == [seen.id]


def test_a_carousel_is_told_with_all_its_pictures(means, reader, told, creator):
    row = a_post(means, creator, format="carousel")
    others = [{"file_name": f"{n}.jpg", "width": 9, "height": 16, "size_bytes": 1, "signature_md5": ""} for n in (2, 3)]
    type(row.media).objects.filter(id=row.media_id).update(kind="image", file_name="image.jpg", others=others)
    change(means, ChangeKind.POST_CHANGED, row.id)
    assert told() == [(DeltaKind.POST, row.id)]
    media = reader.fold.posts()[row.id].media
    assert [picture.file_name for picture in media.others] == ["2.jpg", "3.jpg"]


def test_a_post_for_followers_leaves_ads_and_stays_in_the_feed(means, reader, told, creator, post, ad):
    change(means, ChangeKind.POST_CHANGED, post.id)
    told()
    type(post).objects.filter(id=post.id).update(visibility="followers")
    change(means, ChangeKind.POST_STOPPED, post.id, reason="not_public", creator_id=creator.id)
    assert told() == [(DeltaKind.POST, post.id)]
    assert reader.fold.posts()[post.id].visibility == "followers"
    assert reader.fold.ads() == {}


def test_a_deleted_name_ends_its_ads_at_once(means, reader, told, brand, post):
    video = Video.objects.create(
        id=means.ids.next(), video_id="v1", advertiser=brand, media=post.media, file_name="v", created_at_ms=1,
        modified_at_ms=1,
    )  # fmt: skip
    name = library.create_identity(means, HOST, advertiser_id=brand.id, display_name="Aubrée", image_id=None)
    row = an_ad(
        means, a_group_of(means, brand), kind="standard", identity_type="CUSTOMIZED_USER",
        identity_id=name.identity_id, custom_identity=Identity.objects.get(), video=video,
    )  # fmt: skip
    change(means, ChangeKind.AD_CHANGED, row.id)
    told()
    assert list(reader.fold.ads()) == [row.id]
    library.delete_identity(means, HOST, advertiser_id=brand.id, identity_id=name.identity_id)
    assert told() == []
    assert reader.fold.ads() == {}


def test_a_deleted_post_makes_no_delta_and_ends_everything(means, reader, told, post, ad):
    type(post).objects.filter(id=post.id).update(state="deleted")
    change(means, ChangeKind.POST_STOPPED, post.id, reason="deleted")
    assert told() == []
    assert (reader.fold.ads(), reader.fold.posts()) == ({}, {})


def test_a_creator_s_new_name_reaches_posts_and_ads(means, reader, told, creator, post, ad):
    other = a_post(means, creator)
    accounts.update_creator(
        means, HOST, creator_id=creator.id, display_name="Léa B.", legal_answers={"retouched": True}
    )
    assert told() == [(DeltaKind.POST, post.id), (DeltaKind.POST, other.id), (DeltaKind.AD, ad.id)]
    shown = reader.fold.ads()[ad.id].post
    assert (shown.display_name, shown.is_retouched, shown.is_ai_generated) == ("Léa B.", True, False)


def test_a_creator_who_goes_ends_everything_without_a_delta(means, reader, told, creator, ad):
    accounts.retire_creator(means, HOST, creator_id=creator.id)
    assert told() == []
    assert (reader.fold.ads(), reader.fold.posts()) == ({}, {})


def test_longer_grants_and_new_terms_reach_the_ads(means, reader, told, creator, post, ad):
    grant = Authorization.objects.get(post=post)
    grants.extend(means, HOST, creator_id=creator.id, authorization_id=grant.id, days=60)
    assert told() == [(DeltaKind.AD, ad.id)]
    assert reader.fold.ads()[ad.id].grant.ends_at_ms > grant.ends_at_ms
    terms = Terms(countries=("BE",))
    grants.change_terms(means, HOST, creator_id=creator.id, authorization_id=grant.id, terms=terms)
    assert told() == [(DeltaKind.AD, ad.id)]
    assert reader.fold.ads()[ad.id].grant.terms == terms
    assert reader.fold.ads()[ad.id].grant.terms_version == 2


def test_a_word_that_the_terms_ask_for_is_awaited(means, reader, told, creator, post, ad):
    grant = Authorization.objects.get(post=post)
    terms = Terms(approve_each_ad=True)
    grants.change_terms(means, HOST, creator_id=creator.id, authorization_id=grant.id, terms=terms)
    assert told() == [(DeltaKind.AD_GONE, ad.id)]
    Ad.objects.filter(id=ad.id).update(creator_word="approved")
    change(means, ChangeKind.AD_CHANGED, ad.id)
    assert told() == [(DeltaKind.AD, ad.id)]


def test_a_revoked_grant_makes_no_delta(means, reader, told, creator, post, ad):
    grant = Authorization.objects.get(post=post)
    grants.revoke(means, HOST, creator_id=creator.id, authorization_id=grant.id, when="now")
    assert told() == []
    assert reader.fold.ads() == {}


def test_an_ad_whose_grant_is_revoked_goes_on_by_another_one(means, reader, told, brand, creator, post, ad):
    first = Authorization.objects.get(post=post)
    a_code(means, post, brand, days=7)
    second = Authorization.objects.exclude(id=first.id).get(post=post)
    told()
    assert reader.fold.ads()[ad.id].grant.grant_id == second.id  # the newest
    grants.revoke(means, HOST, creator_id=creator.id, authorization_id=second.id, when="now")
    assert reader.catch_up() == []
    assert reader.fold.ads() == {}  # at once, whatever the worker does
    assert told() == [(DeltaKind.AD, ad.id)]
    assert reader.fold.ads()[ad.id].grant.grant_id == first.id


def test_an_ad_whose_grant_the_clock_ends_goes_on_by_another_one(means, clock, reader, told, brand, post, ad):
    first = Authorization.objects.get(post=post)
    a_code(means, post, brand, days=7)
    told()
    clock.advance(days=7)
    assert told() == [(DeltaKind.AD, ad.id)]
    assert reader.fold.ads()[ad.id].grant.grant_id == first.id
    clock.advance(days=23)
    assert told() == []
    assert reader.fold.ads()[ad.id].ends_at_ms == means.clock.world_ms()  # over, by its own fact


def test_an_account_opens_is_assigned_and_ends(means, reader, told, creator, post):
    center = a_business_center(means)
    brand = an_advertiser(means, center=center)
    request, _ = grants.request_access(
        means, HOST, business_center_id=center.id, permissions=["existing_posts", "new_posts"]
    )
    access = grants.accept_access(means, HOST, creator_id=creator.id, request_id=request.id)
    binding = Binding.objects.get(authorization_id=access.id, advertiser=brand)
    row = an_ad(
        means,
        a_group_of(means, brand),
        identity_type="BC_AUTH_TT",
        identity_id=binding.identity.identity_id,
        creator=creator,
        post=post,
    )
    told()
    change(means, ChangeKind.AD_CHANGED, row.id)
    assert told() == [(DeltaKind.AD, row.id)]
    whose = {"business_center_id": center.id, "advertiser_id": brand.id, "creator_id": creator.id}
    grants.unassign_account(means, HOST, **whose)
    assert told() == []
    assert reader.fold.ads() == {}
    grants.assign_account(means, HOST, **whose)
    assert told() == [(DeltaKind.AD, row.id)]
    assert reader.fold.ads()[row.id].grant.kind == "account"
    grants.end_access(means, HOST, business_center_id=center.id, authorization_id=access.id)
    assert told() == []
    assert reader.fold.ads() == {}
    request, _ = grants.request_access(means, HOST, business_center_id=center.id, permissions=["new_posts"])
    grants.accept_access(means, HOST, creator_id=creator.id, request_id=request.id)
    assert told() == [(DeltaKind.AD_GONE, row.id)]  # it opens other things than this
    Ad.objects.filter(id=row.id).update(kind="push")
    change(means, ChangeKind.AD_CHANGED, row.id)
    assert told() == [(DeltaKind.AD, row.id)]


def test_an_own_account_opens_all_its_posts(means, reader, told, brand, creator, post):
    grants.link_own_account(means, HOST, advertiser_id=brand.id, creator_id=creator.id)
    binding = Binding.objects.get(advertiser=brand)
    row = an_ad(
        means, a_group_of(means, brand), identity_type="TT_USER", identity_id=binding.identity.identity_id,
        creator=creator, post=post,
    )  # fmt: skip
    change(means, ChangeKind.AD_CHANGED, row.id)
    assert told() == [(DeltaKind.AD, row.id)]
    assert reader.fold.ads()[row.id].grant.kind == "own"


def test_a_minor_s_post_is_advertised_from_the_day_they_are_of_age(means, reader, told, brand):
    creator = a_creator(means, "young", birth_date="2010-02-28")
    row = a_spark_ad(means, a_group_of(means, brand), a_post(means, creator))
    change(means, ChangeKind.AD_CHANGED, row.id)
    told()
    assert reader.fold.ads()[row.id].opens_at_ms == 1_835_308_800_000  # 28 February 2028
    grown = a_spark_ad(means, a_group_of(means, brand), a_post(means, a_creator(means, "old", birth_date="1990-02-28")))
    change(means, ChangeKind.AD_CHANGED, grown.id)
    told()
    assert reader.fold.ads()[grown.id].post.adult_from_ms == 0


def test_stops_of_the_tree_and_of_people_make_no_delta(means, told, ad):
    for kind in sorted(STOPS - {ChangeKind.AD_STOPPED, ChangeKind.POST_STOPPED}):
        change(means, kind, ad.id)
    assert told() == []


def test_an_ad_that_runs_in_spite_of_a_stop_is_told(means, told, ad):
    """As one that waited for its creator's word when the terms stopped asking for it."""
    Ad.objects.filter(id=ad.id).update(creator_word="pending")
    change(means, ChangeKind.AD_STOPPED, ad.id)
    assert told() == [(DeltaKind.AD, ad.id)]
    Ad.objects.filter(id=ad.id).update(operation_status="DISABLE")
    change(means, ChangeKind.AD_STOPPED, ad.id)
    assert told() == []


def test_a_new_fee_is_told_of_every_ad_that_runs(means, told, reader, ad, brand):
    paused = a_spark_ad(means, a_group_of(means, brand), ad.post, operation_status="DISABLE")
    told()
    set_policy(means, HOST, changes={"fee_ppm": 120_000}, note="Prices of January.")
    assert told() == [(DeltaKind.AD, ad.id)]
    assert reader.fold.ads()[ad.id].group.fee_ppm == 120_000
    assert paused.id not in reader.fold.ads()
    set_policy(means, HOST, changes={"least_budget_micros": 60_000_000}, note="Nothing that an ad carries.")
    assert told() == []


def test_every_kind_of_change_is_told_here_or_heeded_elsewhere():
    from attise.management.snapshots import touched

    rendered = {*touched._OWNERS, *touched._GRANTS, *("post_changed", "post_stopped", "creator_changed", "fee_changed")}
    assert set(ChangeKind) - STOPS - {ChangeKind.ADS_SWITCHED} <= rendered


def test_what_was_over_for_two_days_is_gone_at_the_next_occasion(means, clock, told, ad):
    clock.advance(days=31)
    change(means, ChangeKind.AD_CHANGED, ad.id)
    assert told() == [(DeltaKind.AD, ad.id)]
    clock.advance(days=1)
    change(means, ChangeKind.AD_CHANGED, ad.id)
    assert told() == [(DeltaKind.AD_GONE, ad.id)]


def test_changes_of_one_object_are_told_once(means, told, ad, post):
    for _ in range(3):
        change(means, ChangeKind.AD_CHANGED, ad.id)
        change(means, ChangeKind.CAMPAIGN_CHANGED, ad.adgroup.campaign_id)
    assert told() == [(DeltaKind.AD, ad.id)]


def test_bodies_are_the_records_themselves(means, reader, ad, post):
    change(means, ChangeKind.POST_CHANGED, post.id)
    settle(means)
    of_post, of_ad = reader.catch_up()
    assert decode_post(of_post.body).post_id == post.id
    assert decode_ad(of_ad.body) == reader.fold.ads()[ad.id]
