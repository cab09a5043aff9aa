"""From a request and an ad to features: which there are, and how each becomes a slot and a value.

Three parts, so that a decision does only what it must:

- **viewer part**, once for a request: bias; age band, gender, country, region, language, operating system, device
  price band, hour and weekday (UTC); the item's index in the answer and the items since the last ad, in steps of two;
  age with gender, country with hour; each interest.
- **ad part**, once for an ad and version of the model (``table``): ad, campaign, advertiser, post, creator, category,
  objective, kind, duration band, language, kind with category; how often the ad was shown, in steps of two; and as
  numbers what the post's organic record says of 6-second views, completions, engagements and negatives.
- **crosses**, for each candidate: impressions of the ad so far to this viewer, in steps of two, and time since the
  last; whether the viewer follows the creator, alone and with the advertiser; age, gender and hour with category,
  country with advertiser, language with language, operating system with objective; age and gender together with
  category and with post; each interest with category, and with post.

An id that the model has not met becomes its level's explicit *cold* token, so that what is generally true of newcomers
is learned and used. No feature names a person: the pseudonym is not hashed, and interests are there with consent only
(``records.feed.context_of`` leaves them out otherwise).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from attise.kernel.kept import Kept
from attise.records.durations import duration_group
from attise.records.feed import ADULT_AGE, ViewerContext
from attise.serving.prediction.hashing import R63, as_key, code_of, mix

Keys = NDArray[np.uint64]
Words = NDArray[np.uint32]

AGE, GENDER, COUNTRY, REGION, LANGUAGE, OS, DEVICE, HOUR, WEEKDAY, SLOT, GAP, INTERESTS = range(12)
"""Columns of a viewer's keys; from ``INTERESTS`` on, one for each interest, 0 for none."""
MOST_INTERESTS: Final = 6
PARENT_DIGITS: Final = 4
VIEWER_WIDTH: Final = INTERESTS + MOST_INTERESTS
VIEWER_FEATURES: Final = 14 + MOST_INTERESTS

CATEGORY, OBJECTIVE, AD_LANGUAGE, POST, ADVERTISER, CREATOR, GOAL, EXPLORES = range(8)
"""Columns of an ad's keys, uint32: codes of words, folded ids, the head of its goal, whether it is still tried."""
AD_FEATURES: Final = 17
CROSS_FEATURES: Final = 12 + 2 * MOST_INTERESTS
FEATURES: Final = VIEWER_FEATURES + AD_FEATURES + CROSS_FEATURES

SPREAD, MOST = 0x165667B19E3779F9, (1 << 64) - 1
SPACES: Final = {
    name: np.uint64(number * SPREAD & MOST)
    for number, name in enumerate(
        (
            *("bias", "age", "gender", "country", "region", "language", "os", "device", "hour", "weekday", "slot"),
            *("gap", "age_gender", "country_hour", "interest", "ad", "campaign", "advertiser", "post", "creator"),
            *("category", "objective", "kind", "duration", "ad_language", "kind_category", "seen"),
            *("organic_view_6s", "organic_complete", "organic_engage", "organic_negative", "organic_seen"),
            *("exposures", "since", "follows", "follows_advertiser", "age_category", "gender_category"),
            *("hour_category", "country_advertiser", "language_language", "os_objective", "person_post"),
            *("person_category", "interest_category", "interest_post", "fold", "cold"),
        ),
        start=1,
    )
}
"""Every kind of feature by name, as what it adds to the hash; a new one is added at the end."""
VIEWER_ALONE: Final = (
    "age",
    "gender",
    "country",
    "region",
    "language",
    "os",
    "device",
    "hour",
    "weekday",
    "slot",
    "gap",
)
"""What a viewer's keys say by themselves, in the order of their columns."""
COLD: Final = np.uint64(0xC01D)
PERSON: Final = np.uint64(16)
"""Age band and gender as one key: ``age * PERSON + gender``."""
MOST_VIEWERS: Final = 8_192
"""Whose keys are kept."""
_OWN: Final[Kept[ViewerContext, Keys]] = Kept(MOST_VIEWERS)
FAR_MS: Final = 1 << 62
LOWEST, HIGHEST = -4.0, 4.0
"""Bounds of a feature that is a number."""

