"""Ads change, are switched, launched, reviewed; their creators have a word."""

from dataclasses import replace

import pytest

from attise.management.authorizations import actions as grants
from attise.management.authorizations.models import Authorization
from attise.management.campaigns.actions.launch_ad import launch_ad
from attise.management.campaigns.actions.say_word import say_word
from attise.management.campaigns.actions.set_review import appeal, set_review
from attise.management.campaigns.actions.switch_ads import switch_ads
from attise.management.campaigns.actions.update_ads import AdEdit, update_ads
from attise.management.campaigns.models import Ad, AdGroup, Campaign, HistoryEntry
from attise.management.outbox import queries as outbox
from attise.management.outbox.models import Change
from attise.management.posts.models import Post
from attise.records.terms import Terms
from tests.builders import a_creator, a_post, an_advertiser
from tests.campaign_rows import HOST, a_group_of
from tests.management.campaigns.town import PAGE, TOKEN, Town
from tests.refusals import refusals_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(means, tmp_path) -> Town:
    return Town(means, tmp_path)


def patch(town, ad, *, house=None, expected_revision=None, **fields):
    edit = AdEdit(ad.id, fields=fields, expected_revision=expected_revision)
    return update(town, edit, house=house)[0]


def update(town, *edits, house=None, group=None):
    return update_ads(
        town.means,
        TOKEN,
        house=house or town.live,
        advertiser_id=town.brand.id,
        adgroup_id=(group or town.group).id,
        edits=edits,
    )


def switch(town, to, *ads):
    return switch_ads(town.means, TOKEN, advertiser_id=town.brand.id, ad_ids=[ad.id for ad in ads], to=to)


def verbs(ad):
    return list(HistoryEntry.objects.filter(object_id=ad.id).order_by("id").values_list("verb", flat=True))


def told(audience, audience_id):
    return [notice.kind for notice in outbox.list_notices(audience, audience_id).items]


def changes(ad):
    return list(Change.objects.filter(object_id=ad.id).order_by("version").values_list("kind", flat=True))


# Changes --------------------------------------------------------------------------------------------------------------


def test_a_new_name_asks_for_no_review(town):
    ad = town.ad()
    done = patch(town, ad, name="Été", utm_params=(("utm_source", "attise"),), music_disabled=False)
    assert (done.name, done.review, done.creative_version, done.revision) == ("Été", "approved", 1, 2)
    assert done.utm_params == ({"key": "utm_source", "value": "attise"},)
    entry = HistoryEntry.objects.get(object_id=ad.id, verb="updated")
    assert entry.before == {"name": str(ad.id), "utm_params": [], "music_disabled": True}
    assert entry.after["name"] == "Été"


@pytest.mark.parametrize(
    "fields",
    [
        {"landing_page_url": "https://www.example.org/autre"},
        {"call_to_action": "SHOP_NOW"},
        {"deeplink": "myapp://home"},
        {"impression_tracking_url": "https://count.example.net/i"},
        {"click_tracking_url": "https://count.example.net/c"},
        {"utm_params": (("utm_source", "attise"), ("to", "https://elsewhere.example.net"))},
    ],
)
def test_what_a_review_looks_at_is_reviewed_again(town, fields):
    ad = town.ad()
    done = patch(town, ad, **fields)
    assert (done.review, done.is_reaudit, done.creative_version) == ("pending", True, 2)
    assert done.secondary_status == "AD_STATUS_REAUDIT"
    assert changes(ad) == ["ad_changed", "ad_stopped"]
    assert told("operator", 0) == ["ad_to_review"]
    assert told("creator", town.lea.id)[0] == "ad_stopped_on_post"


def test_in_a_sandbox_it_is_approved_at_once(town):
    ad = town.ad()
    done = patch(town, ad, house=town.sandbox, call_to_action="SHOP_NOW")
    assert (done.review, done.creative_version, done.secondary_status) == ("approved", 2, "AD_STATUS_DELIVERY_OK")


