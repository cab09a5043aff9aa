"""Arrays that begin where a line of the processor's cache does."""

from __future__ import annotations

import numpy as np
import pytest

from attise.kernel import lines


@pytest.mark.parametrize("shape", [1, 7, (3, 8), (1_000, 8)])
def test_an_array_begins_with_a_line_and_can_be_written_to(shape: int | tuple[int, ...]) -> None:
    made = lines.empty(shape, np.float32)

    made[...] = 1.5

    assert made.ctypes.data % lines.LINE == 0
    assert made.flags.c_contiguous
    assert made.shape == ((shape,) if isinstance(shape, int) else shape)
    assert (made == 1.5).all()


def test_an_array_of_nothing_is_one() -> None:
    assert lines.empty((0, 8), np.float32).shape == lines.whole(np.zeros((0, 8))).shape == (0, 8)


def test_zeros_are_zeros() -> None:
    made = lines.zeros((500, 8), np.float32)

    assert made.ctypes.data % lines.LINE == 0
    assert not made.any()


def test_a_copy_says_the_same_whatever_its_rows_are() -> None:
    row = np.dtype([("id", "<i8"), ("share", "<f4"), ("kind", "<u1")], align=True)
    rows = np.zeros(101, dtype=row)
    rows["id"], rows["share"] = np.arange(101), np.linspace(0, 1, 101)

    for begin in range(1, 9):
        copied = lines.whole(rows[begin:])

        assert copied.ctypes.data % lines.LINE == 0
        assert copied.dtype == row
        assert (copied == rows[begin:]).all()
        assert copied.tobytes() == rows[begin:].tobytes()


def test_what_begins_with_a_line_is_not_copied() -> None:
    made = lines.empty((16, 8), np.float32)

    assert lines.whole(made) is made
    assert lines.whole(made[:, :4]) is not made
