"""What may be spent on a grant: capped by its terms, open as long as the hold lives."""

import pytest

from attise.kernel.actor import Actor
from attise.ledger import actions as ledger
from attise.ledger import queries as books
from attise.management.authorizations import actions, queries
from attise.management.authorizations.coverage import Use, covers_of
from attise.management.outbox import queries as outbox
from attise.management.outbox.actions import unit
from attise.records.charge import Charge
from attise.records.terms import Terms
from tests.builders import a_business_center, a_creator, a_post, an_advertiser

pytestmark = pytest.mark.django_db
HOST = Actor("host", 1)
EURO = 1_000_000


@pytest.fixture
def brand(means):
    return an_advertiser(means)


@pytest.fixture
def post(means):
    return a_post(means, a_creator(means))


def hold(means, post, *advertisers, terms=None):
    view, code = actions.grant_post(means, HOST, creator_id=post.creator_id, post_id=post.id, days=30, terms=terms)
    for advertiser in advertisers:
        actions.redeem(means, HOST, advertiser_id=advertiser.id, code=code)
    return view


def envelope(means, advertiser):
    (identity, *_) = queries.list_identities(means, advertiser_id=advertiser.id).items
    post_id = next((item.post.id for item in queries.list_bound_posts(means, advertiser_id=advertiser.id).items), None)
    use = Use(advertiser.id, identity.identity_id, post_id)
    envelope_id = covers_of(means, [use])[use].envelope_id
    return books.list_envelopes_by_id([envelope_id], at_ms=means.clock.world_ms())[envelope_id]


def spend(means, state, euros, *, later_s=0):
    asked = Charge(
        key=f"event:{means.ids.next()}",
        envelopes=(state.envelope.id,),
        amount_micros=euros * EURO,
        legs=(("platform", euros * EURO),),
        decided_at_ms=means.clock.world_ms(),
        received_at_ms=means.clock.wire_ms() + later_s * 1000,
    )
    with unit(means):
        return ledger.charge(means, asked, currency="EUR")


def fund(means, advertiser, euros):
    entries = {"world": -euros * EURO, f"advertiser:{advertiser.id}": euros * EURO}
    with unit(means):
        ledger.move(means, HOST, key=f"fund:{means.ids.next()}", currency="EUR", reason="test", entries=entries)


def capped(euros, **fields):
    return Terms(spend_cap_micros=euros * EURO, currency="EUR", **fields)


def test_a_cap_is_a_limit_of_the_ledger(means, brand, post):
    hold(means, post, brand, terms=capped(10))
    state = envelope(means, brand)
    assert (state.envelope.key.partition(":")[0], state.envelope.kind, state.limit_micros) == (
        "grant",
        "grant",
        10 * EURO,
    )
    fund(means, brand, 100)
    assert spend(means, state, 8).outcome == "charged"
    assert (spend(means, state, 3).outcome, spend(means, state, 2).outcome) == ("free", "charged")
    assert envelope(means, brand).room_micros == 0


def test_without_a_cap_there_is_no_limit(means, brand, post):
    hold(means, post, brand)
    assert envelope(means, brand).limit_micros is None


def test_new_terms_move_the_cap_at_once_but_never_below_what_is_spent(means, brand, post):
    view = hold(means, post, brand)

    def change(terms):
        actions.change_terms(means, HOST, creator_id=post.creator_id, authorization_id=view.id, terms=terms)
        return envelope(means, brand).limit_micros

    fund(means, brand, 100)
    spend(means, envelope(means, brand), 8)
    assert change(capped(20)) == 20 * EURO
    assert change(capped(5)) == 8 * EURO
    assert change(Terms()) is None


def test_each_of_several_advertisers_has_the_cap(means, brand, post):
    rival = an_advertiser(means, "Rivale")
    hold(means, post, brand, rival, terms=capped(10, max_advertisers=2))
    assert [envelope(means, one).limit_micros for one in (brand, rival)] == [10 * EURO, 10 * EURO]


def test_a_cap_in_another_currency_lets_nothing_be_spent(means, brand, post):
    hold(means, post, brand, terms=Terms(spend_cap_micros=10 * EURO, currency="USD"))
    assert envelope(means, brand).limit_micros == 0


def test_a_revoked_grant_costs_nothing_a_minute_later(means, clock, brand, post):
    view = hold(means, post, brand)
    fund(means, brand, 100)
    state = envelope(means, brand)
    actions.revoke(means, HOST, creator_id=post.creator_id, authorization_id=view.id, when="now")
    assert envelope(means, brand).is_closed
    assert spend(means, state, 1, later_s=59).outcome == "charged"
    late = spend(means, state, 1, later_s=61)
    assert (late.outcome, late.reason) == ("free", "envelope_closed")


def test_an_expired_grant_is_closed_by_the_clock(means, clock, brand, post):
    hold(means, post, brand)
    clock.advance(days=30)
    actions.remind(means)
    assert envelope(means, brand).is_closed


def test_a_planned_revocation_is_written_down_when_it_comes(means, clock, brand, post):
    view = hold(means, post, brand)
    soon = clock.world_ms() + 3_600_000
    actions.revoke(
        means,
        HOST,
        creator_id=post.creator_id,
        authorization_id=view.id,
        when="campaigns_end",
        campaigns_end_ms=soon,
    )
    assert actions.end_planned(means) == 0
    assert not envelope(means, brand).is_closed
    clock.advance(seconds=3_600)
    assert (actions.end_planned(means), actions.end_planned(means)) == (1, 0)
    assert envelope(means, brand).is_closed
    history = [(entry.verb, entry.actor) for entry in queries.list_history(view.id)]
    assert history[-2:] == [("revocation_planned", "host:1"), ("revoked", "clock")]
    assert outbox.list_notices("advertiser", brand.id).items[0].kind == "authorization_revoked"
    post.refresh_from_db()
    assert post.locked_until_ms == 0


def test_a_planned_revocation_that_was_lifted_is_not_written_down(means, clock, brand, post):
    view = hold(means, post, brand)
    soon = clock.world_ms() + 3_600_000
    call = {"creator_id": post.creator_id, "authorization_id": view.id}
    actions.revoke(means, HOST, when="campaigns_end", campaigns_end_ms=soon, **call)
    actions.extend(means, HOST, days=7, **call)
    clock.advance(seconds=3_600)
    assert actions.end_planned(means) == 0


def test_an_account_taken_back_is_closed_and_opens_again(means, post):
    center = a_business_center(means)
    brand = an_advertiser(means, center=center)
    _, secret = actions.request_access(means, HOST, business_center_id=center.id, permissions=["existing_posts"])
    actions.accept_access(means, HOST, creator_id=post.creator_id, secret=secret)
    call = {"business_center_id": center.id, "advertiser_id": brand.id, "creator_id": post.creator_id}
    assert not envelope(means, brand).is_closed
    actions.unassign_account(means, HOST, **call)
    assert envelope(means, brand).is_closed
    actions.assign_account(means, HOST, **call)
    assert not envelope(means, brand).is_closed


def test_a_creator_who_is_not_paid_may_cap_what_an_advertiser_already_holds(means, brand, post):
    view = hold(means, post, brand)
    done = actions.change_terms(means, HOST, creator_id=post.creator_id, authorization_id=view.id, terms=capped(5))
    assert done.terms.spend_cap_micros == 5 * EURO
