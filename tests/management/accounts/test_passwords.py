"""Choosing a password, and what dies with the one before."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import Argon2PasswordHasher, identify_hasher
from django.test import override_settings

from attise.doors.site import settings as site_settings
from attise.kernel.actor import COMMAND, Actor
from attise.management.accounts import queries
from attise.management.accounts.actions import (
    change_password,
    follow_link,
    make_reset_link,
    request_reset,
    reset_password,
    set_password,
    sign_in,
    sign_in_link,
)
from attise.management.accounts.models import Link
from attise.management.outbox.queries import list_notices
from tests.management.accounts.conftest import PASSWORD
from tests.refusals import refusals_of

pytestmark = pytest.mark.django_db
NEW = "cinq chevaux bleus"
DEAD = [(None, "link_dead")]


def session_mark(person) -> str:
    return get_user_model().objects.get(id=person.id).get_session_auth_hash()


@override_settings(PASSWORD_HASHERS=site_settings.PASSWORD_HASHERS)
def test_passwords_are_kept_by_argon2id_alone(town):
    paul = town.person("paul", password=PASSWORD)
    encoded = get_user_model().objects.get(id=paul.id).password
    assert identify_hasher(encoded).algorithm == "argon2"
    assert encoded.startswith("argon2$argon2id$")
    assert PASSWORD not in encoded
    cost = Argon2PasswordHasher().decode(encoded)
    assert cost["memory_cost"] >= 19 * 1024  # KiB; the least that is advised today
    assert cost["time_cost"] >= 2


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password_too_short"),
        ("neuf sign", "password_too_short"),
        ("ﬁ" * 4, "password_too_short"),
        ("x" * 257, "password_too_long"),
        ("password123", "password_common"),
        ("1234567890", "password_common"),
        ("abcdefgh\0ijk", "password_unreadable"),
        ("abcdefgh\udcffijk", "password_unreadable"),
        ("abcdefgh\nijk", "password_unreadable"),
    ],
)
def test_a_password_that_protects_nothing_is_refused(means, ines, password, code):
    assert refusals_of(set_password, means, COMMAND, person_id=ines.id, password=password) == [("password", code)]


def test_any_sentence_of_ten_characters_is_taken_spaces_and_signs_too(means, ines):
    for password in (" dix  mots ", "пароль надёжный", "🐴" * 10, "x" * 246 + " long enough"[:10]):
        set_password(means, COMMAND, person_id=ines.id, password=password)
        assert sign_in(means, email=ines.email, password=password).id == ines.id


def test_a_new_password_ends_every_session_and_link_of_the_old_one(means, ines):
    before = session_mark(ines)
    links = [
        sign_in_link(means, person_id=ines.id, console="viewer"),
        make_reset_link(means, COMMAND, person_id=ines.id),
    ]
    set_password(means, Actor("person", ines.id), person_id=ines.id, password=NEW)
    assert session_mark(ines) != before
    for secret in links:
        assert refusals_of(follow_link, means, secret) == DEAD
    assert refusals_of(sign_in, means, email=ines.email, password=PASSWORD) == [(None, "sign_in_refused")]
    assert sign_in(means, email=ines.email, password=NEW).has_password


def test_the_same_password_again_ends_sessions_too(means, ines):
    before = session_mark(ines)
    set_password(means, COMMAND, person_id=ines.id, password=PASSWORD)
    assert session_mark(ines) != before


def test_a_signed_in_person_changes_it_knowing_the_current_one(means, ines):
    assert refusals_of(change_password, means, person_id=ines.id, current="wrong", password=NEW) == [
        ("current", "sign_in_refused")
    ]
    assert change_password(means, person_id=ines.id, current=PASSWORD, password=NEW).id == ines.id
    assert sign_in(means, email=ines.email, password=NEW)
    assert refusals_of(change_password, means, person_id=1, current=NEW, password=NEW) == [("person_id", "not_found")]


def test_the_operator_hands_over_a_link_and_the_person_chooses(means, ines, clock):
    secret = make_reset_link(means, COMMAND, person_id=ines.id)
    clock.advance(seconds=86_399)
    assert reset_password(means, secret=secret, password=NEW).id == ines.id
    assert sign_in(means, email=ines.email, password=NEW)
    assert refusals_of(reset_password, means, secret=secret, password=PASSWORD) == DEAD
    assert sign_in(means, email=ines.email, password=NEW)


def test_a_password_that_is_refused_leaves_the_link_as_it_was(means, ines):
    secret = make_reset_link(means, COMMAND, person_id=ines.id)
    assert refusals_of(reset_password, means, secret=secret, password="short") == [("password", "password_too_short")]
    assert queries.find_link(means, secret) is not None
    assert reset_password(means, secret=secret, password=NEW)


def test_a_reset_link_ends_after_a_day_and_others_do_not_reset(means, ines, clock):
    sign_in_secret = sign_in_link(means, person_id=ines.id, console="viewer")
    assert refusals_of(reset_password, means, secret=sign_in_secret, password=NEW) == DEAD
    assert queries.find_link(means, sign_in_secret) is not None
    secret = make_reset_link(means, COMMAND, person_id=ines.id)
    clock.advance(days=1)
    assert refusals_of(reset_password, means, secret=secret, password=NEW) == DEAD
    assert refusals_of(make_reset_link, means, COMMAND, person_id=1) == [("person_id", "not_found")]


def test_asking_says_nothing_of_who_exists_and_tells_the_operator_once_an_hour(means, ines, clock):
    for email in (ines.email, "INES@example.org", "nobody@example.org", "not an address", "\0"):
        assert request_reset(means, email=email) is None
    asked = [notice.object_id for notice in list_notices("operator", 0).items if notice.kind == "password_reset_asked"]
    assert asked == [ines.id]
    assert not Link.objects.exists()  # nobody can use what was not handed over
    clock.advance(seconds=3_600)
    request_reset(means, email=ines.email)
    asked = [notice for notice in list_notices("operator", 0).items if notice.kind == "password_reset_asked"]
    assert len(asked) == 2


def test_asking_is_limited_alike_for_all(means, ines):
    for email in (ines.email, "nobody@example.org"):
        for _ in range(10):
            request_reset(means, email=email)
        assert refusals_of(request_reset, means, email=email) == [(None, "too_many_requests")]