AGE_BANDS: Final = (ADULT_AGE, 25, 35, 45, 55)
DEVICE_BANDS: Final = (150, 300, 500, 800, 1200)
SINCE_BANDS_MS: Final = np.array([1, 10, 60, 6 * 60, 24 * 60, 7 * 24 * 60]) * 60_000


@dataclass(frozen=True)
class AdFacts:
    """What is known of ads, by column; all arrays have one entry for each of n ads."""

    ad_id: NDArray[np.int64]
    campaign_id: NDArray[np.int64]
    advertiser_id: NDArray[np.int64]
    post_id: NDArray[np.int64]
    """0 for an ad without a post: its own video is then its post."""
    creator_id: NDArray[np.int64]
    """0 where there is none."""
    category: Keys
    """Codes (``hashing.code_of``) of the advertiser's category, and so on for words."""
    objective: Keys
    kind: Keys
    language: Keys
    duration_ms: NDArray[np.int64]
    goal: NDArray[np.uint8]
    """The head that the advertiser pays for: ``heads``."""

    def __len__(self) -> int:
        """Return n."""
        return len(self.ad_id)

    def take(self, places: Any) -> AdFacts:
        """Return the facts of some of the ads, by places, mask or slice."""
        return AdFacts(**{name: values[places] for name, values in vars(self).items()})


@dataclass(frozen=True)
class Encoded:
    """Features of n rows, padded: ``slots`` int32[n, F], -1 where a feature is absent, ``values`` float32[n, F]."""

    slots: NDArray[np.int32]
    values: NDArray[np.float32]

    def beside(self, *others: Encoded) -> Encoded:
        """Return the features of the same rows side by side."""
        parts = (self, *others)
        return Encoded(
            np.concatenate([part.slots for part in parts], axis=1),
            np.concatenate([part.values for part in parts], axis=1),
        )


