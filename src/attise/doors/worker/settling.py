"""What the process ``settle`` does: events are settled until none is left, and what they came to is told.

Step 2 and the last ones of *an event comes back*. A door, because it brings floors together that do not know each
other: whose a post is and what an ad group is there for says management, and a follow that was counted goes into
management's record of the viewer.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from attise.doors.site.means import means
from attise.kernel import turnstile
from attise.kernel.errors import Refusal
from attise.kernel.house import House
from attise.kernel.limits import RECEIPT_TO_LOG_MS, SETTLE_EVENTS
from attise.measurement.attribution.actions import Settler, publish_totals, sweep
from attise.measurement.attribution.actions.hidden import forget_hidden, list_hidden
from attise.measurement.attribution.whose import Whose
from attise.measurement.counters.actions import forget_followed, list_followed
from attise.measurement.ingest.sqlite_log import SqliteLog

TURN_S: Final = 0.4
"""For how long events are settled before what they came to is told, and the process looks whether it is to end."""
LEFT_S: Final = 0.005
"""For how long the database is left to others after a large batch, which they had to wait for."""
LOOK_S: Final = 0.001
LOOKS: Final = 100
"""How often, before a batch, it is looked whether whoever waits to write has begun: no sleep of theirs is longer."""
SHARED_S: Final = 1.0
"""For how long after somebody waited to write batches stay smaller: who wrote just now will soon write again."""
TOLD_AT_ONCE: Final = 20
"""Publications in one turn."""
FOLLOWS_AT_ONCE: Final = 200
SWEPT_AT_ONCE: Final = 5_000


class Settlement:
    """What its jobs remember between their turns; all of them run in one thread."""

    def __init__(self, house: House, *, batch_events: int = SETTLE_EVENTS) -> None:
        """Settle the log of a house."""
        from attise.management.accounts.queries import known_creators
        from attise.management.campaigns.queries import results_of
        from attise.management.posts.queries import creators_of

        self._folder = house.folder
        log = SqliteLog(house.folder, may_write=False)
        whose = Whose(creators_of, known_creators)
        self._settler = Settler(log, whose=whose, results_of=results_of, batch_events=batch_events)
        self._counted_to_ms = 0
        self._awaited_s = -SHARED_S
        self.is_end = False
        """Whether the last turn saw the log's end."""

    def settle(self) -> None:
        """Settle to the end of the log, or for a while. Raises: Outage."""
        clock = means().clock
        until_s = clock.monotonic_s() + TURN_S
        self.is_end = False
        while not self.is_end and clock.monotonic_s() < until_s:
            self._let_through()
            began_ms = clock.wire_ms()
            with turnstile.working(self._folder):
                done = self._settler.settle(means())
            self.is_end = done.is_end
            if self._settler.is_behind:
                clock.pause(LEFT_S)
            # Of what was received lately, some may still be on its way into the log.
            seen_ms = began_ms if done.is_end else done.at_ms
            self._counted_to_ms = max(self._counted_to_ms, seen_ms - RECEIPT_TO_LOG_MS)

    def _let_through(self) -> None:
        """Wait until whoever waits to write has begun to, but not for long: they go on one after the other."""
        clock = means().clock
        for _ in range(LOOKS):
            if not turnstile.is_awaited(self._folder):
                break
            self._awaited_s = clock.monotonic_s()
            clock.pause(LOOK_S)
        self._settler.is_shared = clock.monotonic_s() < self._awaited_s + SHARED_S

    def publish(self) -> None:
        """Publish until there is nothing to tell, or for so long that the process may look whether it is to end."""
        for _ in range(TOLD_AT_ONCE):
            if not publish_totals(means(), counted_to_ms=self._counted_to_ms):
                return

    def tell_follows(self) -> None:
        """Have viewers' records say whom they follow; what was told is forgotten afterwards, so that none is lost."""
        from attise.management.viewers.actions import note_follow

        while followed := list_followed(FOLLOWS_AT_ONCE):
            for one in followed:
                note_follow(means(), pseudonym=one.person, creator_id=one.creator_id, follows=one.is_on)
            forget_followed(one.id for one in followed)
            if len(followed) < FOLLOWS_AT_ONCE:
                return

    def tell_hidden(self) -> None:
        """Have viewers' records say which ads they hid, and the operator's queue which they reported, likewise."""
        from attise.management.review.actions import report_ad
        from attise.management.review.rules import UNSAID
        from attise.management.viewers.actions import note_hidden

        while hidden := list_hidden(FOLLOWS_AT_ONCE):
            for _, one in hidden:
                if one.is_whole:
                    with suppress(Refusal):  # an ad that a life or a test made up
                        report_ad(means(), ad_id=one.ad_id, reporter=one.person, reason=UNSAID)
                ad_id = 0 if one.is_whole else one.ad_id
                note_hidden(
                    means(), pseudonym=one.person, advertiser_id=one.advertiser_id, ad_id=ad_id, at_ms=one.at_ms
                )
            forget_hidden(number for number, _ in hidden)
            if len(hidden) < FOLLOWS_AT_ONCE:
                return

    def sweep(self) -> None:
        """Take away what no event can come back to any more."""
        sweep(means(), limit=SWEPT_AT_ONCE, is_behind=not self.is_end)
