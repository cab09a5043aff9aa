"""The operator suspends a login, a creator or an advertiser, and restores it: nothing of theirs is lost meanwhile.

A login that is suspended signs in nowhere, and what it granted is dead as long. A creator's posts leave the feed and
ads within two seconds, their apps' tokens find nothing. An advertiser's ads stop within two seconds. Restored, all of
it is as it was.
"""

from __future__ import annotations

import logging
from typing import Final

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.gather import Gather
from attise.kernel.means import Means
from attise.kernel.text import clean_text
from attise.management.accounts.errors import ALREADY_RESTORED, ALREADY_SUSPENDED, CREATOR_GONE, LAST_OPERATOR
from attise.management.accounts.models import Advertiser, Creator, Person, Sanction
from attise.management.accounts.rules import ADVERTISER, CREATOR, ENABLED, LOGIN, SUSPENDED_STATUS, check_subject
from attise.management.accounts.views import SanctionView, sanction_view
from attise.management.outbox.actions import Unit, unit, verb
from attise.records import stop as stops
from attise.records.change import ChangeKind

log = logging.getLogger(__name__)
REASON_CHARACTERS: Final = 500


@verb
def suspend_account(
    means: Means, actor: Actor, *, subject: str, subject_id: int, reason: str, strike: bool = True
) -> SanctionView:
    """Suspend an account for a reason that its owner reads; a ``strike`` counts against it for good.

    Raises: ``field_invalid``, ``field_required`` and the refusals of a text for the reason, together; ``not_found``,
    ``creator_gone``, ``account_suspended_already``, ``last_operator``.
    """
    reason = _clean(subject, reason)
    with unit(means) as work:
        row = _held(subject, subject_id)
        if not _is_open(row):
            raise Refusal(ALREADY_SUSPENDED)
        if isinstance(row, Person) and row.is_operator:
            others = Person.objects.filter(is_operator=True, is_active=True).exclude(id=row.id)
            if not others.exists():
                raise Refusal(LAST_OPERATOR)
        _set(row, is_open=False)
        return _record(means, actor, work, row, subject, "suspended", reason, strike=strike)


@verb
def restore_account(means: Means, actor: Actor, *, subject: str, subject_id: int, reason: str) -> SanctionView:
    """Restore a suspended account, and say why; its strikes stay counted.

    Raises: ``field_invalid``, ``field_required`` and the refusals of a text for the reason, together; ``not_found``,
    ``creator_gone``, ``account_not_suspended``.
    """
    reason = _clean(subject, reason)
    with unit(means) as work:
        row = _held(subject, subject_id)
        if _is_open(row):
            raise Refusal(ALREADY_RESTORED)
        _set(row, is_open=True)
        return _record(means, actor, work, row, subject, "restored", reason, strike=False)


def _clean(subject: str, reason: str) -> str:
    gather = Gather()
    gather.take(check_subject, subject)
    clean = gather.take(clean_text, reason, field="reason", limit=REASON_CHARACTERS)
    gather.tell()
    return clean


def _held(subject: str, subject_id: int) -> Person | Creator | Advertiser:
    """Return the account's row, locked until the end of the unit."""
    row: Person | Creator | Advertiser | None
    if subject == LOGIN:
        # All operators, in one order: of two that suspend each other, the second sees what the first did.
        held = list(Person.objects.select_for_update(no_key=True).filter(is_operator=True).order_by("id"))
        row = next((one for one in held if one.id == subject_id), None)
        row = row or Person.objects.select_for_update(no_key=True).filter(id=subject_id).first()
    elif subject == CREATOR:
        row = Creator.objects.select_for_update(no_key=True).filter(id=subject_id).first()
    else:
        row = Advertiser.objects.select_for_update(no_key=True).filter(id=subject_id).first()
    if row is None:
        raise Refusal(NOT_FOUND, field=f"{subject}_id")
    if isinstance(row, Creator) and row.state == Creator.State.GONE:
        raise Refusal(CREATOR_GONE, field="creator_id")
    return row


def _is_open(row: Person | Creator | Advertiser) -> bool:
    if isinstance(row, Person):
        return row.is_active
    if isinstance(row, Creator):
        return row.state == Creator.State.ACTIVE
    return row.status == ENABLED


def _set(row: Person | Creator | Advertiser, *, is_open: bool) -> None:
    if isinstance(row, Person):
        row.is_active = is_open
        row.save(update_fields=["is_active"])
    elif isinstance(row, Creator):
        row.state = Creator.State.ACTIVE if is_open else Creator.State.SUSPENDED
        row.save(update_fields=["state"])
    else:
        row.status = ENABLED if is_open else SUSPENDED_STATUS
        row.save(update_fields=["status"])


def _record(
    means: Means,
    actor: Actor,
    work: Unit,
    row: Person | Creator | Advertiser,
    subject: str,
    verb_: str,
    reason: str,
    *,
    strike: bool,
) -> SanctionView:
    made = Sanction.objects.create(
        id=means.ids.next(),
        subject=subject,
        subject_id=row.id,
        verb=verb_,
        reason=reason,
        is_strike=strike,
        actor=str(actor),
        origin=actor.origin,
        at_ms=means.clock.world_ms(),
    )
    is_open = verb_ == "restored"
    if isinstance(row, Creator):
        kind = ChangeKind.CREATOR_CHANGED if is_open else ChangeKind.CREATOR_STOPPED
        work.change(kind, row.id, **({} if is_open else {"reason": stops.SUSPENDED}))
    elif isinstance(row, Advertiser):
        work.change(ChangeKind.ADVERTISER_CHANGED if is_open else ChangeKind.ADVERTISER_STOPPED, row.id)
    work.stays(stops.ACCOUNT_RESTORED if is_open else stops.ACCOUNT_SUSPENDED, row.id, subject=subject)
    told = f"account_{verb_}"
    name = (
        f"@{row.handle}" if isinstance(row, Creator) else row.name if isinstance(row, Advertiser) else row.display_name
    )
    work.notice("operator", 0, told, row.id, by=str(actor), reason=reason, name=name, subject=subject)
    if subject in {CREATOR, ADVERTISER}:
        work.notice(subject, row.id, f"your_{told}", row.id, reason=reason)
    log.info("%s %d %s by %s", subject, row.id, verb_, actor)
    return sanction_view(made)
