"""Refusals of idempotency."""

from __future__ import annotations

from attise.kernel.errors import N_, Kind, Reason

KEY_USED_FOR_ANOTHER = Reason(
    "idempotency_key_reused",
    N_("This idempotency key was already used for another request."),
    N_("Use a new key for a new request; repeat a request with the same key and the same body."),
)
KEY_RUNNING = Reason(
    "idempotency_key_running",
    N_("A request with this idempotency key is still running."),
    N_("Wait %(retry_after_s)s seconds, then send the same request again to get its answer."),
    Kind.CONFLICT,
)
HOLD_LOST = Reason(
    "idempotency_hold_lost",
    N_("This request took so long that another one with the same idempotency key took its place; nothing was done."),
    N_("Send the same request again to get the answer."),
    Kind.CONFLICT,
)
