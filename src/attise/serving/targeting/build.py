"""From the arrays of a snapshot, or of tables in memory, to an index: bitsets, rows and lists, all vectorised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from attise.kernel import lines
from attise.records.drops import Drop
from attise.records.lookups import interests, languages, regions
from attise.records.snapshot.reader import SnapshotFile
from attise.records.snapshot.tables import NOT_SET
from attise.serving.targeting import codes, laws
from attise.serving.targeting.rows import AD_ROW, GROUP_ROW
from attise.serving.targeting.segment import (
    AD_FIELDS,
    ANY,
    FULL,
    GROUP_FIELDS,
    MINORS_TOO,
    NEVER_DAYS,
    Clocks,
    Segment,
    deed_key,
    full_bits,
    tie_breaker,
)

Arrays = Mapping[str, NDArray[Any]]
Bools = NDArray[np.bool_]
AS_FAR_AS_KNOWN: Final = NEVER_DAYS - 1
"""The period that a behaviour with a period of 0 days asks for."""
NOBODYS_DEED: Final = 0
WORDS_OF_LINE: Final = lines.LINE // 8
"""Rows of bits take whole lines of memory, so that eight words that are read together lie in one."""
NO_PRICE: Final = (1, 0)
"""A span of prices that no device is in."""
_GENDERS: Final = ("GENDER_FEMALE", "GENDER_MALE")
_SYSTEMS: Final = ("ANDROID", "IOS")


def segment_of(file: SnapshotFile, bound: NDArray[np.float32]) -> Segment:
    """Return the index of a snapshot. Raises: SnapshotUnreadable when an older release wrote it. Cost: as below."""
    arrays = {name: file.array(name) for name in _NEEDED}
    return build_segment(arrays, file.words, bound, version=file.header.version, number=file.header.number)


def build_segment(
    arrays: Arrays,
    words: Sequence[str],
    bound: NDArray[np.float32],
    *,
    version: int = 0,
    number: int = 0,
    versions: NDArray[np.int64] | None = None,
) -> Segment:
    """Return the index of some ads.

    Args: arrays: those of ``records.snapshot.tables``, by name; words: the texts that they name; bound:
    ``float32[n_ads]`` in the order of the arrays, finite: the most that each ad may be worth to anybody; version,
    number: of the snapshot; versions: where each ad stands for one of its own, in the order of the arrays.
    Invariants: the same arrays give the same index. Cost: about 5 s and 300 bytes an ad for a million ads.
    """
    if len(bound) != len(arrays["ads.ad_id"]) or not np.isfinite(bound).all():
        raise ValueError("one finite bound for each ad")
    builder = _Builder(arrays, words, np.asarray(bound, dtype=np.float32))
    return builder.segment(version, number, versions)


_NEEDED: Final = (
    *(
        f"ads.{name}"
        for name in (
            *("ad_id", "group", "post", "kind", "duration_ms", "grant_id", "opens_at_ms", "closes_at_ms"),
            *("grant_envelope_id", "terms", "identity_key"),
        )
    ),
    *(
        f"groups.{name}"
        for name in (
            *("adgroup_id", "campaign_id", "advertiser_id", "currency", "timezone", "category", "category_gate"),
            *("objective", "optimization_goal", "billing_event", "bid_type", "bid_micros", "conversion_bid_micros"),
            *("pacing", "campaign_budget_mode", "campaign_budget_micros", "budget_mode", "budget_micros"),
            *("starts_at_ms", "ends_at_ms", "dayparting", "frequency", "frequency_days", "gender", "followers"),
            *("device_price_least", "device_price_most", "brand_safety_type", "campaign_envelope_id"),
            *(
                "campaign_week_envelope_id",
                "envelope_id",
                "week_envelope_id",
                "balance_envelope_id",
                "fee_ppm",
                "holdout_ppm",
                "split_id",
                "split_side",
                "flags",
            ),
        )
    ),
    *(
        f"groups.{name}{end}"
        for name in (
            *("locations", "languages", "age_groups", "operating_systems", "interests", "behaviours", "audiences"),
            *("excluded_audiences", "special_industries"),
        )
        for end in ("", ".starts")
    ),
    *("posts.post_id", "posts.creator_id", "posts.category", "dayparts.bits"),
    *("terms.share_ppm", "behaviours.scene", "behaviours.period_days"),
    *(
        f"{name}{end}"
        for name in (
            *("terms.countries", "terms.refused_objectives", "terms.refused_categories"),
            *("behaviours.category_ids", "behaviours.actions"),
        )
        for end in ("", ".starts")
    ),
)
"""The arrays that an index is made of."""


class _Lists:
    """A list column: its values, and of which row each is."""

    def __init__(self, arrays: Arrays, name: str) -> None:
        self.values = arrays[name]
        self.starts = arrays[f"{name}.starts"].astype(np.int64)
        self.lengths = np.diff(self.starts)
        self.row = np.repeat(np.arange(len(self.lengths)), self.lengths)

    @property
    def is_named(self) -> Bools:
        """Whether a row has any."""
        return self.lengths > 0

    def rows_with(self, is_wanted: Bools) -> Bools:
        """Return which rows hold one of the values that are wanted, given for each value."""
        found = np.zeros(len(self.lengths), dtype=np.bool_)
        found[self.row[is_wanted]] = True
        return found

    def by_value(self) -> Iterator[tuple[int, NDArray[np.int64]]]:
        """Yield each value with the rows that hold it."""
        order = np.argsort(self.values, kind="stable")
        found, starts = np.unique(self.values[order], return_index=True)
        yield from zip(found.tolist(), np.split(self.row[order], starts[1:]), strict=False)


class _Builder:
    """One index in the making."""

    def __init__(self, arrays: Arrays, words: Sequence[str], bound: NDArray[np.float32]) -> None:
        self.arrays = arrays
        self.words = words
        ad_ids = arrays["ads.ad_id"]
        self.source = np.lexsort((tie_breaker(ad_ids), -bound)).astype(np.uint32)
        self.bound = bound[self.source]
        self.group = arrays["ads.group"][self.source]
        self.terms = arrays["ads.terms"][self.source]
        self.groups = len(arrays["groups.adgroup_id"])
        self.is_special = _Lists(arrays, "groups.special_industries").is_named
        self.profiling = [
            _Lists(arrays, f"groups.{name}") for name in ("interests", "behaviours", "audiences", "excluded_audiences")
        ]
        self.is_profiled = np.logical_or.reduce([lists.is_named for lists in self.profiling])
        self.objective = codes.OBJECTIVES.of_words(words, arrays["groups.objective"])
        self.gate = codes.GATES.of_words(words, arrays["groups.category_gate"])
        self.vocabulary: dict[int, dict[str, int]] = {}
        self.bits: list[NDArray[np.uint64]] = []

    def segment(self, version: int, number: int, versions: NDArray[np.int64] | None) -> Segment:
        """Return the whole."""
        self._add_bitsets()
        clocks, clock = self._clocks()
        groups = self._group_rows(clock)
        deeds, lists = self._lists(groups)
        ads = self._ad_rows()
        width = (len(ads) + 63) // 64
        bits = lines.zeros((len(self.bits), -(-width // WORDS_OF_LINE) * WORDS_OF_LINE), np.uint64)
        for place, row in enumerate(self.bits):
            bits[place, :width] = row
        for array in (bits, ads, groups, lists):
            array.flags.writeable = False
        return Segment(
            version=version,
            number=number,
            vocabulary=self.vocabulary,
            deeds=deeds,
            bits=bits,
            ads=ads,
            groups=groups,
            lists=lists,
            clocks=clocks,
            timezones=clocks.timezones,
            orders=_orders(ads, groups),
            versions=None if versions is None else versions[self.source],
        )

    def _add_bitsets(self) -> None:
        self._add_locations()
        self._add_named(Drop.LANGUAGE, "languages", {row.code for row in languages.all()})
        self._add_ages()
        self._add_genders()
        self._add_named(Drop.OPERATING_SYSTEM, "operating_systems", set(_SYSTEMS))
        self._add_interests()
        self._add(Drop.PROFILING, ANY, ~self.is_profiled)
        open_gates = [codes.GATES[gate] for gate in laws.OPEN_GATES]
        self._add(Drop.CATEGORY_GATE, ANY, np.isin(self.gate, open_gates))
        self._add(Drop.CATEGORY_GATE, laws.ADULT_GATE, self.gate == codes.GATES[laws.ADULT_GATE])
        self._add_terms()

    def _add(self, drop: Drop, key: str, groups: Bools) -> None:
        """Add the row of the ads of some groups."""
        self._add_row(drop, key, groups[self.group])

    def _add_row(self, drop: Drop, key: str, ads: Bools) -> None:
        """Add the row of some ads; the row of a value also has those that name none, which whoever has it meets too."""
        rows = self.vocabulary.setdefault(int(drop), {})
        if not ads.any():
            return
        packed = _packed(ads)
        unnamed = None if key in {ANY, MINORS_TOO} else rows.get(MINORS_TOO if key == laws.MINORS else ANY)
        if unnamed is not None:
            packed |= full_bits(len(ads)) if unnamed == FULL else self.bits[unnamed]
        if int(np.bitwise_count(packed).sum()) == len(ads):
            rows[key] = FULL
        else:
            rows[key] = len(self.bits)
            self.bits.append(packed)

    def _add_each(self, drop: Drop, lists: _Lists, key_of: dict[int, str], leaves_out: Bools) -> None:
        """Add the row of *any*, and one for each value that a viewer may have; what is left out meets none."""
        self._add(drop, ANY, ~lists.is_named)
        for value, rows in lists.by_value():
            if value in key_of:
                groups = np.zeros(self.groups, dtype=np.bool_)
                groups[rows] = True
                self._add(drop, key_of[value], groups & ~leaves_out)

    def _add_named(self, drop: Drop, name: str, known: set[str]) -> None:
        nobody = np.zeros(self.groups, dtype=np.bool_)
        self._add_each(drop, _Lists(self.arrays, f"groups.{name}"), self._words_in(known), nobody)

    def _words_in(self, known: set[str]) -> dict[int, str]:
        return {number: word for number, word in enumerate(self.words) if word in known}

    def _add_locations(self) -> None:
        lists = _Lists(self.arrays, "groups.locations")
        has_part = lists.rows_with(np.isin(lists.values, list(laws.parts_of_countries())))
        self._add_each(Drop.LOCATION, lists, {row.id: str(row.id) for row in regions.all()}, self.is_special & has_part)

    def _add_interests(self) -> None:
        lists = self.profiling[0]
        has_family = lists.rows_with(np.isin(lists.values, list(laws.family_interests())))
        key_of = {row.id: str(row.id) for row in interests.all()}
        self._add_each(Drop.INTERESTS, lists, key_of, self.is_special & has_family)

    def _add_ages(self) -> None:
        lists = _Lists(self.arrays, "groups.age_groups")
        key_of = self._words_in(set(laws.AGE_GROUPS))
        names = {key: np.zeros(self.groups, dtype=np.bool_) for key in laws.AGE_GROUPS}
        is_strange = lists.rows_with(~np.isin(lists.values, list(key_of)))
        for value, rows in lists.by_value():
            if value in key_of:
                names[key_of[value]][rows] = True
        is_unnamed = ~lists.is_named
        all_adults = np.logical_and.reduce([names[key] for key in laws.ADULTS]) & ~names[laws.MINORS] & ~is_strange
        leaves_out = self.is_special & ~is_unnamed & ~all_adults
        asks = self.objective == codes.OBJECTIVES[laws.ASKS_FOR_CONTACTS]
        names[laws.MINORS] &= ~(self.is_profiled | asks)
        for key in laws.ADULTS:
            names[key] |= self.is_special & is_unnamed
        self._add(Drop.AGE, ANY, is_unnamed & ~self.is_special)
        self._add(Drop.AGE, MINORS_TOO, is_unnamed & ~self.is_special & ~asks)
        for key, groups in names.items():
            self._add(Drop.AGE, key, groups & ~leaves_out)

    def _add_genders(self) -> None:
        column = self.arrays["groups.gender"]
        is_named = column != self._word("GENDER_UNLIMITED")
        self._add(Drop.GENDER, ANY, ~is_named)
        for key in _GENDERS:
            self._add(Drop.GENDER, key, (column == self._word(key)) & ~self.is_special)

    def _word(self, word: str) -> int:
        """Return the number of a word, or one that nothing has."""
        return self.words.index(word) if word in self.words else NOT_SET

    def _add_terms(self) -> None:
        countries = _Lists(self.arrays, "terms.countries")
        self._add_row(Drop.GRANT_COUNTRY, ANY, (~countries.is_named)[self.terms])
        key_of = self._words_in({row.iso for row in regions.all()})
        for value, rows in countries.by_value():
            if value in key_of:
                terms = np.zeros(len(countries.lengths), dtype=np.bool_)
                terms[rows] = True
                self._add_row(Drop.GRANT_COUNTRY, key_of[value], terms[self.terms])
        for drop, refused, column in (
            (Drop.GRANT_OBJECTIVE, "terms.refused_objectives", "groups.objective"),
            (Drop.GRANT_CATEGORY, "terms.refused_categories", "groups.category"),
        ):
            is_refused = np.zeros(len(self.source), dtype=np.bool_)
            mine = self.arrays[column][self.group]
            for value, rows in _Lists(self.arrays, refused).by_value():
                is_refused |= np.isin(self.terms, rows) & (mine == value)
            self._add_row(drop, ANY, ~is_refused)

    def _clocks(self) -> tuple[Clocks, NDArray[np.int64]]:
        """Return the clocks, and the number of each group's."""
        zone, daypart = self.arrays["groups.timezone"], self.arrays["groups.dayparting"]
        used, place = np.unique(zone, return_inverse=True)
        names = tuple(self.words[number] for number in used.tolist())
        pairs = np.where(daypart == 0, -1, (place.astype(np.int64) << 32) | daypart)
        kinds, clock = np.unique(np.append(pairs, -1), return_inverse=True)  # -1, *always*, is the first
        bits = self.arrays["dayparts.bits"][np.maximum(kinds, 0) & 0xFFFFFFFF]
        return Clocks(names, (np.maximum(kinds, 0) >> 32).astype(np.uint16), bits), clock[:-1]

    def _group_rows(self, clock: NDArray[np.int64]) -> NDArray[Any]:
        made = lines.zeros(self.groups, GROUP_ROW)
        columns = {name.removeprefix("groups."): array for name, array in self.arrays.items()}
        for name in _SAME:
            made[name] = columns[name]
        for name, known in (
            ("currency", codes.currency_codes()),
            ("category", codes.category_codes()),
            ("optimization_goal", codes.GOALS),
            ("billing_event", codes.BILLING_EVENTS),
            ("bid_type", codes.BID_TYPES),
            ("pacing", codes.PACINGS),
            ("campaign_budget_mode", codes.BUDGET_MODES),
            ("budget_mode", codes.BUDGET_MODES),
            ("followers", codes.FOLLOWERS),
        ):
            made[name] = known.of_words(self.words, columns[name])
        made["brand_safety"] = codes.BRAND_SAFETY.of_words(self.words, columns["brand_safety_type"])
        made["objective"] = self.objective
        made["category_gate"] = self.gate
        made["is_profiled"] = self.is_profiled
        made["clock"] = clock
        made["source"] = np.arange(self.groups)
        made["timezone"] = np.unique(columns["timezone"], return_inverse=True)[1]
        is_forbidden = self.is_special & ((made["device_price_least"] > 0) | (made["device_price_most"] >= 0))
        made["device_price_least"][is_forbidden], made["device_price_most"][is_forbidden] = NO_PRICE
        return made

    def _lists(self, groups: NDArray[Any]) -> tuple[dict[str, int], NDArray[np.int64]]:
        """Return the numbers of deeds, and every group's lists; writes into the rows where each begins."""
        behaviours, audiences, excluded = self.profiling[1:]
        numbers, deeds, deed_starts = self._deeds()
        deed_lengths = np.diff(deed_starts)
        each = deed_lengths[behaviours.values]
        is_family = np.isin(self.arrays["behaviours.category_ids"], list(laws.family_behaviours()))
        has_family = _Lists(self.arrays, "behaviours.category_ids").rows_with(is_family)
        is_forbidden = self.is_special & behaviours.rows_with(has_family[behaviours.values])
        counts = np.bincount(behaviours.row, weights=each, minlength=self.groups).astype(np.int64)
        total = counts + audiences.lengths + excluded.lengths
        begin = np.concatenate(([0], np.cumsum(total)))
        at = begin[:-1]
        groups["deeds_at"] = at
        groups["audiences_at"] = at + counts
        groups["excluded_at"] = at + counts + audiences.lengths
        groups["lists_end"] = begin[1:]
        found = np.zeros(begin[-1], dtype=np.int64)
        pool = deeds[_ranges(deed_starts[behaviours.values], each)]
        owner = np.repeat(behaviours.row, each)
        found[_ranges(at, counts)] = np.where(is_forbidden[owner], NOBODYS_DEED, pool)
        found[_ranges(at + counts, audiences.lengths)] = audiences.values
        found[_ranges(at + counts + audiences.lengths, excluded.lengths)] = excluded.values
        return numbers, found

    def _deeds(self) -> tuple[dict[str, int], NDArray[np.int64], NDArray[np.int64]]:
        """Return deeds by their keys, and those of each behaviour with its period, as one list and its starts."""
        categories = _Lists(self.arrays, "behaviours.category_ids")
        actions = _Lists(self.arrays, "behaviours.actions")
        numbers: dict[str, int] = {}
        found: list[int] = []
        starts = [0]
        scenes = self.arrays["behaviours.scene"].tolist()
        periods = self.arrays["behaviours.period_days"].tolist()
        for row, (scene, period) in enumerate(zip(scenes, periods, strict=True)):
            days = min(period or AS_FAR_AS_KNOWN, AS_FAR_AS_KNOWN)
            named = [self.words[word] for word in actions.values[actions.starts[row] : actions.starts[row + 1]]] or [""]
            for category in categories.values[categories.starts[row] : categories.starts[row + 1]].tolist():
                for action in named:
                    key = deed_key(self.words[scene], category, action)
                    found.append(numbers.setdefault(key, len(numbers) + 1) << 32 | days)
            if len(found) == starts[-1]:
                found.append(NOBODYS_DEED)  # names no category: nobody did that
            starts.append(len(found))
        return numbers, np.array(found, dtype=np.int64), np.array(starts, dtype=np.int64)

    def _ad_rows(self) -> NDArray[Any]:
        made = lines.zeros(len(self.source), AD_ROW)
        columns = {name.removeprefix("ads."): array for name, array in self.arrays.items()}
        same = ("ad_id", "grant_id", "identity_key", "post", "duration_ms", "opens_at_ms", "closes_at_ms")
        for name in (*same, "grant_envelope_id"):
            made[name] = columns[name][self.source]
        made["group"], made["bound"], made["source"] = self.group, self.bound, self.source
        made["share_ppm"] = self.arrays["terms.share_ppm"][self.terms]
        made["kind"] = codes.KINDS.of_words(self.words, columns["kind"])[self.source]
        has_post = np.flatnonzero(made["post"] >= 0)
        post = made["post"][has_post]
        category = codes.category_codes().of_words(self.words, self.arrays["posts.category"])
        made["post_id"][has_post] = self.arrays["posts.post_id"][post]
        made["creator_id"][has_post] = self.arrays["posts.creator_id"][post]
        made["post_category"][has_post] = category[post]
        return made


