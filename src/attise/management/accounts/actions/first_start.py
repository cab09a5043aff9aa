"""The house is opened for the first time: one person who is everybody, until there are others."""

from __future__ import annotations

from attise.kernel.actor import COMMAND, Actor
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.house import Mode
from attise.kernel.limits import SIGN_IN_LINK_LIFE_MS
from attise.kernel.means import Means
from attise.management.accounts.actions.bundle import DEFAULT_NAME, find_or_make_advertiser
from attise.management.accounts.actions.creators import create_creator
from attise.management.accounts.actions.links import make_link
from attise.management.accounts.actions.members import add_member
from attise.management.accounts.actions.people import create_person
from attise.management.accounts.errors import EMAIL_TAKEN, NOBODY_YET
from attise.management.accounts.queries import (
    find_creator_by_handle,
    find_first_operator,
    find_person,
    find_person_by_email,
)
from attise.management.accounts.views import FirstStart
from attise.management.outbox.actions import unit, verb

EMAIL = "operator@attise.invalid"
"""A name that no mail reaches; the person gives their own when they choose a password."""
CONSOLES = ("viewer", "creator", "advertiser", "operator")


@verb
def first_start(means: Means, house_mode: Mode) -> FirstStart | None:
    """Make the first person and return what was made, or None: there is one already, or this is a sandbox.

    They are the operator, the administrator of a Business Center with one advertiser, and a creator. Their viewer is
    the viewers' room to make: call ``viewers.actions.viewer_of_person`` in the same unit. A Business Center or
    advertiser that a command made earlier is taken over. Run twice, or by two processes at once, it does it once.
    """
    if house_mode is Mode.SANDBOX or find_first_operator() is not None:
        return None
    try:
        with unit(means):
            person = create_person(means, email=EMAIL, display_name=DEFAULT_NAME, is_operator=True)
            advertiser = find_or_make_advertiser(means, house_mode, DEFAULT_NAME)
            add_member(
                means,
                COMMAND,
                business_center_id=advertiser.business_center_id,
                person_id=person.id,
                role="ADMIN",
            )
            creator = create_creator(
                means,
                Actor("person", person.id),
                handle=_free_handle(),
                display_name=DEFAULT_NAME,
                person_id=person.id,
            )
            return FirstStart(
                person_id=person.id,
                business_center_id=advertiser.business_center_id,
                advertiser_id=advertiser.id,
                creator_id=creator.id,
                links=sign_in_links(means, person_id=person.id),
            )
    except Refusal as refusal:
        if refusal.reason is EMAIL_TAKEN:  # another process opens the house at this moment
            return None
        raise


def sign_in_links(means: Means, *, person_id: int) -> dict[str, str]:
    """Return the secrets of four links that sign a person in, by console; 15 minutes, each once."""
    return {console: sign_in_link(means, person_id=person_id, console=console) for console in CONSOLES}


@verb
def sign_in_link(
    means: Means,
    *,
    console: str,
    person_id: int | None = None,
    email: str | None = None,
    by: Actor | None = None,
) -> str:
    """Return the secret of a link that signs a person in and lands on a console; 15 minutes, once.

    Without ``person_id`` or ``email`` it is the first operator's. ``by`` is who asked for it, which the journal keeps;
    None for the links of a start. Raises: ``not_found``, ``nobody_yet``.
    """
    if email is not None:
        person = find_person_by_email(email)
    elif person_id is not None:
        person = find_person(person_id)
    else:
        person = find_first_operator()
        if person is None:
            raise Refusal(NOBODY_YET)
    if person is None or not person.is_active:
        raise Refusal(NOT_FOUND, field="email" if email is not None else "person_id")
    with unit(means) as work:
        if by is not None:
            work.notice("operator", 0, "sign_in_link_made", person.id, by=str(by))
        return make_link(means, purpose="sign_in", person_id=person.id, console=console, life_ms=SIGN_IN_LINK_LIFE_MS)


def _free_handle() -> str:
    handle, number = DEFAULT_NAME.lower(), 1
    while find_creator_by_handle(handle) is not None:
        number += 1
        handle = f"{DEFAULT_NAME.lower()}{number}"
    return handle
