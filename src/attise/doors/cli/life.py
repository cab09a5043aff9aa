"""``python -m attise.doors.cli.life SPEED``: simulated people go on watching in an example house while it is served.

A process of the supervisor, niced, with half a core at most. It goes on from where the life was kept: first the days
that are still to be lived behind, as fast as settling follows; then at ``SPEED`` world seconds in a second. Killed
anywhere, it is started again and goes on from the moment of the world; what people were doing is lost, as with a phone
that goes out, and nothing is told twice: every event bears the id of a decision that was made once.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from attise.doors.site.life import STATE, Life, is_kept, read_life, write_life
from attise.kernel import garbage, logs
from attise.kernel.clock import FAR_MS
from attise.kernel.errors import Outage
from attise.kernel.house import House, HouseError, Mode
from attise.kernel.interrupt import Interrupt
from attise.kernel.lifeline import Lifeline
from attise.kernel.limits import MINUTE_MS
from attise.kernel.secrets import SecretsError

if TYPE_CHECKING:
    from attise.doors.cli.beside import Beside
    from attise.simulator.story import Story

log = logging.getLogger("attise.life")

ROLE: Final = "life"
NICENESS: Final = 5
TURN_S: Final = 5.0
"""How often people come, while the life goes on."""
LONGEST_TURN_MS: Final = 15 * MINUTE_MS
BEHIND_TURN_MS: Final = 30 * MINUTE_MS
"""A turn of days that are lived in a hurry."""
KEPT_S: Final = 5.0
"""How often the life is kept."""
TOLD_S: Final = 1.0
TENTHS: Final = 10
SAID_S: Final = 60.0
"""How often it is said at most how fast it passes."""
MUCH: Final = 1.25
"""By what it has to have changed for that."""
STALL_S: Final = 600.0
"""How long the life may hang before its process no longer passes for living."""


def main() -> int:
    """Live until SIGTERM; returns the process's exit code."""
    logs.configure(ROLE)
    logging.getLogger("attise.management").setLevel(logging.WARNING)  # what simulated people declare is no news
    lifeline = Lifeline.from_environ(os.environ)
    lifeline.hold()
    os.nice(NICENESS)
    try:
        return _live(lifeline, float(sys.argv[1]))
    except (HouseError, SecretsError, Outage) as error:
        log.critical("%s", error)
        return 1


def _live(lifeline: Lifeline, speed: float) -> int:
    from attise.doors.site.setup import open_process, release_process, start_django

    house = start_django()
    lifeline.wait_for_go()
    if house.mode is not Mode.DEMO:
        raise HouseError(f"{house.folder} is a {house.mode.value} house, and only those of an example are simulated.")
    from attise.doors.cli.beside import Beside, Ended
    from attise.doors.edge.serving.compiling import Compiling
    from attise.doors.edge.serving.files import Folders
    from attise.doors.site import means
    from attise.doors.worker.heart import Heart

    ending = Interrupt()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    process = open_process(house, ROLE)
    means.install(process)
    if process.claim is None:
        raise AssertionError("a served process holds a node number")
    with ExitStack() as held:
        held.callback(release_process, process)
        stage = Beside(process, ending=ending)
        held.callback(stage.close)

        def lives() -> bool:
            return process.clock.monotonic_s() - stage.stirred_at_s < STALL_S

        heart = Heart(house, process.claim, process.clock, lives=lives, lost=ending.set)
        compiling = Compiling(Folders.of(house).kernels, process.clock, is_needed=lambda: True)
        for thread in (heart, compiling):
            thread.start()
            held.callback(thread.end)
        garbage.look_seldom()
        try:
            stage.wait_until_whole()
            Going(house, stage, speed).live()
        except Ended:
            log.info("life has ended")
    return 0