_SAME: Final = (
    *("starts_at_ms", "ends_at_ms", "device_price_least", "device_price_most", "adgroup_id", "campaign_id"),
    *("advertiser_id", "bid_micros", "conversion_bid_micros", "campaign_budget_micros", "budget_micros"),
    *("campaign_envelope_id", "campaign_week_envelope_id", "envelope_id", "week_envelope_id", "balance_envelope_id"),
    *("frequency", "frequency_days", "fee_ppm", "holdout_ppm", "split_id", "split_side", "flags"),
)
"""Columns of groups that rows have under the same name and with the same values."""


def _packed(ads: Bools) -> NDArray[np.uint64]:
    """Return one bit an ad, the first ad the lowest bit of the first word."""
    found = np.zeros((len(ads) + 63) // 64 * 8, dtype=np.uint8)
    packed = np.packbits(ads, bitorder="little")
    found[: len(packed)] = packed
    return found.view(np.uint64)


def _ranges(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return ``starts[i], starts[i] + 1, …``, ``lengths[i]`` of them, one after the other for each ``i``."""
    before = np.cumsum(lengths) - lengths
    found: NDArray[np.int64] = np.arange(lengths.sum(), dtype=np.int64) + np.repeat(starts - before, lengths)
    return found


def _orders(ads: NDArray[Any], groups: NDArray[Any]) -> dict[str, NDArray[np.uint32]]:
    found = {name: np.argsort(ads[name], kind="stable") for name in (*AD_FIELDS, "group")}
    found |= {name: np.argsort(groups[name], kind="stable") for name in GROUP_FIELDS}
    return {name: order.astype(np.uint32) for name, order in found.items()}
