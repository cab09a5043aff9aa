"""A viewer's browser is handed a ticket."""

from __future__ import annotations

from attise.kernel.limits import TICKET_LIFE_MS
from attise.kernel.means import Means
from attise.kernel.seal import NONCE_BYTES
from attise.management.viewers.queries import get_viewer
from attise.records.ticket import PURPOSE, Tickets


def make_ticket(means: Means, *, viewer_id: int) -> tuple[str, int]:
    """Return a ticket that speaks for a viewer during 15 minutes, and its end (epoch milliseconds, wire time).

    Nothing is stored: a ticket dies by itself, and finds nobody once its viewer is erased. Raises: ``not_found``.
    """
    get_viewer(viewer_id)
    expires_at_ms = means.clock.wire_ms() + TICKET_LIFE_MS
    tickets = Tickets(means.secrets.key(PURPOSE))
    return tickets.make(viewer_id, expires_at_ms=expires_at_ms, nonce=means.chance.token(NONCE_BYTES)), expires_at_ms
