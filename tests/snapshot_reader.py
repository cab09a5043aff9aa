"""A reader of snapshots that does what an edge does, by the same plain statements."""

from __future__ import annotations

from dataclasses import dataclass

from attise.management.outbox import queries as outbox
from attise.management.outbox.actions import unit, verb
from attise.management.snapshots.actions import folder_of, follow, write_file
from attise.management.snapshots.render import Renderer
from attise.records.snapshot.deltas import SnapshotDelta, read_deltas
from attise.records.snapshot.fold import Fold
from attise.records.snapshot.reader import find_newest
from tests.statements import Statements


@dataclass
class Reader:
    """A decision process: a snapshot, or nothing at version 0, with deltas and stops read since."""

    fold: Fold
    version: int
    number: int

    @classmethod
    def from_nothing(cls) -> Reader:
        return cls(Fold(0), 0, 0)

    @classmethod
    def from_file(cls, house) -> Reader:
        file = find_newest(folder_of(house))
        header = file.header
        return cls(Fold(header.version, file.ads(), file.organic_posts()), header.version, header.number)

    @classmethod
    def from_file_of_now(cls, means, house) -> Reader:
        write_file(means, house, anyway=True)
        return cls.from_file(house)

    def catch_up(self) -> list[SnapshotDelta]:
        """Read stops, then deltas, as an edge does twice a second; returns the deltas."""
        version = outbox.get_version()
        for change in outbox.list_changes(self.version, version):
            self.fold.stop(change)
        self.version = version
        found = []
        while deltas := read_deltas(Statements(), self.number):
            for delta in deltas:
                self.fold.apply(delta)
            self.number = deltas[-1].number
            found += deltas
        return found


def settle(means, holder: str = "worker:1") -> None:
    while follow(means, holder=holder):
        pass


def what_runs(means) -> tuple[dict, dict]:
    """All that may run by the rows as they stand, without anything that is over by the clock."""
    render = Renderer(means)
    ads = {ad.ad_id: ad for ad in render.all_ads()}
    return still_on(means, ads), {post.post_id: post for post in render.all_posts()}


def still_on(means, ads: dict) -> dict:
    now = means.clock.world_ms()
    return {key: ad for key, ad in ads.items() if ad.ends_at_ms is None or ad.ends_at_ms > now}


@verb
def change(means, kind, object_id, **body) -> None:
    """Tell of a change that a test made to a row by itself."""
    with unit(means) as work:
        work.change(kind, object_id, **body)