class Going:
    """The life under way: what is kept and told of it."""

    def __init__(self, house: House, stage: Beside, speed: float) -> None:
        """Go on from what was kept of it. Raises: HouseError (nothing was, or it cannot be read)."""
        from attise.doors.cli.kept_life import read_story
        from attise.simulator import keeping

        self._path = house.folder / STATE
        life = read_life(house.folder)
        if life is None or not is_kept(house.folder):
            raise HouseError(f"Nothing was kept of a life in {house.folder}: there is none to go on.")
        self._house, self._stage, self._speed, self._life = house, stage, speed, life
        self._story: Story
        self._story, moment_ms = read_story(house.folder, stage)
        found = keeping.catch_up(self._story.cast, since_ms=moment_ms - LONGEST_TURN_MS)
        log.info("a life goes on at %s times; %d posts were published since it was kept", f"{speed:g}", found)
        self._kept_at_s = self._told_at_s = time.monotonic()
        self._seen = (self._told_at_s, stage.clock.world_ms())
        self._tenth = 0
        self._reached = 0.0
        self._said: tuple[float, float] = (0.0, float("-inf"))
        """How fast it was said to pass last, and when (monotonic seconds)."""

    def live(self) -> None:
        """Live until the process is told to end. Raises: Ended."""
        is_behind = self._stage.clock.world_ms() < self._life.until_ms
        self.go_on(None if is_behind else self._speed)
        try:
            self._story.live(FAR_MS, self._turned)
        finally:
            # Kept before it is told: what was kept and not told is lost, and nothing is told twice.
            self._keep()
            self._stage.hand_over()
            self._tell(time.monotonic())

    def go_on(self, speed: float | None) -> None:
        """Live at a speed from now on; None: in a hurry."""
        self._stage.hasten(speed)
        self._seen, self._reached = (time.monotonic(), self._stage.clock.world_ms()), 0.0
        longest_ms = BEHIND_TURN_MS if speed is None else LONGEST_TURN_MS
        self._story.turn_ms = longest_ms if speed is None else min(int(TURN_S * 1000 * speed), longest_ms)

    def _turned(self, moment_ms: int) -> None:
        """Hear of a turn: go over from one phase to the other, keep and tell now and then."""
        if self._stage.speed is None and moment_ms >= self._life.until_ms:
            self.go_on(self._speed)
            _say(f"The days behind are lived: life goes on at {self._speed:g} times from now on.")
        now_s = time.monotonic()
        if now_s - self._kept_at_s >= KEPT_S:
            self._keep()
        if now_s - self._told_at_s >= TOLD_S:
            self._tell(now_s)

    def _keep(self) -> None:
        from attise.simulator import keeping

        keeping.write(self._path, self._story)
        self._kept_at_s = time.monotonic()

    def _tell(self, now_s: float) -> None:
        clock, lived = self._stage.clock, self._story.lived
        world_ms, (seen_s, seen_ms) = clock.world_ms(), self._seen
        if now_s - seen_s >= TURN_S:
            self._reached = (world_ms - seen_ms) / 1000 / (now_s - seen_s)
            self._seen = (now_s, world_ms)
        self._told_at_s = now_s
        before = self._life
        self._life = Life(
            seed=before.seed,
            days=before.days,
            begin_ms=before.begin_ms,
            phase="behind" if self._stage.speed is None else "on",
            until_ms=before.until_ms,
            now_ms=world_ms,
            at_ms=clock.wire_ms(),
            speed=self._speed,
            reached=round(self._reached, 1),
            impressions=lived.impressions,
            paid=lived.paid,
        )
        write_life(self._house.folder, self._life)
        self._say_tenth()
        self._say_reached(now_s)

    def _say_reached(self, now_s: float) -> None:
        """Say how fast it passes once that is known, and again when it has changed much."""
        if self._stage.speed is None or not is_news(self._reached, self._said[0], now_s - self._said[1]):
            return
        self._said = (self._reached, now_s)
        _say(speed_in_words(self._reached, self._speed))

    def _say_tenth(self) -> None:
        life, tenth = self._life, self._life.behind_percent // TENTHS
        if life.phase == "behind" and tenth > self._tenth:
            self._tenth = tenth
            _say(
                f"Day {life.day} is being lived behind ({life.behind_percent} %): {life.impressions:,} impressions so "
                f"far, {life.paid:,} of them paid."
            )


def is_news(reached: float, said: float, since_s: float) -> bool:
    """Tell whether it is said how fast a life passes, so many seconds after it was ``said`` last; 0: never."""
    if not reached or since_s < SAID_S:
        return False
    return not said or not 1 / MUCH < reached / said < MUCH


def speed_in_words(reached: float, asked: float) -> str:
    """Return how fast a life passes, and what bounds it where it is less than was asked for."""
    bound = "" if reached > asked / MUCH else ": this machine decides and counts no more of it"
    return f"Life passes at {reached:,.0f} times, of {asked:,.0f} asked for{bound}."


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
