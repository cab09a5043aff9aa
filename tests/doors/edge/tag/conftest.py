"""The tag's two addresses in one process, with a log on the disk; what is not real are the house's rows."""

from __future__ import annotations

import pytest

from attise.doors.edge.app import Edge
from attise.doors.edge.tag.calls import Collect
from attise.doors.edge.tag.pixels import Pixels
from attise.doors.edge.tag.script import Script
from attise.kernel.errors import Outage
from attise.measurement.ingest.origins import Origins
from attise.measurement.ingest.reported import PixelFacts
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.records.conversion import Conversion, decode_conversion
from attise.records.tag import COLLECT_PATH, TAG_PATH
from tests.doors.edge.feed.conftest import SECRETS, House

CODE = "COQDA8RC77U2TMR44LI0"


class Site(House):
    """A house whose pages tell what happens on them."""

    def __init__(self, folder) -> None:
        super().__init__(folder)
        self.pixel = PixelFacts(7, 3, matches_email=True, matches_phone=False)
        self.is_database_away = False
        self.pixels = Pixels(self.find, self.clock)
        self.collect = self.make_collect()
        self.keeping.keeper.start()

    def make_collect(self, **more) -> Collect:
        return Collect(
            pixels=self.pixels,
            links=self.links,
            origins=Origins(SECRETS, is_live=True),
            keeping=self.keeping,
            ids=lambda: self.node_ids,
            clock=self.clock,
            **more,
        )

    async def find(self, code: str) -> PixelFacts | None:
        if self.is_database_away:
            raise Outage("database")
        return self.pixel if code == CODE else None

    def edge(self) -> Edge:
        own = {COLLECT_PATH: self.collect, TAG_PATH: Script()}
        return Edge(proxy=None, own=own, within={}, chance=self.chance)

    def tell(self, body=None, *, kind="text/plain;charset=UTF-8", **more):
        """Send what a page tells, as its browser does: without a credential."""
        headers = {"content-type": kind, "origin": "https://shop.example", **more.pop("headers", {})}
        return self.ask(body, path=COLLECT_PATH, key="", headers=headers, **more)

    def kept(self) -> list[Conversion]:
        log = SqliteLog(self.folder, may_write=False)
        batches = log.read(0, limit=1_000)
        log.close()
        return [decode_conversion(one.body) for batch in batches for one in batch.entries if one.kind == "conversion"]


@pytest.fixture
def site(tmp_path):
    made = Site(tmp_path)
    yield made
    made.close()
