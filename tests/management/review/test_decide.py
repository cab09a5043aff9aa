"""Reviewers decide on what waits, the longest waiting first; why is kept as it was given, for good."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext

from attise.management.accounts.models import Advertiser
from attise.management.campaigns.actions import appeal, update_ads
from attise.management.campaigns.actions.update_ads import AdEdit
from attise.management.campaigns.rules.review import RULES
from attise.management.outbox.models import Notice
from attise.management.posts.actions import moderate_post
from attise.management.posts.queries import find_post
from attise.management.review import queries
from attise.management.review.actions import decide, withdraw
from attise.management.review.models import Decision
from attise.management.review.rules import clean_grounds
from tests.management.campaigns.town import TOKEN, Town
from tests.refusals import refusals_of

pytestmark = pytest.mark.django_db
REVIEWER = TOKEN.__class__("person", 7, "192.0.2.0/24")


@pytest.fixture
def town(means, tmp_path) -> Town:
    return Town(means, tmp_path)


@pytest.fixture
def ad(town):
    return town.ad(house=town.live)


def judge(town, ad, verdict="approved", *, version=1, **grounds):
    return decide(
        town.means, REVIEWER, house=town.live, ad_id=ad.id, creative_version=version, verdict=verdict, **grounds
    )


def contest(town, ad, note=""):
    return appeal(town.means, TOKEN, advertiser_id=town.brand.id, ad_id=ad.id, note=note)


def decisions(ad):
    return queries.page_decisions(ad_id=ad.id).items


# Deciding -------------------------------------------------------------------------------------------------------------


def test_an_approval_lets_the_ad_run_and_is_kept_with_what_was_seen(town, ad, clock):
    clock.advance(seconds=90)
    done = judge(town, ad)
    assert town.again(ad).secondary_status == "AD_STATUS_DELIVERY_OK"
    (kept,) = decisions(ad)
    assert kept == done
    assert (kept.was, kept.verdict, kept.rule, kept.sentence, kept.on_appeal) == ("pending", "approved", "", "", False)
    assert (kept.reviewer, kept.at_ms - kept.asked_at_ms) == ("person:7", 90_000)
    assert Decision.objects.get().origin == "192.0.2.0/24"
    assert kept.seen["post_id"] == str(ad.post.id)
    assert kept.seen["landing_page_url"] == ad.landing_page_url
    assert (kept.seen["advertiser"], kept.seen["payer"]) == (town.brand.company, town.brand.payer_name)


def test_a_refusal_states_its_rule_as_it_read_then(town, ad):
    done = judge(town, ad, "rejected", rule="landing_page", note="  La page répond 404.  ")
    assert (done.rule, done.sentence, done.note) == ("landing_page", RULES["landing_page"], "La page répond 404.")
    assert town.again(ad).review_note == "La page répond 404."


def test_what_was_seen_stays_as_it_was(town, ad):
    judge(town, ad)
    edit = AdEdit(ad.id, fields={"landing_page_url": "https://www.example.org/autre"})
    call = {"house": town.live, "advertiser_id": town.brand.id, "adgroup_id": ad.adgroup_id}
    update_ads(town.means, TOKEN, edits=[edit], **call)
    Advertiser.objects.filter(id=town.brand.id).update(payer_name="Autre")
    judge(town, ad, version=2)
    second, first = decisions(ad)
    assert [one.seen["landing_page_url"] for one in (first, second)] == [
        ad.landing_page_url,
        "https://www.example.org/autre",
    ]
    assert (first.seen["payer"], second.seen["payer"]) == (town.brand.payer_name, "Autre")
    assert (first.creative_version, second.creative_version) == (1, 2)


@pytest.mark.parametrize(
    ("verdict", "rule", "note", "expected"),
    [
        ("maybe", "", "", [("verdict", "choice_unknown")]),
        ("rejected", "", "", [("rule", "field_required")]),
        ("rejected", "ugly", "", [("rule", "choice_unknown")]),
        ("rejected", "other", "  ", [("note", "review_note_required")]),
        ("approved", "minors", "", [("rule", "review_rule_not_taken")]),
        ("rejected", "", "x" * 501, [("note", "text_too_long"), ("rule", "field_required")]),
        ("rejected", "minors", "a\u202eb", [("note", "text_characters")]),
    ],
)
def test_grounds_that_are_not_complete_are_refused_together(town, ad, verdict, rule, note, expected):
    assert refusals_of(clean_grounds, verdict, rule, note) == expected
    assert refusals_of(judge, town, ad, verdict, rule=rule, note=note) == expected
    assert (town.again(ad).review, Decision.objects.count()) == ("pending", 0)


def test_a_note_is_enough_for_the_other_rule(town, ad):
    assert judge(town, ad, "rejected", rule="other", note="Deux logos.").sentence == RULES["other"]


def test_what_the_ad_refuses_leaves_no_decision(town, ad):
    assert refusals_of(judge, town, ad, version=2) == [("creative_version", "ad_changed_since_seen")]
    Advertiser.objects.filter(id=town.brand.id).update(payer_name="")
    assert refusals_of(judge, town, ad) == [("advertiser_id", "label_data_missing")]
    assert refusals_of(decide, town.means, REVIEWER, house=town.live, ad_id=12, creative_version=1, verdict="approved")
    assert not Decision.objects.exists()


# Appeal and withdrawal ------------------------------------------------------------------------------------------------


def test_an_appeal_is_decided_knowing_what_was_said(town, ad):
    judge(town, ad, "rejected", rule="imitation")
    contest(town, ad, "C’est notre marque.")
    (waiting,) = queries.page_queue(town.means).items
    assert (waiting.ad.appeal_note, waiting.before.rule) == ("C’est notre marque.", "imitation")
    done = judge(town, ad)
    assert (done.on_appeal, done.appeal_note, done.verdict) == (True, "C’est notre marque.", "approved")
    assert [one.on_appeal for one in decisions(ad)] == [True, False]


def test_an_approval_is_taken_back_and_that_may_be_appealed(town, ad):
    judge(town, ad)
    done = withdraw(
        town.means, REVIEWER, house=town.live, ad_id=ad.id, creative_version=1, rule="others_rights", note="Plainte."
    )
    assert (done.was, done.verdict, done.asked_at_ms, done.on_appeal) == ("approved", "rejected", None, False)
    assert town.again(ad).secondary_status == "AD_STATUS_AUDIT_DENY"
    assert contest(town, ad).review == "pending"


def test_only_what_is_approved_is_taken_back_and_only_by_a_rule(town, ad):
    call = {"house": town.live, "ad_id": ad.id, "creative_version": 1}
    assert refusals_of(withdraw, town.means, REVIEWER, rule="minors", **call) == [("ad_id", "ad_not_in_review")]
    judge(town, ad)
    assert refusals_of(withdraw, town.means, REVIEWER, rule="", **call) == [("rule", "field_required")]
    assert refusals_of(judge, town, ad, "rejected", rule="minors") == [("ad_id", "ad_not_in_review")]


# The queue ------------------------------------------------------------------------------------------------------------


def test_the_queue_tells_how_long_each_waits_and_whose_it_is(town, clock):
    first = town.ad(house=town.live)
    clock.advance(seconds=60)
    second = town.ad(house=town.live)
    clock.advance(seconds=30)
    page = queries.page_queue(town.means, limit=1)
    assert [(one.ad.id, one.waited_ms, one.advertiser.name) for one in page.items] == [
        (first.id, 90_000, town.brand.name)
    ]
    (rest,) = queries.page_queue(town.means, after=page.after).items
    assert (rest.ad.id, rest.waited_ms, rest.before) == (second.id, 30_000, None)
    measured = queries.measure_queue(town.means)
    assert (measured.waiting, measured.longest_ms) == (2, 90_000)
    judge(town, first)
    judge(town, second)
    measured = queries.measure_queue(town.means)
    assert (measured.waiting, measured.longest_ms, queries.page_queue(town.means).items) == (0, 0, [])


def test_nothing_waits_in_a_sandbox_but_what_a_person_must_see(town):
    town.ad()
    assert queries.measure_queue(town.means).waiting == 0
    refused = town.refuse(town.ad())
    contest(town, refused)
    Advertiser.objects.filter(id=town.brand.id).update(category="finance")
    gated = town.ad()
    assert [one.ad.id for one in queries.page_queue(town.means).items] == [refused.id, gated.id]


def test_the_queue_costs_the_same_whatever_its_length(town):
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            queries.page_queue(town.means)
        return len(seen)

    town.ad(house=town.live)
    few = cost()
    town.make(*[town.spark()] * 10, house=town.live)
    assert cost() == few <= 8


def test_decisions_are_paged_newest_first(town, ad):
    judge(town, ad, "rejected", rule="minors")
    contest(town, ad)
    judge(town, ad)
    page = queries.page_decisions(ad_id=ad.id, limit=1)
    assert [one.verdict for one in page.items] == ["approved"]
    (rest,) = queries.page_decisions(ad_id=ad.id, after=page.after).items
    assert rest.verdict == "rejected"


# For good -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["update", "delete"])
def test_a_decision_is_neither_changed_nor_removed(town, ad, act):
    judge(town, ad)
    rows = Decision.objects.all()
    with pytest.raises((DatabaseError, IntegrityError), match="append-only"), transaction.atomic():
        rows.update(verdict="rejected") if act == "update" else rows._raw_delete(rows.db)
    assert Decision.objects.get().verdict == "approved"


# What a push published ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dark", [True, False])
def test_what_a_push_published_stays_on_its_profile_when_the_ad_is_refused_later(town, dark):
    """The review judges the ad; the post is its creator's, who hears of the stop, and moderation is another act."""
    ad = town.ad(town.upload(**town.by_access(), dark_post=dark), house=town.live)
    judge(town, ad)
    post = find_post(town.again(ad).post.id)
    withdraw(town.means, REVIEWER, house=town.live, ad_id=ad.id, creative_version=1, rule="misleading_claim", note="")
    now = find_post(post.id)
    assert now == post
    assert (now.state, now.ads_only, now.partnership) == ("live", dark, True)
    assert town.again(ad).secondary_status == "AD_STATUS_AUDIT_DENY"
    assert Notice.objects.filter(audience="creator", kind="ad_stopped_on_post", object_id=ad.id).count() == 1
    contest(town, ad)
    judge(town, ad)
    assert town.again(ad).post.id == post.id, "approved on appeal, it is not published twice"
    moderate_post(town.means, REVIEWER, house=town.live, post_id=post.id, state="removed", reason="False claim")
    assert "video_unavailable" in {one.code for one in town.again(ad).blockers}
