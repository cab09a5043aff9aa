"""A person chooses a password: through a link, or knowing the one before.

Whoever was signed in with the password before is signed out: sessions carry a hash of the stored password
(``AbstractBaseUser.get_session_auth_hash``) which the site compares at each request, so that every session of an
earlier password dies with it. The door through which it was changed keeps its own session by renewing that hash
(``django.contrib.auth.update_session_auth_hash``). Links that would still sign the person in die too.
"""

from __future__ import annotations

import unicodedata

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.limits import HOUR_MS, PASSWORD_CHARACTERS, PASSWORD_LEAST_CHARACTERS, RESET_LINK_LIFE_MS
from attise.kernel.means import Means
from attise.management.accounts.actions.guards import guards_of
from attise.management.accounts.actions.links import end_links_of, follow_link, make_link
from attise.management.accounts.errors import (
    LINK_DEAD,
    PASSWORD_COMMON,
    PASSWORD_TOO_LONG,
    PASSWORD_TOO_SHORT,
    PASSWORD_UNREADABLE,
    SIGN_IN_REFUSED,
)
from attise.management.accounts.facts import normal_email
from attise.management.accounts.models import Person
from attise.management.accounts.queries import find_link
from attise.management.accounts.views import PersonView, person_view
from attise.management.attempts.actions import give_back, reserve
from attise.management.outbox.actions import unit, verb

UNUSABLE = "!"


def set_password(means: Means, actor: Actor, *, person_id: int, password: str) -> PersonView:
    """Give a person a password, whatever the one before; every session and link of theirs dies.

    Raises: ``not_found``, ``password_too_short``, ``password_too_long``, ``password_common``,
    ``password_unreadable``.
    """
    return store_password(means, actor, person_id=person_id, encoded=hash_password(password))


def hash_password(password: str) -> str:
    """Return what is stored of a password that is taken; the refusals are those of ``set_password``.

    Why apart: it is slow on purpose, and must not hold the lock of a transaction meanwhile.
    """
    return make_password(clean_password(password))


@verb
def store_password(means: Means, actor: Actor, *, person_id: int, encoded: str) -> PersonView:
    """Store a hashed password; see ``set_password``. Raises: ``not_found``."""
    with unit(means) as work:
        row = Person.objects.select_for_update(no_key=True).filter(id=person_id).first()
        if row is None:
            raise Refusal(NOT_FOUND, field="person_id")
        row.password = encoded
        row.save()
        end_links_of(means, person_id)
        work.notice("operator", 0, "password_changed", person_id, by=str(actor))
    return person_view(row)


def change_password(means: Means, *, person_id: int, current: str, password: str, address: str = "") -> PersonView:
    """Let a signed-in person choose another password; the current one is asked, within the limits of sign-in.

    Raises: ``sign_in_refused`` on ``current``, ``too_many_requests``, and the refusals of ``set_password``.
    """
    row = Person.objects.filter(id=person_id).first()
    if row is None:
        raise Refusal(NOT_FOUND, field="person_id")
    clean_password(password)
    place = reserve(means, guards_of("sign_in", row.email, address))
    if not is_password(current, row.password):
        raise Refusal(SIGN_IN_REFUSED, field="current")
    give_back(means, place)
    return set_password(means, Actor("person", person_id), person_id=person_id, password=password)


@verb
def request_reset(means: Means, *, email: str, address: str = "") -> None:
    """Ask for a new password. The answer says nothing, and takes as long, whether or not the address is known.

    No mail is sent: the operator reads a notice, makes the link and hands it over. Raises: ``too_many_requests``.
    """
    normal = normal_email(email)
    with unit(means) as work:  # one commit that writes, known or not
        reserve(means, guards_of("reset", normal, address))
        row = None if normal is None else Person.objects.filter(email=normal, is_active=True).first()
        if row is not None:
            hour = means.clock.wire_ms() // HOUR_MS
            work.notice("operator", 0, "password_reset_asked", row.id, once=f"reset/{row.id}/{hour}")


@verb
def make_reset_link(means: Means, actor: Actor, *, person_id: int) -> str:
    """Return the secret of a link by which a person chooses a new password; one day, once. Raises: ``not_found``.

    The operator's alone to make: a Business Center's administrator could otherwise become any of its members.
    """
    with unit(means) as work:
        if not Person.objects.filter(id=person_id, is_active=True).exists():
            raise Refusal(NOT_FOUND, field="person_id")
        work.notice("operator", 0, "reset_link_made", person_id, by=str(actor))
        return make_link(means, purpose="reset", person_id=person_id, life_ms=RESET_LINK_LIFE_MS)


@verb
def reset_password(means: Means, *, secret: str, password: str) -> PersonView:
    """Follow a reset link and set the password chosen; a password that is refused leaves the link as it was.

    Raises: ``link_dead`` and the refusals of ``set_password``.
    """
    if find_link(means, secret) is None:  # before any work on the password
        raise Refusal(LINK_DEAD)
    encoded = hash_password(password)
    with unit(means):
        link = follow_link(means, secret, purpose="reset")
        if link.person_id is None:
            raise AssertionError("a reset link is somebody's")
        return store_password(means, Actor("person", link.person_id), person_id=link.person_id, encoded=encoded)


def clean_password(password: str) -> str:
    """Return a password as it is hashed (NFKC, so that two keyboards agree), or refuse it."""
    if len(password) > PASSWORD_CHARACTERS:
        raise Refusal(PASSWORD_TOO_LONG, field="password", limit=PASSWORD_CHARACTERS)
    text = _readable(password)
    if text is None:
        raise Refusal(PASSWORD_UNREADABLE, field="password")
    if len(text) < PASSWORD_LEAST_CHARACTERS:
        raise Refusal(PASSWORD_TOO_SHORT, field="password", least=PASSWORD_LEAST_CHARACTERS)
    try:
        validate_password(text)
    except ValidationError:
        raise Refusal(PASSWORD_COMMON, field="password") from None
    return text


def is_password(password: str, encoded: str) -> bool:
    """Tell whether a password is the one stored; ``UNUSABLE`` stands for nobody's and takes as long to say no."""
    text = _readable(password) if len(password) <= PASSWORD_CHARACTERS else None
    if text is None:
        text, encoded = "", UNUSABLE
    return check_password(text, encoded)


def _readable(password: str) -> str | None:
    """Return the one form of a password, or None when it holds what no keyboard types."""
    if any(unicodedata.category(character) in {"Cc", "Cs", "Cn"} for character in password):
        return None
    return unicodedata.normalize("NFKC", password)
