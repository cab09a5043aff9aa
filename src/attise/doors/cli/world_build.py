"""``python -m attise.doors.cli.world_build``: make what is missing of the example world, with a bar that says what."""

from __future__ import annotations

import json
import os
import sys

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from attise.doors.site.setup import Process, open_process, prepare, release_process
from attise.kernel.errors import Refusal
from attise.kernel.house import House, Settings


def main() -> int:
    """Open the house, build, and leave."""
    house = prepare(Settings.from_environ(os.environ))
    process = open_process(house, "command")
    try:
        return _build(house, process)
    finally:
        release_process(process)


def _build(house: House, process: Process) -> int:
    """Make the first person and the sample set; returns the process's exit code."""
    from attise.doors.site import means
    from attise.doors.site.opening import open_first_time

    means.install(process)
    from attise.management.accounts import actions as accounts_actions
    from attise.management.accounts import queries as accounts
    from attise.simulator import sample

    open_first_time(process.means, house.mode)
    person = accounts.find_first_operator()
    if person is None:
        sys.stderr.write("attise: this demo folder has no operator.\n")
        return 1
    creator = accounts.find_creator_of_person(person.id)
    memberships = accounts.memberships_of(person.id)
    advertisers = accounts.list_advertisers_of_business_center(memberships[0].business_center_id) if memberships else []
    if creator is None or not advertisers:
        return 0  # someone has made this house their own; the sample has no place in it
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
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
    json.dump(accounts_actions.sign_in_links(process.means, person_id=person.id), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
