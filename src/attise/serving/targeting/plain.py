"""The index as a library: a list of targeted ads, and who may see which. No server, no database, no snapshot.

``examples/find_ads.py`` shows it whole. For a million ads, give arrays to ``build.build_segment`` instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from attise.records.change import ChangeKind
from attise.records.drops import Drop
from attise.records.feed import ViewerContext
from attise.records.snapshot.shapes import (
    SnapshotAd,
    SnapshotCreative,
    SnapshotGrant,
    SnapshotGroup,
    SnapshotMedia,
    SnapshotPost,
)
from attise.records.snapshot.tables import Tables
from attise.records.targeting import Targeting
from attise.records.terms import Terms
from attise.serving.targeting.build import build_segment
from attise.serving.targeting.matching import matches
from attise.serving.targeting.query import compile_query
from attise.serving.targeting.retrieve import retrieve

_MEDIA = SnapshotMedia("", "", "video", has_cover=False, source_url="", duration_ms=0, width=0, height=0)
_STOP = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetedAd:
    """An ad, whom it is for, and what it may be worth."""

    ad_id: int
    bound: float
    """By which the best are found: finite, in any unit, the same for all ads."""
    targeting: Targeting = field(default_factory=Targeting)
    creator_id: int = 0
    """Whose followers ``targeting.followers`` speaks of; 0: nobody's."""
    countries: tuple[str, ...] = ()
    """ISO 3166-1 alpha-2: where its creator lets it be shown; empty: anywhere."""
    starts_at_ms: int = 0
    ends_at_ms: int | None = None
    timezone: str = "UTC"
    dayparting: bytes = b""
    """336 bits from Monday 00:00 in ``timezone``, one for each half hour, the first the highest; empty: always."""
    objective: str = "TRAFFIC"
    category_gate: str = "none"
    """``adult_only``: known adults alone."""
    special_industries: tuple[str, ...] = ()
    """``HOUSING``, ``EMPLOYMENT``, ``CREDIT``: everybody alike, or nobody."""


@dataclass(frozen=True, slots=True)
class FoundAd:
    """One ad that may be shown."""

    ad_id: int
    bound: float


class AdIndex:
    """Ads that can be searched by viewer. Threads may search; one at a time stops ads."""

    def __init__(self, ads: Iterable[TargetedAd]) -> None:
        """Index some ads, each id once. Cost: about 30 µs an ad."""
        records = _records(ads)
        self._records = {record.ad_id: record for record, _ in records}
        tables = Tables()
        for record, _ in records:
            tables.add_group(record.group, 0)
            if record.post is not None and not tables.has_post(record.post.post_id):
                tables.add_post(record.post, 0)
            tables.add_ad(record, 0)
        bound = np.array([bound for _, bound in records], dtype=np.float32)
        self._segment = build_segment(tables.arrays(), tables.words.all(), bound)

    def __len__(self) -> int:
        """Return the number of ads, stopped or not."""
        return len(self._records)

    def best(self, viewer: ViewerContext, k: int, *, now_ms: int) -> list[FoundAd]:
        """Return the ``k`` ads of the highest bound that this viewer may be shown at a moment (epoch ms), best first.

        Exactly what ``why_not`` has nothing against; see the page of decisions on what is unknown of a viewer.
        """
        found = retrieve([self._segment], [compile_query(self._segment, viewer, now_ms)], k)
        ads = found.ads([self._segment])
        return [FoundAd(*one) for one in zip(ads["ad_id"].tolist(), ads["bound"].tolist(), strict=True)]

    def why_not(self, ad_id: int, viewer: ViewerContext, *, now_ms: int) -> list[Drop]:
        """Return every reason against showing an ad to this viewer now; empty: it may be. Raises: KeyError."""
        record = self._records[ad_id]
        is_live = all(self._segment.is_live(int(place)) for place in self._segment.places_of("ad_id", ad_id))
        return [*([] if is_live else [Drop.NOT_LIVE]), *matches(record, viewer, now_ms)]

    def stop(self, ad_id: int) -> None:
        """Let an ad be found no more, from the next search on. Raises: KeyError."""
        self._segment.stop(ChangeKind.AD_STOPPED, self._records[ad_id].ad_id, _STOP)


def _records(ads: Iterable[TargetedAd]) -> list[tuple[SnapshotAd, float]]:
    found = [(_record(ad), ad.bound) for ad in sorted(ads, key=lambda ad: ad.ad_id)]
    if len({record.ad_id for record, _ in found}) != len(found):
        raise ValueError("an ad is given once")
    return found


def _record(ad: TargetedAd) -> SnapshotAd:
    """Return an ad as a snapshot has it, with nothing in what targeting does not look at."""
    grant = SnapshotGrant(0, "post", 0, None, Terms(countries=ad.countries), 1) if ad.countries else None
    return SnapshotAd(_creative(ad), _group(ad), grant, _post(ad.creator_id) if ad.creator_id else None)


def _creative(ad: TargetedAd) -> SnapshotCreative:
    return SnapshotCreative(
        ad_id=ad.ad_id, kind="spark" if ad.creator_id else "standard", identity_type="", identity_id="",
        identity_key=0, display_name="", picture=None, video=_MEDIA, images=(), ad_format="", ad_text="",
        call_to_action="", landing_page_url="", deeplink="", deeplink_type="", utm_params=(),
        impression_tracking_url="", click_tracking_url="", tracking_pixel_id=0, tracking_app_id=0, dark_post=False,
        music_disabled=False, duet_allowed=True, stitch_allowed=True, creator_word="not_needed", creative_version=1,
    )  # fmt: skip


def _group(ad: TargetedAd) -> SnapshotGroup:
    return SnapshotGroup(
        advertiser_id=0, business_center_id=0, currency="EUR", timezone=ad.timezone, category="other",
        category_gate=ad.category_gate, on_behalf_of="", paid_by="", campaign_id=0, objective=ad.objective,
        special_industries=ad.special_industries, budget_optimize_on=False, campaign_budget_mode="",
        campaign_budget_micros=None, adgroup_id=ad.ad_id, promotion_type="", placements=(), optimization_goal="",
        optimization_event="", billing_event="", bid_type="", bid_micros=None, conversion_bid_micros=None, pacing="",
        budget_mode="", budget_micros=None, starts_at_ms=ad.starts_at_ms, ends_at_ms=ad.ends_at_ms,
        dayparting=ad.dayparting, frequency=0, frequency_days=0, click_window="", view_window="",
        engaged_view_window="", attribution_event_count="", pixel_id=0, app_id=0, comment_disabled=False,
        share_disabled=False, video_download_disabled=False, brand_safety_type="", targeting=ad.targeting,
        campaign_envelope_id=0, campaign_week_envelope_id=0, envelope_id=0, week_envelope_id=0, balance_envelope_id=0,
    )  # fmt: skip


def _post(creator_id: int) -> SnapshotPost:
    return SnapshotPost(
        post_id=creator_id, creator_id=creator_id, handle="", display_name="", country="", language="", format="video",
        of_post_id=None, caption="", visibility="public", ads_only=False, sound="", tags=(), category="",
        allow_comments=True, allow_duet=True, allow_stitch=True, partnership=False, published_at_ms=0, media=_MEDIA,
    )  # fmt: skip
