"""Arrays that begin where a line of the processor's cache does.

A row of 32 bytes then lies in one line. Where an array begins a quarter of a line later, as numpy's do, every second
row lies in two: it is waited for twice, and whoever asks for it beforehand asks for its first half.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import DTypeLike, NDArray

LINE: Final = 64
"""Bytes that the processor reads from memory at once."""


def empty(shape: int | tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """Return an array that begins with a line, whatever it says."""
    return _begun(np.empty, shape, np.dtype(dtype))


def zeros(shape: int | tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """Return an array of zeros that begins with a line; as numpy's, it takes no memory before it is written to."""
    return _begun(np.zeros, shape, np.dtype(dtype))


def whole(values: NDArray[Any]) -> NDArray[Any]:
    """Return an array in lines of its own: itself where it begins with one, as those of files do; else a copy."""
    if values.ctypes.data % LINE == 0 and values.flags.c_contiguous:
        return values
    return copied(values)


def copied(values: NDArray[Any]) -> NDArray[Any]:
    """Return a copy that begins with a line, byte for byte: what lies between the fields of rows too."""
    found = empty(values.shape, values.dtype)
    held = np.ascontiguousarray(values)
    found.reshape(-1).view(np.uint8)[...] = held.reshape(-1).view(np.uint8)
    return found


def _begun(made: Callable[..., NDArray[Any]], shape: int | tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any]:
    size = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
    raw = made(size + LINE, dtype=np.uint8)
    begin = -raw.ctypes.data % LINE
    return raw[begin : begin + size].view(dtype).reshape(shape)
