"""Events are settled: each once, on the original post, organic or paid, and what is paid for is charged."""

import pytest
from django.db import connection

from attise.ledger import actions as ledger
from attise.ledger import queries as books
from attise.ledger.verify import verify_ledger
from attise.measurement.attribution import judging
from attise.measurement.attribution.actions import settle
from attise.measurement.attribution.models import (
    Ad,
    AdHour,
    GroupQuarter,
    Outcome,
    Pace,
    Position,
    Settled,
    Spending,
)
from attise.measurement.attribution.recount import recount
from attise.measurement.counters import queries as counters
from attise.measurement.counters.actions import list_followed
from attise.measurement.counters.models import State, Subject
from tests.ledger.payers import PAYER
from tests.measurement.attribution.counted import shown
from tests.measurement.attribution.happened import (
    CREATOR,
    EURO,
    NODE,
    POST,
    SPARK_AD,
    STANDARD_AD,
    ad_claims,
    at,
    claims,
    event,
    open_budget,
)

HOUR = 3_600_000
pytestmark = pytest.mark.django_db(transaction=True)


def spent(means, key: str = "campaign:1") -> int:
    return books.find_envelope(key, at_ms=means.clock.world_ms()).spent_micros


def test_an_impression_is_counted_and_charged_once_whatever_is_sent_again(means, happened):
    envelopes = open_budget(means)
    of = claims(means, ad_claims(envelopes))
    one = event(means, "impression", of, after_s=1)
    again = event(means, "impression", of, after_s=2)
    happened.settle(one, one, again)
    happened.settle(one)
    assert shown("impressions") == (0, 1)
    assert spent(means) == 12_345
    assert spent(means, "adgroup:1") == 12_345
    assert books.balance_of(f"creator:{CREATOR}", "EUR") == 1_235, "a tenth, the larger remainder rounded up"
    assert books.balance_of("house:revenue", "EUR") == 11_110
    assert books.balance_of(PAYER, "EUR") == 10_000 * EURO - 12_345
    assert verify_ledger().difference is None
    row = Outcome.objects.get(decision_id=of.decision_id)
    assert (row.outcome, row.charged_micros, row.counted) == ("charged", 12_345, judging.TYPE_BITS["impression"])
    position = Position.objects.get()
    assert (position.events, position.duplicates, position.doubted) == (4, 3, 0)


def test_a_later_event_implies_the_impression_and_is_not_counted_with_it_twice(means, happened):
    envelopes = open_budget(means)
    of = claims(means, ad_claims(envelopes))
    happened.settle(event(means, "view_6s", of, after_s=7, watch_ms=6_100))
    assert (shown("impressions"), shown("views"), shown("views_6s")) == ((0, 1), (0, 1), (0, 1))
    assert shown("watch_ms") == (0, 6_100)
    assert spent(means) == 12_345
    happened.settle(
        event(means, "impression", of, after_s=8),
        event(means, "play", of, after_s=8),
        event(means, "skip", of, after_s=9, watch_ms=7_000),
    )
    assert (shown("impressions"), shown("views"), shown("skips")) == ((0, 1), (0, 1), (0, 1))
    assert shown("watch_ms") == (0, 7_000), "the longest that was told"
    assert spent(means) == 12_345


@pytest.mark.parametrize(
    ("billing", "paid_for", "not_for"),
    [
        ({"billing_event": "CPM"}, "impression", "click"),
        ({"billing_event": "OCPM"}, "impression", "view_6s"),
        ({"billing_event": "CPC"}, "click", "impression"),
        ({"billing_event": "CPV", "view_goal_ms": 6_000}, "view_6s", "click"),
        ({"billing_event": "CPV", "view_goal_ms": 15_000}, "complete", "view_6s"),
    ],
)
def test_what_is_paid_for_is_what_was_bid_for(means, happened, billing, paid_for, not_for):
    envelopes = open_budget(means)
    of = claims(means, ad_claims(envelopes, **billing))
    if not_for != "view_6s" or paid_for != "impression":
        happened.settle(event(means, not_for, of, after_s=7))
        implied = 12_345 if paid_for == "impression" else 0
        assert spent(means) == implied, "an impression that is implied is one"
    happened.settle(event(means, paid_for, of, after_s=13))
    assert spent(means) == 12_345


def test_a_view_that_was_long_enough_is_paid_for_once_however_it_is_told(means, happened):
    envelopes = open_budget(means)
    of = claims(means, ad_claims(envelopes, billing_event="CPV", view_goal_ms=15_000), duration_ms=40_000)
    happened.settle(event(means, "p50", of, after_s=20, watch_ms=14_900))
    assert spent(means) == 0
    happened.settle(
        event(means, "p75", of, after_s=30, watch_ms=30_000), event(means, "skip", of, after_s=31, watch_ms=30_500)
    )
    assert spent(means) == 12_345


