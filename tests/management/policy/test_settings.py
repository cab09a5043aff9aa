"""The operator sets something for the house: rooms judge by it from then on, and what was made before stays."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from attise.kernel.actor import Actor
from attise.kernel.errors import Refusal
from attise.kernel.house import Mode
from attise.management.authorizations import actions as grants
from attise.management.campaigns import actions as campaigns
from attise.management.campaigns.actions.ad_review import is_reviewed_by_itself
from attise.management.journal.queries import page_journal
from attise.management.outbox import queries as outbox
from attise.management.policy import actions, queries
from attise.management.policy.models import Change
from attise.management.policy.rules import DEFAULTS, Policy
from tests.builders import a_creator, a_post, an_advertiser
from tests.management.campaigns.asked import DAY, EURO, make_campaign, make_group
from tests.refusals import refusals_of

pytestmark = pytest.mark.django_db
OLGA = Actor("person", 7, "192.0.2.0/24")


def setting(means, note="Because.", seen=None, **changes) -> Policy:
    return actions.set_policy(means, OLGA, changes=changes, note=note, seen=seen)


def refused(act, *args, **given) -> list[tuple[str, str | None]]:
    return [(code, field) for field, code in refusals_of(act, *args, **given)]


@pytest.fixture
def brand(means):
    return an_advertiser(means)


def test_what_nobody_set_is_the_houses_own(means):
    assert queries.get_policy() == DEFAULTS
    assert (DEFAULTS.least_budget_micros, DEFAULTS.grant_days) == (50 * EURO, (7, 30, 60, 365))
    assert queries.page_changes().items == []


def test_a_change_is_kept_with_who_when_and_why_and_never_altered(means, clock):
    setting(means, "Prices of January.", fee_ppm=100_000, grant_days=[60, 7, 7])
    now = setting(means, "Back.", fee_ppm=0)
    assert (now.fee_ppm, now.grant_days) == (0, (7, 60))
    told = [(one.name, one.before, one.after, one.note, one.actor) for one in queries.page_changes().items]
    assert told == [
        ("fee_ppm", 100_000, 0, "Back.", "person:7"),
        ("grant_days", [7, 30, 60, 365], [7, 60], "Prices of January.", "person:7"),
        ("fee_ppm", 0, 100_000, "Prices of January.", "person:7"),
    ]
    first = queries.page_changes(limit=2)
    assert [one.name for one in queries.page_changes(after=first.after).items] == ["fee_ppm"]
    acts = page_journal(object_kind="setting").items
    assert [(one.action, one.actor, one.after["note"]) for one in acts[:1]] == [
        ("setting_changed", "person:7", "Back.")
    ]
    for act in (Change.objects.update, Change.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act(**({"note": "Other."} if act == Change.objects.update else {}))


def test_nothing_is_set_without_a_reason_nor_on_what_is_no_longer_so(means):
    assert refused(setting, means, " ", fee_ppm=1) == [("field_required", "note")]
    assert refused(setting, means, fee_ppm=0) == [("setting_unchanged", None)]
    seen = queries.count_changes()
    setting(means, review="person")
    assert refused(setting, means, fee_ppm=5, seen=seen) == [("setting_changed_meanwhile", None)]
    assert setting(means, fee_ppm=5, seen=queries.count_changes()).fee_ppm == 5


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("least_budget_micros", value) for value in (0, EURO // 2, 10_001 * EURO, 50 * EURO + 1, True, "50")),
        *(("grant_days", value) for value in ([], [14], [True], "7", None)),
        *(("review", value) for value in ("", "off", None, [])),
        *(("fee_ppm", value) for value in (-1, 500_001, 0.5, True)),
        *(("languages", value) for value in ([], ["de"], "fr", [[]])),
    ],
)
def test_a_value_that_is_none_is_refused_by_its_field(means, name, value):
    assert refused(setting, means, **{name: value}) == [("field_invalid", name)]
    assert queries.get_policy() == DEFAULTS


def test_all_that_is_wrong_is_told_together(means):
    found = refused(setting, means, "", fee_ppm=-1, languages=[], colour="red", ads_stopped=True)
    assert found == [
        ("field_invalid", "fee_ppm"),
        ("field_invalid", "languages"),
        ("field_unknown", "colour"),
        ("field_unknown", "ads_stopped"),
        ("field_required", "note"),
    ]


def test_budgets_are_held_to_the_least_one_and_those_of_before_stay(means, brand):
    before = make_campaign(means, brand, name="Before", budget_micros=50 * EURO)
    group = make_group(means, brand, before, budget_micros=20 * EURO)
    setting(means, least_budget_micros=100 * EURO)
    assert refused(make_campaign, means, brand, budget_micros=99 * EURO) == [
        ("budget_too_low_per_day", "budget_micros")
    ]
    roomy = make_campaign(means, brand, name="Roomy", budget_micros=100 * EURO)
    assert refused(make_group, means, brand, roomy, budget_micros=39 * EURO) == [
        ("budget_too_low_per_day", "budget_micros")
    ]
    assert make_group(means, brand, roomy, budget_micros=40 * EURO).budget_micros == 40 * EURO

    own = {"advertiser_id": brand.id}
    kept = campaigns.update_campaign(means, OLGA, campaign_id=before.id, name="Renamed", budget_micros=50 * EURO, **own)
    assert (kept.name, kept.budget_micros) == ("Renamed", 50 * EURO)
    same = campaigns.update_adgroup(
        means, OLGA, adgroup_id=group.id, name="Same", budget_mode=DAY, budget_micros=20 * EURO, **own
    )
    assert (same.name, same.budget_micros) == ("Same", 20 * EURO)
    lower = {"adgroup_id": group.id, "budget_micros": 30 * EURO, **own}
    assert refused(campaigns.update_adgroup, means, OLGA, **lower) == [("budget_too_low_per_day", "budget_micros")]


def test_a_lower_least_budget_lets_smaller_ones_in(means, brand):
    setting(means, least_budget_micros=5 * EURO)
    small = make_campaign(means, brand, budget_micros=5 * EURO)
    assert make_group(means, brand, small, budget_micros=2 * EURO).budget_micros == 2 * EURO


def test_creators_choose_among_the_durations_that_are_offered(means):
    lea = a_creator(means)
    post = a_post(means, lea)
    grant, _code = grants.grant_post(means, OLGA, creator_id=lea.id, post_id=post.id, days=60)
    setting(means, grant_days=[7, 30])
    one = {"creator_id": lea.id, "post_id": post.id}
    with pytest.raises(Refusal) as told:
        grants.grant_post(means, OLGA, days=60, **one)
    assert (told.value.code, told.value.params["days"]) == ("grant_days_invalid", "7, 30")
    assert refused(grants.extend, means, OLGA, creator_id=lea.id, authorization_id=grant.id, days=365) == [
        ("grant_days_invalid", "days")
    ]
    assert grants.extend(means, OLGA, creator_id=lea.id, authorization_id=grant.id, days=30).ends_at_ms


def test_the_duration_that_is_proposed_is_one_that_is_offered():
    assert [Policy(grant_days=days).default_grant_days for days in ((7, 30, 60), (7, 60), (60, 365))] == [30, 7, 60]


@pytest.mark.parametrize(
    ("review", "live", "demo"), [("by_mode", False, True), ("person", False, False), ("automatic", True, True)]
)
def test_who_looks_at_an_ad_first_is_set_and_gates_stay(means, review, live, demo):
    class House:
        mode = Mode.LIVE

    if review != "by_mode":
        setting(means, review=review)
    house = House()
    assert is_reviewed_by_itself(house, "") is live
    assert is_reviewed_by_itself(house, "finance") is False
    house.mode = Mode.DEMO
    assert is_reviewed_by_itself(house, "") is demo


def test_every_ad_is_stopped_and_let_run_again_once_each_with_a_reason(means):
    assert refused(actions.set_ads_stopped, means, OLGA, stopped=False, note="Why") == [("setting_unchanged", None)]
    assert refused(actions.set_ads_stopped, means, OLGA, stopped=True, note="") == [("field_required", "note")]
    actions.set_ads_stopped(means, OLGA, stopped=True, note="Prices are wrong.")
    assert queries.get_policy().ads_stopped
    assert refused(actions.set_ads_stopped, means, OLGA, stopped=True, note="Again") == [("setting_unchanged", None)]
    view = actions.set_ads_stopped(means, OLGA, stopped=False, note="Mended.")
    assert (view.before, view.after, view.note) == (True, False, "Mended.")
    told = [notice.kind for notice in outbox.list_notices("operator", 0).items]
    assert told == ["ads_resumed", "ads_stopped"]
    assert not queries.get_policy().ads_stopped
