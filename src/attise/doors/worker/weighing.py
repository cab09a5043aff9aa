"""What split tests came to and what ads brought promoted posts, worked out for whoever reads a page.

The worker's turns at it. A test that met many takes seconds, so it is let be for many times as long as its last turn
took; one that is final is never looked at again. Promoted posts are told of by whole hours, so once an hour is enough.
"""

from __future__ import annotations

from attise.doors.site.means import means
from attise.doors.site.promoted import weigh_promotions
from attise.doors.site.split_results import weigh
from attise.kernel.house import House
from attise.kernel.limits import HOUR_MS
from attise.management.campaigns.queries import list_launched
from attise.management.campaigns.views import SplitView
from attise.measurement.attribution.queries import list_promoters
from attise.measurement.lift.kept import LATE_MS, REST_MS, REST_TIMES, rest_ms
from attise.measurement.lift.queries import find_results, list_kept
from attise.measurement.reports.queries import ages_of_together, get_watermark

LOOKED_AT = 500
"""Tests of all advertisers that a turn looks at, the newest first; the next one goes on with those that are older."""


class Weighing:
    """What its job remembers between its turns; all of them run in one thread."""

    def __init__(self, house: House) -> None:
        """Work for a house."""
        self._house = house
        self._until_s: dict[int, float] = {}
        """By test, up to when it is let be, by the clock of waits."""
        self._after: tuple[int, int] | None = None
        """Up to where the last turn came, where there are more."""
        self._read: set[int] = set()
        """Tests of which this release reads what is kept, as far as it was looked at."""

    def turn(self) -> int:
        """Work out anew what is due, and return how many tests that were. Raises: Outage."""
        now_ms, complete_to_ms = means().clock.world_ms(), get_watermark().complete_to_ms
        # What was over for longer may yet lack its last turn, where the house stood still.
        launched = list_launched(over_since_ms=now_ms - 2 * LATE_MS, limit=LOOKED_AT, after=self._after)
        oldest = min(((one.starts_at_ms or 0, one.id) for one in launched), default=None)
        self._after = oldest if len(launched) == LOOKED_AT else None
        known = self._readable(list_kept([one.id for one in launched]))
        now_s = means().clock.monotonic_s()
        self._until_s = {split_id: until_s for split_id, until_s in self._until_s.items() if until_s > now_s}
        done = 0
        for split in launched:
            as_of_ms, is_final = known.get(split.id, (-1, False))
            if is_final or complete_to_ms <= as_of_ms or self._rests(split):
                continue
            self._weigh(split, now_ms)
            done += 1
        return done

    def _readable(self, known: dict[int, tuple[int, bool]]) -> dict[int, tuple[int, bool]]:
        """Return what is known of tests without final results that another release kept: nobody could read them."""
        final = {split_id for split_id, (_as_of_ms, is_final) in known.items() if is_final}
        if unread := final - self._read:
            self._read |= find_results(unread).keys()
        return {split_id: one for split_id, one in known.items() if split_id in self._read or split_id not in final}

    def _rests(self, split: SplitView) -> bool:
        return means().clock.monotonic_s() < self._until_s.get(split.id, 0.0)

    def _weigh(self, split: SplitView, now_ms: int) -> None:
        begin_s = means().clock.monotonic_s()
        self._until_s[split.id] = begin_s + REST_MS / 1_000  # one that fails lets the others have their turn
        weigh(self._house, split, now_ms=now_ms)
        end_s = means().clock.monotonic_s()
        rest = rest_ms(took_ms=round(1_000 * (end_s - begin_s)), is_over=split.state == "over")
        self._until_s[split.id] = end_s + rest / 1_000


class Promoting:
    """The same of promoted posts, one reader a turn: the whole house, then each advertiser who promoted a post."""

    def __init__(self) -> None:
        """Begin at once."""
        self._until_s, self._hour_ms = 0.0, -1
        self._tried: dict[int, int] = {}
        """By reader, the hour for which it was last tried: one that fails comes after all others."""

    def turn(self) -> int | None:
        """Work it out for the reader whose figures are oldest, of those that an hour ended for; None: there is none."""
        clock = means().clock
        if clock.monotonic_s() < self._until_s:
            return None
        hour_ms = clock.world_ms() // HOUR_MS * HOUR_MS
        if hour_ms == self._hour_ms:
            return None
        ages = ages_of_together()
        due = [one for one in (0, *list_promoters()) if ages.get(one, -1) < hour_ms]
        if not due:
            self._hour_ms = hour_ms
            return None
        reader = min(due, key=lambda one: (self._tried.get(one) == hour_ms, ages.get(one, -1), one))
        self._tried[reader], begin_s = hour_ms, clock.monotonic_s()
        weigh_promotions(now_ms=clock.world_ms(), advertiser_id=reader or None)
        end_s = clock.monotonic_s()
        self._until_s = end_s + REST_TIMES * (end_s - begin_s)
        return reader
