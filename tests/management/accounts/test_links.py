"""Links that work once: to sign in, to choose a password, to accept an invitation."""

import pytest

from attise.kernel.actor import COMMAND
from attise.kernel.limits import SIGN_IN_LINK_LIFE_MS
from attise.management.accounts import queries
from attise.management.accounts.actions import follow_link, make_link, sign_in_link, sign_in_links, sweep
from attise.management.accounts.models import Link, Person
from attise.management.outbox.queries import list_notices
from tests.refusals import refusals_of

pytestmark = pytest.mark.django_db
DEAD = [(None, "link_dead")]


def test_a_sign_in_link_works_once(means, ines):
    secret = make_link(means, purpose="sign_in", person_id=ines.id, console="creator", life_ms=SIGN_IN_LINK_LIFE_MS)
    assert secret not in str(list(Link.objects.values()))
    followed = follow_link(means, secret)
    assert (followed.purpose, followed.person_id, followed.console) == ("sign_in", ines.id, "creator")
    assert refusals_of(follow_link, means, secret) == DEAD
    assert queries.find_link(means, secret) is None


def test_looking_at_a_link_does_not_use_it_up(means, ines):
    secret = sign_in_link(means, person_id=ines.id, console="operator")
    for _ in range(3):
        assert queries.find_link(means, secret).console == "operator"
    assert follow_link(means, secret, purpose="sign_in")


def test_a_link_lives_a_quarter_of_an_hour_of_real_waiting(means, ines, clock):
    secret = sign_in_link(means, person_id=ines.id, console="viewer")
    clock.offset_ms += 86_400_000
    assert queries.find_link(means, secret) is not None
    clock.advance(seconds=900)
    assert queries.find_link(means, secret) is None
    assert refusals_of(follow_link, means, secret) == DEAD


def test_a_link_opens_no_other_page_than_its_own(means, ines):
    secret = sign_in_link(means, person_id=ines.id, console="viewer")
    for purpose in ("reset", "invitation"):
        assert refusals_of(follow_link, means, secret, purpose=purpose) == DEAD
    assert follow_link(means, secret, purpose="sign_in")


def test_a_closed_account_is_not_signed_in_by_a_link(means, ines):
    secret = sign_in_link(means, person_id=ines.id, console="viewer")
    Person.objects.filter(id=ines.id).update(is_active=False)
    assert refusals_of(follow_link, means, secret) == DEAD
    assert refusals_of(sign_in_link, means, person_id=ines.id, console="viewer") == [("person_id", "not_found")]


@pytest.mark.parametrize("text", ["", "x", "alk_" + "0" * 40, "ahk_" + "0" * 40, "\0", "\udcff", "a" * 100_000])
def test_a_text_that_is_no_link_is_dead_too(means, text):
    assert refusals_of(follow_link, means, text) == DEAD
    assert queries.find_link(means, text) is None


def test_a_link_is_asked_for_by_address_or_for_the_first_operator(means, town, ines):
    assert refusals_of(sign_in_link, means, console="operator") == [(None, "nobody_yet")]
    assert refusals_of(sign_in_link, means, console="operator", email="nobody@example.org") == [("email", "not_found")]
    operator = town.person("operator", is_operator=True)
    assert follow_link(means, sign_in_link(means, console="operator")).person_id == operator.id
    assert follow_link(means, sign_in_link(means, console="viewer", email="INES@example.org")).person_id == ines.id


def test_four_consoles_four_links(means, ines):
    links = sign_in_links(means, person_id=ines.id)
    assert {console: follow_link(means, secret).console for console, secret in links.items()} == {
        name: name for name in ("viewer", "creator", "advertiser", "operator")
    }


def test_links_past_their_end_are_thrown_away(means, ines, clock):
    sign_in_link(means, person_id=ines.id, console="viewer")
    make_link(means, purpose="invitation", invitation={"email": "z@example.org"}, life_ms=1)
    clock.advance(days=2)
    kept = sign_in_link(means, person_id=ines.id, console="viewer")
    assert sweep(means) == 2
    assert queries.find_link(means, kept) is not None


def test_the_journal_keeps_who_asked_for_a_sign_in_link(means, ines):
    sign_in_links(means, person_id=ines.id)
    assert [one.kind for one in list_notices("operator", 0).items] == ["password_changed"]
    sign_in_link(means, person_id=ines.id, console="viewer", by=COMMAND)
    told = list_notices("operator", 0).items[0]
    assert (told.kind, told.object_id, told.body) == ("sign_in_link_made", ines.id, {"by": "command"})
