"""One request, one effect: a handler runs inside a transaction that also keeps its answer for its idempotency key.

Refused requests leave nothing: their transaction is undone and their key is free again. Two kinds of handlers run
outside: an action that judges a file first opens its own unit and hands the view to ``call.keep``, last, inside it; and
a batch whose every row is safe to repeat keeps its verdicts once it is through.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError
from django.http import HttpResponse
from pydantic import BaseModel

from attise.doors.native_api import wire
from attise.doors.native_api.errors import BAD_KEY, Broken
from attise.doors.native_api.gate import Call
from attise.kernel.limits import IDEMPOTENCY_KEY_CHARACTERS
from attise.kernel.means import Means
from attise.management.idempotency.actions import Hold, Kept, Scope, give_back, keep_answer, take_key
from attise.management.outbox.actions import unit, verb

if TYPE_CHECKING:
    from attise.doors.native_api.endpoint import Endpoint

HEADER = "Idempotency-Key"
_KEY = re.compile(rf"[\x21-\x7e]{{1,{IDEMPOTENCY_KEY_CHARACTERS}}}")


def run(call: Call, endpoint: Endpoint, values: dict[str, Any]) -> HttpResponse:
    """Run a handler, at most once for an idempotency key, and return its answer.

    Raises: whatever the handler refuses; ``idempotency_key_form``, ``idempotency_key_reused``,
    ``idempotency_key_running``, ``idempotency_hold_lost``.
    """
    key = call.request.headers.get(HEADER) if endpoint.once else None
    if key is None:
        return _work(call, endpoint, values, None)
    if not _KEY.fullmatch(key):
        raise Broken(BAD_KEY, field=HEADER, limit=IDEMPOTENCY_KEY_CHARACTERS)
    scope = Scope(str(call.actor), call.request.method or "", call.request.path)
    query = call.request.META.get("QUERY_STRING", "").encode()
    body_hash = hashlib.sha256(call.digest() + query).hexdigest()
    taken = take_key(call.means, scope=scope, key=key, body_hash=body_hash)
    if isinstance(taken, Kept):
        response = wire.raw_answer(taken.status, taken.answer)
        response.headers["Idempotency-Replayed"] = "true"
        return response
    try:
        return _work(call, endpoint, values, taken)
    except BaseException:
        with suppress(DatabaseError):  # then the lease ends by itself
            give_back(taken)
        raise


def _work(call: Call, endpoint: Endpoint, values: dict[str, Any], hold: Hold | None) -> HttpResponse:
    """Do what was asked, keeping the answer in the same transaction."""
    answers: list[HttpResponse] = []

    def keep(told: BaseModel) -> None:
        response = wire.answer(endpoint.status, told)
        if hold is not None:
            keep_answer(call.means, hold, status=endpoint.status, answer=response.content)
        answers.append(response)

    if endpoint.own_unit:
        call.keep = keep
        endpoint.handler(call, **values)
    elif endpoint.atomic:
        _in_unit(call.means, lambda: keep(endpoint.handler(call, **values)))
    else:
        told = endpoint.handler(call, **values)
        if hold is None:
            keep(told)
        else:
            _in_unit(call.means, lambda: keep(told))
    return answers[-1]


@verb
def _in_unit(means: Means, act: Callable[[], None]) -> None:
    """Do something in one unit of work, as often as it loses to another."""
    with unit(means):
        act()
