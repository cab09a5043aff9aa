"""What a decision is asked: edge → serving. Whoever watches, as far as it may be known, and the answer that is wanted.

Everything that chance, clocks and counters give is in here, so that the same request on the same state is the same
answer. Absent means unknown, never a default person.
"""

from __future__ import annotations

import datetime as dt

import msgspec

from attise.kernel.clock import to_datetime
from attise.kernel.limits import DAY_MS
from attise.records.lookups import behaviours
from attise.records.viewer import Behaved, Viewer

ADULT_AGE = 18


class WatchedBehaviour(msgspec.Struct, frozen=True, array_like=True):
    """Something a viewer did lately, derived from events with consent; see ``records.targeting.Behaviour``."""

    scene: str
    category_id: int
    action: str
    days_ago: int


class ViewerContext(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one decision may know of a viewer; made by ``context_of``, which leaves out what may not be used."""

    pseudonym: str
    """Empty for somebody without memory: nothing is counted for them from one request to the next."""
    age: int | None = None
    """Whole years on the day (UTC, world time) of the request."""
    gender: str = ""
    country: str = ""
    """ISO 3166-1 alpha-2."""
    region: str = ""
    """ISO 3166-2."""
    language: str = ""
    os: str = ""
    device_price: int | None = None
    """Whole US dollars."""
    interests: tuple[str, ...] = ()
    """Ids of ``records.lookups.interests``; empty without ``may_profile``."""
    behaviours: tuple[WatchedBehaviour, ...] = ()
    """Empty without ``may_profile``."""
    audiences: tuple[int, ...] = ()
    """Empty without ``may_profile``."""
    follows: tuple[int, ...] = ()
    """Creator ids, rising."""
    may_profile: bool = False
    """Whether interests, behaviours and audiences may choose ads: consent, and known to be of age."""
    owns: tuple[int, ...] = ()
    """Ids of the creators and advertisers that this person acts for: nobody pays for showing them their own ads."""
    hidden_ads: tuple[int, ...] = ()
    """Ads that they want to see no more; below, advertisers of whom they want to see none."""
    hidden_advertisers: tuple[int, ...] = ()
    hid_at_ms: int = 0
    """World time at which they last hid something: for some videos after it they want no ad at all."""

    @property
    def is_adult(self) -> bool:
        """Whether the viewer is known to be of age; an unknown age is not."""
        return self.age is not None and self.age >= ADULT_AGE

    @property
    def is_minor(self) -> bool:
        """Whether the viewer is known not to be of age."""
        return self.age is not None and self.age < ADULT_AGE


class FeedRequest(msgspec.Struct, frozen=True):
    """One request for items, whole."""

    feed_id: int
    viewer: ViewerContext
    count: int
    """How many items are wanted."""
    now_ms: int
    """World time: schedules, ends, ages of posts."""
    wire_ms: int
    """Wire time: lives of tokens."""
    seed: int
    """64 bits of chance for this answer; every draw is a keyed hash of it."""
    ids: tuple[int, ...]
    """One id for each item, in order: an item's decision bears it."""
    session_id: str = ""
    ads_only: bool = False
    """For hosts that have a feed of their own: slots, and nothing between them."""
    followed_only: bool = False
    """Posts of creators whom the viewer follows, and none by chance; ads as in any feed."""


def context_of(viewer: Viewer, *, now_ms: int) -> ViewerContext:
    """Return what a decision at ``now_ms`` (world time) may know of a viewer.

    Without consent, or when the viewer is a minor or of unknown age, what profiling alone tells is left out.
    """
    age = None if viewer.birth_date is None else age_on(viewer.birth_date, now_ms)
    may_profile = viewer.profiling_consent and age is not None and age >= ADULT_AGE
    return ViewerContext(
        pseudonym=viewer.pseudonym,
        age=age,
        gender=viewer.gender or "",
        country=viewer.country or "",
        region=viewer.region or "",
        language=viewer.language or "",
        os=viewer.os or "",
        device_price=viewer.device_price,
        interests=viewer.interests if may_profile else (),
        behaviours=_watched(viewer.behaviours, now_ms) if may_profile else (),
        audiences=viewer.audiences if may_profile else (),
        follows=tuple(sorted(viewer.follows)),
        may_profile=may_profile,
        owns=viewer.owns,
        hidden_ads=viewer.hidden_ads,
        hidden_advertisers=viewer.hidden_advertisers,
        hid_at_ms=viewer.hid_at_ms,
    )


def _watched(done: tuple[Behaved, ...], now_ms: int) -> tuple[WatchedBehaviour, ...]:
    """Return behaviours as targeting compares them at a moment; a category that is not known here says nothing."""
    today, known = now_ms // DAY_MS, behaviours.TABLE.by_id
    return tuple(
        WatchedBehaviour(known[one.category_id].action_scene, one.category_id, one.action, max(0, today - one.day))
        for one in done
        if one.category_id in known
    )


def age_on(birth_date: str, now_ms: int) -> int:
    """Return whole years of life at a moment (UTC day), 0 before birth. ``birth_date`` is an ISO date."""
    born = dt.date.fromisoformat(birth_date)
    today = to_datetime(now_ms).date()
    return max(0, today.year - born.year - ((today.month, today.day) < (born.month, born.day)))
