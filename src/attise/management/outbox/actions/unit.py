"""One unit of work: a transaction whose changes are numbered last.

Step 0 of every story. Before: a door has parsed a request. After: rows, changes and notices are committed together or
not at all. A ``kill -9`` at any point leaves the state before the unit, or the state after it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from attise.kernel import turnstile
from attise.kernel.means import Means
from attise.management.outbox.actions.verb import note_commit
from attise.management.outbox.models import Change, Notice, Version
from attise.records.change import ChangeKind
from attise.records.stop import Stop, add_stops, stop_of


@dataclass
class Unit:
    """The open unit: collects what must be told, until the end of the transaction."""

    means: Means
    changes: list[Change] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    """What no restore may undo, beside the changes that are such a stop."""

    def stays(self, kind: str, object_id: int, **body: Any) -> None:
        """Have something that was stopped stay so whatever is restored later; changes that stop need no more."""
        self.stops.append(Stop(self.means.clock.wire_ms(), kind, object_id, body))

    def change(self, kind: ChangeKind, object_id: int, **body: Any) -> None:
        """Tell decision processes of a change; it gets its number at the end of the unit."""
        text = json.dumps(body, separators=(",", ":"), sort_keys=True)
        at_ms = self.means.clock.world_ms()
        self.changes.append(Change(version=0, kind=kind.value, object_id=object_id, at_ms=at_ms, body=text))

    def notice(
        self, audience: str, audience_id: int, kind: str, object_id: int, *, once: str | None = None, **body: Any
    ) -> None:
        """Tell a person; with ``once``, only the first notice of that key is kept."""
        self.notices.append(
            Notice(
                id=self.means.ids.next(),
                audience=audience,
                audience_id=audience_id,
                kind=kind,
                object_id=object_id,
                at_ms=self.means.clock.world_ms(),
                body=body,
                once=once,
            )
        )

    def flush(self) -> None:
        """Write what was collected; the version row is locked from here to the commit.

        Stops go to their journal before they are committed: what is answered is in it. What is in it and was not
        committed after all somebody wanted stopped, and may have asked for again.
        """
        if self.notices:
            Notice.objects.bulk_create(self.notices, ignore_conflicts=True)
        if not self.changes:
            self._journal()
            return
        with connection.cursor() as cursor:
            cursor.execute("UPDATE outbox_version SET n = n + %s WHERE id = 1 RETURNING n", [len(self.changes)])
            row = cursor.fetchone()
        if row is None:
            raise AssertionError("the version row is missing")
        for number, change in enumerate(self.changes, start=row[0] - len(self.changes) + 1):
            change.version = number
        Change.objects.bulk_create(self.changes)
        self._journal()

    def _journal(self) -> None:
        at_ms = self.means.clock.wire_ms()
        told = [stop_of(one.kind, one.object_id, json.loads(one.body), at_ms=at_ms) for one in self.changes]
        stops = [*self.stops, *(one for one in told if one is not None)]
        if stops:
            add_stops(settings.HOUSE.folder, stops)


def hold_others() -> None:
    """Keep every other unit that tells of changes from committing before this one: for what is read, then decided."""
    Version.objects.select_for_update(no_key=True).get(id=1)


_open: ContextVar[Unit | None] = ContextVar("attise_unit", default=None)


def _let_through(means: Means) -> AbstractContextManager[None]:
    """Return what has who settles leave a gap for this unit to begin in; where several may write, nothing is needed."""
    if connection.vendor != "sqlite":
        return nullcontext()
    return turnstile.waiting(settings.HOUSE.folder, means.clock.pause)


@contextmanager
def unit(means: Means) -> Iterator[Unit]:
    """Open a unit of work, or join the one that is open; in a function that is a ``verb``.

    A joined unit is a savepoint: if it is refused, its rows and what it would have told are undone, and the outer unit
    may go on (as a bulk job does with each row).
    """
    outer = _open.get()
    if outer is not None:
        marks = len(outer.changes), len(outer.notices), len(outer.stops)
        try:
            with transaction.atomic():
                yield outer
        except BaseException:
            del outer.changes[marks[0] :], outer.notices[marks[1] :], outer.stops[marks[2] :]
            raise
        return
    with ExitStack() as transactions:
        with _let_through(means):
            transactions.enter_context(transaction.atomic())
        transaction.on_commit(note_commit)  # before any other hook, each of which may fail
        work = Unit(means)
        mark = _open.set(work)
        try:
            yield work
        finally:
            _open.reset(mark)
        work.flush()
