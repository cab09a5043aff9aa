"""What stands between an ad and its start, as a truth table, and the status that follows from it."""

import datetime as dt
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.kernel.limits import DAY_MS
from attise.management.authorizations.coverage import Cover
from attise.management.authorizations.rules import State
from attise.management.campaigns import ad_errors, blockers, standing, status
from attise.management.campaigns.blockers import KINDS, Situation, Stops, blockers_of_ad, warnings_of_ad
from attise.management.posts.views import PostState
from attise.records.targeting import Behaviour, Targeting
from attise.records.terms import Terms

NOW = 1_790_000_000_000
FRANCE, PARIS_REGION, GUADELOUPE, BELGIUM = 3_017_382, 3_012_874, 3_579_143, 2_802_361


def a_cover(**fields):
    values = {
        "authorization_id": 7,
        "kind": "post",
        "creator_id": 1,
        "state": State.BOUND,
        "is_held": True,
        "ends_at_ms": NOW + 30 * DAY_MS,
        "live_until_ms": NOW + 30 * DAY_MS,
        "permissions": frozenset(),
        "terms": Terms(),
        "terms_version": 1,
    }
    return Cover(**{**values, **fields})


def a_state(**fields):
    values = {
        "state": "live",
        "creator_state": "active",
        "visibility": "public",
        "ads_only": False,
        "format": "video",
        "of_post_format": None,
    }
    return PostState(**{**values, **fields})


def a_situation(**fields):
    values = {"now_ms": NOW, "cover": a_cover(), "post": a_state(), "targeting": Targeting(locations=(FRANCE,))}
    return Situation(**{**values, **fields})


def codes(**fields):
    return [found.code for found in blockers_of_ad(a_situation(**fields))]


def account(*permissions, **fields):
    return a_cover(kind="account", ends_at_ms=None, live_until_ms=None, permissions=frozenset(permissions), **fields)


def terms(**fields):
    return {"cover": a_cover(terms=Terms(**fields))}


TABLE = [
    ("ad_gone", {"is_deleted": True}),
    ("account_in_review", {"account_status": "STATUS_PENDING_VERIFIED"}),
    ("account_denied", {"account_status": "STATUS_CONFIRM_FAIL"}),
    ("account_stopped", {"account_status": "STATUS_LIMIT"}),
    ("account_stopped", {"account_status": "STATUS_DISABLE"}),
    ("label_data_missing", {"is_labelled": False}),
    ("ad_identity_gone", {"kind": "standard", "cover": None, "post": None, "identity_gone": True}),
    ("account_access_ended", {"cover": None}),
    ("account_access_ended", {"cover": account("existing_posts", state=State.REVOKED)}),
    ("account_access_ended", {"cover": account("existing_posts", is_held=False)}),
    ("account_access_ended", {"cover": account("new_posts")}),
    ("account_access_ended", {"kind": "push", "post": None, "cover": account("existing_posts")}),
    ("auth_code_expired", {"cover": a_cover(state=State.EXPIRED)}),
    ("auth_code_revoked", {"cover": a_cover(state=State.REVOKED)}),
    ("auth_code_revoked", {"cover": a_cover(is_held=False)}),
    ("video_unavailable", {"post": a_state(state="deleted")}),
    ("video_unavailable", {"post": a_state(state="removed")}),
    ("video_unavailable", {"post": a_state(state="hidden")}),
    ("video_unavailable", {"post": a_state(state="in_review")}),
    ("video_unavailable", {"post": a_state(creator_state="gone")}),
    ("video_unavailable", {"kind": "push", "post": None, "cover": account("new_posts"), "creator_is_active": False}),
    ("not_public_video", {"post": a_state(visibility="private")}),
    ("not_public_video", {"post": a_state(visibility="followers")}),
    ("carousel_duet_not_supported", {"post": a_state(format="story")}),
    ("carousel_duet_not_supported", {"post": a_state(format="duet", of_post_format="carousel")}),
    ("post_processing", {"post": a_state(state="processing")}),
    ("terms_objective", {**terms(refused_objectives=("TRAFFIC",)), "objective": "TRAFFIC"}),
    ("terms_category", {**terms(refused_categories=("games",)), "category": "games"}),
    ("terms_currency", terms(spend_cap_micros=10, currency="USD")),
    ("terms_cap_spent", {**terms(spend_cap_micros=10, currency="EUR"), "cap_spent": True}),
    ("terms_countries", terms(countries=("BE",))),
    ("fee_not_covered", {"fee_short": ("200.00", "150.00", "EUR")}),
    ("terms_countries", {**terms(countries=("FR",)), "targeting": Targeting()}),
    ("terms_countries", {**terms(countries=("FR",)), "targeting": Targeting(locations=(FRANCE, BELGIUM))}),
    ("category_banned", {"category": "weapons"}),
    ("category_adults", {"category": "alcohol", "targeting": Targeting(age_groups=("AGE_13_17",))}),
    ("minors_profiled", {"targeting": Targeting(age_groups=("AGE_13_17", "AGE_18_24"), interests=(1,))}),
    (
        "minors_profiled",
        {"targeting": Targeting(age_groups=("AGE_13_17",), behaviours=(Behaviour("VIDEO_RELATED", (1,)),))},
    ),
    ("creator_minor", {"creator_born": dt.date(2010, 1, 1)}),
    ("creator_word_refused", {"word": "refused"}),
    ("creator_word_pending", {**terms(approve_each_ad=True), "word": "pending"}),
    ("creator_word_pending", {**terms(approve_each_ad=True), "word": "not_needed"}),
    ("review_rejected", {"review": "rejected"}),
    ("review_pending", {"review": "pending"}),
    ("pixel_missing", {"pixel_lost": True}),
    ("schedule_over", {"ends_at_ms": NOW}),
    ("schedule_early", {"starts_at_ms": NOW + 1}),
    ("balance_empty", {"balance_empty": True}),
    ("campaign_budget_spent", {"campaign_spent": True}),
    ("adgroup_budget_spent", {"adgroup_spent": True}),
    ("campaign_off", {"campaign_is_on": False}),
    ("adgroup_off", {"adgroup_is_on": False}),
    ("ad_off", {"is_on": False}),
]  # fmt: skip


