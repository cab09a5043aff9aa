"""Any number of targeted ads, and viewers to show them to, as plain arrays: for benchmarks, sciences and tests.

Nothing of them is in a database, and no bytes stand behind them: they are the arrays that a snapshot of such a house
would have (``records.snapshot.tables``), drawn whole columns at a time. The same seed gives the same ads.

The house is French: most ads are for France or regions of it; two of five groups name ages, three of ten a gender, two
of five interests; one in ten behaviours, one in ten audiences; one grant of five is for some countries alone. Five ads
share a group, ten a campaign, four a post, and a thousand an advertiser.
"""

# ruff: noqa: PLR2004 - shares are what this page is about
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from attise.kernel.limits import DAY_MS
from attise.records.feed import ViewerContext, WatchedBehaviour
from attise.records.lookups import behaviours, interests, regions
from attise.records.snapshot.columns import WORD
from attise.records.snapshot.shapes import (
    DAYPARTING_BYTES,
    OwnPart,
    SnapshotAd,
    SnapshotCreative,
    SnapshotGrant,
    SnapshotGroup,
    SnapshotMedia,
    SnapshotPost,
)
from attise.records.snapshot.tables import (
    ADS,
    BEHAVIOUR_LISTS,
    BEHAVIOURS,
    GROUP_LISTS,
    GROUPS,
    NEVER,
    NOT_SET,
    POSTS,
    TERMS,
    TERMS_LISTS,
)
from attise.records.targeting import Behaviour, Targeting
from attise.records.terms import Terms

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FIRST_ID: Final = 1_000_000_000
AUDIENCES: Final = 2_000
TERMS_KINDS: Final = 64
DAYPARTS: Final = 50
BEHAVIOUR_KINDS: Final = 400
_ADS_OF_GROUP, _ADS_OF_CAMPAIGN, _ADS_OF_POST, _ADS_OF_ADVERTISER = 5, 10, 4, 1_000
_SCENES: Final = ("VIDEO_RELATED", "CREATOR_RELATED", "HASHTAG_RELATED")
_ACTIONS: Final = (
    ("WATCHED_TO_END", "LIKED", "COMMENTED", "SHARED"),
    ("FOLLOWING", "VIEW_HOMEPAGE"),
    ("VIEW_HASHTAG",),
)
_AGES: Final = ("AGE_18_24", "AGE_25_34", "AGE_35_44", "AGE_45_54", "AGE_55_100")
_LANGUAGES: Final = ("fr", "en", "es", "de", "it", "nl", "pt", "ar")
_CATEGORIES: Final = ("beauty_care", "fashion", "food_drink", "sport", "travel", "games", "tech", "music", "alcohol")
_ABROAD: Final = ("BE", "CH", "LU", "DE", "ES", "IT", "GB", "NL", "PT", "CA", "SN", "MA", "US", "SE", "PL", "JP")
_ZONES: Final = ("Europe/Paris", "Europe/Brussels", "America/Guadeloupe", "America/Montreal", "Africa/Dakar")
_OBJECTIVES: Final = (
    ("REACH", "REACH", "CPM"),
    ("VIDEO_VIEWS", "ENGAGED_VIEW", "CPV"),
    ("TRAFFIC", "CLICK", "CPC"),
    ("ENGAGEMENT", "PAGE_VISIT", "CPC"),
    ("WEB_CONVERSIONS", "CONVERT", "OCPM"),
)
_PER_THOUSAND: Final = (1.0, 300.0, 15.0, 15.0, 0.6)
"""Billing events, or results, of a thousand impressions, by objective: what makes a bid a bound."""
_MEDIAN_BIDS: Final = (4_000_000, 15_000, 250_000, 200_000, 9_000_000)
"""Micros, by objective; for the last the cost per result."""