def test_a_change_of_nothing_is_nothing(town):
    ad = town.ad()
    done = patch(town, ad, call_to_action=ad.call_to_action)
    assert (done.revision, done.modified_at_ms) == (1, ad.modified_at_ms)
    assert verbs(ad) == ["created"]
    assert len(changes(ad)) == 1


def test_without_a_patch_the_whole_creative_is_replaced(town):
    creative = town.spark(name="Été", deeplink="myapp://home", utm_params=(("a", "b"),), dark_post=False)
    (ad,) = town.make(creative)
    (done,) = update(town, AdEdit(ad.id, whole=replace(creative, name="", deeplink="", utm_params=())))
    assert (done.name, done.deeplink, done.utm_params, done.operation_status) == (str(ad.id), "", (), "ENABLE")


def test_an_update_leaves_the_switch_as_it_is(town):
    ad = town.ad(town.spark(operation_status="DISABLE"))
    (done,) = update(town, AdEdit(ad.id, whole=replace(town.spark(), name="Été")))
    assert done.operation_status == "DISABLE"


def test_an_ad_may_move_to_another_post_and_keeps_its_kind(town):
    ad = town.ad()
    other = town.by_code(a_post(town.means, town.lea, caption="Une autre"))
    assert patch(town, ad, **other).post.caption == "Une autre"
    name = town.by_name()
    changed = {**name, "post_id": None, "video_id": town.video(), "ad_text": "Texte", "image_ids": ("x",)}
    assert refusals_of(patch, town, ad, **changed) == [("creatives[0].identity_type", "ad_kind_fixed")]


def test_a_published_push_keeps_what_it_published(town):
    ad = town.ad(town.upload(**town.by_access()))
    for fields in ({"ad_text": "Autre"}, {"dark_post": False}):
        (name,) = fields
        assert refusals_of(patch, town, ad, **fields) == [(f"creatives[0].{name}", "ad_push_published")]
    assert patch(town, ad, house=town.sandbox, call_to_action="LEARN_MORE").post.id == ad.post.id


def test_a_published_push_changes_though_its_account_shows_all_in_ads_since(town):
    ad = town.ad(town.upload(**town.by_access(), dark_post=False))
    town.brand.ads_only_mode = True
    town.brand.save()
    done = patch(town, ad, name="Été")
    assert (done.name, done.dark_post) == ("Été", False)


def test_a_push_that_waits_may_still_change(town):
    ad = town.ad(town.upload(**town.by_access()), house=town.live)
    done = patch(town, ad, ad_text="Autre texte")
    assert (done.ad_text, done.creative_version) == ("Autre texte", 2)
    assert town.approve(done).post.caption == "Autre texte"


def test_readers_may_send_back_the_post_that_a_push_became(town):
    creative = town.upload(**town.by_access())
    (ad,) = town.make(creative)
    whole = replace(creative, post_id=ad.post.id, video_id=None, name="Été")
    assert refusals_of(update, town, AdEdit(ad.id, whole=whole)) == [("creatives[0].identity_type", "ad_kind_fixed")]
    assert patch(town, ad, post_id=ad.post.id, name="Été").name == "Été"


def test_a_change_names_what_is_wrong_with_each(town):
    first, second = town.make(town.spark(), town.spark())
    edits = [
        AdEdit(first.id, fields={"call_to_action": "BUY"}),
        AdEdit(second.id, fields={"landing_page_url": "", "colour": 1}),
        AdEdit(first.id, fields={}),
        AdEdit(town.means.ids.next(), fields={}),
    ]
    assert refusals_of(update, town, *edits) == [
        ("creatives[2].ad_id", "ad_twice"),
        ("creatives[3].ad_id", "not_found"),
    ]
    assert refusals_of(update, town, *edits[:2]) == [("creatives[1].colour", "field_unknown")]
    edits[1] = AdEdit(second.id, fields={"landing_page_url": ""})
    assert refusals_of(update, town, *edits[:2]) == [
        ("creatives[0].call_to_action", "call_to_action_unknown"),
        ("creatives[1].landing_page_url", "landing_page_required"),
    ]
    assert Ad.objects.filter(revision=1).count() == 2


