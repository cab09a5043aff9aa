"""What is the same, what completes it, and which touch a conversion is credited to: pure.

Source of the order of touches: *last touch, click before view at any recency within its window*, as the platforms have
it whose reports advertisers compare with ours.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from attise.kernel.limits import CONVERSION_AHEAD_MS, CONVERSION_MERGE_MS, CONVERSION_ONCE_MS, DAY_MS
from attise.records.conversion import Conversion
from attise.records.token import Claims, TokenKind
from attise.records.web_events import BY_NAME
from attise.records.windows import CLICK_DAYS, ENGAGED_VIEW_DAYS, VIEW_DAYS, days_of

ONCE: Final = "ONCE"
OTHER: Final = "OTHER"
SEEN_BY: Final = "impression"
ENGAGED_BY: Final = frozenset({"view_6s", "complete"})
CLICKED_BY: Final = "click"
TOUCHING: Final = frozenset({SEEN_BY, CLICKED_BY, *ENGAGED_BY})
"""Types of events that touch somebody, where they were counted."""


class TouchKind(enum.StrEnum):
    """How an ad touched somebody, the strongest first."""

    CLICK = "click"
    ENGAGED_VIEW = "engaged"
    """Six seconds of it were watched, or all."""
    VIEW = "view"


STRENGTH: Final = {kind: place for place, kind in enumerate(reversed(TouchKind))}


@dataclass(frozen=True, slots=True)
class Windows:
    """How many days after a touch of each kind a conversion is credited to it; 0: never."""

    click_days: int = CLICK_DAYS
    engaged_days: int = ENGAGED_VIEW_DAYS
    view_days: int = VIEW_DAYS

    def days_of(self, kind: TouchKind) -> int:
        """Return the days after a touch of a kind."""
        return {
            TouchKind.CLICK: self.click_days,
            TouchKind.ENGAGED_VIEW: self.engaged_days,
            TouchKind.VIEW: self.view_days,
        }[kind]


@dataclass(frozen=True, slots=True)
class Touched:
    """What one decision brought before somebody; times are world time, 0 is never."""

    decision_id: int
    advertiser_id: int
    campaign_id: int
    adgroup_id: int
    ad_id: int
    post_id: int
    person: str
    seen_at_ms: int
    engaged_at_ms: int
    clicked_at_ms: int
    windows: Windows
    counts_once: bool

    @property
    def decided_at_ms(self) -> int:
        """When the decision was taken; where it is not known to be seen, the first that is known of it."""
        return self.seen_at_ms or min(at_ms for _, at_ms in self.times())

    def times(self) -> tuple[tuple[TouchKind, int], ...]:
        """Return each kind of touch with its time, those that were."""
        every = (
            (TouchKind.CLICK, self.clicked_at_ms),
            (TouchKind.ENGAGED_VIEW, self.engaged_at_ms),
            (TouchKind.VIEW, self.seen_at_ms),
        )
        return tuple((kind, at_ms) for kind, at_ms in every if at_ms)


@dataclass(frozen=True, slots=True)
class Credit:
    """The touch that a conversion is credited to."""

    touched: Touched
    kind: TouchKind
    at_ms: int


def touch_of(claims: Claims, times: Mapping[str, int]) -> Touched | None:
    """Return what counted events of one ad's decision come to, or None: they touch nobody who could be met again.

    ``times`` says when each type of event happened that was counted. An ad was seen when it was chosen, so that it
    makes no difference which event of its decision came first and implied the impression.
    """
    ad, person = claims.ad, claims.viewer
    if claims.kind is not TokenKind.AD or ad is None:
        return None
    if not person:
        # Nothing leads from a page to what nobody saw. It goes even where a click is told along with it: what a touch
        # comes to must not depend on how events were cut into batches.
        times = {type_: at_ms for type_, at_ms in times.items() if type_ == CLICKED_BY}
    clicked_at_ms = times.get(CLICKED_BY, 0)
    engaged = [times[type_] for type_ in ENGAGED_BY if type_ in times]
    if not (clicked_at_ms or engaged or SEEN_BY in times):
        return None
    return Touched(
        *(claims.decision_id, ad.advertiser_id, ad.campaign_id, ad.adgroup_id, ad.ad_id, claims.post_id, person),
        seen_at_ms=claims.decided_at_ms if SEEN_BY in times else 0,
        engaged_at_ms=min(engaged, default=0),
        clicked_at_ms=clicked_at_ms,
        windows=_windows_of(ad.click_window, ad.engaged_view_window, ad.view_window),
        counts_once=ad.attribution_event_count == ONCE,
    )


@lru_cache(maxsize=1_024)
def _windows_of(click: str, engaged: str, view: str) -> Windows:
    """Return the days of windows as a token says them."""
    return Windows(
        days_of(click, default=CLICK_DAYS),
        days_of(engaged, default=ENGAGED_VIEW_DAYS),
        days_of(view, default=VIEW_DAYS),
    )


def merged(before: Touched, after: Touched) -> Touched:
    """Return what two parts of one decision's touch come to: of each kind the earliest."""
    times = {
        name: min(filter(None, (getattr(before, name), getattr(after, name))), default=0)
        for name in ("seen_at_ms", "engaged_at_ms", "clicked_at_ms")
    }
    return replace(before, person=before.person or after.person, **times)


