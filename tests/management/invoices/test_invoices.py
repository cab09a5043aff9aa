"""Months are invoiced once, by numbers without gaps, to the micro; what came late is on the next paper."""

import datetime as dt
from contextlib import suppress

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attise.kernel.actor import Actor
from attise.kernel.clock import to_ms
from attise.kernel.errors import Refusal
from attise.ledger import queries as books
from attise.ledger.verify import verify_ledger
from attise.management.accounts.payer import payer_of
from attise.management.billing import actions as billing
from attise.management.invoices import actions, queries, verify
from attise.management.invoices.models import Invoice, Series
from attise.management.outbox import queries as outbox
from attise.management.outbox.actions import unit
from tests.builders import a_creator, an_advertiser
from tests.campaign_rows import a_campaign
from tests.earning import EURO, charge, funded
from tests.races import at_once

pytestmark = pytest.mark.django_db
HOST = Actor("host", 1)
PARIS = dt.timedelta(hours=2)


def at(text: str) -> int:
    return to_ms(dt.datetime.fromisoformat(text))


def go_to(means, text: str) -> None:
    means.clock._wire_ms = at(text)


@pytest.fixture
def brand(means):
    go_to(means, "2026-10-01T12:00:00+02:00")
    state(means)
    return funded(means, an_advertiser(means), 100_000)


def state(means):
    return actions.state_issuer(means, HOST, name="Maison Vidéo SAS", address="1 rue des Prés\n75001 Paris")


def issue(means, brand, period="2026-10"):
    return actions.issue_month(means, HOST, advertiser_id=brand.id, period=period)


def refusal(act, *given, **said) -> str:
    with pytest.raises(Refusal) as refused:
        act(*given, **said)
    return refused.value.code


def test_a_month_is_the_sum_of_its_charges_to_the_micro_in_the_advertisers_zone(means, brand):
    campaign = a_campaign(means, brand, name="Automne")
    charge(means, brand, None, 7, at_ms=at("2026-10-01T00:00:00+02:00"), campaign=campaign.id)
    charge(means, brand, None, 1_234_567, 1, at_ms=at("2026-10-31T23:59:59+01:00"), campaign=campaign.id)
    charge(means, brand, None, 5 * EURO, at_ms=at("2026-11-01T00:00:00+01:00"), campaign=campaign.id)
    go_to(means, "2026-11-03T00:00:00+01:00")
    (paper,) = issue(means, brand)
    assert (paper.number, paper.kind, paper.total_micros) == ("F-2026-000001", "invoice", 1_234_575)
    assert (paper.body.rounded_micros, paper.body.issued_on, paper.body.timezone) == (
        1_230_000,
        "2026-11-03",
        "Europe/Paris",
    )
    (line,) = paper.body.lines
    assert (line.kind, line.name, line.reference, line.count) == ("campaign", "Automne", str(campaign.id), 3)
    assert (paper.body.issuer.name, paper.body.advertiser.name) == ("Maison Vidéo SAS", brand.company)
    assert issue(means, brand) == [paper], "asked again, the same"
    assert [one.kind for one in outbox.list_notices("advertiser", brand.id).items] == ["invoice_issued"]
    assert verify.first_difference() is None


def test_a_month_waits_for_its_last_events_and_needs_an_issuer(means):
    go_to(means, "2026-10-20T12:00:00+02:00")
    brand = funded(means, an_advertiser(means))
    charge(means, brand, None, EURO)
    go_to(means, "2026-11-02T23:59:59+01:00")
    assert refusal(issue, means, brand) == "invoice_period_not_over"
    means.clock.advance(seconds=1)
    assert refusal(issue, means, brand) == "invoice_issuer_missing"
    state(means)
    for period in ("2026-13", "26-10", "2026-1", "2026-10-01", "", "٢٠٢٦-10"):
        assert refusal(issue, means, brand, period) == "invoice_period_wrong"
    assert refusal(issue, means, brand, "2026-09") == "invoice_nothing"
    assert len(issue(means, brand)) == 1
    assert refusal(issue, means, brand, "2026-09") == "invoice_period_closed"
    assert refusal(actions.issue_month, means, HOST, advertiser_id=5, period="2026-10") == "not_found"