def test_two_people_who_edit_one_ad_hear_of_each_other(town):
    ad = town.ad()
    patch(town, ad, name="Un", expected_revision=1)
    assert refusals_of(patch, town, ad, name="Deux", expected_revision=1) == [
        ("creatives[0].revision", "edited_meanwhile")
    ]


@pytest.mark.parametrize("name", ["name", "call_to_action"])
def test_an_ad_whose_grant_is_over_is_not_changed(town, clock, name):
    ad = town.ad()
    clock.advance(days=30)
    assert refusals_of(patch, town, ad, **{name: "SHOP_NOW"}) == [("creatives[0].post_id", "auth_code_expired")]


def test_an_ad_of_another_group_or_advertiser_is_not_there(town, means):
    ad = town.ad()
    other = a_group_of(means, town.brand)
    assert refusals_of(update, town, AdEdit(ad.id, fields={}), group=other) == [("creatives[0].ad_id", "not_found")]
    rival = an_advertiser(means, "Rivale")
    call = {"house": town.live, "advertiser_id": rival.id, "adgroup_id": town.group.id}
    assert refusals_of(update_ads, means, TOKEN, edits=[AdEdit(ad.id, fields={})], **call) == [
        ("adgroup_id", "not_found")
    ]


# Switches -------------------------------------------------------------------------------------------------------------


def test_an_ad_is_switched_off_and_on_and_deleted_for_good(town):
    ad = town.ad()
    assert switch(town, "DISABLE", ad)[0].secondary_status == "AD_STATUS_DISABLE"
    assert switch(town, "DISABLE", ad)[0].revision == 2
    assert switch(town, "ENABLE", ad)[0].secondary_status == "AD_STATUS_DELIVERY_OK"
    assert switch(town, "DELETE", ad) == []
    assert (town.again(ad).secondary_status, town.again(ad).is_deleted) == ("AD_STATUS_DELETE", True)
    assert refusals_of(switch, town, "ENABLE", ad) == [("ad_ids[0]", "ad_gone")]
    assert refusals_of(patch, town, ad, name="Été") == [("creatives[0].ad_id", "ad_gone")]
    assert refusals_of(launch, town, ad) == [("ad_ids[0]", "ad_gone")]
    assert switch(town, "DELETE", ad) == []
    assert verbs(ad) == ["created", "switched_off", "switched_on", "deleted"]
    assert changes(ad) == ["ad_changed", "ad_stopped", "ad_changed", "ad_stopped"]
    assert told("creator", town.lea.id)[:4] == [
        "ad_stopped_on_post",
        "ad_started_on_post",
        "ad_stopped_on_post",
        "ad_started_on_post",
    ]


def test_switching_several_is_all_or_nothing(town, means):
    first, second = town.make(town.spark(), town.spark())
    assert refusals_of(
        switch_ads, means, TOKEN, advertiser_id=town.brand.id, ad_ids=[first.id, 12, second.id], to="DISABLE"
    ) == [("ad_ids[1]", "not_found")]
    assert {town.again(ad).operation_status for ad in (first, second)} == {"ENABLE"}


def test_an_ad_is_not_switched_on_against_its_grant(town):
    good, bad = town.make(
        town.spark(), town.spark(**town.by_code(a_post(town.means, town.lea)), operation_status="DISABLE")
    )
    Post.objects.filter(id=bad.post.id).update(visibility="private")
    assert refusals_of(switch, town, "ENABLE", good, bad) == [("ad_ids[1]", "not_public_video")]
    assert switch(town, "DISABLE", good, bad)


def test_what_only_waits_does_not_stop_a_switch(town):
    ad = town.ad(town.spark(operation_status="DISABLE"), house=town.live)
    assert switch(town, "ENABLE", ad)[0].secondary_status == "AD_STATUS_AUDIT"


