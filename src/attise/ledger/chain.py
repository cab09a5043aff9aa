"""Rows of a batch in one canonical form, and its hash. Pure: the book seals with it, ``verify`` recounts with it.

A sealed row is a tuple of plain values in the order of its table's columns, so that what is hashed is what is stored; a
house test compares the columns.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec

Row = tuple[object, ...]


class TransferRow(NamedTuple):
    """A sealed transfer."""

    id: int
    batch_id: int
    key: str | None
    reason: str
    actor: str
    memo: str
    at_ms: int
    reverses_id: int | None


class EntryRow(NamedTuple):
    """A sealed entry."""

    transfer_id: int
    number: int
    account_id: int
    amount_micros: int
    by_charge: bool


class ChargeRow(NamedTuple):
    """A sealed charge."""

    id: int
    batch_id: int
    key: str
    amount_micros: int
    outcome: str
    reason: str
    places: str
    legs: str
    decided_at_ms: int
    received_at_ms: int


_encode = msgspec.json.Encoder().encode


@lru_cache(maxsize=8_192)
def pairs_text(pairs: tuple[tuple[int | str, int | str], ...]) -> str:
    """Return pairs as a row stores them: JSON, in their order."""
    return _encode(pairs).decode()


def read_places(text: str) -> list[tuple[int, str]]:
    """Return envelope ids and periods of a charge's row. Raises: msgspec.DecodeError when it holds anything else."""
    return msgspec.json.decode(text, type=list[tuple[int, str]])


def read_legs(text: str) -> list[tuple[str, int]]:
    """Return account keys and micros of a charge's row. Raises: msgspec.DecodeError when it holds anything else."""
    return msgspec.json.decode(text, type=list[tuple[str, int]])


def batch_hash(
    *,
    currency: str,
    number: int,
    at_ms: int,
    previous_hash: str,
    transfers: Sequence[TransferRow],
    entries: Sequence[EntryRow],
    charges: Sequence[ChargeRow],
) -> str:
    """Return the hash that a batch must have: SHA-256 over the previous hash, its own head, and each of its rows.

    Rows come in the order of their keys (ids of transfers and charges; transfer and number of entries).
    """
    head = [previous_hash, currency, number, at_ms, len(transfers), len(entries), len(charges)]
    return hashlib.sha256(_encode([head, transfers, entries, charges])).hexdigest()
