"""From records to segments: what the index of a snapshot and the small ones of deltas are made with.

Slow work, of threads and processes that nobody waits for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np

from attise.records.snapshot.reader import SnapshotFile
from attise.records.snapshot.shapes import SnapshotAd
from attise.records.snapshot.tables import Tables
from attise.records.totals import PostTotals
from attise.serving.delivery.bound import static_bound
from attise.serving.delivery.policy import Policy
from attise.serving.prediction.model import Model, ModelUnreadable, cold_model, find_newest, read_model
from attise.serving.prediction.table import AdTable, facts_of_snapshot, make_table, organic_records
from attise.serving.targeting.build import build_segment, segment_of
from attise.serving.targeting.segment import Segment

log = logging.getLogger("attise.edge.serving")

POLICY: Final = Policy()
"""The order of an index asks it for ceilings and what a viewer's time is worth, which are the same in every house."""

NO_TOTALS: Final[Mapping[int, PostTotals]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """One segment, with what the model says of its ads and where their records are."""

    segment: Segment
    table: AdTable
    record: Callable[[int], SnapshotAd]
    """The whole ad of a ``source`` place."""


def find_model(folder: Path, *, known: Model | None = None) -> Model:
    """Return the newest model of a folder that can be read, ``known`` if that is it, or a new house's."""
    path = find_newest(folder)
    if path is not None:
        if known is not None and path.name == _name_of(known):
            return known
        try:
            return read_model(path)
        except ModelUnreadable as unreadable:
            log.warning("%s", unreadable)
    return known if known is not None else cold_model()


def _name_of(model: Model) -> str:
    from attise.serving.prediction.model import file_name

    return file_name(model.version)


def index_of(file: SnapshotFile, model: Model, posts: Sequence[PostTotals] = ()) -> tuple[Segment, AdTable]:
    """Return the index of a snapshot and its table, in the index's order.

    ``posts``: what the feed counted of them, from which the ads that show them begin. Cost: some 8 µs an ad.
    """
    arrays = {entry.name: file.array(entry.name) for entry in file.header.arrays}
    ads = np.arange(file.header.ads)
    table = make_table(model, facts_of_snapshot(arrays, file.words, ads), organic_records(posts))
    segment = segment_of(file, static_bound(arrays, file.words, table.rates(model), POLICY))
    return segment, _reordered(table, segment)


def piece_of(
    records: Iterable[tuple[int, SnapshotAd]], model: Model, totals: Mapping[int, PostTotals] = NO_TOTALS
) -> Piece:
    """Return the segment of some ads, each with the version that it stands for; ids differ.

    ``totals``: what the feed counted of posts, by post.

    Of a group or a post that several of them tell of, the latest word holds for all. Cost: some 60 µs an ad.
    """
    ordered = sorted(records, key=lambda one: (-one[0], one[1].ad_id))
    tables = Tables()
    for _, ad in ordered:
        if not tables.has_group(ad.group.adgroup_id):
            tables.add_group(ad.group, 0)
        if ad.post is not None and not tables.has_post(ad.post.post_id):
            tables.add_post(ad.post, 0)
        tables.add_ad(ad, 0)
    shown = {ad.post.post_id for _, ad in ordered if ad.post is not None}
    posts = [totals[one] for one in sorted(shown) if one in totals]
    arrays, words = tables.arrays(), tables.words.all()
    table = make_table(model, facts_of_snapshot(arrays, words, np.arange(len(ordered))), organic_records(posts))
    versions = np.array([version for version, _ in ordered], dtype=np.int64)
    bound = static_bound(arrays, words, table.rates(model), POLICY)
    segment = build_segment(arrays, words, bound, versions=versions)
    ads = [ad for _, ad in ordered]
    return Piece(segment, _reordered(table, segment), ads.__getitem__)


def _reordered(table: AdTable, segment: Segment) -> AdTable:
    return table.ordered(segment.ads["source"])
