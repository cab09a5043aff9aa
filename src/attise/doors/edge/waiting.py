"""Waiting with a bound, for what mostly need not be waited for.

Why: a request's body is usually there and a client usually reads, so that nine of ten bounded waits end where they
begin; setting a timer for each of them and taking it back costs as much as writing the answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator
from typing import Any, TypeVar

Given = TypeVar("Given")


async def within(wait_s: float, coroutine: Coroutine[Any, Any, Given]) -> Given:
    """Return what a coroutine returns, in ``wait_s`` seconds at most from where it begins to wait.

    Raises: TimeoutError, and whatever it raises.
    """
    try:
        waits_for = coroutine.send(None)
    except StopIteration as done:
        returned: Given = done.value
        return returned
    async with asyncio.timeout(wait_s):
        return await _Rest(coroutine, waits_for)


class _Rest:
    """A coroutine that has begun to wait; awaited, it goes on from there."""

    def __init__(self, coroutine: Coroutine[Any, Any, Any], waits_for: Any) -> None:
        self._coroutine = coroutine
        self._waits_for = waits_for

    def __await__(self) -> Generator[Any, Any, Any]:
        waits_for = self._waits_for
        try:
            while True:
                try:
                    given = yield waits_for
                except BaseException as error:  # noqa: BLE001 - a cancellation too is the coroutine's to hear
                    waits_for = self._coroutine.throw(error)
                else:
                    waits_for = self._coroutine.send(given)
        except StopIteration as done:
            return done.value
