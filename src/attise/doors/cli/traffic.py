"""``python -m attise.doors.cli.traffic VIEWERS HOURS SECONDS``: simulated viewers watch in a sandbox that is served.

What ``POST /sandbox/v1/traffic`` starts, in a process of its own: the site stays light, and whatever becomes of this
one, it answers. World time goes on by those hours while they watch; after SECONDS of the machine's the rest of them
passes without anybody. Prints one line of JSON.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections import defaultdict
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

from attise.kernel import logs
from attise.kernel.house import HouseError, Mode
from attise.kernel.limits import HOUR_MS, MINUTE_MS

if TYPE_CHECKING:
    from attise.doors.site.setup import Process

log = logging.getLogger("attise.traffic")

ROLE: Final = "life"
SHORTEST_TURN_MS: Final = 15 * MINUTE_MS
MOST_TURNS: Final = 96
SETTLING_S: Final = 8.0
"""For how long the end waits for settling."""


def main() -> int:
    """Bring the viewers, let them watch, and say what came of it."""
    logs.configure("traffic")
    viewers, hours, seconds = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
    from attise.doors.site import means
    from attise.doors.site.setup import open_process, release_process, start_django

    house = start_django()
    if house.mode is not Mode.SANDBOX:
        raise HouseError(f"{house.folder} is no sandbox.")
    process = open_process(house, ROLE)
    means.install(process)
    try:
        sys.stdout.write(json.dumps(_watch(process, viewers, hours, seconds)) + "\n")
    finally:
        release_process(process)
    return 0


def _watch(process: Process, viewers: int, hours: float, seconds: float) -> dict[str, Any]:
    from attise.doors.cli.beside import Ended
    from attise.doors.cli.noting import Noting
    from attise.doors.edge.serving.files import Folders
    from attise.doors.worker.heart import Heart
    from attise.measurement.attribution.queries import count_settled
    from attise.serving import kernels
    from attise.simulator.cast import gather
    from attise.simulator.story import Story

    if process.claim is None:
        raise AssertionError("whoever decides in a served house holds a node number")
    ending, is_lost = threading.Event(), threading.Event()

    def lose() -> None:
        is_lost.set()
        ending.set()

    with ExitStack() as held:
        heart = Heart(process.house, process.claim, process.clock, lives=lambda: True, lost=lose)
        heart.start()
        held.callback(heart.end)
        late = _end_after(seconds, ending)
        held.callback(late.cancel)
        kernels.use(Folders.of(process.house).kernels)
        begin_ms, settled_before = process.clock.world_ms(), count_settled().events
        stage = Noting(process, ending=ending, share=1.0)
        held.callback(stage.close)
        stage.hasten(None)
        seed = int.from_bytes(process.means.chance.token(4), "big")  # the same after a reset of the folder, as its ids
        story = Story(stage, gather(stage, viewers, seed=seed))
        story.turn_ms = max(SHORTEST_TURN_MS, int(hours * HOUR_MS / MOST_TURNS))
        try:
            story.live(begin_ms + int(hours * HOUR_MS))
        except Ended:
            log.info("time was over before all of the hours were lived")
        lived_ms = process.clock.world_ms() - begin_ms
        late.cancel()
        late.join()  # one that was about to end this would end what follows
        if not is_lost.is_set():
            ending.clear()
        held.callback(_end_after(SETTLING_S, ending).cancel)
        stage.move_to(begin_ms + int(hours * HOUR_MS))
        try:
            stage.hand_over()
            stage.wait_for_settling()
        except Ended:
            log.warning("not all that they did is settled yet")
        spent = _spent(stage.shown_ads)
        lived = story.lived
        return {
            "feeds": lived.feeds,
            "impressions": lived.impressions,
            "paid": lived.paid,
            "events": lived.events,
            "settled": count_settled().events - settled_before,
            "spend_micros": sum(spent.values()),
            "spend": [{"currency": currency, "amount_micros": micros} for currency, micros in sorted(spent.items())],
            "hours_lived": round(min(lived_ms / HOUR_MS, hours), 2),
        }


def _end_after(seconds: float, ending: threading.Event) -> threading.Timer:
    """Have something end after some seconds of the machine's; this process waits for no timer when it ends."""
    timer = threading.Timer(seconds, ending.set)
    timer.daemon = True
    timer.start()
    return timer


def _spent(decision_ids: set[int]) -> dict[str, int]:
    """Return what the ads of some decisions were charged, by currency."""
    from attise.measurement.attribution.queries import list_outcomes

    found: dict[str, int] = defaultdict(int)
    after = min(decision_ids, default=1) - 1
    while decision_ids and (some := list_outcomes(after=after)):
        for one in some:
            if one.decision_id in decision_ids and one.charged_micros:
                found[one.currency] += one.charged_micros
        after = some[-1].decision_id
    return dict(found)


if __name__ == "__main__":
    sys.exit(main())
