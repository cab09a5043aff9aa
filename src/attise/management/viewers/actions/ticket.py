"""A viewer's browser is handed a ticket."""

from __future__ import annotations

from attise.kernel.limits import TICKET_LIFE_MS
from attise.kernel.means import Means
from attise.kernel.seal import NONCE_BYTES
from attise.management.viewers.actions.declare import refresh_owned
from attise.management.viewers.queries import get_viewer
from attise.records.ticket import PURPOSE, Tickets


def make_ticket(means: Means, *, viewer_id: int) -> tuple[str, int]:
    """Return a ticket that speaks for a viewer during 15 minutes, and its end (epoch milliseconds, wire time).

    No ticket is stored: it dies by itself, and finds nobody once its viewer is erased. Of a person of this
    installation it is the moment to see whose ads are their own. Raises: ``not_found``.
    """
    if get_viewer(viewer_id).person_id is not None:
        refresh_owned(means, viewer_id=viewer_id)
    expires_at_ms = means.clock.wire_ms() + TICKET_LIFE_MS
    tickets = Tickets(means.secrets.key(PURPOSE))
    return tickets.make(viewer_id, expires_at_ms=expires_at_ms, nonce=means.chance.token(NONCE_BYTES)), expires_at_ms
