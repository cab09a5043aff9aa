"""What was decided for one slot: serving → measurement, logged after the answer; never needed to charge.

Everything that ``explain`` and ``GET /v1/decisions/{id}`` show and that later training needs: who asked (coarsely, by
pseudonym), what was found and what left, what the winner and the next one were worth and why, the price, and which
state it was decided on. Grows at its end only. Amounts are micros of the currency beside them; times epoch
milliseconds.
"""

from __future__ import annotations

import enum
from typing import Final

import msgspec

from attise.records.drops import Drop, name_of
from attise.records.feed import FeedRequest, ViewerContext, WatchedBehaviour
from attise.records.token import AdClaims

HEADS: Final = ("click", "view_6s", "complete", "engage", "convert", "negative")
"""What is predicted of an impression, in the order of every array of predictions; ``convert`` is per click."""
FEED, ADS = "feed", "ads"
"""Surfaces: a feed of ours, a host's own."""
_AGE_GROUPS: Final = (
    (13, "AGE_13_17"),
    (18, "AGE_18_24"),
    (25, "AGE_25_34"),
    (35, "AGE_35_44"),
    (45, "AGE_45_54"),
    (55, "AGE_55_100"),
)


class NoAd(enum.StrEnum):
    """Why a slot stays without an ad."""

    NONE_ELIGIBLE = "none_eligible"
    """No ad that may run is for this viewer, place and moment."""
    ALL_DROPPED = "all_dropped"
    """Every ad that was found left the contest: see the counts."""
    BELOW_RESERVE = "below_reserve"
    """The best would have paid less than the reserve price."""
    BELOW_ATTENTION = "below_attention"
    """The best was worth less than the viewer's attention costs."""
    SEEN_ENOUGH = "seen_enough"
    """As many ads as are remembered of a viewer were shown to this one within a week."""
    AFTER_HIDE = "after_hide"
    """The viewer hid an ad a moment ago; for some videos there is none."""
    HOLDOUT = "holdout"
    """All that would have won are held out from this viewer."""