def test_what_cannot_be_true_is_kept_and_neither_counted_nor_billed_until_it_is_believed(means, happened):
    envelopes = open_budget(means)
    of = claims(means, ad_claims(envelopes))
    soon = event(means, "view_6s", of, after_s=2, watch_ms=1_000)
    long = event(means, "view_2s", of, after_s=4, watch_ms=60_000)
    bot = event(means, "impression", of, after_s=5, doubt="declared_bot")
    happened.settle(soon, soon, long, bot)
    assert shown("impressions") == shown("views_6s") == shown("views_2s") == (0, 0)
    assert shown("doubted") == (0, 3), "the same thing twice is one doubt"
    assert spent(means) == 0
    row = Outcome.objects.get()
    assert (row.counted, row.doubt, row.outcome) == (0, "declared_bot", "")
    assert row.doubted == sum(judging.TYPE_BITS[name] for name in ("view_6s", "view_2s", "impression"))
    happened.settle(event(means, "view_6s", of, after_s=7, watch_ms=6_500))
    assert shown("views_6s") == shown("impressions") == (0, 1), "a bad copy did not stand in its way"
    assert spent(means) == 12_345


def test_a_standard_ad_has_counters_of_its_own(means, happened):
    envelopes = open_budget(means)
    of = claims(means, ad_claims(envelopes, ad_id=STANDARD_AD, share_ppm=0))
    happened.settle(event(means, "like", of, after_s=3), event(means, "view_2s", of, after_s=3))
    assert shown("likes") == (0, 0)
    assert shown("likes", STANDARD_AD) == (0, 1)
    assert books.balance_of("house:revenue", "EUR") == 12_345
    assert counters.counts_of_creator(CREATOR).of("likes").total == 0


def test_a_person_likes_once_and_the_part_is_whose_act_turned_it_on(means, happened):
    paid = claims(means, ad_claims(open_budget(means)))
    happened.settle(event(means, "like", at_ms=1_000))
    assert shown("likes") == (1, 0)
    happened.settle(event(means, "like", paid, at_ms=2_000), event(means, "like", at_ms=3_000))
    assert shown("likes") == (1, 0)
    happened.settle(event(means, "unlike", at_ms=HOUR + 5))
    assert shown("likes") == (0, 0)
    happened.settle(event(means, "like", paid, at_ms=2 * HOUR))
    assert shown("likes") == (0, 1)
    hours = counters.list_hours(POST, from_ms=0, to_ms=3 * HOUR)
    assert [(one.hour_ms, one.counts.of("likes").organic, one.counts.of("likes").paid) for one in hours] == [
        (0, 1, 0),
        (HOUR, -1, 0),
        (2 * HOUR, 0, 1),
    ]
    likes = AdHour.objects.filter(ad_id=SPARK_AD, likes__gt=0).values_list("hour_ms", "likes")
    assert list(likes) == [(2 * HOUR, 1)]


def test_follows_are_listed_for_viewers_records(means, happened):
    of = claims(means, ad_claims(open_budget(means)))
    happened.settle(event(means, "follow", of, at_ms=5_000))
    happened.settle(event(means, "follow", at_ms=6_000), event(means, "unfollow", at_ms=7_000))
    assert [(one.person, one.creator_id, one.is_on) for one in list_followed(9)] == [
        ("ann", CREATOR, True),
        ("ann", CREATOR, False),
    ]
    assert counters.counts_of_creator(CREATOR).of("follows").total == 0


def test_whose_a_post_is_is_asked_where_nobody_said(means, happened):
    happened.creators[711] = 71
    happened.settle(event(means, "share", post_id=711, creator_id=0), event(means, "share", post_id=712, creator_id=0))
    assert counters.counts_of_creator(71).of("shares").organic == 1
    assert shown("shares", 712) == (0, 0), "there is no such post"
    happened.settle(event(means, "like", post_id=712, creator_id=0), event(means, "follow", post_id=712, creator_id=0))
    assert not Subject.objects.filter(subject_id__in=(0, 712)).exists(), "nor a row for whoever names some"
    assert not State.objects.exists()
    assert Position.objects.get().doubted == 3


def test_what_creators_do_on_their_own_posts_without_an_item_is_doubted(means, happened):
    happened.creators[711] = 71
    said = {"post_id": 711, "creator_id": 0}
    happened.settle(
        event(means, "like", owns=(1, 71), **said), event(means, "like", person="bob", owns=(1, 70), **said)
    )
    happened.settle(event(means, "share", owns=(71,), **said), event(means, "like", event_id="again", **said))
    assert (shown("likes", 711), shown("shares", 711), shown("doubted", 711)) == ((2, 0), (0, 0), (2, 0))


