"""An index of ads, searched with others like it: immutable but for its live bits.

``bits[row, word]``: ad ``64 * word + bit`` meets the value of a row. Rows are of values that some ad names, each with
the ads that do not name the attribute at all, and of *any*: those alone. A viewer's attribute is met where the row of
their value has the bit, or one of a few where they have several values; *any* is for whoever has none that is named.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from attise.kernel.clock import to_datetime
from attise.kernel.kept import Kept
from attise.records.change import ChangeKind
from attise.records.feed import ViewerContext

BLOCK: Final = 64
"""Ads of one word of a bitset: what is read together."""
FULL: Final = -1
"""The number of a row that is not kept because every ad has its bit."""
ANY: Final = ""
"""The key of the row of ads that do not name an attribute."""
MINORS_TOO: Final = "minors_too"
"""The key, among ages, of the row of ads that name none and that known minors may see."""
MINUTE_MS: Final = 60_000
NEVER_DAYS: Final = 65_535
"""How many days ago something lies that was never done."""

Rows = tuple[list[int], list[int], list[int]]
"""Of a query: rows of bits, where each attribute's begin and an end, and the reason of each; nobody changes them."""


class Asked:
    """The same as arrays, of one viewer, with the days since each deed; nobody changes them."""

    __slots__ = ("arrays", "least_days", "reasons", "rows", "starts")

    def __init__(
        self,
        rows: NDArray[np.int32],
        starts: NDArray[np.int32],
        reasons: NDArray[np.int32],
        least_days: NDArray[np.uint16],
    ) -> None:
        """Hold them, and tell where they lie."""
        self.rows, self.starts, self.reasons, self.least_days = rows, starts, reasons, least_days
        held = (rows, starts, reasons, least_days)
        self.arrays = np.array([[number for one in held for number in (one.ctypes.data, len(one))]], dtype=np.int64)
        """int64[1, 8]: where each begins in memory and how many it has, for compiled loops that take several."""


MOST_ALIKE: Final = 8_192
"""Viewers, and kinds of viewers, whose part of a query is kept: about a kilobyte each."""

