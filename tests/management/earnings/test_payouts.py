"""Creators earn, wait thirty days, ask, and are paid: never more than what matured, however many ask at once."""

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from attise.kernel.actor import Actor
from attise.kernel.errors import Refusal
from attise.kernel.limits import MATURITY_MS
from attise.ledger import queries as books
from attise.ledger.sums import Span
from attise.ledger.verify import verify_ledger
from attise.management.accounts.models import Member
from attise.management.accounts.payer import earner_of
from attise.management.billing import actions as billing
from attise.management.earnings import actions, queries
from attise.management.earnings.models import Payout
from attise.management.outbox import queries as outbox
from tests.builders import a_creator, a_person, an_advertiser
from tests.earning import EURO, charge, funded
from tests.races import at_once

pytestmark = pytest.mark.django_db
HOST = Actor("host", 1)
IBAN = "FR76 3000 6000 0112 3456 7890 189"


@pytest.fixture
def brand(means):
    return funded(means, an_advertiser(means))


@pytest.fixture
def lea(means):
    return a_creator(means)


def named(means, creator, number=IBAN):
    return actions.name_account(means, HOST, creator_id=creator.id, holder="Léa Martin", number=number)


def balance(means, creator, currency="EUR"):
    return queries.balance_of(means, creator_id=creator.id, currency=currency)


def ask(means, creator, micros=None):
    return actions.ask_payout(means, HOST, creator_id=creator.id, currency="EUR", amount_micros=micros)


def refusal(act, *given, **said) -> str:
    with pytest.raises(Refusal) as refused:
        act(*given, **said)
    return refused.value.code


def matured(means, brand, creator, euros=10):
    """Let a creator have some matured euros."""
    keys = charge(means, brand, creator, euros * EURO, share_ppm=1_000_000, fee_ppm=0)
    means.clock.advance(days=30)
    named(means, creator)
    return keys


def test_an_earning_matures_to_the_millisecond_thirty_days_after_its_event(means, brand, lea):
    charge(means, brand, lea, 10 * EURO, at_ms=means.clock.world_ms() - 5)
    charge(means, brand, lea, 7)
    one = balance(means, lea)
    assert (one.accrued_micros, one.matured_micros, one.available_micros) == (3 * EURO + 2, 0, 0)
    means.clock._wire_ms += MATURITY_MS - 6
    assert balance(means, lea).matured_micros == 0
    means.clock._wire_ms += 1
    one = balance(means, lea)
    assert (one.accrued_micros, one.matured_micros, one.available_micros) == (2, 3 * EURO, 3 * EURO)
    means.clock.advance(days=1)
    assert balance(means, lea).available_micros == 3 * EURO + 2


def test_a_payout_goes_its_whole_way(means, brand, lea):
    matured(means, brand, lea)
    asked = ask(means, lea, 4 * EURO)
    assert (asked.state, asked.account.mask, asked.account.holder) == ("asked", "•••• 0189", "Léa Martin")
    assert (balance(means, lea).asked_micros, balance(means, lea).available_micros) == (4 * EURO, 6 * EURO)
    assert queries.open_number(means, asked.id) == IBAN.replace(" ", "")
    assert actions.approve_payout(means, HOST, payout_id=asked.id).state == "approved"
    one = balance(means, lea)
    assert (one.set_aside_micros, one.owed_micros, one.paid_micros) == (4 * EURO, 6 * EURO, 0)
    paid = actions.mark_paid(means, HOST, payout_id=asked.id, reference="VIR 12")
    assert (paid.state, paid.reference) == ("paid", "VIR 12")
    assert actions.mark_paid(means, HOST, payout_id=asked.id, reference="VIR 12") == paid, "asked again after a crash"
    one = balance(means, lea)
    assert (one.matured_micros, one.paid_micros, one.set_aside_micros, one.available_micros) == (
        10 * EURO,
        4 * EURO,
        0,
        6 * EURO,
    )
    kinds = [notice.kind for notice in outbox.list_notices("creator", lea.id).items]
    assert kinds == ["payout_paid", "payout_approved", "payout_asked", "payout_account_named"]
    assert verify_ledger().difference is None


