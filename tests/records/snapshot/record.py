"""Records what this release writes, once per release: ``python -m tests.records.snapshot.record NAME``."""

import sys
from pathlib import Path

from attise.records.snapshot.shapes import encoder
from attise.records.snapshot.writer import SnapshotWriter
from tests.snapshot_records import a_post_record, a_standard_ad_record, an_ad_record


def record(folder: Path) -> None:
    folder.mkdir()
    (folder / "ad.msgpack").write_bytes(encoder.encode(an_ad_record()))
    (folder / "standard_ad.msgpack").write_bytes(encoder.encode(a_standard_ad_record()))
    (folder / "post.msgpack").write_bytes(encoder.encode(a_post_record()))
    with SnapshotWriter(folder, version=12, number=3, made_at_ms=99) as writer:
        writer.add_ad(an_ad_record())
        writer.add_ad(a_standard_ad_record())
        writer.commit()
    writer.path.rename(folder / "whole.snapshot")


if __name__ == "__main__":
    record(Path(__file__).parent / "recorded" / sys.argv[1])
