"""A key is held while its request runs, then keeps the answer.

Cases, each tested:

1. A new key: the row is *running*, held until its lease ends; the caller does the work.
2. The same key and body, answered: the kept status and body come back, nothing runs.
3. The same key, another body: refused, whether the first runs still or has answered.
4. The same key and body, the first still running: refused, with the seconds to wait.
5. A request was refused: its hold is given back and the key is as if never used.
6. A crash: nothing was made, the lease ends by itself and the next caller holds the key.
7. A caller slower than its lease: whoever took the key over made the object; the late one loses its hold when it
   wants to keep its answer, and with it everything it did in that transaction.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from django.db import transaction

from attise.kernel.errors import Refusal
from attise.kernel.limits import ANSWER_TIMEOUT_S, IDEMPOTENCY_LIFE_MS
from attise.kernel.means import Means
from attise.kernel.seal import NONCE_BYTES, Sealer
from attise.management.idempotency.errors import HOLD_LOST, KEY_RUNNING, KEY_USED_FOR_ANOTHER
from attise.management.idempotency.models import Key
from attise.management.outbox.actions import verb

LEASE_MS = (ANSWER_TIMEOUT_S + 15) * 1000
"""Longer than any answer may take, so that a live holder is not overtaken."""
PURPOSE = "idempotency"

if not ANSWER_TIMEOUT_S * 1000 < LEASE_MS < IDEMPOTENCY_LIFE_MS:
    raise AssertionError("a lease outlives an answer, and a kept answer outlives a lease")


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a key counts: one credential, one method, one path."""

    credential: str
    method: str
    path: str

    def digest(self, key: str) -> str:
        """Return SHA-256 of the scope and the key, each with its length so that no two run together."""
        hashed = hashlib.sha256()
        for part in (self.credential, self.method, self.path, key):
            raw = part.encode()
            hashed.update(len(raw).to_bytes(4, "big") + raw)
        return hashed.hexdigest()


@dataclass(frozen=True, slots=True)
class Hold:
    """A key held by one running request; ``mark`` is random and belongs to that request alone."""

    scope_hash: str
    mark: str


@dataclass(frozen=True, slots=True)
class Kept:
    """The answer of an earlier request: what it said, byte for byte."""

    status: int
    answer: bytes


@verb
def take_key(means: Means, *, scope: Scope, key: str, body_hash: str) -> Hold | Kept:
    """Hold the key for a new request, or return the answer of the one it repeats. A transaction of its own.

    ``body_hash`` is a hex digest of all that the request asks for. Raises: ``idempotency_key_reused`` (another body),
    ``idempotency_key_running`` with ``retry_after_s``. Cost: two statements, three when an old key is used anew.
    """
    now = means.clock.wire_ms()
    scope_hash, mark = scope.digest(key), means.chance.token(16).hex()
    fresh = {
        "body_hash": body_hash,
        "holder": mark,
        "lease_until_ms": now + LEASE_MS,
        "status": None,
        "answer": None,
        "expires_at_ms": now + IDEMPOTENCY_LIFE_MS,
    }
    row = None
    while row is None:  # only a row given back between the two statements asks for another turn
        # Durable: other requests see the key held before any work is done.
        with transaction.atomic(durable=True):
            Key.objects.bulk_create([Key(scope_hash=scope_hash, **fresh)], ignore_conflicts=True)
            row = Key.objects.select_for_update(no_key=True).filter(scope_hash=scope_hash).first()
            if row is not None and row.holder != mark and _is_over(row, now):
                Key.objects.filter(id=row.id).update(**fresh)
                row.holder = mark
    if row.holder == mark:
        return Hold(scope_hash, mark)
    if not hmac.compare_digest(row.body_hash, body_hash):
        raise Refusal(KEY_USED_FOR_ANOTHER, field="Idempotency-Key")
    if row.status is None:
        wait_s = max(1, min(-(-(row.lease_until_ms - now) // 1000), 5))
        raise Refusal(KEY_RUNNING, field="Idempotency-Key", retry_after_s=wait_s)
    answer = _sealer(means).open(bytes(row.answer or b""), context=scope_hash.encode())
    if answer is None:
        raise AssertionError("a kept answer does not open")
    return Kept(row.status, answer)


def keep_answer(means: Means, hold: Hold, *, status: int, answer: bytes) -> None:
    """Keep what the request is about to answer, in the transaction that did its work.

    Raises: ``idempotency_hold_lost`` when another request holds or answered the key; the caller's transaction must end
    with it, undone.
    """
    if not transaction.get_connection().in_atomic_block:
        raise AssertionError("an answer is kept in the transaction of its work")
    sealed = _sealer(means).seal(answer, nonce=means.chance.token(NONCE_BYTES), context=hold.scope_hash.encode())
    rows = Key.objects.filter(scope_hash=hold.scope_hash, holder=hold.mark, status=None)
    if rows.update(status=status, answer=sealed) != 1:
        raise Refusal(HOLD_LOST, field="Idempotency-Key", retry_after_s=1)


def give_back(hold: Hold) -> None:
    """Forget the key of a request that was refused or failed; another holder's row is left alone."""
    Key.objects.filter(scope_hash=hold.scope_hash, holder=hold.mark, status=None).delete()


def _is_over(row: Key, now_ms: int) -> bool:
    """Tell whether the row holds nobody back any more: its lease ended without an answer, or its day is over."""
    return (row.lease_until_ms if row.status is None else row.expires_at_ms) <= now_ms


def _sealer(means: Means) -> Sealer:
    return Sealer(means.secrets.key(PURPOSE), PURPOSE)