@pytest.mark.parametrize(
    ("to", "count", "problem"),
    [
        ("FREEZE", 1, ("operation_status", "choice_unknown")),
        ("ENABLE", 0, ("ad_ids", "too_many_at_once")),
        ("ENABLE", 21, ("ad_ids", "too_many_at_once")),
    ],
)
def test_a_switch_is_one_of_three_for_one_to_twenty(town, means, to, count, problem):
    ids = [means.ids.next() for _ in range(count)]
    assert refusals_of(switch_ads, means, TOKEN, advertiser_id=town.brand.id, ad_ids=ids, to=to) == [problem]


# The launch -----------------------------------------------------------------------------------------------------------


def launch(town, ad, **fields):
    return launch_ad(town.means, TOKEN, advertiser_id=town.brand.id, ad_id=ad.id, **fields)


def test_a_launch_tells_everything_at_once_and_switches_nothing(town):
    ad = town.ad(town.spark(operation_status="DISABLE"), house=town.live)
    Post.objects.filter(id=town.post.id).update(visibility="private")
    AdGroup.objects.filter(id=town.group.id).update(ends_at_ms=town.means.clock.world_ms())
    done = launch(town, ad)
    assert not done.is_launched
    assert [found.code for found in done.ad.blockers] == [
        "not_public_video",
        "review_pending",
        "schedule_over",
        "ad_off",
    ]
    assert town.again(ad).operation_status == "DISABLE"


def test_a_launched_ad_may_still_wait(town):
    ad = town.ad(town.spark(operation_status="DISABLE"), house=town.live)
    AdGroup.objects.filter(id=town.group.id).update(operation_status="DISABLE")
    done = launch(town, ad)
    assert done.is_launched
    assert [found.code for found in done.ad.blockers] == ["review_pending", "adgroup_off"]
    assert done.ad.operation_status == "ENABLE"
    assert launch(town, ad).ad.revision == done.ad.revision == 2


def test_a_launch_warns_of_a_grant_that_ends_first(town):
    ad = town.ad(town.spark(operation_status="DISABLE"))
    assert [found.code for found in launch(town, ad).ad.warnings] == ["authorization_ending"]


def test_a_refused_ad_is_not_launched(town):
    ad = town.refuse(town.ad(town.spark(operation_status="DISABLE")))
    done = launch(town, ad)
    assert (done.is_launched, [found.code for found in done.ad.blockers]) == (False, ["review_rejected", "ad_off"])


# The review -----------------------------------------------------------------------------------------------------------


def decide(town, ad, verdict, *, version=1, **fields):
    return set_review(
        town.means, HOST, house=town.live, ad_id=ad.id, creative_version=version, verdict=verdict, **fields
    )


def test_an_approved_ad_runs_and_its_people_hear_of_it(town):
    ad = town.ad(house=town.live)
    done = decide(town, ad, "approved")
    assert (done.review, done.secondary_status) == ("approved", "AD_STATUS_DELIVERY_OK")
    assert told("advertiser", town.brand.id) == ["ad_approved"]
    assert told("creator", town.lea.id)[0] == "ad_started_on_post"
    assert verbs(ad) == ["created", "review_approved"]


def test_a_refusal_says_by_which_rule(town):
    ad = town.ad(house=town.live)
    done = decide(town, ad, "rejected", rule="landing_page", note="La page répond 404.")
    assert (done.secondary_status, done.review_rule, done.review_note) == (
        "AD_STATUS_AUDIT_DENY",
        "landing_page",
        "La page répond 404.",
    )
    assert done.blockers[0].params["rule"].startswith("The landing page")
    assert refusals_of(decide, town, town.ad(house=town.live), "rejected", rule="") == [("rule", "choice_unknown")]


