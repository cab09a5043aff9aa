"""A bounded wait ends at its bound, passes on what it waited for, and hears a cancellation."""

from __future__ import annotations

import asyncio

import pytest

from attise.doors.edge.waiting import within


def test_what_need_not_wait_is_returned_at_once_whatever_the_bound():
    async def at_once():
        return 5

    assert asyncio.run(within(0, at_once())) == 5


def test_what_waits_is_returned_when_it_comes():
    async def story():
        loop = asyncio.get_running_loop()
        first, second = loop.create_future(), asyncio.Event()

        async def later():
            value = await first
            await second.wait()
            return value

        loop.call_soon(first.set_result, 7)
        loop.call_later(0.01, second.set)
        return await within(20, later())

    assert asyncio.run(story()) == 7


def test_the_bound_ends_a_wait_and_what_waited_may_tidy_up():
    tidied = []

    async def for_ever():
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            tidied.append(1)

    with pytest.raises(TimeoutError):
        asyncio.run(within(0.01, for_ever()))
    assert tidied == [1]


def test_what_fails_fails_before_and_after_it_waited():
    async def fails(*, waits):
        if waits:
            await asyncio.sleep(0)
        raise ZeroDivisionError

    for waits in (False, True):
        with pytest.raises(ZeroDivisionError):
            asyncio.run(within(20, fails(waits=waits)))


def test_a_cancellation_reaches_what_waits():
    heard = []

    async def for_ever():
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            heard.append(1)
            raise

    async def story():
        task = asyncio.create_task(within(20, for_ever()))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(story())
    assert heard == [1]
