"""Live bits say what the one rule of laying records and stops over each other says."""

import random
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from attise.records.change import Change, ChangeKind
from attise.records.snapshot.deltas import DeltaKind, SnapshotDelta
from attise.records.snapshot.fold import AD_STANDS_ON, Fold
from attise.records.snapshot.layout import SnapshotUnreadable
from attise.records.snapshot.reader import SnapshotFile
from attise.records.snapshot.shapes import encoder
from attise.records.snapshot.writer import SnapshotWriter
from attise.serving.targeting.build import build_segment, segment_of
from attise.serving.targeting.codes import BILLING_EVENTS, KINDS
from attise.serving.targeting.query import compile_query
from attise.serving.targeting.retrieve import retrieve
from attise.serving.targeting.segment import STANDS_ON, full_bits
from attise.simulator.targeted_ads import draw_ads, draw_viewers
from tests import machine_code
from tests.snapshot_records import NOON_MS as NOW_MS
from tests.targeting import a_segment, some_ads


def change(kind, object_id, version):
    return Change(version=version, kind=kind, object_id=object_id, at_ms=0)


def live_ids(*segments):
    return sorted(
        int(segment.ads["ad_id"][place])
        for segment in segments
        for place in range(len(segment))
        if segment.is_live(place)
    )


def bounds(count):
    return np.arange(count, dtype=np.float32)


def test_every_kind_that_stops_an_ad_is_heeded():
    assert STANDS_ON.keys() == AD_STANDS_ON.keys()


@pytest.mark.parametrize("seed", range(6))
def test_stops_clear_what_the_fold_leaves_out_whatever_came_in_between(seed):
    rng = random.Random(seed)
    ads = some_ads(rng, 200)
    again = some_ads(rng, 200)
    base = a_segment(ads, bounds(200), version=100)
    fold = Fold(100, ads)
    versions = {}
    stops = []
    for version in range(90, 140):
        if rng.random() < 0.5:
            ad = rng.choice(again)
            versions[ad.ad_id] = version
            fold.apply(SnapshotDelta(version, version, DeltaKind.AD, ad.ad_id, encoder.encode(ad)))
        else:
            kind = rng.choice([*AD_STANDS_ON, ChangeKind.VIEWER_CHANGED])
            object_id = AD_STANDS_ON.get(kind, lambda ad: ad.ad_id)(rng.choice(ads))
            if object_id:  # a stop always names something
                stops.append(change(kind, object_id, version))
                fold.stop(stops[-1])
    kept = [ad for ad in again if versions.get(ad.ad_id, 0) >= 100]
    delta = a_segment(kept, bounds(len(kept)), versions=np.array([versions[ad.ad_id] for ad in kept]))
    base.clear_ads(ad.ad_id for ad in kept)
    for stop in rng.sample(stops, len(stops)):
        for segment in (base, delta):
            segment.stop(stop.kind, stop.object_id, stop.version)
    assert live_ids(base, delta) == sorted(fold.ads())


def test_a_stop_says_how_many_ads_it_met_and_an_unknown_object_is_none():
    ads = some_ads(random.Random(1), 90)
    segment = a_segment(ads, bounds(90), version=5)
    group = ads[0].group
    assert segment.stop(ChangeKind.ADGROUP_STOPPED, group.adgroup_id, 6) == 3
    assert segment.stop(ChangeKind.CAMPAIGN_STOPPED, group.campaign_id, 5) == 0
    for kind in STANDS_ON:
        assert segment.stop(kind, 0, 6) == 0
        assert segment.stop(kind, 2**62, 6) == 0
    assert len(live_ids(segment)) == 87


@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 128, 1_000])
def test_a_full_bitset_has_a_bit_for_each_ad_and_none_beyond(count):
    bits = np.unpackbits(full_bits(count).view(np.uint8), bitorder="little")
    assert int(bits.sum()) == count
    assert bits[:count].all()


