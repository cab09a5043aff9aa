"""An advertiser makes ads: of a creator's post, of an upload pushed to an account, of an upload under a mere name."""

from dataclasses import replace

import pytest

from attise.management.authorizations import actions as grants
from attise.management.campaigns.actions import ad_drafts
from attise.management.campaigns.actions.switch_ads import switch_ads
from attise.management.campaigns.models import Ad, HistoryEntry
from attise.management.campaigns.rules.creative import Creative
from attise.management.library import actions as library
from attise.management.library.models import Video
from attise.management.outbox import queries as outbox
from attise.management.outbox.models import Change
from attise.management.pixels.actions import create_pixel
from attise.management.posts import actions as posts
from attise.management.posts import store
from attise.management.posts.models import Post
from attise.records.terms import Terms
from tests.builders import a_creator, a_post, an_advertiser
from tests.campaign_rows import HOST, a_campaign, a_group_of, an_adgroup
from tests.management.campaigns.town import PAGE, TOKEN, Town
from tests.refusals import refusals_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(means, tmp_path) -> Town:
    return Town(means, tmp_path)


def told(audience, audience_id):
    return [notice.kind for notice in outbox.list_notices(audience, audience_id).items]


def last_change():
    row = Change.objects.order_by("-version").first()
    return row.kind, row.object_id


# A creator's post -----------------------------------------------------------------------------------------------------


def test_a_spark_ad_shows_the_post_under_its_creator(town):
    ad = town.ad()
    assert (ad.kind, ad.post.id, ad.display_name, ad.creator_handle) == ("spark", town.post.id, "Lea.Peau", "lea.peau")
    assert (ad.ad_text, ad.ad_format, ad.video_id, ad.image_ids) == (town.post.caption, "SINGLE_VIDEO", None, ())
    assert (ad.review, ad.secondary_status, ad.blockers, ad.name) == (
        "approved",
        "AD_STATUS_DELIVERY_OK",
        (),
        str(ad.id),
    )
    assert last_change() == ("ad_changed", ad.id)
    assert told("creator", town.lea.id) == ["ad_started_on_post", "code_redeemed"]


def test_in_a_live_house_it_waits_for_a_person(town):
    ad = town.ad(house=town.live)
    assert (ad.review, ad.secondary_status) == ("pending", "AD_STATUS_AUDIT")
    assert [found.code for found in ad.blockers] == ["review_pending"]
    assert last_change() == ("ad_stopped", ad.id)
    assert told("operator", 0) == ["ad_to_review"]
    assert told("creator", town.lea.id) == ["code_redeemed"]


@pytest.mark.parametrize("category", ["finance", "credit", "charity"])
def test_a_person_always_looks_at_what_is_gated_for_review(town, category):
    town.brand.category = category
    town.brand.save()
    assert town.ad(house=town.sandbox).review == "pending"


def test_an_account_opens_its_posts_without_a_code(town):
    ad = town.ad(town.spark(**town.by_access("existing_posts"), post_id=town.post.id))
    assert (ad.identity_type, ad.secondary_status) == ("BC_AUTH_TT", "AD_STATUS_DELIVERY_OK")
    assert ad.business_center_id == town.brand.business_center_id


def test_the_caption_is_locked_as_soon_as_an_ad_shows_the_post_by_its_account(town):
    town.ad(town.spark(**town.by_access("existing_posts"), post_id=town.post.id))
    assert refusals_of(posts.edit_post, town.means, HOST, post_id=town.post.id, caption="Autre") == [
        ("caption", "caption_locked")
    ]
    grant = grants_of(town)
    grants.revoke(town.means, HOST, creator_id=town.lea.id, authorization_id=grant, when="now")
    assert posts.edit_post(town.means, HOST, post_id=town.post.id, caption="Autre").caption == "Autre"


def test_the_business_center_that_gives_an_account_back_frees_the_captions(town):
    town.ad(town.spark(**town.by_access("existing_posts"), post_id=town.post.id))
    grants.end_access(
        town.means, HOST, business_center_id=town.brand.business_center_id, authorization_id=grants_of(town)
    )
    assert posts.edit_post(town.means, HOST, post_id=town.post.id, caption="Autre").caption == "Autre"