def test_a_profile_is_a_subject_too(means, happened):
    happened.settle(event(means, "profile_visit", post_id=0), event(means, "share", post_id=0, creator_id=0))
    assert counters.counts_of_creator(CREATOR).of("profile_visits").organic == 1


def test_a_profile_of_nobody_is_none(means, happened):
    """Found by a stranger: a number made up had a profile with followers."""
    made_up = {"post_id": 0, "creator_id": 79}
    told = [event(means, type_, **made_up) for type_ in ("profile_visit", "follow")]
    happened.settle(*told, event(means, "profile_visit", post_id=0))
    assert list(Subject.objects.values_list("subject_id", flat=True)) == [CREATOR]
    assert not State.objects.exists()
    assert not list_followed(9)
    position = Position.objects.get()
    assert (position.events, position.doubted) == (3, 2)
    assert recount(happened.log, whose=happened.whose).difference is None

    happened.profiles.add(79)
    happened.settle(*told)
    assert counters.counts_of_creator(79).of("follows").organic == 1, "it is not held against them once they are there"


def test_money_beyond_the_budget_or_after_its_closing_is_free_and_told_so(means, happened, clock):
    envelopes = open_budget(means, limit_micros=20_000)
    first, second = claims(means, ad_claims(envelopes)), claims(means, ad_claims(envelopes))
    happened.settle(event(means, "impression", first), event(means, "impression", second))
    assert spent(means) == 12_345
    assert shown("impressions") == (0, 2), "it is counted all the same"
    assert Outcome.objects.get(decision_id=second.decision_id).reason == "overdelivery"
    from django.db import transaction

    with transaction.atomic():
        ledger.set_limit(means, key="campaign:1", limit_micros=EURO)
        ledger.close_envelope(means, key="campaign:1")
    third, fourth = claims(means, ad_claims(envelopes)), claims(means, ad_claims(envelopes))
    happened.settle(event(means, "impression", third, after_s=60), event(means, "impression", fourth, after_s=60.001))
    assert Outcome.objects.get(decision_id=third.decision_id).outcome == "charged"
    row = Outcome.objects.get(decision_id=fourth.decision_id)
    assert (row.outcome, row.reason, row.charged_micros) == ("free", "envelope_closed", 0)
    money = AdHour.objects.get()
    assert (money.charged, money.spent_micros, money.free, money.free_micros) == (2, 24_690, 2, 24_690)
    assert money.shared_micros == 2 * 1_235


def test_spend_is_of_the_decisions_hour_and_counts_of_the_acts(means, happened, clock):
    clock.offset_ms = -clock.wire_ms() % HOUR - 1_000  # a second before a full hour
    envelopes = open_budget(means)
    of = claims(means, ad_claims(envelopes, billing_event="CPC"))
    happened.settle(event(means, "click", of, after_s=5))
    hour = of.decided_at_ms - of.decided_at_ms % HOUR
    rows = {row.hour_ms: row for row in AdHour.objects.all()}
    assert (rows[hour].spent_micros, rows[hour].impressions, rows[hour].clicks) == (12_345, 1, 0)
    assert (rows[hour + HOUR].spent_micros, rows[hour + HOUR].clicks) == (0, 1)
    quarter = GroupQuarter.objects.get()
    assert (quarter.spent_micros, quarter.clicks, quarter.impressions) == (12_345, 1, 1)
    assert hour <= quarter.quarter_ms < hour + HOUR
    nodes = Spending.objects.values_list("envelope_id", "node", "spent_micros")
    assert set(nodes) >= {(envelope, NODE, 12_345) for envelope in envelopes}
    assert len(nodes) == 3, "the balance is one of them"
    assert Ad.objects.get().adgroup_id == of.ad.adgroup_id


def test_more_than_people_do_is_doubted_beyond_the_measure(means, happened):
    organic = [claims(means, session_id="s") for _ in range(25)]
    happened.settle(*[event(means, "impression", one) for one in organic])
    assert shown("impressions") == (20, 0)
    assert shown("doubted") == (5, 0)
    happened.settle(event(means, "impression", organic[24], after_s=2))
    assert shown("impressions") == (21, 0), "the same one, at a human pace, is believed"
    assert Settled.objects.count() == 26
    assert Pace.objects.exists()