def test_the_same_ads_in_any_order_of_bounds_lie_best_first():
    ads = some_ads(random.Random(2), 150)
    bound = np.random.default_rng(2).random(150, dtype=np.float32)
    segment = a_segment(ads, bound)
    assert (np.diff(segment.ads["bound"]) <= 0).all()
    by_id = {ad.ad_id: value for ad, value in zip(ads, bound.tolist(), strict=True)}
    assert [by_id[int(row["ad_id"])] for row in segment.ads] == segment.ads["bound"].tolist()
    for row in segment.ads:
        ad = ads[int(row["ad_id"]) - 1]
        assert segment.groups[row["group"]]["adgroup_id"] == ad.group.adgroup_id
        assert row["creator_id"] == (0 if ad.post is None else ad.post.creator_id)


def held_out(ad):
    """Return an ad with a share of its campaign's own, and a side of a test."""
    group = replace(
        ad.group, holdout_ppm=ad.group.campaign_id % 500_000, split_id=ad.ad_id % 5, split_side=ad.ad_id % 2
    )
    return replace(ad, group=group)


def test_the_index_of_a_snapshot_points_into_its_payloads(tmp_path):
    ads = [held_out(ad) for ad in some_ads(random.Random(4), 120)]
    with SnapshotWriter(tmp_path, version=77, number=9, made_at_ms=0) as writer:
        for ad in ads:
            writer.add_ad(ad)
        writer.commit()
    file = SnapshotFile(writer.path)
    bound = np.random.default_rng(4).random(120, dtype=np.float32)
    segment = segment_of(file, bound)
    assert (segment.version, segment.number) == (77, 9)
    same = a_segment(ads, bound)
    assert np.array_equal(segment.ads, same.ads)
    assert np.array_equal(segment.bits, same.bits)
    for row in segment.ads:
        ad = file.ad(int(row["source"]))
        assert ad.ad_id == row["ad_id"]
        assert bound[row["source"]] == row["bound"]
        group = segment.groups[row["group"]]
        assert segment.timezones[group["timezone"]] == ad.group.timezone
        assert BILLING_EVENTS.name(int(group["billing_event"])) == ad.group.billing_event
        assert KINDS.name(int(row["kind"])) == ad.creative.kind
        assert group["bid_micros"] == ad.group.bid_micros
        assert group["holdout_ppm"] == ad.group.holdout_ppm
        assert (group["split_id"], group["split_side"]) == (ad.group.split_id, ad.group.split_side)
        assert group["is_profiled"] == ad.group.targeting.is_profiled


def test_a_snapshot_of_a_release_without_what_the_law_asks_for_is_not_indexed(tmp_path):
    recorded = Path(__file__).parents[2] / "records" / "snapshot" / "recorded" / "0.1" / "whole.snapshot"
    file = SnapshotFile(Path(shutil.copy(recorded, tmp_path)))
    with pytest.raises(SnapshotUnreadable, match=r"older release and has no groups\.special_industries"):
        segment_of(file, np.ones(2, dtype=np.float32))


def test_an_ad_is_never_found_by_a_search_that_begins_after_its_stop_however_many_search():
    machine_code.load()
    drawn = draw_ads(20_000, 5, now_ms=NOW_MS)
    segment = build_segment(drawn.arrays, drawn.words, drawn.bound, version=1)
    viewers = draw_viewers(50, 5)
    stopped: list[int] = []
    wrong: list[int] = []
    ended = threading.Event()

    def search():
        turn = 0
        while not ended.is_set() or turn < 50:
            before = len(stopped)
            viewer = viewers[turn % 50]
            found = retrieve([segment], [compile_query(segment, viewer, NOW_MS)], 50)
            shown = set(segment.ads["ad_id"][found.place].tolist())
            wrong.extend(shown.intersection(stopped[:before]))
            turn += 1

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for place in range(2_000):
        ad_id = int(segment.ads["ad_id"][place])
        segment.stop(ChangeKind.AD_STOPPED, ad_id, 2)
        stopped.append(ad_id)
    ended.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert not any(segment.is_live(place) for place in range(2_000))