def test_a_failed_payout_gives_the_money_back_and_a_refused_or_withdrawn_one_lets_it_go(means, brand, lea):
    matured(means, brand, lea)
    first = ask(means, lea)
    assert refusal(ask, means, lea, EURO) == "payout_under_way"
    actions.approve_payout(means, HOST, payout_id=first.id)
    assert refusal(actions.withdraw_payout, means, HOST, creator_id=lea.id, payout_id=first.id) == "payout_state"
    assert refusal(actions.fail_payout, means, HOST, payout_id=first.id, note="") == "payout_note_required"
    failed = actions.fail_payout(means, HOST, payout_id=first.id, note="Compte clos")
    assert (failed.state, failed.note, balance(means, lea).available_micros) == ("failed", "Compte clos", 10 * EURO)
    assert refusal(actions.mark_paid, means, HOST, payout_id=first.id) == "payout_state"
    second = ask(means, lea)
    actions.refuse_payout(means, HOST, payout_id=second.id, note="Une pièce manque")
    third = ask(means, lea)
    assert actions.withdraw_payout(means, HOST, creator_id=lea.id, payout_id=third.id).state == "withdrawn"
    assert refusal(actions.approve_payout, means, HOST, payout_id=third.id) == "payout_state"
    assert balance(means, lea).available_micros == 10 * EURO
    assert books.balance_of(queries.payable_of(lea.id), "EUR") == 0
    assert verify_ledger().difference is None


def test_what_cannot_be_asked_for_is_refused_by_its_name(means, brand, lea):
    assert refusal(ask, means, lea) == "payout_account_missing"
    matured(means, brand, lea)
    for micros in (0, -1, 1, 9_999, 10 * EURO + 10_000):
        assert refusal(ask, means, lea, micros) == "payout_above_matured", micros
    assert refusal(actions.ask_payout, means, HOST, creator_id=lea.id, currency="USD") == "payout_above_matured"
    assert refusal(actions.ask_payout, means, HOST, creator_id=lea.id, currency="???") == "payout_above_matured"
    assert refusal(actions.ask_payout, means, HOST, creator_id=brand.id, currency="EUR") == "not_found"
    assert refusal(actions.approve_payout, means, HOST, payout_id=5) == "not_found"
    other = a_creator(means, "autre")
    payout = ask(means, lea)
    assert refusal(actions.withdraw_payout, means, HOST, creator_id=other.id, payout_id=payout.id) == "not_found"
    assert refusal(queries.get_payout, payout.id, creator_id=other.id) == "not_found"


@pytest.mark.parametrize("number", ["FR76 3000 6000 0112 3456 7890 188", "FR7", "12", "<script>", "FR76" + "A" * 40])
def test_an_account_that_cannot_be_one_is_refused(means, lea, number):
    assert refusal(named, means, lea, number) == "payout_account_wrong"


def test_all_is_asked_in_what_a_bank_can_write_and_the_rest_stays(means, brand, lea):
    charge(means, brand, lea, 1_234_567, share_ppm=1_000_000, fee_ppm=0)
    means.clock.advance(days=30)
    named(means, lea)
    assert ask(means, lea).amount_micros == 1_230_000
    assert balance(means, lea).available_micros == 4_567


def test_a_person_on_both_sides_or_a_shared_account_is_held_for_the_operator(means, brand):
    person = a_person(means)
    lea = a_creator(means, person=person)
    member = Member.objects.create(
        id=means.ids.next(), person=person, business_center_id=brand.business_center_id, role="ADMIN", created_at_ms=0
    )
    matured(means, brand, lea)
    member.removed_at_ms = 1
    member.save()
    held = ask(means, lea)
    assert (held.state, held.held_for) == ("held", (("same_owner", str(brand.id)),)), "also who left since"
    assert refusal(actions.approve_payout, means, HOST, payout_id=held.id) == "payout_note_required"
    assert actions.approve_payout(means, HOST, payout_id=held.id, note="Contrat vu").state == "approved"
    friend = a_creator(means, "amie")
    matured(means, brand, friend)
    held = ask(means, friend)
    assert (held.state, held.held_for) == ("held", (("shared_account", str(lea.id)),))


