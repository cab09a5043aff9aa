"""Signing in: one answer for every failure, a wait for who guesses, none for who knows."""

import statistics
import time

import pytest
from django.test import override_settings

from attise.doors.site import settings as site_settings
from attise.management.accounts.actions import change_password, sign_in
from attise.management.accounts.models import Person
from tests.management.accounts.conftest import PASSWORD
from tests.refusals import refusals_of

pytestmark = pytest.mark.django_db
REFUSED = [(None, "sign_in_refused")]
WAIT = [(None, "too_many_requests")]


@pytest.fixture
def enter(means):
    def entered(email="ines@example.org", password=PASSWORD, address="192.0.2.7"):
        return sign_in(means, email=email, password=password, address=address)

    return entered


def test_the_right_password_signs_in_whatever_the_case_of_the_address(enter, ines):
    assert enter().id == ines.id
    assert enter(email=" INES@Example.org ").id == ines.id


def test_the_same_password_typed_on_another_keyboard_is_the_same(means, town, enter):
    town.person("zoe", password="cafe\u0301 cre\u0300me 2026")
    assert enter(email="zoe@example.org", password="café crème 2026")


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD.upper(), PASSWORD + " ", "\0", "\udcff", "x" * 100_000])
def test_a_wrong_password_is_refused(enter, ines, password):
    assert refusals_of(enter, password=password) == REFUSED


@pytest.mark.parametrize(
    "email", ["", "nobody@example.org", "ines", "\0", "\udcff@x.y", "a" * 100_000, "ines@example.org\n\n"]
)
def test_an_unknown_address_gets_the_very_same_answer(enter, email):
    assert refusals_of(enter, email=email) == REFUSED


def test_whoever_has_no_password_or_a_closed_account_gets_it_too(town, enter, ines):
    town.person("zoe")
    assert refusals_of(enter, email="zoe@example.org", password="") == REFUSED
    Person.objects.filter(id=ines.id).update(is_active=False)
    assert refusals_of(enter) == REFUSED


@override_settings(PASSWORD_HASHERS=site_settings.PASSWORD_HASHERS)
def test_an_unknown_address_takes_as_long_as_a_wrong_password(means, town, clock):
    town.person("paul", password=PASSWORD)  # hashed at the real cost

    def cost_s(email):
        clock.advance(seconds=86_400)
        begin = time.process_time()  # work done, whatever else the machine does
        assert refusals_of(sign_in, means, email=email, password="not the one") == REFUSED
        return time.process_time() - begin

    known, unknown = [], []
    for _ in range(5):
        known.append(cost_s("paul@example.org"))
        unknown.append(cost_s("nobody@example.org"))
    ratio = statistics.median(unknown) / statistics.median(known)
    assert 0.5 < ratio < 2


def test_after_ten_failures_even_the_right_password_waits(enter, ines, clock):
    for _ in range(10):
        assert refusals_of(enter, password="wrong", address="") == REFUSED
    for _ in range(3):  # being told to wait does not lengthen the wait
        assert refusals_of(enter, address="") == WAIT
    clock.advance(seconds=300)
    assert enter(address="").id == ines.id


def test_the_wait_grows(enter, ines, clock):
    waits_s = []
    for _ in range(3):
        for _ in range(10):
            assert refusals_of(enter, password="wrong", address="") == REFUSED
        with pytest.raises(Exception, match="too_many_requests") as told:
            enter(address="")
        waits_s.append(told.value.params["retry_after_s"])
        clock.advance(seconds=waits_s[-1])
    assert waits_s[0] <= 300 < waits_s[1] <= 1_800
    assert enter(address="").id == ines.id


def test_what_is_told_to_wait_is_enough(enter, ines, clock):
    for _ in range(10):
        refusals_of(enter, password="wrong", address="")
        clock.advance(seconds=20)
    with pytest.raises(Exception, match="too_many_requests") as told:
        enter(address="")
    clock.advance(seconds=told.value.params["retry_after_s"])
    assert enter(address="").id == ines.id


def test_a_success_forgives_the_failures_before_it(enter, ines):
    for _ in range(3):
        for _ in range(9):
            assert refusals_of(enter, password="wrong", address="") == REFUSED
        assert enter(address="").id == ines.id


def test_unknown_addresses_wait_as_known_ones_do(enter):
    for _ in range(10):
        assert refusals_of(enter, email="nobody@example.org", address="") == REFUSED
    assert refusals_of(enter, email="nobody@example.org", address="") == WAIT


def test_one_place_that_tries_many_people_waits_and_others_do_not(enter, ines):
    for number in range(10):
        assert refusals_of(enter, email=f"guess{number}@example.org", address="192.0.2.7") == REFUSED
    assert refusals_of(enter, address="192.0.2.7") == WAIT
    assert refusals_of(enter, address="::ffff:192.0.2.7") == WAIT
    assert enter(address="192.0.2.8").id == ines.id


def test_an_ipv6_subscriber_is_one_place(enter, ines):
    for number in range(10):
        assert refusals_of(enter, email=f"guess{number}@example.org", address=f"2001:db8:1:2::{number:x}") == REFUSED
    assert refusals_of(enter, address="2001:db8:1:2:ffff::1") == WAIT
    assert enter(address="2001:db8:1:3::1").id == ines.id


def test_an_office_that_signs_in_all_morning_is_not_made_to_wait(town, enter, ines):
    for _ in range(12):
        assert enter(address="192.0.2.7").id == ines.id


def test_the_current_password_is_guessed_within_the_same_limits(means, ines, enter):
    for _ in range(10):
        assert refusals_of(
            change_password, means, person_id=ines.id, current="wrong", password="cinq chevaux bleus"
        ) == [("current", "sign_in_refused")]
    assert refusals_of(enter, address="") == WAIT


@pytest.mark.parametrize("address", ["not an address", "\udcff", "x" * 10_000, "1.2.3.4.5"])
def test_an_address_nobody_can_read_breaks_nothing(enter, ines, address):
    assert enter(address=address).id == ines.id
