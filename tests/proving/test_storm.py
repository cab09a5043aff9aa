"""What a drill compares sees what is planted: each invariant breaks for its own fault, and for no other."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import F

from attise.kernel.actor import COMMAND
from attise.kernel.limits import STATE_LIFE_MS
from attise.ledger.views import PeriodView
from attise.management.campaigns import actions as campaigns
from attise.management.posts.models import Comment
from attise.measurement.attribution.models import Outcome
from attise.measurement.counters.models import Subject
from attise.proving.place import Place, again
from attise.proving.storm import invariants, kills
from attise.proving.storm.drill import Found, is_kept, lines, missing, plain
from attise.proving.storm.invariants import Invariant
from attise.proving.storm.kills import children_of, pids_of
from attise.proving.storm.seen import Seen, outcomes, read_log
from attise.proving.storm.told import KINDS, Pause, Told
from attise.proving.storm.town import FUNDS, Lent, Town
from tests.builders import a_creator, a_post, an_advertiser
from tests.campaigns import a_campaign
from tests.ledger.payers import fund
from tests.measurement.attribution.happened import POST, SPARK_AD, Happened, ad_claims, claims, event, open_budget

TOWN = Town((Lent(70, POST, 5, SPARK_AD, 810, 1),), (1, 2), 7, ())
AFTER_MS = STATE_LIFE_MS + 1


def broken(found: list[Invariant]) -> dict[str, float]:
    return {one.name: one.value for one in found if not one.ok}


# ---- what was answered


def test_what_was_acknowledged_and_is_not_in_the_log_is_lost():
    told, seen = Told(), Seen(events={"a", "c"}, conversions={"x"})
    for name, status in (("a", "accepted"), ("c", "duplicate"), ("d", "duplicate"), ("e", "rejected")):
        told.event(name, status, is_invalid=False)
    told.event("bad", "rejected", is_invalid=True)
    told.conversion("x", "accepted")
    assert broken(invariants.of_answers(told, seen)) == {}
    told.event("b", "accepted", is_invalid=False)
    told.conversion("y", "accepted")
    told.event("worse", "accepted", is_invalid=True)
    assert broken(invariants.of_answers(told, seen)) == {
        "acknowledged events lost": 1,
        "acknowledged conversions lost": 1,
        "invalid events taken": 1,
    }


def test_only_an_answer_that_says_when_to_come_again_is_no_fault_of_the_server():
    told = Told()
    told.answered("feed", 200, comes_again=False)
    told.answered("feed", 0, comes_again=True)
    told.answered("feed", 503, comes_again=True)
    told.answered("feed", 422, comes_again=False)
    assert broken(invariants.of_answers(told, Seen())) == {}
    told.answered("feed", 503, comes_again=False, body=b"away")
    told.answered("feed", 502, comes_again=True)
    (found,) = (one for one in invariants.of_answers(told, Seen()) if not one.ok)
    assert (found.value, found.first) == (2, "feed: 503 away")
    assert told.by_status() == {"feed": {"none": 1, "200": 1, "422": 1, "502": 1, "503": 2}}


def test_a_drill_in_which_something_never_happened_proves_nothing():
    told = Told()
    for kind in KINDS:
        told.answered(kind, 302 if kind == "clicks" else 200, comes_again=False)
    assert missing(told, dict.fromkeys(kills.ROLES, 1)) == []
    told.statuses["revocations", 200] = 0
    told.answered("revocations", 503, comes_again=True)
    assert missing(told, {"edge": 1, "site": 1, "settle": 2}) == ["revocations", "a kill of worker"]


def test_a_decision_on_what_was_stopped_counts_from_two_seconds_after_the_answer_to_the_end_of_the_stop():
    told = Told()
    told.stop(Pause("revocation", frozenset({1}), answered_ms=1_000))
    told.stop(Pause("pause", frozenset({2, 3}), answered_ms=1_000, ended_ms=9_000))
    fine = [(1, 999), (1, 1_000 + STATE_LIFE_MS), (2, 1_500), (3, 9_000), (4, 5_000)]
    assert broken(invariants.of_stops(told, Seen(decided=fine))) == {}
    late = [*fine, (1, 1_000 + AFTER_MS), (1, 99_000), (3, 8_999)]
    found = invariants.of_stops(told, Seen(decided=late))
    assert broken(found) == {"revoked grants decided on after 2 s": 2, "paused ads decided on after 2 s": 1}
    assert "2001 ms after the answer" in found[0].first


# ---- what is durable


@pytest.fixture
def place(means):
    return Place(means, settings.HOUSE, 0, "", 0)


@pytest.fixture
def happened(means):
    made = Happened(means, settings.HOUSE.folder).emptied()
    yield made
    made.emptied().close()


def lived(means, happened) -> None:
    envelopes = open_budget(means)
    fund(means, FUNDS[1], payer="advertiser:2")
    for number in range(6):
        of = claims(means, ad_claims(envelopes) if number % 2 else None, viewer=f"p{number}")
        sent = [event(means, type_, of, after_s=3) for type_ in ("impression", "view_2s", "share")]
        happened.settle(*sent, sent[0], *sent[1:])
        means.clock.advance(seconds=1)


def found_in(place) -> dict[str, float]:
    seen = read_log(place.house)
    assert seen.entries == 36
    return broken(
        [
            invariants.of_counts(seen),
            *invariants.of_money(place, TOWN, outcomes(), edges=1),
            *invariants.of_recounts(place),
        ]
    )


@pytest.mark.django_db(transaction=True)
def test_every_planted_breach_is_seen_and_nothing_before(means, place, happened):
    lived(means, happened)
    assert found_in(place) == {}
    Subject.objects.filter(subject_id=POST).update(shares=F("shares") + 1)
    assert found_in(place) == {"counted twice": 2, "counters unlike a recount": 1}
    Subject.objects.filter(subject_id=POST).update(shares=F("shares") - 1)

    Outcome.objects.filter(outcome="charged").update(counted=0)
    found = found_in(place)
    assert found["charges without an impression"] == 3
    Outcome.objects.filter(outcome="charged").update(counted=5, charged_micros=F("charged_micros") + 1)
    assert found_in(place)["charged and not in the books"] == 1


@pytest.mark.django_db(transaction=True)
def test_books_that_do_not_add_up_and_envelopes_beyond_their_limit_are_seen(means, place, happened, monkeypatch):
    """The database itself refuses a period that is overspent: that one is told by a fake."""
    lived(means, happened)
    overspent = [PeriodView("2026-11-26", 5, 12), PeriodView("2026-11-27", None, 12)]
    monkeypatch.setattr(invariants.books, "list_periods", lambda _: overspent)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_account SET balance_micros = balance_micros + 3 WHERE key = 'advertiser:2'")
    found = found_in(place)
    assert found["envelopes overspent"] >= 7
    assert found["ledger imbalance"] == 3
    assert found["ledger differences"] == 1
    assert found["charged and not in the books"] == 1


@pytest.mark.django_db(transaction=True)
def test_what_was_served_beyond_a_budget_is_counted_for_the_advertiser_who_had_most(means, place, happened):
    envelopes = open_budget(means, limit_micros=30_000)
    for number in range(9):
        of = claims(means, ad_claims(envelopes), viewer=f"p{number}")
        happened.settle(event(means, "impression", of, after_s=1))
    found = {one.name: one for one in invariants.of_money(place, TOWN, outcomes(), edges=2)}
    beyond = found["decisions free beyond a budget"]
    assert (beyond.value, beyond.bound) == (7, 2 * invariants.BEYOND_DECISIONS)
    assert found["envelopes overspent"].value == 0


@pytest.mark.django_db(transaction=True)
def test_budgets_and_comments_that_were_acknowledged_must_stand(means, place):
    payer = an_advertiser(means)
    campaign = a_campaign(means, payer.id)
    town, told = Town((), (payer.id, 2), 7, ()), Told(budgets={campaign.id: campaign.budget_micros})
    assert invariants.of_budgets(place, town, told).ok
    more = campaign.budget_micros + 10_000_000
    campaigns.update_campaign(means, COMMAND, advertiser_id=payer.id, campaign_id=campaign.id, budget_micros=more)
    assert not invariants.of_budgets(place, town, told).ok

    texts = ("one", "two", "one")
    post = a_post(means, a_creator(means))
    for id_, text in enumerate(texts, start=1):
        Comment.objects.create(id=id_, post_id=post.id, viewer_id=1, text=text, state="shown", at_ms=1)
    told = Told(said={"two"}, comments={2: "two"})
    assert broken(invariants.of_comments(told, [post.id])) == {}
    told = Told(said={"one", "two", "three"}, comments={2: "two", 4: "three"})
    assert broken(invariants.of_comments(told, [post.id])) == {
        "acknowledged comments lost": 1,
        "comments made twice": 1,
    }


# ---- kills, and what is said


def test_only_children_of_the_supervisor_are_found_by_what_they_run(monkeypatch):
    monkeypatch.setitem(kills.ROLES, "edge", ("http.server",))
    monkeypatch.setitem(kills.ROLES, "site", ("http.server", "--bind", "127.0.0.1"))
    runs = "import subprocess, sys; [print(subprocess.Popen([sys.executable, '-m', 'http.server', *a]).pid) for a in "
    asked = "(('--bind', '127.0.0.1', '0'), ('-b', '127.0.0.1', '0'))]; sys.stdout.flush(); sys.stdin.read()"
    stranger = subprocess.Popen([sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "0"])
    parent = subprocess.Popen([sys.executable, "-c", runs + asked], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert parent.stdout is not None
        pids = [int(parent.stdout.readline()) for _ in range(2)]
        until_s = time.monotonic() + 10
        while pids_of(parent.pid, "edge") != sorted(pids) and time.monotonic() < until_s:
            time.sleep(0.01)  # a child is its parent's copy until it runs something of its own
        assert pids_of(parent.pid, "edge") == sorted(pids)
        assert pids_of(parent.pid, "site") == pids[:1]
        assert sorted(children_of(parent.pid)) == sorted(pids)
    finally:
        for pid in pids:
            kills.os.kill(pid, kills.signal.SIGKILL)
        for one in (parent, stranger):
            one.kill()
            one.communicate()


def test_a_breach_is_told_with_the_first_thing_that_makes_it():
    found = Found(60, 1, [Invariant("lost", 0, 0, "events"), Invariant("well", 15, 30, "s")])
    assert is_kept(found)
    assert [line[:6].strip() for line in lines(found)][3:] == ["kept", "kept"]
    assert "████░░░░" in list(lines(found))[-1]
    found.invariants.append(Invariant("counted twice", 2, 0, "events", "likes of post 7"))
    assert not is_kept(found)
    assert not plain(found)["ok"]
    *_, table, first = lines(found)
    assert table.startswith("BROKEN counted twice")
    assert "▶" in table
    assert first.strip() == "likes of post 7"
    assert all(len(line) <= 80 for line in lines(found))


class BusyError(Exception):
    sqlite_errorcode = 5


def test_what_loses_to_another_is_done_again_and_what_fails_is_not():
    tries = []

    def lose_twice():
        tries.append(1)
        if len(tries) < 3:
            raise BusyError
        return len(tries)

    assert again(lose_twice) == 3
    with pytest.raises(ZeroDivisionError):
        again(lambda: 1 // 0)
