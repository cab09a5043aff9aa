"""Guards: a kind of attempt, its subjects, and the limits each of them has."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from attise.kernel.errors import TOO_MANY_REQUESTS, Refusal
from attise.kernel.limits import DAY_MS, MINUTE_MS
from attise.kernel.means import Means
from attise.kernel.seal import encode
from attise.management.attempts.models import Attempt
from attise.management.outbox.actions import unit, verb


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``count`` failures within the last ``minutes`` (whole minutes of wire time)."""

    count: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Guard:
    """One subject of one kind of attempt, with its limits, tightest window first."""

    kind: str
    subject: str
    limits: tuple[Limit, ...]


def refuse_if_too_many(means: Means, guards: list[Guard]) -> None:
    """Refuse when any subject has used up a limit. Raises: ``too_many_requests`` with ``retry_after_s``.

    Cost: one query per guard.
    """
    minute = means.clock.wire_ms() // MINUTE_MS
    waits_s = [0]
    for guard in guards:
        oldest = minute - max(limit.minutes for limit in guard.limits) + 1
        rows = list(
            Attempt.objects.filter(
                kind=guard.kind, subject=subject_of(means, guard.subject), minute__gte=oldest
            ).values_list("minute", "count")
        )
        for limit in guard.limits:
            free_at = _free_at(limit, rows, minute)
            if free_at is not None:
                waits_s.append(max(1, -(-(free_at * MINUTE_MS - means.clock.wire_ms()) // 1000)))
    if max(waits_s):  # the longest of them: a wait after which one is refused again would be a lie
        raise Refusal(TOO_MANY_REQUESTS, retry_after_s=max(waits_s))


def _free_at(limit: Limit, rows: list[tuple[int, int]], minute: int) -> int | None:
    """Return the minute from which a limit has room again, as failures pass out of its window; None when it has."""
    recent = sorted((at, count) for at, count in rows if at > minute - limit.minutes)
    left, free_at = sum(count for _, count in recent), None
    for at, count in recent:
        if left < limit.count:
            break
        left, free_at = left - count, at + limit.minutes
    return free_at


@verb
def record_failure(means: Means, guards: list[Guard]) -> None:
    """Count one failure for each subject, in a transaction of its own."""
    minute = means.clock.wire_ms() // MINUTE_MS
    with unit(means), connection.cursor() as cursor:
        for guard in in_order(guards):
            cursor.execute(
                "INSERT INTO attempts_attempt (kind, subject, minute, count) VALUES (%s, %s, %s, 1) "
                "ON CONFLICT (kind, subject, minute) DO UPDATE SET count = attempts_attempt.count + 1",
                [guard.kind, subject_of(means, guard.subject), minute],
            )


def in_order(guards: Iterable[Guard]) -> list[Guard]:
    """Return guards in the order in which everybody takes their rows, so that no two wait for each other."""
    return sorted(guards, key=lambda guard: (guard.kind, guard.subject))


def forgive(means: Means, guard: Guard) -> None:
    """Forget the failures of one subject, after a success."""
    Attempt.objects.filter(kind=guard.kind, subject=subject_of(means, guard.subject)).delete()


def sweep(means: Means) -> int:
    """Delete what no limit looks at any more; returns how many rows."""
    deleted, _ = Attempt.objects.filter(minute__lt=(means.clock.wire_ms() - DAY_MS) // MINUTE_MS).delete()
    return deleted


def subject_of(means: Means, subject: str) -> str:
    """Return what is kept of a subject: a keyed hash."""
    return encode(hmac.digest(means.secrets.key("attempts"), subject.encode(), "sha256"))
