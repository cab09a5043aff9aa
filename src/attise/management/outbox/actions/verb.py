"""A verb is one transaction; one that loses to another is done again, from its beginning.

A ``with`` block cannot be run a second time, a function can: every function that opens a unit of work is a verb. Two
transactions that wait for each other in a circle (PostgreSQL undoes one of them), one that saw what another changed
(PostgreSQL again), or a lock that SQLite could not give in time: nothing of the loser was kept, and the same call, with
the same arguments, finds its turn a moment later. Whoever called learns nothing of it.

Decision 0012 says why here, and not around the request.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.db import transaction

from attise.kernel.conflicts import is_conflict
from attise.kernel.limits import VERB_AGAIN_S, VERB_RETRIES
from attise.kernel.means import Means

log = logging.getLogger(__name__)

PAUSE_S = 0.025
"""Before the second try, at most; twice that before the third, and so on."""

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


@dataclass
class _Run:
    """A verb under way that is a transaction of its own; ``outer`` is the one that called it, before its own unit."""

    outer: _Run | None
    is_settled: bool = False
    """Something of it was committed, or enough was tried: it is not done again."""

    def settle(self) -> None:
        """Keep this run, and those it is part of, from being done again."""
        run: _Run | None = self
        while run is not None:
            run.is_settled, run = True, run.outer


_under_way: ContextVar[_Run | None] = ContextVar("attise_verb", default=None)


def note_commit() -> None:
    """Remember that the verb under way has committed something: what follows may fail, and is not done twice."""
    run = _under_way.get()
    if run is not None:
        run.settle()


def verb(act: Callable[Concatenate[Means, Given], Answer]) -> Callable[Concatenate[Means, Given], Answer]:
    """Return the function as one that is done again when its transaction loses to another's.

    At most ``VERB_RETRIES`` times, none begun later than ``VERB_AGAIN_S`` seconds after the first, each after a pause
    that chance spreads. Identifiers and secrets are drawn anew each time, since none of those before was kept; what is
    derived from the arguments (a charge's id, an idempotency key) is the same each time. Within the transaction of
    another verb it is part of that one, which is done again as a whole.

    Raises: whatever ``act`` raises; the last conflict, when there were too many. Invariants: nothing that was committed
    is done twice, hooks after the commit included; no argument can be read only once.
    """

    @wraps(act)
    def run(means: Means, /, *args: Given.args, **kwargs: Given.kwargs) -> Answer:
        if transaction.get_connection().in_atomic_block:
            return act(means, *args, **kwargs)
        if any(isinstance(value, Iterator) for value in (*args, *kwargs.values())):
            raise AssertionError(f"{act.__qualname__} was given something that can be read once only")
        latest_s = means.clock.monotonic_s() + VERB_AGAIN_S
        tries = 0
        while True:
            this = _Run(_under_way.get())
            mark = _under_way.set(this)
            try:
                return act(means, *args, **kwargs)
            except Exception as error:
                if this.is_settled or not is_conflict(error):
                    raise
                if tries == VERB_RETRIES or means.clock.monotonic_s() >= latest_s:
                    this.settle()
                    raise
            finally:
                _under_way.reset(mark)
            tries += 1
            log.info("%s lost to another transaction and is done again (%d)", act.__qualname__, tries)
            means.clock.pause(means.chance.uniform() * PAUSE_S * 2 ** (tries - 1))

    return run