def test_what_settles_after_its_months_paper_is_on_the_next_one_told_apart(means, brand):
    charge(means, brand, None, EURO, at_ms=at("2026-10-15T12:00:00+02:00"))
    go_to(means, "2026-11-03T00:00:00+01:00")
    issue(means, brand)
    charge(means, brand, None, 2 * EURO, at_ms=at("2026-10-15T12:00:00+02:00"))
    charge(means, brand, None, 4 * EURO)
    go_to(means, "2026-12-03T00:00:00+01:00")
    (paper,) = issue(means, brand, "2026-11")
    assert [(line.is_late, line.amount_micros) for line in paper.body.lines] == [(False, 4 * EURO), (True, 2 * EURO)]
    assert paper.total_micros == 6 * EURO
    assert verify.first_difference() is None


def test_what_is_given_back_is_on_a_credit_note_that_names_its_invoice(means, brand):
    keys = charge(means, brand, None, EURO, 3 * EURO, at_ms=at("2026-10-30T12:00:00+01:00"))
    go_to(means, "2026-11-04T12:00:00+01:00")
    (invoice,) = issue(means, brand)
    billing.give_back(means, HOST, advertiser_id=brand.id, charge_keys=keys[:1], reason="invalid_traffic")
    go_to(means, "2026-12-03T00:00:00+01:00")
    (note,) = issue(means, brand, "2026-11")
    assert (note.kind, note.number, note.total_micros) == ("credit_note", "A-2026-000001", EURO)
    assert note.body.refers_to == (invoice.number,)
    go_to(means, "2027-01-03T00:00:00+01:00")
    assert refusal(issue, means, brand, "2026-12") == "invoice_nothing"
    assert verify.first_difference() is None


def test_a_new_year_begins_a_new_series(means, brand):
    charge(means, brand, None, EURO)
    go_to(means, "2026-11-03T00:00:00+01:00")
    assert issue(means, brand)[0].number == "F-2026-000001"
    charge(means, brand, None, EURO, at_ms=at("2026-12-31T23:00:00+01:00"))
    go_to(means, "2027-01-03T00:00:00+01:00")
    assert issue(means, brand, "2026-12")[0].number == "F-2027-000001"


