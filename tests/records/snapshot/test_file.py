"""A snapshot comes back as it was written, from a mapping that nobody can write; anything else is refused by name."""

import os
import random
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.records.snapshot import layout, tables
from attise.records.snapshot.layout import SnapshotUnreadable
from attise.records.snapshot.reader import SnapshotFile, find_newest
from attise.records.snapshot.writer import SnapshotWriter
from tests import snapshot_records as records
from tests.snapshot_records import a_group_record, a_post_record, a_standard_ad_record, an_ad_record

NEVER = tables.NEVER
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(layout.__file__).parents[3])}


def write(folder, ads=(), posts=(), *, version=12, number=3):
    with SnapshotWriter(folder, version=version, number=number, made_at_ms=99) as writer:
        for post in posts:
            writer.add_post(post)
        for ad in ads:
            writer.add_ad(ad)
        writer.commit()
    return writer.path


@given(ads=records.ads(), organic=st.lists(st.integers(1, 2**62), unique=True, max_size=3))
def test_every_record_and_every_array_comes_back(ads, organic):
    posts = [a_post_record(post_id) for post_id in organic]
    known = {ad.post.post_id for ad in ads if ad.post is not None}
    posts = [post for post in posts if post.post_id not in known]
    with tempfile.TemporaryDirectory() as folder:
        file = SnapshotFile(write(Path(folder), ads, posts))
    assert (file.header.version, file.header.number, file.header.made_at_ms) == (12, 3, 99)
    assert list(file.ads()) == ads
    shown = {ad.post.post_id: ad.post for ad in ads if ad.post is not None and ad.post.is_organic}
    shown.update({post.post_id: post for post in posts})
    assert {post.post_id: post for post in file.organic_posts()} == shown
    for place, ad in enumerate(ads):
        assert file.place_of_ad(ad.ad_id) == place
        columns_say(file, place, ad)


def columns_say(file, place, ad):
    """Compare one ad's row, its group's and its post's with the record, column by column."""

    def at(name, row):
        return file.array(name)[row].item()

    def word(name, row):
        return file.words[at(name, row)]

    group, aim = at("ads.group", place), ad.group.targeting
    assert at("groups.adgroup_id", group) == ad.group.adgroup_id
    assert at("groups.bid_micros", group) == (-1 if ad.group.bid_micros is None else ad.group.bid_micros)
    assert at("groups.ends_at_ms", group) == (NEVER if ad.group.ends_at_ms is None else ad.group.ends_at_ms)
    assert at("groups.frequency", group) == ad.group.frequency
    assert at("groups.holdout_ppm", group) == ad.group.holdout_ppm
    assert word("groups.timezone", group) == ad.group.timezone
    assert word("groups.followers", group) == aim.followers
    assert bool(at("groups.flags", group) & tables.BUDGET_OPTIMIZE_ON) == ad.group.budget_optimize_on
    assert bool(at("groups.flags", group) & tables.SHARE_DISABLED) == ad.group.share_disabled
    assert at("groups.balance_envelope_id", group) == ad.group.balance_envelope_id
    assert at("groups.device_price_least", group) == (-1 if aim.device_price_least is None else aim.device_price_least)
    assert tuple(file.list_of("groups.locations", group)) == aim.locations
    assert tuple(file.words[n] for n in file.list_of("groups.languages", group)) == aim.languages
    assert tuple(file.list_of("groups.excluded_audiences", group)) == aim.excluded_audiences
    for row, behaviour in zip(file.list_of("groups.behaviours", group), aim.behaviours, strict=True):
        assert word("behaviours.scene", row) == behaviour.scene
        assert at("behaviours.period_days", row) == behaviour.period_days
        assert tuple(file.list_of("behaviours.category_ids", row)) == behaviour.category_ids
    bits = file.array("dayparts.bits")[at("groups.dayparting", group)].tobytes()
    assert bits == (ad.group.dayparting or b"\xff" * 42)
    post = at("ads.post", place)
    if ad.post is None or ad.grant is None:
        assert (post, at("ads.grant_id", place), at("ads.closes_at_ms", place)) == (-1, 0, NEVER)
        return
    assert at("posts.post_id", post) == ad.post.post_id
    assert at("posts.circle", post) == ad.post.circle
    assert bool(at("posts.flags", post) & tables.ADS_ONLY) == ad.post.ads_only
    assert bool(at("posts.flags", post) & tables.ALLOW_DUET) == ad.post.allow_duet
    assert at("ads.duration_ms", place) == ad.post.media.duration_ms
    assert at("ads.grant_id", place) == ad.grant.grant_id
    assert at("ads.closes_at_ms", place) == (NEVER if ad.grant.ends_at_ms is None else ad.grant.ends_at_ms)
    terms = at("ads.terms", place)
    assert at("terms.share_ppm", terms) == ad.grant.terms.share_ppm
    assert tuple(file.words[n] for n in file.list_of("terms.countries", terms)) == ad.grant.terms.countries