def test_what_is_given_back_after_the_asking_stops_the_payout(means, brand, lea):
    keys = matured(means, brand, lea)
    payout = ask(means, lea)
    give = {"advertiser_id": brand.id, "charge_keys": keys}
    assert billing.give_back(means, HOST, reason="invalid_traffic", **give)[0].refusal.code == "charge_too_old"
    billing.give_back(means, HOST, reason="billing_error", **give)
    assert balance(means, lea).owed_micros == 0
    assert refusal(actions.approve_payout, means, HOST, payout_id=payout.id) == "payout_not_covered"


def test_what_is_given_back_after_the_payment_is_owed_and_paid_off_by_what_comes(means, brand, lea):
    keys = matured(means, brand, lea)
    payout = ask(means, lea)
    actions.approve_payout(means, HOST, payout_id=payout.id)
    actions.mark_paid(means, HOST, payout_id=payout.id)
    billing.give_back(means, HOST, advertiser_id=brand.id, charge_keys=keys, reason="billing_error")
    one = balance(means, lea)
    assert (one.owed_micros, one.available_micros, one.paid_micros) == (-10 * EURO, 0, 10 * EURO)
    assert refusal(ask, means, lea) == "payout_above_matured"
    matured(means, brand, lea, 25)
    assert balance(means, lea).available_micros == 15 * EURO
    assert verify_ledger().difference is None


def test_earnings_are_told_by_advertiser_grant_and_fee_to_the_micro(means, brand, lea):
    other = funded(means, an_advertiser(means, "Autre"))
    keys = charge(means, brand, lea, 3_000_001, 500_003, grant=11)
    charge(means, other, lea, 2_000_000, grant=12)
    charge(means, other, lea, 1_000_000)
    billing.give_back(means, HOST, advertiser_id=brand.id, charge_keys=keys[1:], reason="invalid_traffic")
    rows = queries.list_earned(lea.id, "EUR", Span())
    assert [
        (row.advertiser_id, row.authorization_id, row.earned_micros, row.given_back_micros, row.events) for row in rows
    ] == [
        (brand.id, 11, 900_000 + 150_000, 150_000, 2),
        (other.id, 12, 600_000, 0, 1),
        (other.id, None, 300_000, 0, 1),
    ]
    assert sum(row.net_micros for row in rows) == books.balance_of(earner_of(lea.id), "EUR")


# Never more than matured ---------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_race_of_askers_reserves_what_matured_once(means):
    brand, lea = funded(means, an_advertiser(means)), a_creator(means)
    matured(means, brand, lea)
    answers = at_once([lambda: ask(means, lea, 6 * EURO).state] * 8)
    assert sorted(set(answers)) == ["asked", "payout_under_way"]
    assert answers.count("asked") == 1


@pytest.mark.django_db(transaction=True)
def test_race_of_approvals_clawbacks_and_askers_never_pays_more_than_matured(means):
    brand, lea = funded(means, an_advertiser(means)), a_creator(means)
    keys = matured(means, brand, lea)
    first = ask(means, lea)

    def back():
        return billing.give_back(means, HOST, advertiser_id=brand.id, charge_keys=keys, reason="billing_error")[
            0
        ].outcome

    approve = lambda: actions.approve_payout(means, HOST, payout_id=first.id).state  # noqa: E731
    answers = at_once([approve, approve, approve, back, back, lambda: ask(means, lea).state])
    approvals, backs = answers[:3], answers[3:5]
    assert approvals.count("approved") <= 1
    assert sorted(backs) == ["before", "given_back"]
    one = balance(means, lea)
    assert one.set_aside_micros == (10 * EURO if "approved" in approvals else 0)
    assert verify_ledger().difference is None