def test_a_paper_cannot_be_changed_and_what_is_changed_around_the_guard_is_found(means, brand):
    charge(means, brand, None, EURO)
    go_to(means, "2026-11-03T00:00:00+01:00")
    issue(means, brand)
    for statement in ("UPDATE invoices_invoice SET total_micros = 1", "DELETE FROM invoices_invoice"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    Series.objects.update(last_number=2)
    assert "its last paper is 1" in verify.first_difference()


def test_the_worker_issues_what_is_due_once(means, brand):
    other = funded(means, an_advertiser(means, "Autre"))
    an_advertiser(means, "Rien")
    for one in (brand, other):
        charge(means, one, None, EURO)
    assert actions.issue_due(means, HOST) == 0
    go_to(means, "2026-11-03T00:00:00+01:00")
    assert actions.issue_due(means, HOST) == 2
    assert actions.issue_due(means, HOST) == 0
    assert {one.number for one in queries.list_invoices(advertiser_id=None).items} == {
        "F-2026-000001",
        "F-2026-000002",
    }


def test_a_paper_of_another_advertiser_is_nothing(means, brand):
    other = an_advertiser(means, "Autre")
    charge(means, brand, None, EURO)
    go_to(means, "2026-11-03T00:00:00+01:00")
    (paper,) = issue(means, brand)
    assert refusal(queries.get_invoice, advertiser_id=other.id, invoice_id=paper.id) == "not_found"
    assert queries.list_invoices(advertiser_id=other.id).items == []
    assert queries.get_invoice(advertiser_id=brand.id, invoice_id=paper.id) == paper


def test_who_is_undone_leaves_no_gap(means, brand):
    other = funded(means, an_advertiser(means, "Autre"))
    for one in (brand, other):
        charge(means, one, None, EURO)
    go_to(means, "2026-11-03T00:00:00+01:00")
    with pytest.raises(RuntimeError), transaction.atomic():
        issue(means, brand)
        raise RuntimeError
    assert issue(means, other)[0].number == "F-2026-000001"
    assert issue(means, brand)[0].number == "F-2026-000002"
    assert verify.first_difference() is None


@pytest.mark.django_db(transaction=True)
def test_race_of_twenty_issuers_leaves_no_gap_and_no_double(means):
    go_to(means, "2026-10-01T12:00:00+02:00")
    state(means)
    brands = [funded(means, an_advertiser(means, f"Marque {number}")) for number in range(10)]
    for brand in brands:
        keys = charge(means, brand, None, EURO, 2 * EURO)
        billing.give_back(means, HOST, advertiser_id=brand.id, charge_keys=keys[:1], reason="billing_error")
    go_to(means, "2026-11-03T00:00:00+01:00")

    def undone(brand):
        with pytest.raises(RuntimeError):
            _issue_and_fail(means, brand)
        return "undone"

    acts = [lambda brand=brand: [paper.id for paper in issue(means, brand)] for brand in [*brands, *brands[:7]]]
    acts += [lambda brand=brand: undone(brand) for brand in brands[7:]]
    answers = at_once(acts)
    assert answers[:7] == answers[10:17], "two of the same month get the same papers"
    for kind in ("invoice", "credit_note"):
        assert sorted(Invoice.objects.filter(kind=kind).values_list("number", flat=True)) == list(range(1, 11))
    assert verify.first_difference() is None


def _issue_and_fail(means, brand):
    with unit(means):
        issue(means, brand)
        raise RuntimeError


# Whatever comes when, all papers together are the ledger -------------------------------------------------------------

HOURS = st.integers(0, 24 * 92)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_all_papers_together_are_the_ledger(means, data):
    with transaction.atomic():
        begin = at("2026-09-30T22:00:00+00:00")
        means.clock._wire_ms = begin
        state(means)
        brand, lea = funded(means, an_advertiser(means), 100_000), a_creator(means, f"lea{means.ids.next()}")
        keys = []
        months = ["2026-10", "2026-11", "2026-12"]
        for step in data.draw(st.lists(st.sampled_from(["charge", "back", "issue"]), max_size=12)):
            if step == "charge":
                amount = data.draw(st.integers(1, 9 * EURO))
                keys += charge(means, brand, lea, amount, at_ms=begin + data.draw(HOURS) * 3_600_000)
            elif step == "back" and keys:
                key = data.draw(st.sampled_from(keys))
                billing.give_back(means, HOST, advertiser_id=brand.id, charge_keys=[key], reason="billing_error")
            elif step == "issue" and months:
                month = months.pop(0)
                means.clock._wire_ms = max(means.clock._wire_ms, at(f"{month}-28T00:00:00+00:00") + 6 * 86_400_000)
                with suppress(Refusal):  # nothing to invoice
                    issue(means, brand, month)
        means.clock._wire_ms = max(means.clock._wire_ms, at("2027-04-05T00:00:00+00:00"))
        with suppress(Refusal):
            issue(means, brand, "2027-03")
        papers = queries.list_invoices(advertiser_id=brand.id).items
        signed = [one.total_micros if one.kind == "invoice" else -one.total_micros for one in papers]
        assert sum(signed) == 100_000 * EURO - books.balance_of(payer_of(brand.id), "EUR")
        assert all(sum(line.amount_micros for line in one.body.lines) == one.total_micros for one in papers)
        assert all(abs(one.body.rounded_micros - one.total_micros) <= 5_000 for one in papers)
        assert verify.first_difference() is None
        transaction.set_rollback(True)


def test_the_ledger_holds_after_all_this(means, brand):
    keys = charge(means, brand, a_creator(means), 10 * EURO, 1)
    billing.give_back(means, HOST, advertiser_id=brand.id, charge_keys=keys, reason="billing_error")
    assert verify_ledger().difference is None
