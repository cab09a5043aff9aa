"""What serving may know of a viewer: management/viewers → edge, one keyed read on a cache miss."""

from __future__ import annotations

import msgspec


class Behaved(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Something that a viewer did lately, as their events told; see ``records.targeting.Behaviour``."""

    category_id: int
    """Of ``records.lookups.behaviours``."""
    action: str
    """``LIKED``, ``WATCHED_TO_END``…"""
    day: int
    """When it was last done: days since 1970, UTC, world time."""


class Viewer(msgspec.Struct, frozen=True, omit_defaults=True):
    """A viewer's declared facts, as of one version. Absent means unknown, never a default person."""

    viewer_id: int
    pseudonym: str
    """Keyed hash under a per-person key; what logs and facts carry instead of the id."""
    birth_date: str | None = None
    """ISO date."""
    gender: str | None = None
    country: str | None = None
    """ISO 3166-1 alpha-2."""
    region: str | None = None
    """ISO 3166-2."""
    language: str | None = None
    os: str | None = None
    device_price: int | None = None
    """Whole units of USD, as declared by the host."""
    interests: tuple[str, ...] = ()
    """Ids of ``records.lookups.interests``: chosen ones, and those derived from events."""
    follows: tuple[int, ...] = ()
    """Creator ids."""
    audiences: tuple[int, ...] = ()
    profiling_consent: bool = False
    """Absent consent is refused consent."""
    owns: tuple[int, ...] = ()
    """Ids of the creators and advertisers that this person acts for."""
    behaviours: tuple[Behaved, ...] = ()
    """Derived from events; empty without consent."""
    hidden_ads: tuple[int, ...] = ()
    """Ids of ads that they want to see no more; below, of advertisers of whom they want to see none."""
    hidden_advertisers: tuple[int, ...] = ()
    hid_at_ms: int = 0
    """World time at which they last hid something; 0: they hide nothing."""
