"""What is learned from: plain columns, one row for each ad impression, in the order in which they were decided.

Every column but ``ad_id`` may be absent; what is absent is unknown. Texts are arrays of text, or of codes
(``hashing.code_of``) already.

====================== ======= =====================================================================================
column                 type    meaning
====================== ======= =====================================================================================
ad_id                  int64
campaign_id            int64   and ``advertiser_id``, ``post_id``, ``creator_id``: 0 where there is none
category               text    the advertiser's; ``objective``, ``kind`` (``spark``…), ``language`` (the post's) too
goal                   text    the ad group's optimization goal
duration_ms            int64
decided_at_ms          int64   world time
viewer_age             int     whole years, -1 unknown; ``viewer_device_price`` (US dollars) likewise
viewer_age_group       text    in place of years: the dialect's ``AGE_18_24``…, as decisions are logged; empty unknown
viewer_gender          text    and ``viewer_country``, ``viewer_region``, ``viewer_language``, ``viewer_os``
viewer_interests       text    of all rows, one after the other; ``viewer_interests.starts`` (n + 1): where rows begin
follows                bool    the viewer follows the creator
exposures              int     impressions of the ad to this viewer before; ``since_ms``: time since the last, -1 none
item_index             int     place in the answer; ``gap``: items since the last ad, -1 none
organic_impressions    int     the post's record in the feed when this was decided, without paid ones; with
                               ``organic_view_6s``, ``organic_complete``, ``organic_engage``, ``organic_negative``
watch_ms               int     how long the video was watched, -1 not told
click … negative       int8    a column for each of ``heads.HEADS``: 1, 0, or -1 where it is not told; ``convert`` is
                               told for clicks only, and in a row of its own when it came late
weight                 float   how many rows this one stands for (``sampling``)
is_late                bool    the row tells late of an earlier one, and is no impression of its own
model_version          int64   that decided it; 0: a house that had learned nothing
is_exploration         int     1: a draw won it and the mean would not have (``thompson``), 0: not so, -1: not told
====================== ======= =====================================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from attise.serving.prediction.features import (
    MOST_INTERESTS,
    AdFacts,
    Keys,
    known_interests,
    many_viewer_keys,
)
from attise.serving.prediction.hashing import codes_of
from attise.serving.prediction.heads import CLICK, CONVERT, COUNT, HEADS, IMPRESSIONS, NOT_TOLD, WIDTH
from attise.serving.prediction.priors import ORGANIC_HEADS
from attise.serving.prediction.table import GOALS

IDS: Final = ("ad_id", "campaign_id", "advertiser_id", "post_id", "creator_id")
WORDS: Final = ("category", "objective", "kind", "language")
VIEWER_WORDS: Final = ("viewer_gender", "viewer_country", "viewer_region", "viewer_language", "viewer_os")
NUMBERS: Final = {
    "duration_ms": 0,
    "decided_at_ms": 0,
    "viewer_age": -1,
    "viewer_device_price": -1,
    "exposures": 0,
    "since_ms": -1,
    "item_index": 0,
    "gap": -1,
    "watch_ms": -1,
    "model_version": 0,
    "is_exploration": NOT_TOLD,
    "organic_impressions": 0,
    **{f"organic_{HEADS[head]}": 0 for head in ORGANIC_HEADS},
}
"""Whole numbers, each with what it is when absent."""
OTHERS: Final = (
    "goal",
    "viewer_age_group",
    "viewer_interests",
    "viewer_interests.starts",
    "follows",
    "weight",
    "is_late",
)
COLUMNS: Final = frozenset((*IDS, *WORDS, *VIEWER_WORDS, *NUMBERS, *OTHERS, *HEADS))


@dataclass(frozen=True)
class Facts:
    """n rows, ready to be learned from."""

    ads: AdFacts
    viewers: Keys
    """uint64[n, VIEWER_WIDTH]: ``features.many_viewer_keys``."""
    follows: NDArray[np.bool_]
    exposures: NDArray[np.int64]
    since_ms: NDArray[np.int64]
    organic: NDArray[np.float32]
    """float32[n, 8]: the posts' organic records, as rows of counts."""
    labels: NDArray[np.int8]
    """int8[n, 6], -1 where not told."""
    weight: NDArray[np.float32]
    is_late: NDArray[np.bool_]
    decided_at_ms: NDArray[np.int64]
    watch_ms: NDArray[np.int64]
    """-1 where not told."""
    model_version: NDArray[np.int64]
    is_exploration: NDArray[np.int64]
    """1, 0, or -1 where it is not told."""

    def __len__(self) -> int:
        """Return n."""
        return len(self.weight)

    def take(self, places: Any) -> Facts:
        """Return some of the rows, by places, mask or slice."""
        taken = {name: values[places] for name, values in vars(self).items() if name != "ads"}
        return replace(self, ads=self.ads.take(places), **taken)


