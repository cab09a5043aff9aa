"""Simulated people in a house that is served: the stage of ``simulator.stage`` beside the processes of the house.

What they are shown is decided here, in a process that counts among those that decide; what they do goes into the log
that the edge writes too. Settling, totals, deltas, reminders are left to the processes that do them for everybody.

Their wire is the house's own: a page is asked for at this moment. What they watch takes no time here and some minutes
of the world, and is in the log when the world has come to where it was received; on the wire that may be minutes ahead,
which judges as it would have judged then.
"""

from __future__ import annotations

import logging
import time
from typing import Final

from attise.doors.cli.staging import Staged
from attise.doors.site.setup import Process
from attise.kernel.clock import FAR_MS, Clock
from attise.kernel.errors import Outage
from attise.kernel.interrupt import Ending
from attise.management.processes.actions import advance_world_clock, read_world_clock
from attise.measurement.attribution.queries import get_mark

log = logging.getLogger("attise.life")

STEP_S: Final = 1.0
"""How often the world's clock is moved while people watch, and what they did told."""
SETTLED_LOOK_S: Final = 0.05
LOOK_S: Final = 0.25
SHORTEST_S: Final = 0.02
ASTRAY_MS: Final = 30_000
"""How far from where it should be the world may be before it is reckoned anew from where it is, in wire time."""
SHARE: Final = 0.5
"""Of one core's time, what is taken at most where nobody waits."""
UNHURRIED: Final = 1.0
"""The speed at which the world's clock is nobody's to move."""
HURRIED: Final = 1_000.0
"""How many times quicker than the wire people live at least, as long as it is not known, where nobody waits."""


class Ended(Exception):  # noqa: N818 - an outcome: whoever runs the life was told to end
    """The life is to end here."""


class WorldPaced:
    """The clock of a house whose steady time is the world's.

    Why: pacing takes a turn every few seconds. Where hours of the world pass in them, budgets are held back for traffic
    that never comes.
    """

    def __init__(self, clock: Clock) -> None:
        """Tell the times of ``clock``."""
        self._clock = clock

    def world_ms(self) -> int:
        """Return world time."""
        return self._clock.world_ms()

    def wire_ms(self) -> int:
        """Return wire time."""
        return self._clock.wire_ms()

    def moment_ms(self) -> tuple[int, int]:
        """Return both."""
        return self._clock.moment_ms()

    def monotonic_s(self) -> float:
        """Return world time in seconds: it never goes back."""
        return self._clock.world_ms() / 1000

    def pause(self, seconds: float) -> None:
        """Return when that much of the machine's time has passed."""
        self._clock.pause(seconds)