class Payouts(RuleBasedStateMachine):
    """Charges, days, credits and payouts in any order: what was paid is never more than what had matured by then."""

    @initialize()
    def begin(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.means = self.given
        self.brand = funded(self.means, an_advertiser(self.means), 100_000)
        self.lea = a_creator(self.means)
        named(self.means, self.lea)
        self.charged: dict[str, tuple[int, int]] = {}
        self.back: set[str] = set()
        self.paid = 0
        self.aside: dict[int, int] = {}

    def teardown(self):
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def matured(self) -> int:
        before = self.means.clock.world_ms() - MATURITY_MS
        return sum(share for key, (share, at) in self.charged.items() if at <= before and key not in self.back)

    def attempt(self, act, *given, **said):
        try:
            with transaction.atomic():
                return act(*given, **said)
        except Refusal:
            return None

    @rule(amount=st.integers(1, 40 * EURO), ago_days=st.integers(0, 40))
    def charge(self, amount, ago_days):
        at_ms = self.means.clock.world_ms() - ago_days * 86_400_000
        (key,) = charge(self.means, self.brand, self.lea, amount, at_ms=at_ms)
        self.charged[key] = (amount * 300_000 // 1_000_000, at_ms)

    @rule(days=st.integers(1, 35))
    def wait(self, days):
        self.means.clock.advance(days=days)

    @rule(data=st.data())
    def give_back(self, data):
        if self.charged:
            key = data.draw(st.sampled_from(sorted(self.charged)))
            (answer,) = billing.give_back(
                self.means, HOST, advertiser_id=self.brand.id, charge_keys=[key], reason="billing_error"
            )
            assert (answer.outcome == "given_back") == (key not in self.back)
            self.back.add(key)

    @rule(cents=st.integers(1, 4_000))
    def ask(self, cents):
        self.attempt(ask, self.means, self.lea, cents * 10_000)

    @rule(how=st.sampled_from(["approve", "refuse", "pay", "fail", "withdraw"]))
    def go_on(self, how):
        row = Payout.objects.order_by("-id").first()
        if row is None:
            return
        said = {"payout_id": row.id}
        if how == "approve":
            before = self.matured() - self.paid - sum(self.aside.values())
            if self.attempt(actions.approve_payout, self.means, HOST, **said):
                assert row.amount_micros <= before
                self.aside[row.id] = row.amount_micros
        elif how == "refuse":
            self.attempt(actions.refuse_payout, self.means, HOST, note="non", **said)
        elif how == "pay" and row.id in self.aside:
            self.attempt(actions.mark_paid, self.means, HOST, **said)
            self.paid += self.aside.pop(row.id)
        elif how == "fail" and self.attempt(actions.fail_payout, self.means, HOST, note="non", **said):
            self.aside.pop(row.id)
        elif how == "withdraw":
            self.attempt(actions.withdraw_payout, self.means, HOST, creator_id=self.lea.id, **said)

    @invariant()
    def it_is_what_the_model_says(self):
        if not hasattr(self, "lea"):
            return
        one = balance(self.means, self.lea)
        assert one.matured_micros == self.matured()
        assert (one.paid_micros, one.set_aside_micros) == (self.paid, sum(self.aside.values()))
        earned = sum(share for key, (share, _) in self.charged.items() if key not in self.back)
        assert one.accrued_micros == earned - self.matured()
        assert one.accrued_micros + one.owed_micros == books.balance_of(earner_of(self.lea.id), "EUR")


def test_no_sequence_pays_more_than_matured(means):
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        type("Given", (Payouts,), {"given": means}),
        settings=settings(max_examples=25, stateful_step_count=25, deadline=None),
    )
    assert verify_ledger().difference is None