_MEDIA: Final = SnapshotMedia("", "", "video", has_cover=False, source_url="", duration_ms=0, width=0, height=0)
_EMPTY: Final[dict[Any, Any]] = {str: "", int: 0, bool: False, bytes: b""}
_NOTHING: Final[dict[str, Any]] = {
    field.name: _EMPTY.get(field.type, () if "tuple" in str(field.type) else None)
    for field in msgspec.structs.fields(SnapshotCreative)
}
_CREATIVE: Final = SnapshotCreative(**_NOTHING)
_GROUP: Final[dict[str, Any]] = {
    field.name: _EMPTY.get(field.type, () if "tuple" in str(field.type) else None)
    for field in msgspec.structs.fields(SnapshotGroup)
}
"""Records in which nothing is said: what the arrays say is laid over them."""
_GROUP_COLUMNS: Final = {name: f"groups.{name}" for name in GROUPS if name != "payload"}
_OF_GROUP: Final = [name for name in SnapshotGroup.__struct_fields__ if name in _GROUP_COLUMNS]
_WORDS_OF_GROUP: Final = [name for name in _OF_GROUP if GROUPS[name] == WORD and name != "frequency_days"]
_AMOUNTS_OF_GROUP: Final = [name for name in _OF_GROUP if name.endswith("_micros")]
_POST_COLUMNS: Final = {name: f"posts.{name}" for name in POSTS}
_AD_COLUMNS: Final = {
    name: f"ads.{name}"
    for name in (
        *("ad_id", "group", "post", "kind", "duration_ms", "grant_id", "opens_at_ms", "closes_at_ms"),
        *("terms", "identity_key"),
    )
}


