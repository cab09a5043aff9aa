"""Many at once: real threads, each with a connection of its own, released together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections

from attise.kernel.errors import Refusal


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run every act in its own thread and return their answers in order; a refusal answers with its code.

    Anything else that an act raises fails the test.
    """
    barrier = threading.Barrier(len(acts))
    answers: list[Any] = [None] * len(acts)
    failures: list[BaseException] = []

    def run(index: int, act: Callable[[], Any]) -> None:
        try:
            barrier.wait(30)
            answers[index] = act()
        except Refusal as refusal:
            answers[index] = refusal.code
        except BaseException as failure:  # noqa: BLE001 - told to the test below
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index, act)) for index, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
        assert not thread.is_alive(), "a race did not end"
    if failures:
        raise failures[0]
    return answers
