"""Somebody proves who they are by e-mail and password."""

from __future__ import annotations

from attise.kernel.errors import Refusal
from attise.kernel.means import Means
from attise.management.accounts.actions.guards import email_guard, guards_of
from attise.management.accounts.actions.passwords import UNUSABLE, is_password
from attise.management.accounts.errors import PERSON_SUSPENDED, SIGN_IN_REFUSED
from attise.management.accounts.facts import normal_email
from attise.management.accounts.models import Person
from attise.management.accounts.queries.sanctions import find_suspension
from attise.management.accounts.rules import LOGIN
from attise.management.accounts.views import PersonView, person_view
from attise.management.attempts.actions import forgive, give_back, reserve


def sign_in(means: Means, *, email: str, password: str, address: str = "") -> PersonView:
    """Return the person that an e-mail address and a password go together for.

    An address nobody has, one without password and one whose password is another are one answer, after one hash
    computed in each case. Ten failures per e-mail address, or per network address, ask for a growing wait; the right
    password waits too. The door opens the session, and must give it a new key. Not to be called within a unit, which
    could undo the count.
    Whoever is suspended is told so, and why, once the password is right.
    Raises: ``sign_in_refused``, ``person_suspended``, ``too_many_requests`` with ``retry_after_s``.
    """
    normal = normal_email(email)
    place = reserve(means, guards_of("sign_in", normal, address))
    row = None if normal is None else Person.objects.filter(email=normal).first()
    if not is_password(password, UNUSABLE if row is None else row.password) or row is None:
        raise Refusal(SIGN_IN_REFUSED)
    give_back(means, place)
    check_not_suspended(row)
    forgive(means, email_guard("sign_in", row.email))
    return person_view(row)


def check_not_suspended(row: Person) -> None:
    """Refuse somebody who proved who they are, and is suspended, with the reason.

    Raises: ``person_suspended``, ``sign_in_refused``.
    """
    if row.is_active:
        return
    found = find_suspension(LOGIN, row.id)
    if found is None:  # closed before suspensions were kept
        raise Refusal(SIGN_IN_REFUSED)
    raise Refusal(PERSON_SUSPENDED, why=found.reason)
