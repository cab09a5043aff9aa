"""Opening the house for a process: Django, the schema, the node number and the means."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from dataclasses import dataclass

from attise.kernel.chance import Chance, SeededChance, SystemChance
from attise.kernel.clock import FakeClock, SystemClock
from attise.kernel.errors import Outage
from attise.kernel.house import House, Mode, Settings
from attise.kernel.ids import ClockIds, IdSource
from attise.kernel.means import Means
from attise.records.process import Node

SANDBOX_EPOCH_MS = 1_767_225_600_000
"""Where a sandbox's identifiers begin (1 January 2026), so that they do not depend on the day it runs."""
SANDBOX_START_SPAN_MS = 3_600_000
"""What each start of a process may use of them: more than it can, and there are years of starts."""
ROLES = ("site", "worker", "settle", "edge", "command", "life")


def start_django() -> House:
    """Configure Django from the environment, once; returns the house it opened."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "attise.doors.site.settings")
    import django
    from django.conf import settings

    django.setup()
    house: House = settings.HOUSE
    return house


def prepare(settings: Settings | None = None) -> House:
    """Start Django and bring the schema up to date; at any start, by any number of processes at once.

    Raises: HouseError when a newer release has been here.
    """
    if settings is not None:
        export(settings)
    house = start_django()
    from attise.doors.site.schema import bring_up_to_date

    bring_up_to_date(house)
    if house.settings.database_url is None:
        # The marker that secrets must exist from now on is the database itself; it holds what they seal.
        house.database.chmod(0o600)
    return house


def export(settings: Settings) -> None:
    """Put settings into the environment, where this process's Django and its children find them."""
    os.environ["ATTISE_DATA"] = str(settings.data)
    for name, value in (
        ("ATTISE_PUBLIC_URL", settings.public_url),
        ("ATTISE_DATABASE_URL", settings.database_url),
        ("ATTISE_SECRETS_FILE", str(settings.secrets_file) if settings.secrets_file else None),
        ("ATTISE_MEDIA_HOSTS", ",".join(settings.media_hosts) or None),
        ("ATTISE_DEBUG", "1" if settings.debug else None),
        ("ATTISE_SANDBOX_LIMITS", "1" if settings.sandbox_limits else None),
    ):
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@dataclass(frozen=True)
class Process:
    """This process, opened: its house, its means, its claim of a node number."""

    house: House
    means: Means
    clock: SystemClock | FakeClock
    claim: Node | None
    """The node number it holds; None in a headless run, which takes its identifiers from elsewhere."""


def open_process(house: House, role: str) -> Process:
    """Claim a node and make the means of a process; Django must be set up and the schema in place."""
    from attise.management.processes.actions import claim_node, read_world_clock

    clock = SystemClock()
    clock.offset_ms, _ = read_world_clock()
    node, starts_before = claim_node(clock, role, f"{socket.gethostname()[:40]}:{os.getpid()}")
    ids: IdSource = ClockIds(clock, node.number)
    chance: Chance = SystemChance()
    if house.mode is Mode.SANDBOX:
        begin = SANDBOX_EPOCH_MS + (starts_before * len(ROLES) + ROLES.index(role)) * SANDBOX_START_SPAN_MS
        ids = ClockIds(_Standing(begin), 0)
        chance = SeededChance(f"{house.seed}/{role}/{starts_before}")
    return Process(house, Means(clock, chance, ids, house.secrets), clock, node)


def release_process(process: Process) -> None:
    """Give back the node number of a process that has done what it was opened for; one that cannot be passes on."""
    from attise.management.processes.actions import release_node

    if process.claim is not None:
        with suppress(Outage):
            release_node(process.claim)


class _Standing(SystemClock):
    """A clock that stands still: under it, identifiers count up by one."""

    def __init__(self, at_ms: int) -> None:
        super().__init__()
        self._at_ms = at_ms

    def wire_ms(self) -> int:
        return self._at_ms