class CoarseViewer(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Who asked, as far as a log may keep it: bands in place of years, nothing of whom they follow."""

    pseudonym: str
    """Empty for somebody without memory."""
    age_group: str
    """Of the dialect; empty: unknown, or below the youngest."""
    gender: str
    country: str
    region: str
    language: str
    os: str
    device_price: int | None
    """Whole US dollars."""
    may_profile: bool
    interests: tuple[str, ...]
    """Empty without ``may_profile``, as are the next two."""
    behaviours: tuple[WatchedBehaviour, ...]
    audiences: tuple[int, ...]
    is_minor: bool
    owns: tuple[int, ...] = ()
    """Creators and advertisers that they act for."""
    hidden_ads: tuple[int, ...] = ()
    """What they had hidden for good; below, of whom."""
    hidden_advertisers: tuple[int, ...] = ()


class Moment(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Where in a viewer's session the slot lies."""

    place: int
    """Of the slot in its answer, from 0."""
    videos_since_ad: int
    """Seen since the last ad; -1: there was none, or nothing is remembered."""
    ms_since_ad: int
    """World time since the last ad; -1 as above."""
    slots: tuple[int, ...] = ()
    """Places of the answer that were contested together, rising: the contest is held for all of them at once."""
    beside: int = 0
    """How sensitive what surrounds them is: ``serving.delivery.gates``."""


class Contender(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An ad's standing in one auction."""

    ad_id: int
    adgroup_id: int
    campaign_id: int
    advertiser_id: int
    post_id: int
    creator_id: int
    currency: str
    billing_event: str
    optimization_goal: str
    bid_micros: int
    """What it offers for its event (impressions by the thousand); -1: maximum delivery."""
    predictions: tuple[float, ...]
    """Mean estimates by ``HEADS``: prices and pacing rest on these."""
    pace: float
    """λ: the share of its bid that pacing lets it offer, 0..1."""
    offer: float
    """λ · bid · estimate: what it would pay at most for 1,000 impressions, in micros of the common unit."""
    user_value: float
    """Of showing it to this viewer, signed, for 1,000 impressions, in micros of the common unit."""
    rank_value: float
    """What it was ranked by: offer (by a sampled estimate where it is explored) and user value together."""
    is_exploring: bool
    """Whether its estimates were drawn, not the means."""
    exposures: int
    """How often this viewer saw the ad within 7 days, as far as it is remembered."""
    ms_since_exposure: int
    """-1: never, or not remembered."""
    frequency_days: int = 0
    """Of its ad group's own cap; 0: it has none."""
    duration_ms: int = 0
    inventory: str = ""
    """What it may stand beside: ``brand_safety_type``."""
    event_rate: float = 0.0
    """How often what it bids for follows an impression, by the mean estimate; 1 where it bids for impressions."""
    objective: str = ""
    """Here and below: what its rate was predicted from, as the snapshot said it; empty in records of before."""
    category: str = ""
    """The advertiser's."""
    kind: str = ""
    """``spark``, ``push`` or ``standard``."""
    language: str = ""
    """The post's; empty for a standard ad."""
    holdout_ppm: int = 0
    """Share of viewers who are held out of its campaign; 0: of nobody, and in records of before it was told."""


class Ghost(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A win that was not shown: the viewer is in the campaign's holdout. What lift is measured against."""

    ad_id: int
    adgroup_id: int
    campaign_id: int
    advertiser_id: int
    rank_value: float
    post_id: int = 0
    """0: a standard ad, and in records of before it was told."""
    creator_id: int = 0
    holdout_ppm: int = 0
    """As of a contender."""


class Versions(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Of the state that was decided on: with the request it gives the same decision again."""

    snapshot: int = 0
    delta: int = 0
    """Number of the last delta applied."""
    stops: int = 0
    """Version of the last change read from the database."""
    model: int = 0
    totals: int = 0
    """Version of the spending known."""
    pace: int = 0
    """The turn of the controllers."""
    code: int = 4
    """Of the rules of deciding; raised with every change of them."""


class Decision(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The outcome of one slot: an ad with its price, or none with the reason."""

    decision_id: int
    feed_id: int
    surface: str
    """``feed`` or ``ads``."""
    session_id: str
    decided_at_ms: int
    """World time."""
    wire_ms: int
    seed: int
    viewer: CoarseViewer
    moment: Moment
    versions: Versions
    winner: Contender | None
    runner_up: Contender | None
    """The next in rank: what set the price, unless the reserve did."""
    no_ad: NoAd | None
    """Why there is no winner."""
    claims: AdClaims | None
    """What the winner's token says of the money."""
    price_ecpm: float
    """What 1,000 impressions are expected to bring at the price, in micros of the common unit."""
    reserve_ecpm: float
    attention_ecpm: float
    ghosts: tuple[Ghost, ...]
    """Wins held out, the best first."""
    is_exploration: bool
    """Whether a draw won, and the best mean estimate would not have."""
    propensity: float
    """How likely the winner was to have a slot of the answer, over the draws of a request that explores; 1 where
    nothing was drawn. Which requests explore is another draw, by the model's share."""
    live: int
    """Ads in the index, whoever asks: those dropped and the winner together."""
    visited: int
    """Ads whose targeting was looked at one by one."""
    scanned: int
    """Ads passed over by the scan, 64 at a time."""
    found: int
    """Ads that were brought to the contest."""
    dropped: tuple[tuple[int, int], ...]
    """Reason by number and how many ads it took out, in the order of the tests; none that took none."""
    splits: tuple[tuple[int, int], ...] = ()
    """Split tests that an ad was found of, and the side (0 or 1) of each that this viewer is shown."""

    @property
    def is_ad(self) -> bool:
        """Whether an ad was chosen."""
        return self.winner is not None

    @property
    def dropped_by_name(self) -> dict[str, int]:
        """How many ads each reason took out, by its name."""
        return {name_of(Drop(number)): count for number, count in self.dropped}


_encoder = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Decision)


def encode_decision(decision: Decision) -> bytes:
    """Return the bytes of a decision for the log. Cost: about 2 µs."""
    return _encoder.encode(decision)


def decode_decision(body: bytes) -> Decision:
    """Return the decision of some bytes, of this release or of any before. Raises: msgspec.MsgspecError."""
    return _DECODER.decode(body)


def age_group_of(age: int | None) -> str:
    """Return the dialect's group of an age in whole years; empty when it is unknown or below the youngest."""
    found = ""
    for least, name in _AGE_GROUPS:
        if age is not None and age >= least:
            found = name
    return found


def coarse(viewer: ViewerContext) -> CoarseViewer:
    """Return what a log may keep of a viewer."""
    return CoarseViewer(
        viewer.pseudonym,
        age_group_of(viewer.age),
        viewer.gender,
        viewer.country,
        viewer.region,
        viewer.language,
        viewer.os,
        viewer.device_price,
        viewer.may_profile,
        viewer.interests,
        viewer.behaviours,
        viewer.audiences,
        viewer.is_minor,
        viewer.owns,
        viewer.hidden_ads,
        viewer.hidden_advertisers,
    )


def viewer_again(viewer: CoarseViewer, *, follows: tuple[int, ...] = ()) -> ViewerContext:
    """Return a viewer that targeting treats as it did the one of a log; whom they follow is told by who knows.

    The age is the least of its group, which no ad's targeting tells from another of the same group.
    """
    ages = {name: least for least, name in _AGE_GROUPS}
    age = ages.get(viewer.age_group, 0 if viewer.is_minor else None)
    return ViewerContext(
        pseudonym=viewer.pseudonym,
        age=age,
        gender=viewer.gender,
        country=viewer.country,
        region=viewer.region,
        language=viewer.language,
        os=viewer.os,
        device_price=viewer.device_price,
        interests=viewer.interests,
        behaviours=viewer.behaviours,
        audiences=viewer.audiences,
        follows=follows,
        may_profile=viewer.may_profile,
        owns=viewer.owns,
        hidden_ads=viewer.hidden_ads,
        hidden_advertisers=viewer.hidden_advertisers,
    )


def request_again(decision: Decision, *, follows: tuple[int, ...] = ()) -> FeedRequest:
    """Return the request that a decision was taken for, as far as its slots go: the same state decides it again.

    Whom the viewer followed, and what was remembered of them, are not in a log: the former is told, the latter given to
    who decides.
    """
    place = decision.moment.place
    ids = [0] * (max((place, *decision.moment.slots)) + 1)
    ids[place] = decision.decision_id
    return FeedRequest(
        feed_id=decision.feed_id,
        viewer=viewer_again(decision.viewer, follows=follows),
        count=len(ids),
        now_ms=decision.decided_at_ms,
        wire_ms=decision.wire_ms,
        seed=decision.seed,
        ids=tuple(ids),
        session_id=decision.session_id,
        ads_only=decision.surface == ADS,
    )