class _Words:
    """Texts by number, as a snapshot's."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {"": 0}

    def __call__(self, *texts: str) -> NDArray[np.uint16]:
        """Return the numbers of texts."""
        return np.array([self.numbers.setdefault(text, len(self.numbers)) for text in texts], dtype=np.uint16)


@dataclass(frozen=True, slots=True)
class DrawnAds:
    """What an index is built from."""

    arrays: Mapping[str, NDArray[Any]]
    """Those of ``records.snapshot.tables``, by name."""
    words: tuple[str, ...]
    bound: NDArray[np.float32]
    """``float32[n_ads]``: micros per 1,000 impressions that each may be worth at most, at the rates of this page."""

    def __len__(self) -> int:
        """Return the number of ads."""
        return len(self.bound)

    def ad(self, place: int) -> SnapshotAd:
        """Return the record of an ad: what the arrays say of it, and nothing in what they do not."""
        columns = self._row(_AD_COLUMNS, place)
        creative, grant = self._own(columns, self._terms(columns["terms"]))
        group, post = columns["group"], columns["post"]
        return SnapshotAd(
            creative,
            self._group(group, self._row(_GROUP_COLUMNS, group)),
            grant,
            None if post < 0 else self.post(post),
        )

    def post(self, place: int) -> SnapshotPost:
        """Return the record of a post, as above."""
        return self._post(self._row(_POST_COLUMNS, place))

    def own_parts(self) -> Iterator[OwnPart]:
        """Yield of every ad what is nobody else's. Cost: some 5 µs each, of what looks for one ad alone a fifth."""
        terms = [self._terms(place) for place in range(len(self.arrays["terms.share_ppm"]))]
        return (self._own(columns, terms[columns["terms"]]) for columns in self._rows(_AD_COLUMNS))

    def groups(self) -> Iterator[SnapshotGroup]:
        """Yield the record of every ad group. Cost: some 15 µs each."""
        return (self._group(place, columns) for place, columns in enumerate(self._rows(_GROUP_COLUMNS)))

    def posts(self) -> Iterator[SnapshotPost]:
        """Yield the record of every post. Cost: some 3 µs each."""
        return map(self._post, self._rows(_POST_COLUMNS))

    def _row(self, names: Mapping[str, str], place: int) -> dict[str, int]:
        """Return the columns of one row by the names that records have for them."""
        return {name: int(self.arrays[column].item(place)) for name, column in names.items()}

    def _rows(self, names: Mapping[str, str], at_once: int = 10_000) -> Iterator[dict[str, int]]:
        """Yield the same of every row of a table."""
        columns = [self.arrays[column] for column in names.values()]
        for begin in range(0, len(columns[0]), at_once):
            some = [column[begin : begin + at_once].tolist() for column in columns]
            for values in zip(*some, strict=True):
                yield dict(zip(names, values, strict=True))

    def _own(self, columns: Mapping[str, int], terms: Terms) -> OwnPart:
        closes_at_ms, is_spark = columns["closes_at_ms"], columns["post"] >= 0
        creative = msgspec.structs.replace(
            _CREATIVE,
            ad_id=columns["ad_id"],
            kind=self.words[columns["kind"]],
            identity_key=columns["identity_key"],
            video=None if is_spark else msgspec.structs.replace(_MEDIA, duration_ms=columns["duration_ms"]),
        )
        if not is_spark:
            return creative, None
        return creative, SnapshotGrant(
            grant_id=columns["grant_id"],
            kind="post",
            starts_at_ms=columns["opens_at_ms"],
            ends_at_ms=None if closes_at_ms == NEVER else closes_at_ms,
            terms=terms,
            terms_version=1,
        )

    def _post(self, columns: Mapping[str, int]) -> SnapshotPost:
        words = self.words
        return SnapshotPost(
            post_id=columns["post_id"],
            creator_id=columns["creator_id"],
            handle=f"drawn{columns['creator_id']}",
            display_name="",
            country=words[columns["country"]],
            language=words[columns["language"]],
            format=words[columns["format"]],
            of_post_id=None,
            caption="",
            visibility=words[columns["visibility"]],
            ads_only=False,
            sound="",
            tags=(),
            category=words[columns["category"]],
            allow_comments=True,
            allow_duet=True,
            allow_stitch=True,
            partnership=False,
            published_at_ms=columns["published_at_ms"],
            media=msgspec.structs.replace(_MEDIA, duration_ms=columns["duration_ms"]),
        )

    def _of(self, table: str, name: str, place: int) -> Any:
        return self.arrays[f"{table}.{name}"].item(place)

    def _end(self, table: str, name: str, place: int) -> int | None:
        moment = int(self._of(table, name, place))
        return None if moment == NEVER else moment

    def _list(self, name: str, place: int) -> list[int]:
        begin, end = self.arrays[f"{name}.starts"][place : place + 2].tolist()
        return list(self.arrays[name][begin:end].tolist()) if begin < end else []

    def _named(self, name: str, place: int) -> tuple[str, ...]:
        return tuple(self.words[number] for number in self._list(name, place))

    def _terms(self, place: int) -> Terms:
        return Terms(
            countries=self._named("terms.countries", place),
            refused_objectives=self._named("terms.refused_objectives", place),
            refused_categories=self._named("terms.refused_categories", place),
            share_ppm=int(self._of("terms", "share_ppm", place)),
        )

    def _group(self, place: int, columns: Mapping[str, int]) -> SnapshotGroup:
        found: dict[str, Any] = {name: columns[name] for name in _OF_GROUP}
        found |= {name: self.words[columns[name]] for name in _WORDS_OF_GROUP}
        found |= {name: None for name in _AMOUNTS_OF_GROUP if columns[name] == NOT_SET}
        bits = self.arrays["dayparts.bits"][columns["dayparting"]].tobytes()
        special = {
            "ends_at_ms": self._end("groups", "ends_at_ms", place),
            "dayparting": bits if columns["dayparting"] else b"",
            "special_industries": self._named("groups.special_industries", place),
            "targeting": self._targeting(place, columns),
        }
        return SnapshotGroup(**(_GROUP | found | special))

    def _targeting(self, place: int, columns: Mapping[str, int]) -> Targeting:
        least, most = columns["device_price_least"], columns["device_price_most"]
        return Targeting(
            locations=tuple(self._list("groups.locations", place)),
            languages=self._named("groups.languages", place),
            age_groups=self._named("groups.age_groups", place),
            gender=self.words[columns["gender"]],
            operating_systems=self._named("groups.operating_systems", place),
            device_price_least=None if least < 0 else least,
            device_price_most=None if most < 0 else most,
            interests=tuple(self._list("groups.interests", place)),
            behaviours=tuple(map(self._behaviour, self._list("groups.behaviours", place))),
            audiences=tuple(self._list("groups.audiences", place)),
            excluded_audiences=tuple(self._list("groups.excluded_audiences", place)),
            followers=self.words[columns["followers"]],
        )

    def _behaviour(self, place: int) -> Behaviour:
        return Behaviour(
            self.words[int(self._of("behaviours", "scene", place))],
            tuple(self._list("behaviours.category_ids", place)),
            self._named("behaviours.actions", place),
            int(self._of("behaviours", "period_days", place)),
        )