def test_what_was_approved_may_be_refused_later_and_not_the_other_way(town):
    ad = decide(town, town.ad(house=town.live), "approved")
    assert refusals_of(decide, town, ad, "approved") == [("ad_id", "ad_not_in_review")]
    assert refusals_of(decide, town, ad, "rejected", rule="imitation") == [("ad_id", "ad_not_in_review")]
    refused = decide(town, ad, "rejected", rule="imitation", was="approved")
    assert changes(ad)[-1] == "ad_stopped"
    for was in ("pending", "approved"):
        assert refusals_of(decide, town, refused, "approved", was=was) == [("ad_id", "ad_not_in_review")]


def test_a_later_refusal_may_be_appealed_too(town):
    def contest():
        return appeal(town.means, TOKEN, advertiser_id=town.brand.id, ad_id=ad.id, note="Regardez mieux.")

    ad = decide(town, town.ad(house=town.live), "rejected", rule="imitation")
    contest()
    decide(town, ad, "approved")
    refused = decide(town, ad, "rejected", rule="imitation", was="approved")
    assert (refused.appealed, refused.appeal_note) == (False, "")
    assert contest().review == "pending"


def test_a_decision_is_about_the_creative_that_was_seen(town):
    ad = town.ad(house=town.live)
    patch(town, ad, call_to_action="SHOP_NOW")
    assert refusals_of(decide, town, ad, "approved") == [("creative_version", "ad_changed_since_seen")]
    assert decide(town, ad, "approved", version=2).review == "approved"


def test_a_refusal_is_appealed_once(town):
    def contest(note=""):
        return appeal(town.means, TOKEN, advertiser_id=town.brand.id, ad_id=ad.id, note=note)

    ad = town.ad(house=town.live)
    assert refusals_of(contest) == [("ad_id", "ad_not_refused")]
    decide(town, ad, "rejected", rule="landing_page")
    waiting = contest("La page marche.")
    assert (waiting.review, waiting.appealed, waiting.appeal_note) == ("pending", True, "La page marche.")
    assert told("operator", 0) == ["ad_to_review", "ad_to_review"]
    decide(town, ad, "rejected", rule="landing_page")
    assert refusals_of(contest) == [("ad_id", "ad_appealed_already")]
    changed = patch(town, ad, landing_page_url="https://www.example.org/autre")
    assert (changed.review, changed.appealed, changed.is_reaudit) == ("pending", False, False)
    decide(town, ad, "rejected", rule="landing_page", version=2)
    assert contest().review == "pending"


def test_an_appeal_waits_for_a_person_in_a_sandbox_too(town):
    ad = town.refuse(town.ad())
    assert appeal(town.means, TOKEN, advertiser_id=town.brand.id, ad_id=ad.id).review == "pending"


def test_nothing_is_approved_without_label_data(town):
    ad = town.ad(house=town.live)
    town.brand.payer_name = ""
    town.brand.save()
    assert refusals_of(decide, town, ad, "approved") == [("advertiser_id", "label_data_missing")]
    assert refusals_of(town.make, town.spark()) == [("advertiser_id", "label_data_missing")]


def test_a_deleted_ad_is_not_reviewed(town):
    ad = town.ad(house=town.live)
    switch(town, "DELETE", ad)
    assert refusals_of(decide, town, ad, "approved") == [("ad_id", "not_found")]
    assert refusals_of(appeal, town.means, TOKEN, advertiser_id=town.brand.id, ad_id=ad.id) == [("ad_id", "not_found")]


def test_an_ad_of_a_deleted_campaign_is_not_reviewed_and_publishes_nothing(town):
    ad = town.ad(town.upload(**town.by_access()), house=town.live)
    Campaign.objects.filter(id=ad.campaign_id).update(deleted_at_ms=town.means.clock.world_ms())
    assert refusals_of(town.approve, ad) == [("ad_id", "not_found")]
    assert not Post.objects.exists()