def grants_of(town):
    from attise.management.authorizations import queries

    (grant,) = queries.list_authorizations(town.means, creator_id=town.lea.id, kind="account").items
    return grant.id


def test_a_private_post_of_ones_own_account_becomes_what_one_says(town):
    own = town.by_own()
    private = [a_post(town.means, town.lea, visibility="private") for _ in range(3)]
    assert refusals_of(town.make, town.spark(**own, post_id=private[0].id)) == [
        ("creatives[0].post_id", "not_public_video")
    ]
    town.make(town.spark(**own, post_id=private[1].id, private_becomes="public"))
    town.make(town.spark(**own, post_id=private[2].id, private_becomes="ads_only"))
    states = [Post.objects.values_list("visibility", "ads_only").get(id=one.id) for one in private]
    assert states == [("private", False), ("public", False), ("private", True)]


def test_only_the_owner_says_what_becomes_of_a_private_post(town):
    access = town.by_access("existing_posts")
    private = a_post(town.means, town.lea, visibility="private")
    creative = town.spark(**access, post_id=private.id, private_becomes="public")
    assert refusals_of(town.make, creative) == [("creatives[0].post_id", "not_public_video")]
    assert Post.objects.get(id=private.id).visibility == "private"


def test_a_refused_ad_leaves_a_private_post_as_it_was(town):
    own = town.by_own()
    private = a_post(town.means, town.lea, visibility="private")
    good = town.spark(**own, post_id=private.id, private_becomes="public")
    bad = town.spark(**own, post_id=town.means.ids.next())
    assert refusals_of(town.make, good, bad) == [("creatives[1].post_id", "not_found")]
    assert Post.objects.get(id=private.id).visibility == "private"
    assert not Ad.objects.exists()


def test_a_photo_post_is_a_carousel(town):
    photos = a_post(town.means, town.lea, format="carousel")
    assert town.ad(town.spark(**town.by_code(photos))).ad_format == "CAROUSEL_ADS"
    wrong = town.spark(**town.by_code(photos), ad_format="SINGLE_VIDEO")
    assert refusals_of(town.make, wrong) == [("creatives[0].ad_format", "ad_format_mismatch")]


def test_the_caption_may_be_sent_back_but_no_other_text(town):
    assert town.ad(town.spark(ad_text=town.post.caption)).ad_text == town.post.caption
    other = town.spark(**town.by_code(a_post(town.means, town.lea)), ad_text="Autre chose")
    assert refusals_of(town.make, other) == [("creatives[0].ad_text", "ad_text_is_caption")]


# An upload on an account ----------------------------------------------------------------------------------------------


def test_a_push_is_published_once_it_is_approved_in_ads_only(town):
    ad = town.ad(town.upload(**town.by_access()), house=town.live)
    assert (ad.kind, ad.post, ad.secondary_status) == ("push", None, "AD_STATUS_AUDIT")
    done = town.approve(ad)
    post = Post.objects.get(id=done.post.id)
    assert (post.creator_id, post.caption, post.ads_only, post.visibility) == (
        town.lea.id,
        "Un soin pour l’hiver.",
        True,
        "private",
    )
    assert (done.secondary_status, done.ad_text, done.video_id) == ("AD_STATUS_DELIVERY_OK", ad.ad_text, ad.video_id)


def test_a_push_that_is_not_kept_to_ads_is_public_and_says_that_it_is_an_advertisement(town):
    ad = town.ad(town.upload(**town.by_access(), dark_post=False))
    post = Post.objects.get(id=ad.post.id)
    assert (post.visibility, post.ads_only, post.partnership) == ("public", False, True)


def test_on_its_own_account_a_brand_needs_no_mention(town):
    ad = town.ad(town.upload(**town.by_own(), dark_post=False))
    assert not Post.objects.get(id=ad.post.id).partnership


