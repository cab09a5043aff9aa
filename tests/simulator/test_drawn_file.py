"""A drawn snapshot is the one that a house's writer would write of the same records: read alike, byte for byte."""

import numpy as np
import pytest

from attise.records.snapshot.layout import PAYLOAD
from attise.records.snapshot.reader import SnapshotFile
from attise.records.snapshot.writer import SnapshotWriter
from attise.simulator.drawn_file import DrawnWriter, dressed_ad, dressed_post, file_of
from attise.simulator.targeted_ads import draw_ads

NOW_MS = 1_790_000_000_000
KEYS = {"ads": "ad_id", "groups": "adgroup_id", "posts": "post_id"}


@pytest.fixture(scope="module")
def drawn():
    return draw_ads(703, 3, now_ms=NOW_MS)


def payloads(path, table):
    """Return the bytes of each record of a table, with their length and checksum, by id."""
    file, raw = SnapshotFile(path), path.read_bytes()
    ids, places = (file.array(f"{table}.{name}").tolist() for name in (KEYS[table], "payload"))
    ends = [place + PAYLOAD.size + PAYLOAD.unpack_from(raw, place)[0] for place in places]
    return {key: raw[place:end] for key, place, end in zip(ids, places, ends, strict=True)}


def test_its_bytes_are_those_that_a_houses_writer_writes_of_the_same_records(drawn, tmp_path):
    ours = tmp_path / "ours"
    theirs = tmp_path / "theirs"
    for folder in (ours, theirs):
        folder.mkdir()
    with DrawnWriter(ours, version=1, number=0, made_at_ms=0) as writer:
        writer.draw(drawn)
        writer.commit()
    with SnapshotWriter(theirs, version=1, number=0, made_at_ms=0) as house:
        for place in range(len(drawn.arrays["posts.post_id"])):
            house.add_post(dressed_post(drawn.post(place)))
        for place in range(len(drawn)):
            house.add_ad(dressed_ad(drawn.ad(place)))
        house.commit()
    for table in KEYS:
        assert payloads(writer.path, table) == payloads(house.path, table)
    assert list(SnapshotFile(writer.path).ads()) == list(SnapshotFile(house.path).ads())


def test_it_is_read_as_a_houses_is_and_nothing_is_left_in_its_folder(drawn, tmp_path):
    file = file_of(drawn, tmp_path)
    assert not list(tmp_path.iterdir())
    assert file.is_of_this_release
    assert (file.header.ads, file.words) == (703, drawn.words)
    assert [file.ad(place) for place in (0, 351, 702)] == [dressed_ad(drawn.ad(place)) for place in (0, 351, 702)]
    assert len(list(file.organic_posts())) == file.header.posts == 176


def test_without_records_the_arrays_are_the_same(drawn, tmp_path):
    with DrawnWriter(tmp_path, version=1, number=0, made_at_ms=0) as writer:
        writer.draw(drawn, has_records=False)
        writer.commit()
    file = SnapshotFile(writer.path)
    whole = file_of(drawn, tmp_path)
    for entry in file.header.arrays:
        if not entry.name.endswith(".payload"):
            assert np.array_equal(file.array(entry.name), whole.array(entry.name)), entry.name
            assert np.array_equal(file.array(entry.name), drawn.arrays[entry.name]), entry.name
