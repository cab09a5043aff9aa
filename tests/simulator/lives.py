"""A small life in the tests' own database: its house has a folder of its own, and the keys of its seed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

from attise.doors.cli.living import BEGIN_MS, Living, master_of, move_in
from attise.doors.site import event_log
from attise.doors.site import means as site_means
from attise.kernel.house import House, Mode, Settings, open_house
from attise.kernel.secrets import Secrets
from attise.management.posts.media.clips import STYLES, make_clip
from attise.simulator.beginning import Beginning, begin
from attise.simulator.drawing import Size

SECONDS = 8.0
SMALL = Size(viewers=60, creators=6, posts=24, advertisers=3, days=1.0)


@contextmanager
def a_house(folder: Path, seed: int) -> Iterator[House]:
    """Open a house in a folder on the database of the tests; the site and its log are of that house meanwhile."""
    data = folder / f"life-{seed}"
    data.mkdir(mode=0o700)
    Secrets.write_new(data / "secrets.json", master_of(seed))
    server = os.environ.get("ATTISE_DATABASE_URL")
    name = str(connection.settings_dict["NAME"])
    url = None if server is None else urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    house = open_house(Settings(data=data, database_url=url), mode=Mode.DEMO)
    house.database = Path(name)
    before, process, log = settings.HOUSE, site_means._process, event_log._log
    settings.HOUSE, event_log._log = house, None
    try:
        yield house
    finally:
        if event_log._log is not None:
            event_log._log.close()
        settings.HOUSE, site_means._process, event_log._log = before, process, log


@contextmanager
def a_life(folder: Path, seed: int, size: Size = SMALL, *, go_on: bool = False) -> Iterator[tuple[Living, Beginning]]:
    """Begin a world in a house of its own; ``go_on``: its brands launch further campaigns."""
    with a_house(folder, seed) as house:
        living = move_in(house, seed, begin_ms=BEGIN_MS)
        clips = [(a_clip(house.folder / "clip.mp4"), SECONDS)]
        try:
            own = living.open_first_time()
            yield living, begin(living, size, seed=seed, own=own, tell=lambda *_: None, clips=clips, go_on=go_on)
        finally:
            living.close()


def a_clip(path: Path) -> Path:
    """Draw a small clip, and return where it is."""
    make_clip(path, seconds=SECONDS, seed=1, style=STYLES[0], width=180, height=320, fps=10)
    return path