def viewer_keys(viewer: ViewerContext, *, now_ms: int, index: int, gap: int) -> Keys:
    """Return the keys of one request, uint64[VIEWER_WIDTH].

    Args: now_ms: world time; index: place in the answer of the item that is decided; gap: items since the last ad, -1
    when none was seen. Cost: 1 µs where the same viewer was asked for a moment ago, else some 10 µs.
    """
    found = own_keys(viewer).copy()
    minutes = now_ms // 60_000
    found[HOUR] = minutes // 60 % 24
    found[WEEKDAY] = (minutes // 1440 + 3) % 7
    found[SLOT] = index.bit_length()
    found[GAP] = (gap + 1).bit_length()
    return found


def own_keys(viewer: ViewerContext) -> Keys:
    """Return the keys of a viewer at any moment: those of time and place in an answer are 0; kept, to be read."""
    own = _OWN.find(viewer)
    return _OWN.keep(viewer, _own_keys(viewer)) if own is None else own


def _own_keys(viewer: ViewerContext) -> Keys:
    found = np.zeros(VIEWER_WIDTH, dtype=np.uint64)
    found[:HOUR] = (
        0 if viewer.age is None else 1 + bisect_right(AGE_BANDS, viewer.age),
        code_of(viewer.gender) & 15,
        code_of(viewer.country),
        code_of(viewer.region),
        code_of(viewer.language),
        code_of(viewer.os),
        0 if viewer.device_price is None else 1 + bisect_right(DEVICE_BANDS, viewer.device_price),
    )
    for place, interest in enumerate(known_interests(viewer.interests)):
        found[INTERESTS + place] = code_of(interest)
    return found


def known_interests(ids: Iterable[str]) -> tuple[str, ...]:
    """Return the interests that features are made of: those of level 1 and the parents of the others first.

    Ids are ``records.lookups.interests``'s: four digits, and two more for level 2.
    """
    chosen = set(ids)
    parents = {interest[:PARENT_DIGITS] for interest in chosen}
    return tuple([*sorted(parents), *sorted(chosen - parents)][:MOST_INTERESTS])


def many_viewer_keys(
    *,
    age: NDArray[np.integer],
    gender: Keys,
    country: Keys,
    region: Keys,
    language: Keys,
    os: Keys,
    device_price: NDArray[np.integer],
    now_ms: NDArray[np.int64],
    index: NDArray[np.integer],
    gap: NDArray[np.integer],
    interests: Keys,
) -> Keys:
    """Return the keys of n requests, uint64[n, VIEWER_WIDTH]: ``viewer_keys`` by column, for learning.

    Args: -1 is an unknown age, price or gap; words are codes; interests: uint64[n, up to MOST_INTERESTS], 0 for none.
    """
    found = np.zeros((len(age), VIEWER_WIDTH), dtype=np.uint64)
    found[:, AGE] = np.where(age < 0, 0, 1 + np.searchsorted(AGE_BANDS, age, side="right"))
    found[:, GENDER] = gender & np.uint64(15)
    for place, values in ((COUNTRY, country), (REGION, region), (LANGUAGE, language), (OS, os)):
        found[:, place] = values
    found[:, DEVICE] = np.where(device_price < 0, 0, 1 + np.searchsorted(DEVICE_BANDS, device_price, side="right"))
    found[:, HOUR] = now_ms // 3_600_000 % 24
    found[:, WEEKDAY] = (now_ms // 86_400_000 + 3) % 7
    found[:, SLOT] = bit_lengths(index)
    found[:, GAP] = bit_lengths(gap + 1)
    found[:, INTERESTS : INTERESTS + interests.shape[1]] = interests
    return found


def bit_lengths(values: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return the number of binary digits of whole numbers, 0 for 0 and below: steps of two."""
    found: NDArray[np.int64] = np.frexp(np.maximum(values, 0).astype(np.float64))[1].astype(np.int64)
    return found


def fold(ids: NDArray[np.integer]) -> Words:
    """Return 32 bits for each id, never 0: what a cross or a comparison with follows needs of it."""
    mixed = mix(SPACES["fold"], as_key(ids), np.zeros(1, dtype=np.uint64))
    found: Words = np.maximum(mixed >> np.uint64(32), np.uint64(1)).astype(np.uint32)
    return found


def ad_keys(ads: AdFacts) -> Words:
    """Return what crosses need of ads, uint32[n, 8]; whether an ad is still tried is filled in by ``table``."""
    found = np.zeros((len(ads), 8), dtype=np.uint32)
    found[:, CATEGORY] = ads.category
    found[:, OBJECTIVE] = ads.objective
    found[:, AD_LANGUAGE] = ads.language
    found[:, POST] = fold(video_of(ads))
    found[:, ADVERTISER] = fold(ads.advertiser_id)
    found[:, CREATOR] = np.where(ads.creator_id > 0, fold(ads.creator_id), 0)
    found[:, GOAL] = ads.goal
    return found


def video_of(ads: AdFacts) -> NDArray[np.int64]:
    """Return the id of what is shown: the post's, or of an ad without one its own, made negative."""
    return np.where(ads.post_id > 0, ads.post_id, -ads.ad_id)


def viewer_part(keys: Keys, slots_log2: int) -> Encoded:
    """Return the viewer part of rows of keys uint64[n, VIEWER_WIDTH]."""
    made = _Maker(len(keys), VIEWER_FEATURES, slots_log2)
    made.add("bias", made.zeros)
    for place, name in enumerate(VIEWER_ALONE):
        made.add(name, keys[:, place])
    made.add("age_gender", keys[:, AGE], keys[:, GENDER])
    made.add("country_hour", keys[:, COUNTRY], keys[:, HOUR])
    for place in range(MOST_INTERESTS):
        interest = keys[:, INTERESTS + place]
        made.add("interest", interest, present=interest != 0)
    return made.done()


def ad_part(
    ads: AdFacts,
    slots_log2: int,
    *,
    seen: NDArray[np.float32],
    organic: NDArray[np.float32],
    organic_seen: NDArray[np.float32],
) -> Encoded:
    """Return the ad part.

    Args: seen: float32[n, 5], impressions that the model has learned from, of the ad, its campaign, advertiser, post
    and creator: where there are none, the id is cold; organic: float32[n, 4], by how many logits the post's organic
    record lies above what videos as long do (``priors.organic_lifts``); organic_seen: float32[n], its impressions.
    """
    made = _Maker(len(ads), AD_FEATURES, slots_log2)
    ids = (ads.ad_id, ads.campaign_id, ads.advertiser_id, video_of(ads), ads.creator_id)
    for place, (name, values) in enumerate(zip(("ad", "campaign", "advertiser", "post", "creator"), ids, strict=True)):
        is_known = seen[:, place] > 0
        made.add(name, np.where(is_known, as_key(values), COLD), is_known.astype(np.uint64))
    made.add("category", ads.category)
    made.add("objective", ads.objective)
    made.add("kind", ads.kind)
    made.add("duration", duration_group(ads.duration_ms).astype(np.uint64))
    made.add("ad_language", ads.language)
    made.add("kind_category", ads.kind, ads.category)
    made.add("seen", bit_lengths(seen[:, 0].astype(np.int64)).astype(np.uint64))
    made.add("organic_seen", bit_lengths(organic_seen.astype(np.int64)).astype(np.uint64) >> np.uint64(1))
    for place, name in enumerate(("organic_view_6s", "organic_complete", "organic_engage", "organic_negative")):
        made.add(name, made.zeros, values=np.clip(organic[:, place], LOWEST, HIGHEST))
    return made.done()


def crosses(
    keys: Keys,
    words: Words,
    slots_log2: int,
    *,
    follows: NDArray[np.bool_],
    exposures: NDArray[np.integer],
    since_ms: NDArray[np.integer],
) -> Encoded:
    """Return the crosses: the plain form of what ``predictor``'s kernel computes.

    Args: keys: uint64[n or 1, VIEWER_WIDTH]; words: uint32[n, 8]; follows: whether the viewer follows the creator;
    exposures: impressions of the ad so far; since_ms: time since the last one, -1 when there was none.
    """
    made = _Maker(len(words), CROSS_FEATURES, slots_log2)
    wide = words.astype(np.uint64)
    keys = np.broadcast_to(keys, (len(words), VIEWER_WIDTH))
    does = follows.astype(np.uint64)
    person = keys[:, AGE] * PERSON + keys[:, GENDER]
    since = np.where(since_ms < 0, 0, 1 + np.searchsorted(SINCE_BANDS_MS, since_ms, side="left")).astype(np.uint64)
    made.add("exposures", bit_lengths(exposures).astype(np.uint64))
    made.add("since", since)
    made.add("age_category", keys[:, AGE], wide[:, CATEGORY])
    made.add("gender_category", keys[:, GENDER], wide[:, CATEGORY])
    made.add("hour_category", keys[:, HOUR], wide[:, CATEGORY])
    made.add("country_advertiser", keys[:, COUNTRY], wide[:, ADVERTISER])
    made.add("language_language", keys[:, LANGUAGE], wide[:, AD_LANGUAGE])
    made.add("os_objective", keys[:, OS], wide[:, OBJECTIVE])
    made.add("person_post", person, wide[:, POST])
    made.add("person_category", person, wide[:, CATEGORY])
    for place in range(MOST_INTERESTS):
        interest = keys[:, INTERESTS + place]
        made.add("interest_category", interest, wide[:, CATEGORY], present=interest != 0)
        made.add("interest_post", interest, wide[:, POST], present=interest != 0)
    # Only where it is so: logs that do not keep whom somebody follows then teach nothing false.
    made.add("follows", does, present=follows)
    made.add("follows_advertiser", does, wide[:, ADVERTISER], present=follows)
    return made.done()


class _Maker:
    """Fills the padded columns of one part, in order."""

    def __init__(self, rows: int, width: int, slots_log2: int) -> None:
        self.zeros = np.zeros(rows, dtype=np.uint64)
        self._mask = np.uint64((1 << slots_log2) - 1)
        self._slots = np.full((rows, width), -1, dtype=np.int32)
        self._values = np.zeros((rows, width), dtype=np.float32)
        self._at = 0

    def add(
        self,
        space: str,
        first: Keys,
        second: Keys | None = None,
        *,
        present: NDArray[np.bool_] | None = None,
        values: NDArray[Any] | None = None,
    ) -> None:
        mixed = mix(SPACES[space], first, self.zeros if second is None else second)
        slots = (mixed & self._mask).astype(np.int32)
        signs = np.where(mixed >> R63, np.float32(-1), np.float32(1))
        held = signs if values is None else (signs * values).astype(np.float32)
        self._slots[:, self._at] = slots if present is None else np.where(present, slots, -1)
        self._values[:, self._at] = held if present is None else np.where(present, held, np.float32(0))
        self._at += 1

    def done(self) -> Encoded:
        if self._at != self._slots.shape[1]:
            raise AssertionError(f"{self._at} features were made where {self._slots.shape[1]} are told")
        return Encoded(self._slots, self._values)