class Beside(Staged):
    """One served house; the story's time is the house's world time, moved on at a speed."""

    def __init__(self, process: Process, *, ending: Ending, share: float = SHARE) -> None:
        """Open what an edge opens. ``ending``: set when the life is to end; ``share``: of a core, taken at most."""
        claim = process.claim
        if claim is None:
            raise AssertionError("whoever decides in a served house holds a node number")
        super().__init__(process.house, process.means, node=claim.number, paced_by=WorldPaced(process.clock))
        self.clock = process.clock
        self._ending = ending
        self._share = share
        self.speed: float | None = UNHURRIED
        """World seconds in a second; None: as fast as settling follows."""
        self._anchor = (self.clock.monotonic_s(), self.clock.world_ms())
        self._busy_s = time.process_time()
        self._told_to = 0
        self.stirred_at_s = self.clock.monotonic_s()
        """When it last came to a wait of its own: a life that hangs comes to none (monotonic seconds)."""

    def hasten(self, speed: float | None) -> None:
        """Go on at another speed from this moment."""
        self.speed = speed
        self._anchor = (self.clock.monotonic_s(), self.clock.world_ms())

    def refresh(self) -> None:
        """Have decisions know what was changed and spent, and how soon people do what is still to come of them.

        Why: a click is waited for by the wire's minutes. Where a day of the world passes in one, yesterday's clicks
        that never came would leave no budget for today.
        """
        super().refresh()
        if self._loading.allowances is not None:
            self._loading.allowances.live_at(self._times())

    def _times(self) -> float:
        """Return how many times quicker than the wire people live."""
        if self.speed is not None:
            return self.speed
        began_s, began_ms = self._anchor
        passed_ms = (self.clock.monotonic_s() - began_s) * 1000
        return max(HURRIED, (self.clock.world_ms() - began_ms) / passed_ms) if passed_ms > 0 else HURRIED

    def wait_until_whole(self) -> None:
        """Wait until all ads can be decided on, as an edge does before it says that it is well. Raises: Ended."""
        self.refresh()
        while not self._loading.report()["ok"]:
            self._pause(LOOK_S)
            self.refresh()

    # Time

    def pass_to(self, moment_ms: int) -> None:
        """Let the world come to a moment at its speed, and what people did in it into the log. Raises: Ended."""
        self._rest()
        if self.speed is None:
            self._follow_settling()
            self.move_to(moment_ms)
            self.keep(received_by_ms=moment_ms)
        else:
            self._walk_to(moment_ms, self.speed)
        self._busy_s = time.process_time()

    def _walk_to(self, moment_ms: int, speed: float) -> None:
        """Move the world a second's worth at a time, never past the moment: a slow turn slows the world."""
        while True:
            began_s, began_ms = self._anchor
            due_ms = began_ms + int((self.clock.monotonic_s() - began_s) * 1000 * speed)
            self.move_to(min(due_ms, moment_ms))
            now_ms = self.clock.world_ms()
            self.keep(received_by_ms=now_ms)
            self._memories.flush()
            if abs(now_ms - due_ms) > speed * ASTRAY_MS:
                self.hasten(speed)  # the world was moved by another, or it cannot be had so quick
            if now_ms >= moment_ms:
                return
            self._pause(min(STEP_S, max((moment_ms - now_ms) / 1000 / speed, SHORTEST_S)))

    def move_to(self, moment_ms: int) -> None:
        """Move the world's clock to a moment, unless it is there of itself or nobody's to move."""
        self.clock.offset_ms, _ = read_world_clock()
        ahead_ms = moment_ms - self.clock.world_ms()
        if ahead_ms > 0 and self.speed != UNHURRIED:
            self.clock.offset_ms, _ = advance_world_clock(ahead_ms)

    def _rest(self) -> None:
        """Leave the core to others for as long as its share asks for after what was just done."""
        busy_s = time.process_time() - self._busy_s
        self._pause(busy_s * (1 / self._share - 1))

    def _pause(self, seconds: float) -> None:
        self.stirred_at_s = self.clock.monotonic_s()
        if self._ending.wait(max(seconds, 0.0)):
            raise Ended

    def _follow_settling(self) -> None:
        """Wait until what was told before the last turn is settled: nobody runs away from who counts."""
        told_to, self._told_to = self._told_to, self._log.end()
        self.wait_for_settling(told_to)

    def wait_for_settling(self, position: int | None = None) -> None:
        """Wait until the log is settled up to a position, or to its end. Raises: Ended."""
        upto = self._log.end() if position is None else position
        while get_mark().position < upto:
            self._pause(SETTLED_LOOK_S)

    def keep(self, *, received_by_ms: int) -> int:
        """Make durable what was taken in, as soon as the log takes it: the world waits meanwhile. Raises: Ended."""
        is_away = False
        while True:
            try:
                return super().keep(received_by_ms=received_by_ms)
            except Outage as outage:
                if not is_away:
                    log.warning("what people did is told later: %s", outage)
                is_away = True
            self._pause(STEP_S)

    # What processes of the house do for everybody

    def settle(self) -> int:
        """Leave settling to the process that settles; what is due is in the log (``pass_to``)."""
        return 0

    def keep_house(self) -> None:
        """Leave the house to its worker."""

    def complete(self) -> int:
        """Leave this to them too."""
        return 0

    def hand_over(self) -> int:
        """Make durable all that people did, before the end; returns how much it was. Raises: Ended, if it cannot be."""
        return self.keep(received_by_ms=FAR_MS)
