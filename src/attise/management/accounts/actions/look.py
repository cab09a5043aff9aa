"""An operator looks at a login's consoles as its person sees them: for a reason, read only, and not for long.

Begun and ended are written in the journal, each with the reason; the person reads that it happened. That nothing can be
done meanwhile is the site's to see to, for every door at once (``doors/site/looking``).
"""

from __future__ import annotations

import logging

from attise.kernel.actor import CLOCK, Actor
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.limits import LOOK_MS
from attise.kernel.means import Means
from attise.kernel.text import clean_text
from attise.management.accounts.actions.suspend import REASON_CHARACTERS
from attise.management.accounts.errors import LOOK_AT_OPERATOR, LOOK_AT_SUSPENDED
from attise.management.accounts.models import Look, Person
from attise.management.accounts.views import LookView, look_view
from attise.management.outbox.actions import unit, verb

log = logging.getLogger(__name__)


@verb
def begin_look(means: Means, actor: Actor, *, operator_id: int, person_id: int, reason: str) -> LookView:
    """Open a login's consoles to an operator for ``LOOK_MS``; what they looked at before is ended.

    Raises: ``field_required`` and the refusals of a text for the reason; ``not_found``; ``look_at_operator``,
    ``look_at_suspended``.
    """
    reason = clean_text(reason, field="reason", limit=REASON_CHARACTERS)
    with unit(means) as work:
        people = {
            row.id: row
            for row in Person.objects.select_for_update(no_key=True)
            .filter(id__in=[operator_id, person_id])
            .order_by("id")
        }
        person, operator = people.get(person_id), people.get(operator_id)
        if person is None or operator is None or not (operator.is_operator and operator.is_active):
            raise Refusal(NOT_FOUND, field="person_id")
        if person.is_operator:
            raise Refusal(LOOK_AT_OPERATOR, field="person_id")
        if not person.is_active:
            raise Refusal(LOOK_AT_SUSPENDED, field="person_id")
        for before in Look.objects.filter(operator_id=operator_id, ended_at_ms=None).values_list("id", flat=True):
            end_look(means, actor, look_id=before)
        row = Look.objects.create(
            id=means.ids.next(),
            operator=operator,
            person=person,
            reason=reason,
            at_ms=means.clock.world_ms(),
            until_wire_ms=means.clock.wire_ms() + LOOK_MS,
        )
        work.notice("operator", 0, "look_begun", person_id, by=str(actor), note=reason)
    log.info("look %s at %s begun by %s", row.id, person_id, actor)
    return look_view(row)


@verb
def end_look(means: Means, actor: Actor, *, look_id: int) -> None:
    """End a look that is under way; one that has ended, or never was, stays as it is."""
    with unit(means) as work:
        row = Look.objects.select_for_update(no_key=True).filter(id=look_id, ended_at_ms=None).first()
        if row is None:
            return
        row.ended_at_ms = means.clock.world_ms()
        row.save(update_fields=["ended_at_ms"])
        work.notice("operator", 0, "look_ended", row.person_id, by=str(actor), note=row.reason)
    log.info("look %s ended by %s", look_id, actor)


def end_due_looks(means: Means) -> int:
    """End the looks whose time is over; returns how many."""
    due = Look.objects.filter(ended_at_ms=None, until_wire_ms__lte=means.clock.wire_ms())
    ended = list(due.order_by("until_wire_ms").values_list("id", flat=True))
    for look_id in ended:
        end_look(means, CLOCK, look_id=look_id)
    return len(ended)