def test_an_ad_with_nothing_in_its_way_has_no_blocker():
    assert codes() == []


@pytest.mark.parametrize(("code", "cause"), TABLE)
def test_each_cause_is_told_by_one_blocker(code, cause):
    assert codes(**cause) == [code]


def test_the_table_holds_every_blocker_there_is():
    assert {code for code, _ in TABLE} == KINDS.keys()


@pytest.mark.parametrize(
    "harmless",
    [
        {"post": a_state(visibility="private", ads_only=True)},
        {"post": a_state(format="carousel")},
        {"post": a_state(format="duet", of_post_format="video")},
        {"cover": account("existing_posts")},
        {"kind": "push", "post": None, "cover": account("new_posts_ads_only")},
        {"kind": "push", "cover": account("new_posts")},
        {**terms(countries=("FR",)), "targeting": Targeting(locations=(PARIS_REGION, GUADELOUPE))},
        {**terms(refused_objectives=("TRAFFIC",)), "objective": "REACH"},
        {**terms(approve_each_ad=True), "word": "approved"},
        {"word": "pending"},
        {**terms(spend_cap_micros=10, currency="EUR")},
        {"category": "alcohol"},
        {"category": "alcohol", "targeting": Targeting(age_groups=("AGE_18_24",))},
        {"category": ""},
        {"creator_born": dt.date(2000, 1, 1)},
        {"targeting": Targeting(age_groups=("AGE_13_17",))},
        {"ends_at_ms": NOW + 1},
        {"starts_at_ms": NOW},
        {"kind": "standard", "cover": None, "post": None, "creator_born": dt.date(2010, 1, 1)},
    ],
)
def test_what_only_looks_like_a_cause_is_none(harmless):
    assert codes(**harmless) == []