def test_the_published_file_lives_on_without_the_upload(town):
    creative = town.upload(**town.by_access())
    ad = town.ad(creative)
    media = ad.post.media
    source = Ad.objects.get(id=ad.id).video.media
    assert media.key != source.key
    folder = store.folder_of(town.sandbox, media.key)
    assert {path.name for path in folder.iterdir()} == {"video.mp4", "cover.jpg"}
    posts.delete_post(town.means, HOST, house=town.sandbox, post_id=ad.post.id)
    assert store.folder_of(town.sandbox, source.key).exists()


def test_a_chosen_cover_takes_the_place_of_the_videos_own(town):
    image = town.image()
    ad = town.ad(town.upload(**town.by_access(), image_ids=(image,)))
    cover = store.folder_of(town.sandbox, ad.post.media.key) / "cover.jpg"
    assert cover.read_bytes().startswith(b"image ")


def test_a_suggested_picture_may_be_the_cover(town):
    video = town.video()
    folder = store.folder_of(town.live, Video.objects.get(video_id=video).media.key)
    (folder / store.frame_name(3, 1)).write_bytes(b"the second of three")
    for image_id, begins in ((f"{video}-3.2", b"the second of three"), (f"{video}-9.9", b"video ")):
        ad = town.ad(town.upload(**town.by_access(), video_id=video, image_ids=(image_id,)))
        assert (store.folder_of(town.live, ad.post.media.key) / "cover.jpg").read_bytes().startswith(begins)
    for image_id in (f"{video}-2.3", f"{video}-11.1", f"{video}-0.0", f"{video}-cover", f"{town.video()}-3.2"):
        wrong = town.upload(video_id=video, image_ids=(image_id,))
        assert refusals_of(town.make, wrong) == [("creatives[0].image_ids", "not_found")]


def test_ads_of_one_request_count_together_under_their_identity(town, monkeypatch):
    monkeypatch.setattr(ad_drafts, "ADS_PER_IDENTITY", 3)
    creative = town.spark()
    town.make(creative, creative)
    assert refusals_of(town.make, creative, creative) == [("creatives[1].identity_id", "too_many_ads_of_identity")]
    assert len(town.make(creative)) == 1


def test_a_push_needs_the_permission_to_publish(town):
    assert refusals_of(town.make, town.upload(**town.by_access("existing_posts"))) == [
        ("creatives[0].identity_id", "push_not_allowed")
    ]


def test_an_account_open_for_ads_only_posts_takes_no_public_one(town):
    access = town.by_access("new_posts_ads_only")
    assert refusals_of(town.make, town.upload(**access, dark_post=False)) == [
        ("creatives[0].dark_post", "push_public_not_allowed")
    ]
    assert town.ad(town.upload(**access)).dark_post


def test_an_advertiser_in_ads_only_mode_publishes_nothing_else(town):
    town.brand.ads_only_mode = True
    town.brand.save()
    ad = town.ad(town.upload(**town.by_access("new_posts_ads_only"), dark_post=False))
    assert ad.dark_post
    assert ad.post.ads_only


# An upload under a mere name ------------------------------------------------------------------------------------------


def test_a_standard_ad_shows_an_upload_under_a_name(town):
    ad = town.ad(town.upload())
    assert (ad.kind, ad.post, ad.creator_id, ad.display_name) == ("standard", None, None, "Aubrée")
    assert (ad.secondary_status, ad.authorization_id) == ("AD_STATUS_DELIVERY_OK", None)


def test_deleting_its_identity_stops_a_standard_ad(town):
    ad = town.ad(town.upload())
    library.delete_identity(town.means, TOKEN, advertiser_id=town.brand.id, identity_id=ad.identity_id)
    found = town.again(ad)
    assert [one.code for one in found.blockers] == ["ad_identity_gone"]
    assert found.secondary_status == "AD_STATUS_CREATOR_AUTHORIZATION_REVOKED"


# What is refused ------------------------------------------------------------------------------------------------------


def changed(creative: Creative, **fields) -> Creative:
    return replace(creative, **fields)


