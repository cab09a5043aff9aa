"""Bytes of earlier releases decode for ever, to the values they were written with.

``recorded`` holds what each release wrote of the records of ``tests.snapshot_records``; nothing in it is written anew.
A field added since has its default. To record a release: ``python -m tests.records.snapshot.record NAME``.
"""

import shutil
from pathlib import Path

import pytest

from attise.records.snapshot.reader import SnapshotFile
from attise.records.snapshot.shapes import decode_ad, decode_post, encoder
from tests.snapshot_records import a_post_record, a_standard_ad_record, an_ad_record

RECORDED = Path(__file__).parent / "recorded"
RELEASES = sorted(path.name for path in RECORDED.iterdir())


def test_at_least_one_release_is_recorded():
    assert "0.1" in RELEASES


@pytest.mark.parametrize("release", RELEASES)
def test_recorded_records_decode(release):
    folder = RECORDED / release
    assert decode_ad((folder / "ad.msgpack").read_bytes()) == an_ad_record()
    assert decode_ad((folder / "standard_ad.msgpack").read_bytes()) == a_standard_ad_record()
    assert decode_post((folder / "post.msgpack").read_bytes()) == a_post_record()


@pytest.mark.parametrize("release", RELEASES)
def test_a_recorded_snapshot_opens(release, tmp_path):
    path = Path(shutil.copy(RECORDED / release / "whole.snapshot", tmp_path))
    file = SnapshotFile(path)
    assert list(file.ads()) == [an_ad_record(), a_standard_ad_record()]
    assert list(file.organic_posts()) == [a_post_record()]
    assert file.header.version == 12


def test_a_record_that_a_newer_release_made_longer_is_read_without_the_new_end():
    raw = bytearray(encoder.encode(a_post_record()))
    assert raw[0] == 0xDC  # an array of 16 to 65,535 items: its length is in the next two bytes
    raw[1:3] = (int.from_bytes(raw[1:3], "big") + 1).to_bytes(2, "big")
    raw += encoder.encode("what nobody knows yet")
    assert decode_post(bytes(raw)) == a_post_record()
