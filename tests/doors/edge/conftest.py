"""An edge on a free port before a plain site, both real processes."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from attise.kernel.clock import SystemClock
from attise.kernel.house import House
from attise.records.media_link import PURPOSE, MediaLinks
from tests.doors.rig import Answer, Child, Door, Rig, listener, make_house, rig, until

THREADS = 4


@dataclass
class Front:
    """A served house: its edge, its site, and what a test needs to reach them."""

    house: House
    door: Door
    rig: Rig
    edge: Child
    site: Child

    def ask(self, *arguments, **options) -> Answer:
        return self.door.ask(*arguments, **options)

    def link(self, key: str, name: str, *, life_s: int = 3600) -> str:
        links = MediaLinks(self.house.secrets.key(PURPOSE))
        return links.make(key, name, expires_s=SystemClock().wire_ms() // 1000 + life_s)

    def keep(self, key: str, name: str, data: bytes) -> None:
        path = self.house.media / key[:2] / key / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def tell_seen(self, role: str, node: int, at_ms: int) -> None:
        with contextlib.closing(sqlite3.connect(self.house.database, timeout=10)) as connection:
            connection.execute(
                "INSERT INTO processes_process VALUES (?, ?, 'test', 0, 0, 0, 0, ?) "
                "ON CONFLICT (node) DO UPDATE SET seen_at_ms = excluded.seen_at_ms",
                (node, role, at_ms),
            )
            connection.commit()

    def start_site(self) -> Child:
        self.site = start_site(self.rig, self.house)
        return self.site


def start_site(made: Rig, house: House) -> Child:
    child = made.start("-m", "tests.doors.edge.plain_site", str(house.run / "site.sock"), str(THREADS))
    until((house.run / "site.sock").exists, "the site's socket")
    return child


def start_edge(made: Rig, house: House, **environ: str) -> tuple[Child, Door]:
    with listener() as public:
        number = public.fileno()
        child = made.start(
            "-m",
            "attise.doors.edge",
            "--fd",
            str(number),
            environ={"ATTISE_DATA": str(house.folder), **environ},
            fds=(number,),
        )
        return child, Door(public.getsockname()[1])


@contextlib.contextmanager
def front_of(folder: Path, **environ: str) -> Iterator[Front]:
    house = make_house(folder / "house")
    with rig(folder) as made:
        site = start_site(made, house)
        edge, door = start_edge(made, house, **environ)
        until(lambda: door.ask("/").status == 200, "the site behind the edge")
        yield Front(house, door, made, edge, site)


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    with front_of(tmp_path_factory.mktemp("front")) as made:
        yield made


@pytest.fixture
def own_front(tmp_path: Path) -> Iterator[Front]:
    """A front that the test may break."""
    with front_of(tmp_path) as made:
        yield made