def draw_ads(
    count: int, seed: int, *, now_ms: int, first_id: int = FIRST_ID, is_flat: bool = False, is_narrow: bool = False
) -> DrawnAds:
    """Return ``count`` targeted ads, nearly all of which run at ``now_ms``.

    Args: first_id: of the ads, which have ids in a row; is_flat: all bids of one billing event within 2 %, so that
    bounds tell little; is_narrow: every ad for one region, one age group, one gender and one interest.
    Cost: about a second a million ads.
    """
    rng = np.random.default_rng(seed)
    draw = _Draw(rng, now_ms, _Words(), is_narrow=is_narrow)
    groups = -(-count // _ADS_OF_GROUP)
    posts = -(-count // _ADS_OF_POST)
    arrays, worth = draw.groups(groups, is_flat=is_flat)
    arrays |= draw.posts(posts)
    arrays |= draw.terms()
    arrays |= draw.behaviours()
    arrays |= draw.ads(count, groups, arrays["posts.duration_ms"], first_id)
    noise = rng.uniform(0.98, 1.0, count) if is_flat else rng.lognormal(0.0, 0.25, count)
    bound = (worth[arrays["ads.group"]] * noise).astype(np.float32)
    return DrawnAds(arrays, tuple(draw.word.numbers), bound)


def draw_viewers(count: int, seed: int, *, is_rare: bool = False) -> list[ViewerContext]:
    """Return viewers: known, half known and unknown, with and without consent, one in twelve a minor.

    Args: is_rare: somebody whom few ads are for: in Japan, reading Swedish, with one interest.
    """
    rng = np.random.default_rng(seed)
    codes = [row.iso for row in regions.all() if row.level == "region"]
    leaves = [row.wire_id for row in interests.all() if row.level == 2]
    deeds = [row for row in behaviours.all() if row.level == 2]
    found = []
    for number in range(count):
        unknown = rng.random(6) < 0.1
        age = None if unknown[0] else int(np.clip(rng.gamma(4.0, 9.0), 13, 90))
        may_profile = bool(age is not None and age >= 18 and rng.random() < 0.7)
        is_french = not is_rare and rng.random() < 0.85
        watched = tuple(
            WatchedBehaviour(
                deed.action_scene,
                deed.id,
                str(rng.choice(_ACTIONS[_SCENES.index(deed.action_scene)])),
                int(rng.integers(0, 30)),
            )
            for deed in (deeds[place] for place in rng.integers(0, len(deeds), rng.integers(0, 8)).tolist())
        )
        liked = rng.choice(leaves, 1 if is_rare else int(rng.integers(1, 12)), replace=False).tolist()
        found.append(
            ViewerContext(
                pseudonym=f"viewer-{seed}-{number}",
                age=age,
                gender="" if unknown[1] else str(rng.choice(("female", "male", "other"), p=(0.5, 0.48, 0.02))),
                country="" if unknown[2] else "FR" if is_french else "JP" if is_rare else str(rng.choice(_ABROAD)),
                region=str(rng.choice(codes)) if is_french and not unknown[2] and not unknown[3] else "",
                language="" if unknown[4] else "sv" if is_rare else "fr" if is_french else str(rng.choice(_LANGUAGES)),
                os="" if unknown[5] else str(rng.choice(("android", "ios"))),
                device_price=None if unknown[5] else int(rng.integers(2, 30)) * 50,
                interests=tuple(liked) if may_profile else (),
                behaviours=watched if may_profile else (),
                audiences=tuple(rng.integers(1, AUDIENCES, 6).tolist()) if may_profile else (),
                follows=tuple(sorted(rng.integers(0, 25_000, 30).tolist())),
                may_profile=may_profile,
            )
        )
    return found


class _Draw:
    """One house in the making."""

    def __init__(self, rng: np.random.Generator, now_ms: int, word: _Words, *, is_narrow: bool) -> None:
        self.rng = rng
        self.now_ms = now_ms
        self.word = word
        self.is_narrow = is_narrow

    def groups(self, count: int, *, is_flat: bool) -> tuple[dict[str, NDArray[Any]], Floats]:
        """Return the columns of groups, and what an impression for each is worth at most."""
        rng, word = self.rng, self.word
        kind = rng.choice(len(_OBJECTIVES), count, p=(0.25, 0.2, 0.3, 0.1, 0.15))
        spread = rng.uniform(0.99, 1.0, count) if is_flat else rng.lognormal(0.0, 0.6, count)
        bid = np.maximum(np.array(_MEDIAN_BIDS)[kind] * spread, 1).astype(np.int64)
        is_result = kind == len(_OBJECTIVES) - 1
        number = np.arange(count)
        campaign = number // (_ADS_OF_CAMPAIGN // _ADS_OF_GROUP)
        advertiser = number // (_ADS_OF_ADVERTISER // _ADS_OF_GROUP)
        category = rng.integers(0, len(_CATEGORIES), count)
        gate = word(*("adult_only" if name == "alcohol" else "none" for name in _CATEGORIES))
        has_daypart = rng.random(count) < 0.2
        price = rng.random(count) < 0.1
        frequency = rng.choice((0, 0, 3), count)
        gender_shares = (0.0, 0.5, 0.5) if self.is_narrow else (0.7, 0.18, 0.12)
        columns: dict[str, Any] = {
            "adgroup_id": FIRST_ID + number,
            "campaign_id": FIRST_ID + campaign,
            "advertiser_id": FIRST_ID + advertiser,
            "currency": word("EUR")[0],
            "timezone": word(*_ZONES)[rng.choice(len(_ZONES), count, p=(0.8, 0.05, 0.05, 0.05, 0.05))],
            "category": word(*_CATEGORIES)[category],
            "category_gate": gate[category],
            "objective": word(*(name for name, _, _ in _OBJECTIVES))[kind],
            "optimization_goal": word(*(goal for _, goal, _ in _OBJECTIVES))[kind],
            "billing_event": word(*(event for _, _, event in _OBJECTIVES))[kind],
            "bid_type": word("BID_TYPE_CUSTOM")[0],
            "bid_micros": np.where(is_result, NOT_SET, bid),
            "conversion_bid_micros": np.where(is_result, bid, NOT_SET),
            "pacing": word("PACING_MODE_SMOOTH", "PACING_MODE_FAST")[(rng.random(count) < 0.1).astype(np.int64)],
            "campaign_budget_mode": word("BUDGET_MODE_INFINITE")[0],
            "campaign_budget_micros": NOT_SET,
            "budget_mode": word("BUDGET_MODE_DAY")[0],
            "budget_micros": rng.integers(20, 500, count) * 1_000_000,
            "starts_at_ms": self.now_ms + np.where(rng.random(count) < 0.02, 1, -rng.integers(1, 30, count)) * DAY_MS,
            "ends_at_ms": np.where(rng.random(count) < 0.5, NEVER, self.now_ms + rng.integers(1, 60, count) * DAY_MS),
            "dayparting": np.where(has_daypart, rng.integers(1, DAYPARTS, count), 0),
            "frequency": frequency,
            "frequency_days": np.where(frequency > 0, 7, 0),
            "gender": word("GENDER_UNLIMITED", "GENDER_FEMALE", "GENDER_MALE")[rng.choice(3, count, p=gender_shares)],
            "followers": word("any", "only", "excluded")[rng.choice(3, count, p=(0.92, 0.03, 0.05))],
            "device_price_least": np.where(price, 300, NOT_SET),
            "device_price_most": NOT_SET,
            "brand_safety_type": word("NO_BRAND_SAFETY")[0],
            "envelope_id": 2 * FIRST_ID + number,
            "balance_envelope_id": 3 * FIRST_ID + advertiser,
            "fee_ppm": 100_000,
        }
        arrays = _columns("groups", GROUPS, columns, count) | self._group_lists(count)
        patterns = rng.integers(0, 256, (DAYPARTS, DAYPARTING_BYTES), dtype=np.uint8) | np.uint8(0x3C)
        patterns[0] = 255
        arrays["dayparts.bits"] = patterns
        return arrays, bid * np.array(_PER_THOUSAND)[kind]

    def _group_lists(self, count: int) -> dict[str, NDArray[Any]]:
        rng, word, narrow = self.rng, self.word, self.is_narrow
        parts = np.array([row.id for row in regions.all() if row.level == "region"])
        abroad = np.array([_place_id(code) for code in _ABROAD])
        where = rng.choice(3, count, p=(0, 1, 0) if narrow else (0.65, 0.2, 0.15))
        pools = (np.array([_place_id("FR")]), parts, abroad)
        lengths = np.where(where == 0, 1, 1 if narrow else rng.integers(1, 4, count))
        owner = np.repeat(where, lengths)
        pick = rng.random(len(owner))
        places = np.zeros(len(owner), dtype=np.int64)
        for kind, pool in enumerate(pools):
            mine = owner == kind
            places[mine] = pool[(pick[mine] * len(pool)).astype(np.int64)]
        liked = np.array([row.id for row in interests.all()])
        first = rng.integers(0, len(_AGES), count)
        ages = np.minimum(1 if narrow else rng.integers(1, 4, count), len(_AGES) - first)
        ages = np.where(rng.random(count) < (0.0 if narrow else 0.6), 0, ages)
        return (
            _list("groups.locations", GROUP_LISTS, places, lengths)
            | _list("groups.age_groups", GROUP_LISTS, word(*_AGES)[_runs(first, ages)], ages)
            | self._some("languages", count, 0.0 if narrow else 0.4, 2, word(*_LANGUAGES), skew=3.0)
            | self._some("operating_systems", count, 0.2, 1, word("ANDROID", "IOS"))
            | self._some("interests", count, 1.0 if narrow else 0.4, 1 if narrow else 5, liked)
            | self._some("behaviours", count, 0.1, 2, np.arange(BEHAVIOUR_KINDS))
            | self._some("audiences", count, 0.1, 3, np.arange(1, AUDIENCES))
            | self._some("excluded_audiences", count, 0.1, 3, np.arange(1, AUDIENCES))
            | self._some("special_industries", count, 0.0, 1, word("HOUSING"))
        )

    def _some(
        self, name: str, count: int, share: float, most: int, pool: NDArray[Any], *, skew: float = 1.0
    ) -> dict[str, NDArray[Any]]:
        """Return a list column: a share of the rows has one value to ``most``; the skew takes the first ones more."""
        rng = self.rng
        lengths = np.where(rng.random(count) < share, rng.integers(1, most + 1, count), 0)
        picks = (rng.random(int(lengths.sum())) ** skew * len(pool)).astype(np.int64)
        return _list(f"groups.{name}", GROUP_LISTS, pool[picks], lengths)

    def posts(self, count: int) -> dict[str, NDArray[Any]]:
        """Return the columns of posts; four posts have one creator."""
        rng, word = self.rng, self.word
        columns = {
            "post_id": 4 * FIRST_ID + np.arange(count),
            "creator_id": 1 + np.arange(count) // _ADS_OF_POST,
            "published_at_ms": self.now_ms - rng.integers(1, 90 * 24, count) * (DAY_MS // 24),
            "duration_ms": rng.integers(5, 60, count) * 1_000,
            "format": word("video")[0],
            "visibility": word("public")[0],
            "category": word(*_CATEGORIES[:-1])[rng.integers(0, len(_CATEGORIES) - 1, count)],
            "language": word(*_LANGUAGES)[(rng.random(count) ** 3 * len(_LANGUAGES)).astype(np.int64)],
            "country": word("FR", "BE")[(rng.random(count) < 0.1).astype(np.int64)],
            "is_organic": 1,
            "flags": 2 | 4 | 8,
        }
        return _columns("posts", POSTS, columns, count)

    def terms(self) -> dict[str, NDArray[Any]]:
        """Return the terms of grants; the first are those of no grant."""
        rng, word = self.rng, self.word
        number = np.arange(TERMS_KINDS)
        countries = np.where(number % 5 == 1, rng.integers(1, 4, TERMS_KINDS), 0)
        objectives = np.where(number % 16 == 2, 1, 0)
        categories = np.where(number % 16 == 3, 1, 0)
        lists = {
            "countries": (word("FR", *_ABROAD[:7])[_runs(np.zeros(TERMS_KINDS, np.int64), countries)], countries),
            "refused_objectives": (word("REACH")[np.zeros(objectives.sum(), np.int64)], objectives),
            "refused_categories": (word("alcohol")[np.zeros(categories.sum(), np.int64)], categories),
        }
        found = _columns("terms", TERMS, {"spend_cap_micros": NOT_SET, "share_ppm": number * 1_000}, TERMS_KINDS)
        for name, (values, lengths) in lists.items():
            found |= _list(f"terms.{name}", TERMS_LISTS, values, lengths)
        return found

    def behaviours(self) -> dict[str, NDArray[Any]]:
        """Return what groups may ask for."""
        rng, word = self.rng, self.word
        scene = rng.integers(0, len(_SCENES), BEHAVIOUR_KINDS)
        lengths = rng.integers(1, 4, BEHAVIOUR_KINDS)
        named = [[row.id for row in behaviours.all() if row.action_scene == name] for name in _SCENES]
        categories = [
            int(rng.choice(named[kind]))
            for kind, length in zip(scene.tolist(), lengths.tolist(), strict=True)
            for _ in range(length)
        ]
        has_action = (rng.random(BEHAVIOUR_KINDS) < 0.5).astype(np.int64)
        actions = word(*(names[0] for names in _ACTIONS))[scene[has_action == 1]]
        columns = {"scene": word(*_SCENES)[scene], "period_days": rng.choice((0, 7, 15), BEHAVIOUR_KINDS)}
        return (
            _columns("behaviours", BEHAVIOURS, columns, BEHAVIOUR_KINDS)
            | _list("behaviours.category_ids", BEHAVIOUR_LISTS, np.array(categories), lengths)
            | _list("behaviours.actions", BEHAVIOUR_LISTS, actions, has_action)
        )

    def ads(self, count: int, groups: int, durations_ms: Ints, first_id: int) -> dict[str, NDArray[Any]]:
        """Return the columns of ads, of posts that last so long."""
        rng, word = self.rng, self.word
        number = np.arange(count)
        group = number // _ADS_OF_GROUP
        post = rng.integers(0, len(durations_ms), count)
        is_standard = rng.random(count) < 0.1
        closes = self.now_ms + rng.integers(1, 365, count) * DAY_MS
        columns = {
            "ad_id": first_id + number,
            "group": np.minimum(group, groups - 1),
            "post": np.where(is_standard, NOT_SET, post),
            "kind": word("spark", "standard")[is_standard.astype(np.int64)],
            "duration_ms": np.where(is_standard, rng.integers(5, 60, count) * 1_000, durations_ms[post]),
            "grant_id": np.where(is_standard, 0, 5 * FIRST_ID + post),
            "opens_at_ms": np.where(is_standard, 0, self.now_ms - DAY_MS),
            "closes_at_ms": np.where(is_standard, NEVER, closes),
            "terms": np.where(is_standard, 0, post % TERMS_KINDS),
            "identity_key": np.where(is_standard, 0, 6 * FIRST_ID + post // _ADS_OF_POST),
        }
        return _columns("ads", ADS, columns, count)


def _place_id(code: str) -> int:
    row = regions.by_iso(code)
    if row is None:
        raise AssertionError(f"no place has the code {code}")
    return row.id


def _columns(table: str, types: Mapping[str, str], values: Mapping[str, Any], count: int) -> dict[str, NDArray[Any]]:
    """Return every column of a table; those that are not given hold 0."""
    found = {}
    for name, dtype in types.items():
        found[f"{table}.{name}"] = np.zeros(count, dtype=dtype)
        found[f"{table}.{name}"][:] = values.get(name, 0)
    return found


def _list(name: str, types: Mapping[str, str], values: NDArray[Any], lengths: NDArray[Any]) -> dict[str, NDArray[Any]]:
    starts = np.concatenate(([0], np.cumsum(lengths))).astype("<u4")
    return {name: values.astype(types[name.rpartition(".")[2]]), f"{name}.starts": starts}


def _runs(first: Ints, lengths: Ints) -> Ints:
    """Return ``first[i], first[i] + 1, …``, ``lengths[i]`` of them, for each row."""
    before = np.cumsum(lengths) - lengths
    found: Ints = np.arange(lengths.sum()) + np.repeat(first - before, lengths)
    return found
