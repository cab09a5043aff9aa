"""What this call refuses beyond what the whole native API does; why one event is not taken: ``ingest.errors``."""

from __future__ import annotations

from attise.kernel.errors import N_, Kind, Reason

STATED_BY_HOSTS = Reason(
    "stated_by_hosts",
    N_("A browser shows its agent and address; only a host states those of others."),
    N_("Leave agent and address out, or send the events with a host key."),
    Kind.FORBIDDEN,
)