MISTAKES_OF_SPARK = [
    ({"post_id": None}, "post_id", "ad_post_required"),
    ({"video_id": "v1"}, "video_id", "ad_not_with_post"),
    ({"image_ids": ("i1",)}, "image_ids", "ad_not_with_post"),
    ({"ad_text": "Autre"}, "ad_text", "ad_text_is_caption"),
    ({"identity_id": ""}, "identity_id", "field_required"),
    ({"identity_id": "nobody"}, "identity_id", "not_found"),
    ({"identity_type": "TT_USER"}, "identity_id", "not_found"),
    ({"identity_type": "FRIEND"}, "identity_type", "choice_unknown"),
    ({"identity_type": ""}, "identity_type", "field_required"),
    ({"post_id": 1}, "post_id", "not_found"),
    ({"call_to_action": ""}, "call_to_action", "call_to_action_required"),
    ({"call_to_action": "BUY"}, "call_to_action", "call_to_action_unknown"),
    ({"landing_page_url": ""}, "landing_page_url", "landing_page_required"),
    ({"landing_page_url": "http://example.org/"}, "landing_page_url", "url_scheme"),
    ({"landing_page_url": "javascript:alert(1)"}, "landing_page_url", "url_scheme"),
    ({"landing_page_url": "data:text/html,x"}, "landing_page_url", "url_scheme"),
    ({"landing_page_url": "https://me:pw@example.org/"}, "landing_page_url", "url_form"),
    ({"landing_page_url": "https://example.org/a\r\nb"}, "landing_page_url", "url_form"),
    ({"landing_page_url": "https://example"}, "landing_page_url", "url_host"),
    ({"landing_page_url": "https://192.168.1.1/"}, "landing_page_url", "url_host"),
    ({"landing_page_url": "https://printer.localhost/"}, "landing_page_url", "url_host"),
    ({"deeplink": "https://[::ffff:10.0.0.1]/"}, "deeplink", "url_host"),
    ({"click_tracking_url": "https://169.254.169.254/latest"}, "click_tracking_url", "url_host"),
    ({"deeplink": "javascript:alert(1)"}, "deeplink", "url_scheme"),
    ({"deeplink_type": "OTHER"}, "deeplink_type", "choice_unknown"),
    ({"impression_tracking_url": "http://example.org/p"}, "impression_tracking_url", "url_scheme"),
    ({"click_tracking_url": "ftp://example.org/p"}, "click_tracking_url", "url_scheme"),
    ({"utm_params": (("utm_source", "a"), ("utm_source", "b"))}, "utm_params[1].key", "utm_form"),
    ({"utm_params": tuple((f"k{n}", "v") for n in range(21))}, "utm_params", "utm_form"),
    ({"utm_params": (("", "v"),)}, "utm_params[0].key", "field_required"),
    ({"name": "Été ☀️"}, "name", "name_emoji"),
    ({"name": "n" * 513}, "name", "text_too_long"),
    ({"operation_status": "DELETE"}, "operation_status", "choice_unknown"),
    ({"private_becomes": "friends"}, "private_becomes", "choice_unknown"),
    ({"ad_format": "LIVE_CONTENT"}, "ad_format", "ad_format_mismatch"),
]


@pytest.mark.parametrize(("change", "at", "code"), MISTAKES_OF_SPARK)
def test_each_mistake_in_a_spark_ad_names_its_field(town, change, at, code):
    creative = changed(town.spark(), **change)
    assert refusals_of(town.make, creative) == [(f"creatives[0].{at}", code)]
    assert not Ad.objects.exists()


MISTAKES_OF_UPLOAD = [
    ({"video_id": None}, "video_id", "ad_video_required"),
    ({"video_id": "v10033nobody"}, "video_id", "not_found"),
    ({"image_ids": ()}, "image_ids", "ad_cover_required"),
    ({"image_ids": ("i1", "i2")}, "image_ids", "ad_cover_required"),
    ({"image_ids": ("i10033nobody",)}, "image_ids", "not_found"),
    ({"ad_text": ""}, "ad_text", "field_required"),
    ({"ad_text": "a" * 101}, "ad_text", "text_too_long"),
    ({"ad_text": "Bravo 🎉"}, "ad_text", "ad_text_emoji"),
    ({"ad_text": "a\u202eb"}, "ad_text", "text_characters"),
    ({"post_id": 12}, "post_id", "identity_shows_no_posts"),
    ({"identity_id": "nobody"}, "identity_id", "not_found"),
    ({"ad_format": "SINGLE_IMAGE"}, "ad_format", "ad_format_mismatch"),
]