def facts_of(columns: Mapping[str, Any]) -> Facts:
    """Return facts from columns by name.

    Raises: ValueError naming the column, when one is not known or missing, has another length than ``ad_id``, or holds
    what it may not.
    Cost: some microseconds a row, most of it texts.
    """
    if unknown := set(columns) - COLUMNS:
        raise ValueError(f"{min(unknown)}: no such column. Known are {', '.join(sorted(COLUMNS))}")
    if "ad_id" not in columns:
        raise ValueError("ad_id: this column must be there; it says which ad each row is about")
    many = len(columns["ad_id"])
    for name, values in columns.items():
        wanted = {"viewer_interests": None, "viewer_interests.starts": many + 1}.get(name, many)
        if wanted is not None and len(values) != wanted:
            raise ValueError(f"{name}: it has {len(values)} rows where ad_id has {many}. Give one for each row")

    def number(name: str, otherwise: int) -> NDArray[np.int64]:
        return _whole(name, columns[name]) if name in columns else np.full(many, otherwise, np.int64)

    def word(name: str) -> Keys:
        return codes_of(np.asarray(columns[name])) if name in columns else np.zeros(many, dtype=np.uint64)

    numbers = {name: number(name, otherwise) for name, otherwise in NUMBERS.items()}
    organic = np.zeros((many, WIDTH), dtype=np.float32)
    for head in ORGANIC_HEADS:
        organic[:, head] = numbers[f"organic_{HEADS[head]}"]
    organic[:, IMPRESSIONS] = numbers["organic_impressions"]
    return Facts(
        ads=AdFacts(
            ad_id=number("ad_id", 0),
            campaign_id=number("campaign_id", 0),
            advertiser_id=number("advertiser_id", 0),
            post_id=number("post_id", 0),
            creator_id=number("creator_id", 0),
            category=word("category"),
            objective=word("objective"),
            kind=word("kind"),
            language=word("language"),
            duration_ms=numbers["duration_ms"],
            goal=_goals(columns.get("goal"), many),
        ),
        viewers=many_viewer_keys(
            age=_ages(columns["viewer_age_group"]) if "viewer_age_group" in columns else numbers["viewer_age"],
            device_price=numbers["viewer_device_price"],
            gender=word("viewer_gender"),
            country=word("viewer_country"),
            region=word("viewer_region"),
            language=word("viewer_language"),
            os=word("viewer_os"),
            now_ms=numbers["decided_at_ms"],
            index=numbers["item_index"],
            gap=numbers["gap"],
            interests=_interests(columns, many),
        ),
        follows=np.asarray(columns["follows"], dtype=bool) if "follows" in columns else np.zeros(many, dtype=bool),
        exposures=numbers["exposures"],
        since_ms=numbers["since_ms"],
        organic=organic,
        labels=_labels(columns, many),
        weight=np.asarray(columns.get("weight", np.ones(many)), dtype=np.float32),
        is_late=np.asarray(columns["is_late"], dtype=bool) if "is_late" in columns else np.zeros(many, dtype=bool),
        decided_at_ms=numbers["decided_at_ms"],
        watch_ms=numbers["watch_ms"],
        model_version=numbers["model_version"],
        is_exploration=numbers["is_exploration"],
    )


def _whole(name: str, values: Any) -> NDArray[np.int64]:
    try:
        found = np.asarray(values)
        if found.dtype.kind == "f" and not np.isfinite(found).all():
            raise ValueError("not a number")  # noqa: TRY301 - told as the others are
        return found.astype(np.int64)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{name}: whole numbers are wanted, -1 where they are unknown ({error})") from None


def _ages(groups: Any) -> NDArray[np.int64]:
    """Return an age of each group, -1 for an unknown one: its first number, as in ``AGE_18_24``."""
    known, place = np.unique(np.asarray(groups).astype(str), return_inverse=True)
    firsts = [int(word.split("_")[1]) if word.startswith("AGE_") else -1 for word in known.tolist()]
    return np.array(firsts, dtype=np.int64)[place]


def _goals(words: Any, many: int) -> NDArray[np.uint8]:
    if words is None:
        return np.zeros(many, dtype=np.uint8)
    known, place = np.unique(np.asarray(words).astype(str), return_inverse=True)
    return np.array([GOALS.get(str(word), CLICK) for word in known], dtype=np.uint8)[place]


def _interests(columns: Mapping[str, Any], many: int) -> Keys:
    """Return the codes of each row's interests, uint64[n, MOST_INTERESTS]; alike rows are looked at once."""
    found = np.zeros((many, MOST_INTERESTS), dtype=np.uint64)
    if "viewer_interests" not in columns:
        return found
    if "viewer_interests.starts" not in columns:
        raise ValueError("viewer_interests.starts: it must come with viewer_interests, to say where each row begins")
    values = np.asarray(columns["viewer_interests"]).astype(str)
    starts = np.asarray(columns["viewer_interests.starts"], dtype=np.int64)
    chosen: dict[tuple[str, ...], tuple[str, ...]] = {}
    rows: list[tuple[str, ...]] = []
    for begin, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        told = tuple(values[begin:end].tolist())
        if told not in chosen:
            chosen[told] = known_interests(told)
        rows.append(chosen[told])
    padded = np.array([(*row, *[""] * (MOST_INTERESTS - len(row))) for row in rows]).reshape(many, MOST_INTERESTS)
    return codes_of(padded)


def _labels(columns: Mapping[str, Any], many: int) -> NDArray[np.int8]:
    """Return the labels; a conversion is told for clicks only, and late rows tell of conversions alone."""
    found = np.full((many, COUNT), NOT_TOLD, dtype=np.int8)
    for head, name in enumerate(HEADS):
        if name in columns:
            told = _whole(name, columns[name])
            if ((told < NOT_TOLD) | (told > 1)).any():
                raise ValueError(f"{name}: it is 1 where it happened, 0 where it did not, -1 where that is not told")
            found[:, head] = told
    late = np.asarray(columns.get("is_late", np.zeros(many)), dtype=bool)
    found[(found[:, CLICK] != 1) & ~late, CONVERT] = NOT_TOLD
    for head in range(COUNT):
        if head != CONVERT:
            found[late, head] = NOT_TOLD
    return found
