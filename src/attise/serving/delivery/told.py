"""What a decision tells of an ad whoever asks: read once from the rows and the record of an ad that stands high.

Few ads win most contests, and a dozen look-ups for each would take longer than the contest itself.
"""

from __future__ import annotations

from typing import Final

import msgspec

from attise.records.token import AdClaims
from attise.serving.delivery.candidates import AD_FIELD, GROUP_FIELD
from attise.serving.delivery.state import Part
from attise.serving.delivery.value import view_goal_ms
from attise.serving.targeting.codes import BILLING_EVENTS, BRAND_SAFETY, GOALS, currency_codes

MOST_TOLD: Final = 4_096
"""Ads of one segment of which it is kept: about a kilobyte each."""
_ENVELOPES: Final = (
    *("campaign_envelope_id", "campaign_week_envelope_id", "envelope_id", "week_envelope_id"),
    "balance_envelope_id",
)


class Told(msgspec.Struct, frozen=True, gc=False):
    """One ad's part of a ``Contender``, in the order of its fields, and what its token says of the money."""

    standing: tuple[int, int, int, int, int, int, str, str, str, int]
    """Of a contender, up to its bid."""
    cap_and_video: tuple[int, int, str]
    """Of a contender: days of its own cap, duration, inventory."""
    claims: AdClaims
    """At no price."""
    words: tuple[str, str, str, str]
    """Of a contender: what training learns from."""
    holdout_ppm: int
    """Of a contender: its last."""
    full_bid_micros: int
    """What it offers for its event at most, its own bid or the house's ceiling."""
    event: int
    """What it bids for: ``value``."""


def told_of(part: Part, place: int) -> Told:
    """Return what is told of the ad of a place. Cost: nothing where it was told of before, some 20 µs else."""
    found = part.told.get(place)
    if found is None:
        if len(part.told) >= MOST_TOLD:
            part.told.clear()
            part.told_places.clear()
        found = part.told[place] = _read(part, place)
        part.told_places[found.claims.ad_id] = place
    return found


def _read(part: Part, place: int) -> Told:
    segment = part.segment
    ad, number = segment.ads[place].item(), int(segment.ads["group"][place])
    group, offer = segment.groups[number].item(), part.offers.rows[number]
    record = part.record(ad[AD_FIELD["source"]])
    terms = record.group
    currency = currency_codes().name(group[GROUP_FIELD["currency"]])
    billing = BILLING_EVENTS.name(group[GROUP_FIELD["billing_event"]])
    goal = GOALS.name(group[GROUP_FIELD["optimization_goal"]])
    ids = (
        ad[AD_FIELD["ad_id"]],
        group[GROUP_FIELD["adgroup_id"]],
        group[GROUP_FIELD["campaign_id"]],
        group[GROUP_FIELD["advertiser_id"]],
    )
    standing = (
        *ids,
        ad[AD_FIELD["post_id"]],
        ad[AD_FIELD["creator_id"]],
        currency,
        billing,
        goal,
        int(offer["full_bid_micros"]) if offer["has_bid"] else -1,
    )
    days = group[GROUP_FIELD["frequency_days"]] if group[GROUP_FIELD["frequency"]] else 0
    envelopes = {group[GROUP_FIELD[name]] for name in _ENVELOPES} | {ad[AD_FIELD["grant_envelope_id"]]}
    claims = AdClaims(
        *ids,
        billing,
        0,
        currency,
        tuple(sorted(envelopes - {0})),
        group[GROUP_FIELD["fee_ppm"]],
        ad[AD_FIELD["share_ppm"]],
        view_goal_ms(billing, goal),
        terms.click_window,
        terms.view_window,
        terms.engaged_view_window,
        terms.attribution_event_count,
        terms.pixel_id,
        ad[AD_FIELD["grant_id"]],
        record.post is not None,
        goal,
    )
    inventory = BRAND_SAFETY.name(group[GROUP_FIELD["brand_safety"]])
    language = "" if record.post is None else record.post.language
    words = (terms.objective, terms.category, record.creative.kind, language)
    video = (days, ad[AD_FIELD["duration_ms"]], inventory)
    bid = (int(offer["full_bid_micros"]), int(offer["event"]))
    return Told(standing, video, claims, words, int(offer["holdout_ppm"]), *bid)