@pytest.mark.parametrize(("change", "at", "code"), MISTAKES_OF_UPLOAD)
def test_each_mistake_in_a_standard_ad_names_its_field(town, change, at, code):
    creative = changed(town.upload(), **change)
    assert refusals_of(town.make, creative) == [(f"creatives[0].{at}", code)]


def test_a_cover_has_the_shape_of_the_video(town):
    square = town.image(width=640, height=640)
    assert refusals_of(town.make, town.upload(image_ids=(square,))) == [("creatives[0].image_ids", "ad_cover_ratio")]
    nearly = town.image(width=720, height=1284)
    assert town.ad(town.upload(image_ids=(nearly,))).image_ids == (nearly,)


def test_everything_wrong_with_several_creatives_is_told_together(town):
    first = changed(town.spark(), call_to_action="", landing_page_url="", deeplink="file:///etc/passwd")
    second = changed(town.upload(), ad_text="", image_ids=())
    assert refusals_of(town.make, first, second) == [
        ("creatives[0].call_to_action", "call_to_action_required"),
        ("creatives[0].landing_page_url", "landing_page_required"),
        ("creatives[0].deeplink", "url_scheme"),
        ("creatives[1].image_ids", "ad_cover_required"),
        ("creatives[1].ad_text", "field_required"),
    ]


def test_a_goal_that_leads_to_a_profile_takes_no_page_and_needs_an_account(town, means):
    group = a_group_of(means, town.brand, optimization_goal="FOLLOWERS", billing_event="OCPM")
    spark = town.spark(call_to_action="", landing_page_url="")
    assert town.make(spark, group=group)[0].landing_page_url == ""
    with_page = changed(spark, landing_page_url=PAGE)
    assert refusals_of(town.make, with_page, group=group) == [
        ("creatives[0].landing_page_url", "landing_page_not_taken")
    ]
    standard = town.upload(call_to_action="", landing_page_url="")
    assert refusals_of(town.make, standard, group=group) == [("creatives[0].identity_type", "ad_account_required")]


@pytest.mark.parametrize("goal", ["REACH", "ENGAGED_VIEW"])
def test_a_goal_that_needs_no_click_takes_an_ad_without_button_and_page(town, means, goal):
    group = a_group_of(means, town.brand, optimization_goal=goal, promotion_type="")
    assert town.make(town.spark(call_to_action="", landing_page_url=""), group=group)


def test_an_ad_for_an_app_leads_to_the_app(town, means):
    group = a_group_of(means, town.brand, optimization_goal="INSTALL", promotion_type="APP_IOS")
    assert refusals_of(town.make, town.spark(call_to_action="", landing_page_url=""), group=group) == [
        ("creatives[0].call_to_action", "call_to_action_required")
    ]
    assert town.make(town.spark(call_to_action="INSTALL_NOW", landing_page_url=""), group=group)


@pytest.mark.parametrize("page", ["http://127.0.0.1:8000/boutique/", "http://localhost:9/"])
def test_a_page_on_this_machine_is_taken_in_a_sandbox_alone(town, page):
    creative = town.spark(landing_page_url=page)
    assert town.ad(creative).landing_page_url == page
    assert refusals_of(town.make, creative, house=town.live) == [("creatives[0].landing_page_url", "url_scheme")]


def test_an_ad_group_holds_twenty_ads_that_are_not_deleted(town):
    creative = town.spark()
    made = town.make(*[creative] * 20)
    assert refusals_of(town.make, creative) == [("creatives", "too_many_ads")]
    switch_ads(town.means, TOKEN, advertiser_id=town.brand.id, ad_ids=[made[0].id], to="DELETE")
    assert town.make(creative)
    assert refusals_of(town.make, *[creative] * 21) == [("creatives", "too_many_at_once")]
    assert refusals_of(town.make) == [("creatives", "too_many_at_once")]


