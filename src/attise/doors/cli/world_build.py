"""``python -m attise.doors.cli.world_build SEED DAYS BEHIND [VIDEO…]``: make what is missing of the example world.

A bar says what is done: first the days before this one are lived, then a few examples are made that a newcomer needs.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from attise.doors.cli.welcome import OTHER
from attise.doors.cli.world_life import live
from attise.doors.site.life import read_life
from attise.doors.site.setup import Process, open_process, prepare, release_process
from attise.kernel import garbage
from attise.kernel.errors import Outage, Refusal
from attise.kernel.house import House, HouseError, Settings

TENTHS = 10
SESSIONS_A_DAY = 0.4
"""Of a viewer: some 17,500 impressions a day of three thousand."""


def main() -> int:
    """Open the house, build, and leave."""
    parser = argparse.ArgumentParser(prog="attise-world")
    parser.add_argument("seed", type=int)
    parser.add_argument("days", type=float)
    parser.add_argument("behind", type=float)
    parser.add_argument("videos", type=Path, nargs="*")
    asked = parser.parse_args()
    house = prepare(Settings.from_environ(os.environ))
    process = open_process(house, "command")
    garbage.look_seldom()
    try:
        return _build(house, process, asked)
    finally:
        release_process(process)


def _build(house: House, process: Process, asked: argparse.Namespace) -> int:
    """Make the first person, their world's past and the sample set; returns the process's exit code."""
    from attise.doors.site import means
    from attise.doors.site.opening import open_first_time

    means.install(process)
    from attise.management.accounts import actions as accounts_actions
    from attise.management.accounts import queries as accounts
    from attise.simulator import sample

    try:
        begun = read_life(house.folder)
        is_cut_short = begun is not None and begun.phase == "begun"
        if is_cut_short or (asked.days and begun is None and accounts.find_first_operator() is None):
            _live(process, asked)
        open_first_time(process.means, house.mode)
    except (Refusal, HouseError, Outage) as error:
        sys.stderr.write(f"attise: {error}\n")
        return 1
    person = accounts.find_first_operator()
    if person is None:
        sys.stderr.write("attise: this demo folder has no operator.\n")
        return 1
    creator = accounts.find_creator_of_person(person.id)
    memberships = accounts.memberships_of(person.id)
    advertisers = accounts.list_advertisers_of_business_center(memberships[0].business_center_id) if memberships else []
    if creator is None or not advertisers:
        return 0  # someone has made this house their own; the sample has no place in it
    with _bar() as progress:
        task = progress.add_task("The example world", total=None)

        def tell(step: int, steps: int, what: str) -> None:
            progress.update(task, completed=step, total=steps, description=f"The example world: {what}")

        try:
            sample.build(
                process.means,
                house,
                creator_id=creator.id,
                advertiser_id=advertisers[0].id,
                center_id=memberships[0].business_center_id,
                tell=tell,
            )
        except Refusal as refusal:
            sys.stderr.write(f"attise: {refusal}\n")
            return 1
    # An example house is opened by whoever starts it: each start has its own links.
    links = accounts_actions.sign_in_links(process.means, person_id=person.id)
    other = accounts.find_creator_by_handle(sample.WATCHER)
    if other is not None and other.person_id not in (None, person.id):
        # Nobody is shown an ad of their own: whoever tries to see theirs watches as somebody else.
        links[OTHER] = accounts_actions.sign_in_link(process.means, person_id=other.person_id, console="viewer")
    json.dump(links, sys.stdout)
    return 0


def _live(process: Process, asked: argparse.Namespace) -> None:
    """Live the days before this one."""
    from attise.simulator.drawing import Size

    size = Size(days=asked.days + asked.behind, sessions_a_day=SESSIONS_A_DAY)
    with _bar() as progress:
        task = progress.add_task("The past of this world", total=1.0)
        lines = _Lines(progress.console)

        def tell(done: float, what: str) -> None:
            progress.update(task, completed=done, description=f"The past of this world: {what}")
            lines.tell(done, what)

        lived = live(process, size, seed=asked.seed, tell=tell, videos=tuple(asked.videos), behind_days=asked.behind)
    sys.stderr.write(
        f"Lived {asked.days:g} days with seed {asked.seed}: {lived.impressions:,} impressions, {lived.paid:,} of them "
        f"paid, {lived.events:,} events settled.\n"
    )


class _Lines:
    """A line for each further tenth, where nobody sees a bar: in a log, or behind a pipe."""

    def __init__(self, console: Console) -> None:
        self.is_needed = not console.is_terminal
        self.next = 0

    def tell(self, done: float, what: str) -> None:
        """Hear how far it is, 0 to 1."""
        if self.is_needed and int(done * TENTHS) >= self.next:
            self.next = int(done * TENTHS) + 1
            sys.stderr.write(f"The past of this world, {done:.0%}: {what}\n")
            sys.stderr.flush()


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


if __name__ == "__main__":
    sys.exit(main())