def test_what_many_ads_share_is_there_once(tmp_path):
    ads = [an_ad_record(ad_id, group=a_group_record(30 + ad_id % 2)) for ad_id in range(1, 101)]
    file = SnapshotFile(write(tmp_path, ads))
    assert len(file.array("groups.adgroup_id")) == 2
    assert len(file.array("posts.post_id")) == 1
    assert len(file.array("terms.share_ppm")) == 2  # none, and theirs
    assert file.path.stat().st_size / 100 < 600


def test_arrays_are_views_of_a_mapping_that_cannot_be_written(tmp_path):
    file = SnapshotFile(write(tmp_path, [an_ad_record()]))
    ids = file.array("ads.ad_id")
    assert not ids.flags.owndata
    with pytest.raises(ValueError, match="read-only"):
        ids[0] = 1
    assert all(
        entry.offset % layout.ALIGNMENT == 0 and np.dtype(entry.dtype).str == entry.dtype
        for entry in file.header.arrays
    )


def test_a_mapped_file_goes_on_when_its_name_is_gone(tmp_path):
    file = SnapshotFile(write(tmp_path, [an_ad_record()]))
    file.path.unlink()
    assert file.ad(0) == an_ad_record()


def test_no_page_of_a_mapped_file_belongs_to_one_process_alone(tmp_path):
    """Whatever is read of it, so that memory does not grow with the number of workers."""
    ads = [an_ad_record(ad_id, group=a_group_record(ad_id)) for ad_id in range(1, 3_001)]
    path = write(tmp_path, ads)
    code = (
        "import sys; from pathlib import Path; from attise.records.snapshot.reader import SnapshotFile\n"
        "file = SnapshotFile(Path(sys.argv[1])); list(file.ads())\n"
        "text = Path('/proc/self/smaps').read_text().split(sys.argv[1])[1]\n"
        "print(*[line.split()[1] for line in text.splitlines() if line.startswith('Private_Dirty')][:1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["0"]


@pytest.mark.parametrize("cut", [0, 1, 63, 64, 1_000, -1])
def test_a_truncated_file_is_refused(tmp_path, cut):
    path = write(tmp_path, [an_ad_record(), a_standard_ad_record()])
    os.truncate(path, cut if cut >= 0 else path.stat().st_size + cut)
    with pytest.raises(SnapshotUnreadable, match=r"is damaged|is not a snapshot") as refused:
        SnapshotFile(path)
    assert str(path) in str(refused.value)
    assert "the worker writes another" in str(refused.value)


def test_bytes_added_at_the_end_are_refused(tmp_path):
    path = write(tmp_path, [an_ad_record()])
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(SnapshotUnreadable, match="bytes and should have"):
        SnapshotFile(path)


def test_no_changed_byte_goes_unseen(tmp_path):
    """Wherever a bit turns, opening the file or reading all of it is refused; nothing wrong is ever given out.

    Bytes that only fill up to the next multiple of 64 hold nothing, and may change.
    """
    ads = [an_ad_record(), a_standard_ad_record()]
    path = write(tmp_path, ads)
    whole = path.read_bytes()
    chance = random.Random(7)
    places = {*range(64), *range(len(whole) - 300, len(whole)), *(chance.randrange(len(whole)) for _ in range(500))}
    for place in sorted(places):
        changed = bytearray(whole)
        changed[place] ^= 1 << chance.randrange(8)
        path.write_bytes(changed)
        try:
            file = SnapshotFile(path)
            found = list(file.ads())
        except SnapshotUnreadable:
            continue
        assert found == ads, place
        assert whole[place] == 0, place


def test_a_newer_format_is_refused_by_its_name(tmp_path):
    path = write(tmp_path, [an_ad_record()])
    raw = bytearray(path.read_bytes())
    raw[8] = layout.FORMAT + 1
    raw[60:64] = zlib.crc32(raw[:60]).to_bytes(4, "little")
    path.write_bytes(raw)
    with pytest.raises(SnapshotUnreadable, match="newer release"):
        SnapshotFile(path)


def test_something_else_is_not_a_snapshot(tmp_path):
    path = tmp_path / "0.snapshot"
    path.write_bytes(os.urandom(4_096))
    with pytest.raises(SnapshotUnreadable, match="is not a snapshot"):
        SnapshotFile(path)
    with pytest.raises(SnapshotUnreadable, match="cannot be read"):
        SnapshotFile(tmp_path / "nothing.snapshot")


def test_an_older_release_s_file_tells_which_array_it_lacks(tmp_path):
    path = write(tmp_path, [an_ad_record()])
    file = SnapshotFile(path)
    assert file.is_of_this_release
    kept = tuple(entry for entry in file.header.arrays if entry.name != "posts.circle")
    file._arrays = {entry.name: file._arrays[entry.name] for entry in kept}
    assert not file.is_of_this_release
    with pytest.raises(SnapshotUnreadable, match=r"older release and has no posts\.circle"):
        file.array("posts.circle")


def test_a_column_that_came_later_is_zeros_where_an_older_release_wrote_the_file(tmp_path):
    groups = [a_group_record(30 + number, holdout_ppm=100_000) for number in range(2)]
    file = SnapshotFile(write(tmp_path, [an_ad_record(1, group=groups[0]), an_ad_record(2, group=groups[1])]))
    assert file.array("groups.holdout_ppm").tolist() == [100_000, 100_000]
    file._arrays = {name: array for name, array in file._arrays.items() if name not in tables.LATER}
    assert not file.is_of_this_release
    assert file.array("groups.holdout_ppm").tolist() == [0, 0]
    assert file.array("groups.holdout_ppm").dtype == np.dtype(tables.GROUPS["holdout_ppm"])


def test_the_newest_readable_file_is_found(tmp_path):
    assert find_newest(tmp_path) is None
    for version in (9, 10, 1_234):
        path = write(tmp_path, [an_ad_record()], version=version)
    assert find_newest(tmp_path).header.version == 1_234
    path.write_bytes(b"broken")
    assert find_newest(tmp_path).header.version == 10


def test_a_snapshot_that_is_not_committed_leaves_nothing(tmp_path):
    with pytest.raises(RuntimeError), SnapshotWriter(tmp_path, version=1, number=0, made_at_ms=0) as writer:
        writer.add_ad(an_ad_record())
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_ads_out_of_order_are_a_bug(tmp_path):
    with SnapshotWriter(tmp_path, version=1, number=0, made_at_ms=0) as writer:
        writer.add_ad(an_ad_record(41))
        with pytest.raises(AssertionError):
            writer.add_ad(an_ad_record(40))


def test_an_empty_house_has_an_empty_snapshot(tmp_path):
    file = SnapshotFile(write(tmp_path))
    assert (file.header.ads, file.header.posts) == (0, 0)
    assert list(file.ads()) == []
    assert file.place_of_ad(1) is None
    assert file.list_of("terms.countries", 0).size == 0


def test_a_file_has_the_arrays_that_are_named_and_no_other(tmp_path):
    file = SnapshotFile(write(tmp_path, [an_ad_record()]))
    assert [entry.name for entry in file.header.arrays] == list(tables.names())