def test_what_is_anothers_does_not_exist(town, means):
    rival = Town(means, town.folder)
    rival.__dict__["brand"] = an_advertiser(means, "Rivale")
    rival.__dict__["lea"] = a_creator(means, "noe.teste")
    code, name, video = rival.by_code(), rival.by_name(), rival.video()
    assert refusals_of(town.make, town.spark(**code)) == [("creatives[0].identity_id", "not_found")]
    mine = town.by_code()
    assert refusals_of(town.make, town.spark(**{**mine, "post_id": rival.post.id})) == [
        ("creatives[0].post_id", "not_found")
    ]
    assert refusals_of(town.make, town.upload(**name)) == [("creatives[0].identity_id", "not_found")]
    assert refusals_of(town.make, town.upload(video_id=video)) == [("creatives[0].video_id", "not_found")]
    assert refusals_of(town.make, town.spark(**mine), group=rival.group) == [("adgroup_id", "not_found")]


def test_a_post_of_the_creator_that_was_never_authorized_does_not_exist(town):
    other = a_post(town.means, town.lea)
    assert refusals_of(town.make, town.spark(**{**town.by_code(), "post_id": other.id})) == [
        ("creatives[0].post_id", "not_found")
    ]


def test_a_pixel_and_an_app_are_the_advertisers_own_and_the_pixel_the_groups(town, means):
    own, other = (create_pixel(means, TOKEN, advertiser_id=town.brand.id, name=name) for name in ("Un", "Deux"))
    rival = an_advertiser(means, "Rivale")
    theirs = create_pixel(means, TOKEN, advertiser_id=rival.id, name="Leur")
    group = a_group_of(means, town.brand, pixel_id=own.id)
    assert town.make(town.spark(tracking_pixel_id=own.id), group=group)
    assert town.make(town.spark(tracking_pixel_id=other.id))
    for change, at, code in (
        ({"tracking_pixel_id": other.id}, "tracking_pixel_id", "tracking_pixel_not_groups"),
        ({"tracking_pixel_id": theirs.id}, "tracking_pixel_id", "not_found"),
        ({"tracking_pixel_id": 12}, "tracking_pixel_id", "not_found"),
        ({"tracking_app_id": 12}, "tracking_app_id", "not_found"),
    ):
        assert refusals_of(town.make, town.spark(**change), group=group) == [(f"creatives[0].{at}", code)]


def test_an_ad_group_that_lost_its_pixel_stops_its_ads(town, means):
    (ad,) = town.make(town.spark(), group=a_group_of(means, town.brand, pixel_id=12))
    assert [found.code for found in ad.blockers] == ["pixel_missing"]
    assert ad.secondary_status == "AD_STAUS_PIXEL_UNBIND"


def test_history_keeps_what_was_made_and_by_whom(town):
    ad = town.ad(town.spark(name="Été"))
    entry = HistoryEntry.objects.get(level="ad", object_id=ad.id)
    assert (entry.verb, entry.actor, entry.before) == ("created", "token:1", {})
    assert (entry.after["name"], entry.after["post_id"], entry.after["review"]) == (
        "Été",
        str(town.post.id),
        "approved",
    )


def test_terms_that_ask_for_the_creators_word_make_the_ad_wait_for_it(town):
    ad = town.ad(town.spark(**town.by_code(terms=Terms(approve_each_ad=True))))
    assert (ad.creator_word, ad.secondary_status) == ("pending", "AD_STATUS_AUDIT")
    assert told("creator", town.lea.id)[0] == "ad_asks_your_word"
    assert last_change() == ("ad_stopped", ad.id)


def test_an_ad_in_a_deleted_group_is_refused(town, means):
    now = means.clock.world_ms()
    gone = a_group_of(means, town.brand, deleted_at_ms=now)
    assert refusals_of(town.make, town.spark(), group=gone) == [("adgroup_id", "adgroup_deleted")]
    orphan = an_adgroup(means, a_campaign(means, town.brand, deleted_at_ms=now))
    assert refusals_of(town.make, town.spark(), group=orphan) == [("adgroup_id", "campaign_deleted")]
