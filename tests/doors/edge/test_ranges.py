from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.doors.edge.ranges import Unsatisfiable, read_range


@given(size=st.integers(1, 10_000), first=st.integers(0, 12_000), length=st.integers(1, 12_000))
def test_a_range_is_within_the_file_and_what_was_asked(size, first, length):
    header = f"bytes={first}-{first + length - 1}"
    if first >= size:
        with pytest.raises(Unsatisfiable):
            read_range(header, size)
        return
    assert read_range(header, size) == (first, min(first + length - 1, size - 1))


@given(size=st.integers(1, 10_000), last=st.integers(1, 12_000))
def test_a_range_from_the_end_takes_the_last_bytes(size, last):
    assert read_range(f"bytes=-{last}", size) == (max(size - last, 0), size - 1)


def test_an_open_range_goes_to_the_end():
    assert read_range("bytes=7-", 10) == (7, 9)


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=-0", "bytes=9999999999999999999-"])
def test_a_range_outside_the_file_cannot_be_satisfied(header):
    with pytest.raises(Unsatisfiable):
        read_range(header, 10)


@pytest.mark.parametrize("header", ["bytes=0-", "bytes=-5"])
def test_an_empty_file_has_no_range(header):
    with pytest.raises(Unsatisfiable):
        read_range(header, 0)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes=",
        "bytes=-",
        "bytes=5-4",
        "bytes=0-1,3-4",
        "lines=0-1",
        "bytes=a-b",
        "bytes=0x1-2",
        "bytes=٣-٤",
        "Bytes 0-1",
        f"bytes={'9' * 20}-",
    ],
)
def test_what_is_not_one_range_is_ignored(header):
    assert read_range(header, 10) is None


@given(st.text(max_size=60), st.integers(0, 100))
def test_no_text_breaks_the_reader(header, size):
    try:
        found = read_range("bytes=" + header, size)
    except Unsatisfiable:
        return
    assert found is None or 0 <= found[0] <= found[1] < size