def test_one_click_of_a_person_on_an_ad_in_half_a_minute(means, happened):
    envelopes = open_budget(means)
    ad = ad_claims(envelopes, billing_event="CPC")
    many = [claims(means, ad) for _ in range(4)]
    start = 30 - means.clock.wire_ms() / 1000 % 30
    happened.settle(
        event(means, "click", many[0], after_s=start + 1),
        event(means, "click", many[1], after_s=start + 20),
        event(means, "click", many[2], after_s=start + 20, person="bob"),
        event(means, "click", many[3], after_s=start + 31),
    )
    assert shown("clicks") == (0, 3)
    assert spent(means) == 3 * 12_345


def test_clicks_of_one_network_on_an_ad_are_a_few(means, happened):
    envelopes = open_budget(means)
    ad = ad_claims(envelopes, billing_event="CPC")
    events = [
        event(means, "click", claims(means, ad, viewer=f"p{n}"), block=f"net{n % 10}", after_s=n / 100)
        for n in range(500)
    ]
    happened.settle(*events)
    assert shown("clicks") == (0, 50)
    assert spent(means) == 50 * 12_345


def test_somebody_without_memory_likes_once_a_decision(means, happened):
    of = claims(means, viewer="")
    happened.settle(event(means, "like", of, after_s=1), event(means, "like", of, after_s=2))
    assert shown("likes") == (1, 0)
    assert list_followed(9) == []


def test_nobody_is_paid_for_what_costs_nothing(means, happened):
    of = claims(means, ad_claims(open_budget(means), price_micros=0))
    happened.settle(event(means, "impression", of))
    assert Outcome.objects.get().outcome == "charged"
    assert spent(means) == 0


def test_a_batch_of_the_log_is_cut_and_a_second_settler_goes_on_where_the_first_ended(means, happened):
    events = [event(means, "share", event_id=f"s{n}", person=f"p{n}") for n in range(450)]
    happened.append(events[:430])
    happened.settler.settle(means)
    position = Position.objects.get()
    assert (position.position, position.entries, position.events) == (0, 200, 200)
    other = happened.new_settler()
    other.settle(means)
    assert not happened.settler.settle(means).is_end, "another was here: it looks again"
    happened.settle(*events[430:])
    assert shown("shares") == (450, 0)
    assert Position.objects.get().entries == 0
    assert at(events[0], watch_ms=3).key == events[0].key


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the other store plans by how full its tables are")
def test_no_statement_of_a_batch_reads_a_whole_table(means, happened):
    asked = {}

    def note(execute, sql, params, many, context):
        asked.setdefault(sql, next(iter(params)) if many else params)
        return execute(sql, params, many, context)

    ad = ad_claims(open_budget(means))
    of = claims(means, ad)
    happened.settle(event(means, "like", of, after_s=1))  # and some tables have rows
    with connection.execute_wrapper(note):
        acts = ("impression", "view_6s", "like", "follow", "click", "hide", "share")
        happened.settle(*(event(means, act, claims(means, ad), after_s=8, watch_ms=6_100) for act in acts))
    tables, read_whole = connection.introspection.table_names(), []
    with connection.cursor() as cursor:
        for sql, params in asked.items():
            if sql.startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
                read_whole += [sql for *_, step in cursor if step.split()[0] == "SCAN" and step.split()[1] in tables]
    assert len(asked) > 30
    assert read_whole == []


def test_far_behind_batches_are_large_until_the_end_is_seen(means, happened, monkeypatch):
    for name, many in (("SETTLE_EVENTS_BEHIND", 20), ("SETTLE_BEHIND_BATCHES", 3)):
        monkeypatch.setattr(settle, name, many)
    settler = happened.new_settler(batch_events=4)
    happened.append([event(means, "share", claims(means, viewer=f"p{number}")) for number in range(3 * 4 + 25)])
    sizes = [settler.settle(means).events for _ in range(6)]
    assert sizes == [4, 4, 4, 20, 5, 0]
    happened.append([event(means, "share", claims(means, viewer=f"q{number}")) for number in range(5)])
    assert [settler.settle(means).events for _ in range(2)] == [4, 1]
    assert shown("shares") == (42, 0)


def test_far_behind_batches_stay_smaller_while_somebody_else_writes(means, happened, monkeypatch):
    for name, many in (("SETTLE_EVENTS_BEHIND", 20), ("SETTLE_EVENTS_SHARED", 7), ("SETTLE_BEHIND_BATCHES", 2)):
        monkeypatch.setattr(settle, name, many)
    settler = happened.new_settler(batch_events=4)
    settler.is_shared = True
    happened.append([event(means, "share", claims(means, viewer=f"p{number}")) for number in range(2 * 4 + 4 * 7)])
    assert [settler.settle(means).events for _ in range(4)] == [4, 4, 7, 7]
    settler.is_shared = False
    assert sum(settler.settle(means).events for _ in range(3)) == 14
    assert shown("shares") == (36, 0)