def test_all_blockers_are_told_together_in_one_order():
    everything = {
        "account_status": "STATUS_LIMIT",
        "cover": a_cover(terms=Terms(countries=("BE",), approve_each_ad=True)),
        "post": a_state(visibility="private"),
        "review": "rejected",
        "balance_empty": True,
        "campaign_spent": True,
        "ends_at_ms": NOW - 1,
        "campaign_is_on": False,
        "is_on": False,
    }
    assert codes(**everything) == [
        "account_stopped",
        "not_public_video",
        "terms_countries",
        "creator_word_pending",
        "review_rejected",
        "schedule_over",
        "balance_empty",
        "campaign_budget_spent",
        "campaign_off",
        "ad_off",
    ]


def test_an_ended_grant_has_no_terms_any_more():
    assert codes(cover=a_cover(state=State.EXPIRED, terms=Terms(countries=("BE",)))) == ["auth_code_expired"]


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.reason.code)
def test_each_blocker_says_its_cause_and_a_next_step(kind):
    assert kind.cause
    assert kind.reason.message
    assert kind.reason.next_step


def test_what_the_reference_names_stops_an_ad_at_its_creation():
    for name in (
        "auth_code_expired",
        "auth_code_revoked",
        "video_unavailable",
        "not_public_video",
        "carousel_duet_not_supported",
    ):
        assert KINDS[name].stops is Stops.CREATION


def test_what_heals_by_itself_only_keeps_an_ad_from_running():
    waiting = {code for code, kind in KINDS.items() if kind.stops is Stops.DELIVERY}
    assert waiting == {
        "account_in_review",
        "post_processing",
        "creator_word_pending",
        "review_pending",
        "schedule_early",
        "campaign_budget_spent",
        "adgroup_budget_spent",
        "campaign_off",
        "adgroup_off",
        "ad_off",
    }


@pytest.mark.parametrize(
    ("until", "ends", "is_warned"),
    [
        (NOW + DAY_MS, NOW + 2 * DAY_MS, True),
        (NOW + DAY_MS, None, True),
        (NOW + 2 * DAY_MS, NOW + 2 * DAY_MS, False),
        (None, None, False),
        (None, NOW + DAY_MS, False),
    ],
)
def test_a_grant_that_ends_before_the_schedule_is_a_warning_and_no_blocker(until, ends, is_warned):
    at = a_situation(cover=a_cover(live_until_ms=until), ends_at_ms=ends)
    assert [found.reason for found in warnings_of_ad(at)] == [ad_errors.AUTHORIZATION_ENDING] * is_warned
    assert blockers_of_ad(at) == []


def test_a_refused_word_and_a_dead_grant_take_the_authorization_away():
    assert blockers.is_covered(a_situation())
    assert not blockers.is_covered(a_situation(cover=a_cover(state=State.EXPIRED)))
    assert not blockers.is_shown(a_situation(post=a_state(state="deleted")))


# The status says of whatever is wrong that something is, and of nothing else -----------------------------------------


@st.composite
def situations(draw):
    fields = {}
    for _, cause in draw(st.lists(st.sampled_from(TABLE), max_size=4)):
        fields |= cause
    return a_situation(**fields)


@given(situations())
def test_an_ad_runs_by_its_status_exactly_when_nothing_is_in_its_way(at):
    account = at.account_status
    campaign = status.CampaignFacts(
        account_denied=account in standing.DENIED,
        account_in_review=account in standing.IN_REVIEW,
        account_punished=account in {"STATUS_LIMIT", "STATUS_DISABLE"},
        is_on=at.campaign_is_on,
        budget_spent=at.campaign_spent,
    )
    group = status.AdGroupFacts(
        campaign=campaign,
        is_on=at.adgroup_is_on,
        is_done=at.ends_at_ms is not None and at.now_ms >= at.ends_at_ms,
        is_early=at.now_ms < at.starts_at_ms,
        pixel_lost=at.pixel_lost,
        balance_spent=at.balance_empty,
        budget_spent=at.adgroup_spent,
    )
    row = SimpleNamespace(
        deleted_at_ms=1 if at.is_deleted else None,
        operation_status="ENABLE" if at.is_on else "DISABLE",
        review=at.review,
        reviewed_before=False,
    )
    found = blockers_of_ad(at)
    name = status.ad_status(standing.facts_of_ad(row, group, found))
    assert (name == "AD_STATUS_DELIVERY_OK") == (found == [])