AD_FIELDS: Final = ("ad_id", "grant_id", "identity_key", "post_id", "creator_id")
GROUP_FIELDS: Final = ("adgroup_id", "campaign_id", "advertiser_id")
STANDS_ON: Final = {
    ChangeKind.AD_STOPPED: "ad_id",
    ChangeKind.ADGROUP_STOPPED: "adgroup_id",
    ChangeKind.CAMPAIGN_STOPPED: "campaign_id",
    ChangeKind.ADVERTISER_STOPPED: "advertiser_id",
    ChangeKind.GRANT_STOPPED: "grant_id",
    ChangeKind.ACCOUNT_ACCESS_STOPPED: "grant_id",
    ChangeKind.IDENTITY_STOPPED: "identity_key",
    ChangeKind.POST_STOPPED: "post_id",
    ChangeKind.CREATOR_STOPPED: "creator_id",
}
"""By kind of stop, the field of a row that its object is compared with; the same as ``records.snapshot.fold``."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """The half hours of the week at which groups run, by the number that ``GROUP_ROW["clock"]`` holds."""

    timezones: tuple[str, ...]
    timezone: NDArray[np.uint16]
    """Places in ``timezones``; entry 0, *always*, is of none."""
    bits: NDArray[np.uint8]
    """``[n_clocks, 42]``: 336 half hours from Monday 00:00, the first one the highest bit."""

    def open_at(self, now_ms: int, zones: tuple[tzinfo | None, ...]) -> NDArray[np.uint8]:
        """Return which clocks are open at a moment; those of a zone that nobody knows are not."""
        slots = np.array([_half_hour(now_ms, zone) for zone in zones] or [0], dtype=np.int64)[self.timezone]
        found = self.bits[np.arange(len(self.bits)), np.maximum(slots, 0) >> 3] >> (7 - (slots & 7)) & 1
        found[slots < 0] = 0
        found[0] = 1
        return np.asarray(found, dtype=np.uint8)


def _half_hour(now_ms: int, zone: tzinfo | None) -> int:
    if zone is None:
        return -1
    try:
        local = to_datetime(now_ms).astimezone(zone)
    except (ValueError, OverflowError):  # a clock that is far off every calendar
        return -1
    return local.weekday() * 48 + local.hour * 2 + local.minute // 30


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return None


@dataclass(slots=True, weakref_slot=True)
class Segment:
    """Ads in falling order of bound; ties by a hash of their ids, alike in every segment.

    Everything but ``live`` is read-only and may lie in a mapped file. ``live`` is this process's own: bits are only
    ever cleared, by one thread at a time, while any number of threads search.
    """

    version: int
    """Of the snapshot: what a later stop clears, and an earlier one does not."""
    number: int
    """The newest delta that is in it."""
    vocabulary: Mapping[int, Mapping[str, int]]
    """By number of ``Drop`` and by key, rows of ``bits``, or ``FULL``."""
    deeds: Mapping[str, int]
    """Numbers of what a behaviour may ask for; 0 is what nobody ever does. Keys are of ``deed_key``."""
    bits: NDArray[np.uint64]
    ads: NDArray[Any]
    groups: NDArray[Any]
    lists: NDArray[np.int64]
    """Of each group one after the other: deeds (number << 32 | days), audiences, excluded audiences."""
    clocks: Clocks
    timezones: tuple[str, ...]
    orders: Mapping[str, NDArray[np.uint32]]
    """By field, places in rising order of it; ``group``: of ads by their group."""
    versions: NDArray[np.int64] | None = None
    """Where ads stand for versions of their own, as deltas do: by place."""
    live: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, dtype=np.uint64))
    never: NDArray[np.uint16] = field(default_factory=lambda: np.zeros(0, dtype=np.uint16))
    """By number of deed, ``NEVER_DAYS``: what is known of somebody who did nothing. Nobody writes into it."""
    alike: dict[object, Rows] = field(default_factory=dict)
    """What queries keep for viewers who are alike."""
    asked: Kept[ViewerContext, Asked] = field(default_factory=lambda: Kept(MOST_ALIKE))
    """What they keep for viewers themselves."""
    _zones: tuple[tzinfo | None, ...] = ()
    _open: tuple[int, NDArray[np.uint8], NDArray[np.int64]] | None = None

    def __post_init__(self) -> None:
        """Make every ad live, and read the zones, so that no decision reads a file."""
        self.live = full_bits(len(self.ads))
        self.never = np.full(len(self.deeds) + 1, NEVER_DAYS, dtype=np.uint16)
        self._zones = tuple(map(_zone, self.clocks.timezones))

    def __len__(self) -> int:
        """Return the number of ads, live or not."""
        return len(self.ads)

    @property
    def blocks(self) -> int:
        """The number of words of a row."""
        return len(self.live)

    def open_clocks(self, now_ms: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Return which clocks are open, and where that lies in memory, int64[1, 2]: worked out once a minute, and kept.

        Whoever goes by the latter holds the former meanwhile.
        """
        minute = now_ms // MINUTE_MS
        kept = self._open
        if kept is None or kept[0] != minute:
            found = self.clocks.open_at(minute * MINUTE_MS, self._zones)
            kept = (minute, found, np.array([[found.ctypes.data, len(found)]], dtype=np.int64))
            self._open = kept  # one pointer: threads see the old three or the new ones
        return kept[1], kept[2]

    def places_of(self, name: str, object_id: int) -> NDArray[np.uint32]:
        """Return the places of the ads whose field (of ad or group) has this value. Cost: some twenty looks."""
        if name in AD_FIELDS:
            return self._range_of(self.ads, name, object_id)
        groups = self._range_of(self.groups, name, object_id)
        found = [self._range_of(self.ads, "group", int(group)) for group in groups]
        return np.concatenate(found) if found else np.zeros(0, dtype=np.uint32)

    def is_live(self, place: int) -> bool:
        """Tell whether nothing has stopped the ad of a place."""
        return bool(int(self.live[place >> 6]) >> (place & 63) & 1)

    def stop(self, kind: ChangeKind, object_id: int, version: int) -> int:
        """Clear the ads that a stop of ``version`` names and that stand for an earlier version; returns how many named.

        Kinds that stop nothing here do nothing; 0 is no object. Cost: microseconds, plus 50 ns an ad.
        """
        name = STANDS_ON.get(kind)
        if name is None or object_id == 0:
            return 0
        places = self.places_of(name, object_id)
        if self.versions is not None:
            places = places[self.versions[places] < version]
        elif self.version >= version:
            return 0
        self.clear(places)
        return len(places)

    def clear_ads(self, ad_ids: Iterable[int]) -> int:
        """Clear ads that a delta replaced or took away, by id; returns how many are here."""
        found = [place for ad_id in ad_ids for place in self.places_of("ad_id", ad_id).tolist()]
        self.clear(np.array(found, dtype=np.uint32))
        return len(found)

    def clear(self, places: NDArray[np.uint32]) -> None:
        """Clear the bits of places; a decision that began before may still see them, the next one does not."""
        masks = ~(np.uint64(1) << (places & np.uint32(63)).astype(np.uint64))
        np.bitwise_and.at(self.live, places >> np.uint32(6), masks)

    def _range_of(self, rows: NDArray[Any], name: str, value: int) -> NDArray[np.uint32]:
        order, column = self.orders[name], rows[name]
        begin = bisect_left(order, value, key=lambda place: int(column[place]))
        return order[begin : bisect_right(order, value, lo=begin, key=lambda place: int(column[place]))]


@dataclass(frozen=True, slots=True)
class Footprint:
    """What an index weighs, in bytes."""

    bits: int
    rows: int
    lists: int
    orders: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.bits + self.rows + self.lists + self.orders


def footprint_of(segment: Segment) -> Footprint:
    """Return what a segment weighs, mapped or not."""
    return Footprint(
        bits=segment.bits.nbytes + segment.live.nbytes,
        rows=segment.ads.nbytes + segment.groups.nbytes,
        lists=segment.lists.nbytes + segment.clocks.bits.nbytes,
        orders=sum(order.nbytes for order in segment.orders.values()),
    )


def full_bits(count: int) -> NDArray[np.uint64]:
    """Return a bitset of ``count`` ones and no more."""
    found = np.full((count + BLOCK - 1) // BLOCK, ~np.uint64(0), dtype=np.uint64)
    if count % BLOCK:
        found[-1] = (np.uint64(1) << np.uint64(count % BLOCK)) - np.uint64(1)
    return found


def deed_key(scene: str, category_id: int, action: str) -> str:
    """Return the key of something that one does with a category; without action, of any of them."""
    return f"{scene}/{category_id}/{action}"


def tie_breaker(ad_ids: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return a fixed shuffle of ids, by which equal bounds are ordered. Source: the finalizer of splitmix64."""
    mixed = ad_ids.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