def test_a_push_is_not_published_on_an_account_that_was_taken_back_while_it_waited(town):
    ad = town.ad(town.upload(**town.by_access()), house=town.live)
    grant = Authorization.objects.get()
    grants.revoke(town.means, HOST, creator_id=town.lea.id, authorization_id=grant.id, when="now")
    assert refusals_of(town.approve, ad) == [("identity_id", "account_access_ended")]
    assert (town.again(ad).review, Post.objects.count()) == ("pending", 0)
    town.by_access()
    assert town.approve(ad).post.creator_id == town.lea.id


def test_a_push_is_not_shown_to_everyone_on_an_account_that_takes_ads_only_since(town):
    ad = town.ad(town.upload(**town.by_access(), dark_post=False), house=town.live)
    grant = Authorization.objects.get()
    grants.revoke(town.means, HOST, creator_id=town.lea.id, authorization_id=grant.id, when="now")
    town.by_access("new_posts_ads_only")
    assert refusals_of(town.approve, ad) == [("dark_post", "push_public_not_allowed")]
    assert not Post.objects.exists()


# The creator's word ---------------------------------------------------------------------------------------------------


def say(town, ad, verdict, *, creator=None, version=None):
    return say_word(
        town.means,
        HOST,
        creator_id=(creator or town.lea).id,
        ad_id=ad.id,
        verdict=verdict,
        creative_version=version,
    )


@pytest.fixture
def asked(town):
    return town.ad(town.spark(**town.by_code(terms=Terms(approve_each_ad=True))))


def test_a_creator_lets_an_ad_run_and_may_take_it_back(town, asked):
    assert say(town, asked, "approved").secondary_status == "AD_STATUS_DELIVERY_OK"
    assert say(town, asked, "approved").revision == 2
    refused = say(town, asked, "refused")
    assert (refused.secondary_status, [found.code for found in refused.blockers]) == (
        "AD_STATUS_CREATOR_AUTHORIZATION_REVOKED",
        ["creator_word_refused"],
    )
    assert refusals_of(switch, town, "ENABLE", refused) == [("ad_ids[0]", "creator_word_refused")]
    assert told("advertiser", town.brand.id)[:2] == ["ad_refused_by_creator", "ad_approved_by_creator"]
    assert changes(asked) == ["ad_stopped", "ad_changed", "ad_stopped"]
    assert verbs(asked) == ["created", "creator_approved", "creator_refused"]


def test_a_changed_creative_asks_the_creator_again(town, asked):
    say(town, asked, "refused")
    changed = patch(town, asked, house=town.sandbox, call_to_action="SHOP_NOW")
    assert changed.creator_word == "pending"
    assert refusals_of(say, town, asked, "approved", version=1) == [("creative_version", "ad_changed_since_seen")]
    assert say(town, asked, "approved", version=2).secondary_status == "AD_STATUS_DELIVERY_OK"


def test_a_word_is_only_said_where_it_is_asked_and_by_whom(town, asked):
    free = town.ad(town.spark(**town.by_code(a_post(town.means, town.lea))))
    assert refusals_of(say, town, free, "approved") == [("ad_id", "creator_word_not_asked")]
    stranger = a_creator(town.means, "noe.teste")
    assert refusals_of(say, town, asked, "approved", creator=stranger) == [("ad_id", "not_found")]
    assert refusals_of(say, town, asked, "perhaps") == [("verdict", "choice_unknown")]


def test_terms_that_ask_later_hold_ads_that_were_never_asked(town):
    ad = town.ad(town.spark(landing_page_url=PAGE))
    grants.change_terms(
        town.means,
        HOST,
        creator_id=town.lea.id,
        authorization_id=ad.authorization_id,
        terms=Terms(approve_each_ad=True),
    )
    waiting = town.again(ad)
    assert (waiting.secondary_status, [found.code for found in waiting.blockers]) == (
        "AD_STATUS_AUDIT",
        ["creator_word_pending"],
    )
    assert say(town, ad, "approved").secondary_status == "AD_STATUS_DELIVERY_OK"