def credit_of(
    touches: Iterable[Touched], *, at_ms: int, click_decision_id: int = 0, windows: Windows | None = None
) -> Credit | None:
    """Return the touch that what happened at ``at_ms`` is credited to, or None.

    ``windows`` stand in for those that each touch has of its ad group. Of the touches within their windows: a click
    before an engaged view before an impression, then the latest, then that of the latest decision. The click whose id
    the page bore came before the page, whatever the clocks of two machines say: it may seem a few minutes later.
    """
    best: tuple[int, int, int] | None = None
    credit: Credit | None = None
    for touched in touches:
        ahead_ms = CONVERSION_AHEAD_MS if touched.decision_id == click_decision_id else 0
        for kind, touch_at_ms in touched.times():
            days = (windows or touched.windows).days_of(kind)
            since_ms = at_ms - touch_at_ms
            if not days or not -ahead_ms <= since_ms < days * DAY_MS:
                continue
            rank = (STRENGTH[kind], touch_at_ms, touched.decision_id)
            if best is None or rank > best:
                best, credit = rank, Credit(touched, kind, touch_at_ms)
    return credit


def is_same(first_at_ms: int, at_ms: int) -> bool:
    """Tell whether two tellings of one key are of one thing."""
    return abs(at_ms - first_at_ms) < CONVERSION_ONCE_MS


def completes(first_at_ms: int, first_source: str, other: Conversion) -> bool:
    """Tell whether a further telling adds what the first one lacks: page and server told it at nearly one time."""
    return other.source != first_source and abs(other.at_ms - first_at_ms) <= CONVERSION_MERGE_MS


class Unmatched(enum.StrEnum):
    """Why a conversion is credited to no ad."""

    TEST = "test"
    DOUBTED = "doubted"
    NO_CONSENT = "no_consent"
    """Whoever did it did not agree to be recognized, or nobody said so."""
    FORGOTTEN = "forgotten"
    """The touch that it follows from was let go of."""
    CLICK_UNKNOWN = "click_unknown"
    """The click's id is none of this house's."""
    CLICK_OF_ANOTHER = "click_of_another"
    """The click was on another advertiser's ad."""
    CLICK_NOT_COUNTED = "click_not_counted"
    """The click is not settled yet, or was doubted."""
    OUT_OF_WINDOW = "out_of_window"
    """The person was touched by an ad, and too long before, or only after."""
    NOBODY_KNOWN = "nobody_known"
    """Nothing leads from it to anybody who was shown an ad."""


def why_unmatched(
    *, standing: str, has_consent: bool, is_final: bool, click_id: str, decision_id: int, clicked: int, touches: int
) -> Unmatched:
    """Return why a conversion that is credited to nothing is.

    ``clicked`` is whose ad the click's decision was for, 0 where no click of it is counted; ``touches`` how many of the
    advertiser's ads touched its person, at any time.
    """
    first: tuple[tuple[bool, Unmatched], ...] = (
        (standing == "test", Unmatched.TEST),
        (standing == "doubted", Unmatched.DOUBTED),
        (not has_consent, Unmatched.NO_CONSENT),
        (is_final, Unmatched.FORGOTTEN),
        (touches > 0, Unmatched.OUT_OF_WINDOW),
        (bool(click_id) and not decision_id, Unmatched.CLICK_UNKNOWN),
        (bool(decision_id) and clicked > 0, Unmatched.CLICK_OF_ANOTHER),
        (bool(decision_id), Unmatched.CLICK_NOT_COUNTED),
    )
    return next((reason for is_so, reason in first if is_so), Unmatched.NOBODY_KNOWN)


def kind_of(event: str) -> str:
    """Return of which kind an event is by its name, as ad groups name kinds; ``OTHER`` for one of an advertiser's own.

    Why so few: names come from browsers, and what is counted by kind must not grow with what somebody makes up.
    """
    known = BY_NAME.get(event)
    return OTHER if known is None else known.type


def names_of(conversion: Conversion) -> list[tuple[str, bytes]]:
    """Return the hashed names by which the person of a conversion may be met again, with their kinds."""
    return [
        *(("email", one) for one in conversion.emails),
        *(("phone", one) for one in conversion.phones),
        *(("external", one) for one in conversion.external_ids),
        *((("browser", conversion.browser_id),) if conversion.browser_id else ()),
    ]
