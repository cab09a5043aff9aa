"""A creation that carries a client's ``request_id`` is done once, however often it is sent.

The same ``request_id`` with the same parameters answers what was answered first; with other parameters it is 40050;
while the first still runs it is 40202, on which clients retry. It is unrelated to the answer's own ``request_id``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import msgspec
from django.db import DatabaseError

from attise.doors.marketing_api.endpoint import Call, Params
from attise.doors.marketing_api.wire import numbers
from attise.kernel.means import Means
from attise.management.idempotency.actions import Hold, Kept, Scope, give_back, keep_answer, take_key
from attise.management.outbox.actions import unit, verb


def once(call: Call, owner: str, request_id: int | None, params: Params, make: Callable[[], dict[str, Any]]) -> Any:
    """Return what ``make`` answers, made at most once for a ``request_id`` of ``owner``; in one transaction.

    ``owner`` is whom the id counts for, such as ``advertiser:12``. Raises: whatever ``make`` refuses, and the refusals
    of idempotency keys.
    """
    if request_id is None:
        return make()
    body_hash = hashlib.sha256(msgspec.json.encode(params)).hexdigest()
    scope = Scope(owner, call.request.method or "", call.request.path_info.strip("/"))
    taken = take_key(call.means, scope=scope, key=str(request_id), body_hash=body_hash)
    if isinstance(taken, Kept):
        return numbers.decode(taken.answer)
    try:
        return _make(call.means, taken, make)
    except BaseException:
        with suppress(DatabaseError):  # then the lease ends by itself
            give_back(taken)
        raise


@verb
def _make(means: Means, hold: Hold, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Do the work and keep its answer, in one unit."""
    with unit(means):
        data = make()
        keep_answer(means, hold, status=200, answer=numbers.encode(data))
    return data
