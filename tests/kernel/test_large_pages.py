"""A file that was let go of and is mapped in large pages, or in small ones, says the same."""

import mmap
import os

from attise.kernel import large_pages


def test_a_mapped_file_says_what_was_written_whatever_its_pages_are(tmp_path):
    path = tmp_path / "table"
    said = os.urandom(5 << 20)
    with path.open("wb") as file:
        file.write(said)
        file.flush()
        os.fsync(file.fileno())
        large_pages.let_go(file.fileno())
    with path.open("rb") as file:
        mapping = large_pages.ask_for(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))

    assert mapping[:] == said


def test_a_system_without_large_pages_maps_as_ever(tmp_path, monkeypatch):
    monkeypatch.delattr(mmap, "MADV_HUGEPAGE", raising=False)
    monkeypatch.delattr(os, "posix_fadvise", raising=False)
    path = tmp_path / "table"
    path.write_bytes(b"as ever")
    with path.open("rb") as file:
        large_pages.let_go(file.fileno())
        assert large_pages.ask_for(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))[:] == b"as ever"
