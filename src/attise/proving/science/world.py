"""A world of impressions whose rates are known, and richer than any model here can say.

Viewers have tastes in sixteen dimensions, partly told by age, gender and country, partly their own, drifting from day
to day; what they declare as interests is a noisy sight of them. Posts have a place in the same space near their
category's, a quality for each kind of event, and a life in the organic feed before any ad shows them. What comes of an
impression depends on both through a bounded match, on the hour, on how often the ad was seen, on following. The models
see declared facts and outcomes, never tastes, qualities or rates.

Effects are of ordinary size and tuned to no model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from attise.kernel.limits import DAY_MS
from attise.records.lookups import interests
from attise.serving.prediction.heads import CLICK, COMPLETE, CONVERT, COUNT, ENGAGE, HEADS, NEGATIVE, VIEW_6S
from attise.serving.prediction.priors import ORGANIC_HEADS

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
TASTES: Final = 16
START_MS: Final = 1_790_000_000_000 // DAY_MS * DAY_MS
DRIFT: Final = 0.06
"""Of a day: how much of a taste is new."""
LEVELS: Final = np.array([-4.0, -0.4, -1.3, -3.3, -2.6, -5.6])
"""Log-odds of each head for a middling viewer, post and moment."""
QUALITY: Final = np.array([0.5, 0.5, 0.6, 0.6, 0.5, 0.4])
"""Standard deviation of a post's or an ad's own quality, by head, in logits."""
MATCH: Final = np.array([0.9, 0.7, 0.7, 0.9, 0.5, -0.8])
FATIGUE: Final = np.array([-0.30, -0.20, -0.25, -0.20, -0.10, 0.40])
FOLLOWING: Final = np.array([0.4, 0.5, 0.5, 0.9, 0.3, -0.8])
ORGANIC_SHIFT: Final = 0.25
"""What is seen in the feed is met more kindly than in an ad."""
COUNTRIES: Final = np.array(["FR", "BE", "CH", "CA"])
LANGUAGES: Final = np.array(["fr", "nl", "de", "en"])
OBJECTIVES: Final = np.array(["TRAFFIC", "WEB_CONVERSIONS", "VIDEO_VIEWS", "REACH"])
GOALS: Final = np.array(["CLICK", "CONVERT", "VIDEO_VIEW", "REACH"])


@dataclass(frozen=True)
class Size:
    """How large a world is."""

    rows: int = 300_000
    days: int = 10
    viewers: int = 20_000
    ads: int = 400
    spark_share: float = 0.7
    """Of ads: those that show a post that the feed knows; the others have a video of their own."""
    new_share: float = 0.5
    """Of ads: those that begin on a later day than the first."""
    tastes: float = 1.0
    """How much tastes matter: at 0 viewers are alike, but for what they speak and carry."""


class World:
    """Viewers and ads, and the truth about them; the same for the same seed."""

    def __init__(self, size: Size, seed: int) -> None:
        """Draw a world."""
        self.size = size
        self._chance = np.random.default_rng([seed, 1])
        self._draw_categories()
        self._draw_viewers()
        self._draw_ads()

    def _draw_categories(self) -> None:
        parents = [row for row in interests.all() if row.level == 1]
        self.slugs = np.array([row.slug for row in parents])
        self.interest_ids = np.array([row.wire_id for row in parents])
        self._centres = _unit(self._chance.normal(0, 1, (len(parents), TASTES)))

    def _draw_viewers(self) -> None:
        draw, many = self._chance, self.size.viewers
        self.age = draw.integers(13, 70, many)
        self.gender = draw.integers(0, 2, many)
        self.country = draw.choice(len(COUNTRIES), many, p=[0.7, 0.12, 0.1, 0.08])
        self.language = np.where(draw.random(many) < 0.9, 0, draw.integers(0, len(LANGUAGES), many))
        self.os = draw.integers(0, 2, many)
        self.price = (draw.lognormal(6, 0.5, many)).astype(np.int64)
        band = np.searchsorted([18, 25, 35, 45, 55], self.age)
        told = draw.normal(0, 1, (6, TASTES))[band] + draw.normal(0, 0.8, (2, TASTES))[self.gender]
        told += draw.normal(0, 0.4, (len(COUNTRIES), TASTES))[self.country]
        self.taste = _unit(0.6 * told + 1.2 * draw.normal(0, 1, (many, TASTES)))
        near = self.taste @ self._centres.T + draw.normal(0, 0.2, (many, len(self.slugs)))
        self._liked = np.argsort(-near, axis=1)[:, :4]
        self._likes = np.where(draw.random(many) < 0.2, 0, draw.integers(1, 5, many))
        """How many interests each declares; a fifth declare none, or gave no consent."""
        self.age_told = draw.random(many) < 0.9
        self._active = draw.pareto(1.5, many) + 0.2

    def _draw_ads(self) -> None:
        draw, many = self._chance, self.size.ads
        advertisers = max(many // 8, 2)
        self.advertiser = draw.integers(0, advertisers, many)
        self.campaign = self.advertiser * 4 + draw.integers(0, 3, many)
        self.category = draw.integers(0, len(self.slugs), advertisers)[self.advertiser]
        self.objective = draw.integers(0, len(OBJECTIVES), many)
        self.is_spark = draw.random(many) < self.size.spark_share
        self.creator = draw.integers(0, max(many // 3, 2), many)
        self.duration_ms = np.clip(draw.lognormal(9.7, 0.5, many), 4_000, 90_000).astype(np.int64)
        self.vector = _unit(self._centres[self.category] + 0.8 * _unit(draw.normal(0, 1, (many, TASTES))))
        common = draw.normal(0, 1, (many, 1))
        own = draw.normal(0, 1, (many, COUNT))
        self.quality = QUALITY * (0.7 * common * np.array([1, 1, 1, 1, 0.3, -1]) + 0.7 * own)
        self.quality += draw.normal(0, 0.25, (advertisers, COUNT))[self.advertiser]
        long = np.log(self.duration_ms / 15_000)
        self.quality[:, COMPLETE] -= 0.7 * long
        self.quality[:, VIEW_6S] -= 0.1 * long
        self.liking = draw.lognormal(0, 0.8, many)
        """How often an ad is shown, relatively: budgets differ."""
        first = draw.integers(0, self.size.days, many) * DAY_MS + draw.integers(0, DAY_MS, many)
        self.begins_ms = START_MS + np.where(draw.random(many) < self.size.new_share, first, 0)
        self._draw_records()

    def _draw_records(self) -> None:
        """Let each Spark ad's post live in the feed before the ad: a heavy-tailed number of impressions, and events."""
        draw, many = self._chance, self.size.ads
        shown = np.where(self.is_spark, draw.pareto(1.1, many) * 400 + 30, 0).astype(np.int64)
        self.record = np.zeros((many, COUNT + 1), dtype=np.int64)
        self.record[:, COUNT] = np.minimum(shown, 200_000)
        for head in ORGANIC_HEADS:
            crowd = draw.normal(0, 0.15, many)
            rate = _rate(LEVELS[head] + ORGANIC_SHIFT + self.quality[:, head] + crowd)
            self.record[:, head] = draw.binomial(self.record[:, COUNT], rate)

    def moments(self, rows: int, seed: int) -> tuple[Whole, Whole]:
        """Return when and to whom impressions come: times in epoch milliseconds, rising, and viewers."""
        draw = np.random.default_rng([seed, 2])
        hours = np.arange(24 * self.size.days)
        curve = 1.0 + 0.8 * np.sin((hours % 24 - 14) / 24 * 2 * np.pi)
        hour = draw.choice(hours, rows, p=curve / curve.sum())
        at = np.sort(START_MS + hour * 3_600_000 + draw.integers(0, 3_600_000, rows))
        return at, draw.choice(self.size.viewers, rows, p=self._active / self._active.sum())

    def tastes(self, day: int) -> Floats:
        """Return the viewers' tastes on a day: they drift, a little each day."""
        found = self.taste
        for past in range(day):
            fresh = np.random.default_rng([past, 3, self.size.viewers]).normal(0, 1, found.shape)
            found = _unit(found + DRIFT * fresh)
        return found

    def rates(self, at_ms: Whole, viewers: Whole, ads: Whole, exposures: Whole, follows: NDArray[np.bool_]) -> Floats:
        """Return the true rate of every head for impressions, float64[n, 6]; rows in the order of time."""
        match = np.empty(len(at_ms))
        days = (at_ms - START_MS) // DAY_MS
        for day in np.unique(days):
            rows = days == day
            match[rows] = (self.tastes(int(day))[viewers[rows]] * self.vector[ads[rows]]).sum(axis=1)
        match *= self.size.tastes
        hour = at_ms // 3_600_000 % 24
        evening = np.sin((hour - 15) / 24 * 2 * np.pi)
        score = LEVELS + self.quality[ads]
        score = score + MATCH * (1.6 * np.tanh(2.2 * match))[:, None] + FATIGUE * np.log2(1 + exposures)[:, None]
        score += FOLLOWING * follows[:, None]
        score += np.array([0.15, 0.1, 0.15, 0.1, 0.1, -0.1]) * evening[:, None] * (1 + match)[:, None]
        foreign = self.language[viewers] != 0
        score -= np.array([0.3, 0.4, 0.5, 0.4, 0.2, -0.3]) * foreign[:, None]
        cheap = (self.price[viewers] < 300) & (self.objective[ads] == 1)
        score[:, CONVERT] -= 0.6 * cheap
        score[:, CLICK] += 0.2 * (self.os[viewers] == 0) * (self.objective[ads] == 0)
        return _rate(score)

    def follows(self, viewers: Whole, ads: Whole) -> NDArray[np.bool_]:
        """Tell whether viewers follow the ads' creators: a fixed, thin web, denser where tastes meet."""
        near = (self.taste[viewers] * self.vector[ads]).sum(axis=1)
        mixed = (viewers * 7919 + self.creator[ads] * 104_729) % 1_000
        found: NDArray[np.bool_] = mixed < 8 + 40 * np.maximum(near, 0)
        return found & self.is_spark[ads]

    def log(self, seed: int) -> tuple[dict[str, Any], Floats]:
        """Return a log of impressions as columns of ``training.facts``, and their true rates float64[n, 6].

        Which ad is shown does not depend on any model: by budget, and three times as often where the category is one
        that the viewer declared, as targeting would have it.
        """
        draw = np.random.default_rng([seed, 4])
        at, viewers = self.moments(self.size.rows, seed)
        ads = np.empty(len(at), dtype=np.int64)
        for rows in np.array_split(np.arange(len(at)), max(len(at) // 4_000, 1)):
            weight = np.where(self.begins_ms <= at[rows[0]], self.liking, 0.0)
            likes = (self._liked[viewers[rows]][:, :, None] == self.category).any(axis=1)
            heavy = np.cumsum(weight * np.where(likes, 3.0, 1.0), axis=1)
            ads[rows] = (heavy < draw.random((len(rows), 1)) * heavy[:, -1:]).sum(axis=1)
        exposures, since = seen_before(viewers, ads, at)
        follows = self.follows(viewers, ads)
        truth = self.rates(at, viewers, ads, exposures, follows)
        labels = (draw.random(truth.shape) < truth).astype(np.int8)
        columns = self.columns(at, viewers, ads)
        columns |= {"exposures": exposures, "since_ms": since, "follows": follows}
        columns |= {name: labels[:, head] for head, name in enumerate(HEADS)}
        return columns, truth

    def columns(self, at: Whole, viewers: Whole, ads: Whole) -> dict[str, Any]:
        """Return what a house knows of impressions before anything came of them, as columns of ``training.facts``."""
        many = np.where(self.age_told[viewers], self._likes[viewers], 0)
        rank = np.arange(4)
        chosen = rank < many[:, None]
        return {
            **self.ad_columns(ads),
            "decided_at_ms": at,
            "viewer_age": np.where(self.age_told[viewers], self.age[viewers], -1),
            "viewer_gender": np.array(["FEMALE", "MALE"])[self.gender[viewers]],
            "viewer_country": COUNTRIES[self.country[viewers]],
            "viewer_language": LANGUAGES[self.language[viewers]],
            "viewer_os": np.array(["ANDROID", "IOS"])[self.os[viewers]],
            "viewer_device_price": self.price[viewers],
            "viewer_interests": self.interest_ids[self._liked[viewers]][chosen],
            "viewer_interests.starts": np.concatenate([[0], np.cumsum(many)]),
        }

    def ad_columns(self, ads: Whole) -> dict[str, Any]:
        """Return what a house knows of ads, as columns of ``training.facts``."""
        return {
            "ad_id": ads + 1,
            "campaign_id": self.campaign[ads] + 1,
            "advertiser_id": self.advertiser[ads] + 1,
            "post_id": np.where(self.is_spark[ads], ads + 100_001, 0),
            "creator_id": np.where(self.is_spark[ads], self.creator[ads] + 1, 0),
            "category": self.slugs[self.category[ads]],
            "objective": OBJECTIVES[self.objective[ads]],
            "kind": np.where(self.is_spark[ads], "spark", "standard"),
            "goal": GOALS[self.objective[ads]],
            "duration_ms": self.duration_ms[ads],
            "organic_impressions": self.record[ads, COUNT],
            **{f"organic_{HEADS[head]}": self.record[ads, head] for head in ORGANIC_HEADS},
        }


def seen_before(viewers: Whole, ads: Whole, at: Whole) -> tuple[Whole, Whole]:
    """Return how often each row's viewer had seen its ad before, and how long ago last (-1: never); rows by time."""
    key = viewers * (int(ads.max()) + 1) + ads
    order = np.argsort(key, kind="stable")
    ranked = key[order]
    first = np.searchsorted(ranked, ranked, side="left")
    count = np.arange(len(key)) - first
    exposures, since = np.empty(len(key), dtype=np.int64), np.full(len(key), -1, dtype=np.int64)
    exposures[order] = count
    again = np.flatnonzero(count > 0)
    since[order[again]] = at[order[again]] - at[order[again - 1]]
    return exposures, since


def rows_of(columns: dict[str, Any], places: Any) -> dict[str, Any]:
    """Return some rows of columns, by a slice of places."""
    found = {name: values[places] for name, values in columns.items() if not name.startswith("viewer_interests")}
    starts = columns["viewer_interests.starts"]
    begin, end, _ = places.indices(len(starts) - 1)
    found["viewer_interests"] = columns["viewer_interests"][starts[begin] : starts[end]]
    found["viewer_interests.starts"] = starts[begin : end + 1] - starts[begin]
    return found


def _unit(vectors: Floats) -> Floats:
    found: Floats = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return found


def _rate(score: Floats) -> Floats:
    found: Floats = 1 / (1 + np.exp(-score))
    return found


__all__ = ["CLICK", "CONVERT", "ENGAGE", "NEGATIVE", "Size", "World", "rows_of", "seen_before"]
