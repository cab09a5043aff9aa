"""Whom an ad group is meant for: management/campaigns → serving, as people declared it, every id resolved.

An empty or absent part does not limit. What an ad group asks for and what is unknown of a viewer meet in
``serving.targeting``; nothing is decided here.
"""

from __future__ import annotations

import msgspec


class Behaviour(msgspec.Struct, frozen=True, omit_defaults=True):
    """What somebody did lately, with which sort of video, creator or hashtag."""

    scene: str
    """``VIDEO_RELATED``, ``CREATOR_RELATED`` or ``HASHTAG_RELATED``."""
    category_ids: tuple[int, ...]
    """Ids of ``records.lookups.behaviours``."""
    actions: tuple[str, ...] = ()
    """``LIKED``, ``WATCHED_TO_END``…; empty: any of them."""
    period_days: int = 15


class Targeting(msgspec.Struct, frozen=True, omit_defaults=True):
    """The audience of one ad group; parts are joined by *and*, the values within one by *or*."""

    locations: tuple[int, ...] = ()
    """GeoNames ids of ``records.lookups.regions``: countries and regions; a country covers its regions."""
    languages: tuple[str, ...] = ()
    """ISO 639-1."""
    age_groups: tuple[str, ...] = ()
    """``AGE_18_24``…"""
    gender: str = "GENDER_UNLIMITED"
    operating_systems: tuple[str, ...] = ()
    """``ANDROID``, ``IOS``."""
    device_price_least: int | None = None
    """Whole US dollars, both ends included."""
    device_price_most: int | None = None
    """None: no upper end."""
    interests: tuple[int, ...] = ()
    """Ids of ``records.lookups.interests``."""
    behaviours: tuple[Behaviour, ...] = ()
    audiences: tuple[int, ...] = ()
    excluded_audiences: tuple[int, ...] = ()
    followers: str = "any"
    """Of the ad's creator: ``any``, ``only`` or ``excluded``."""

    @property
    def is_profiled(self) -> bool:
        """Whether it asks for what is known of a viewer only by profiling, which needs consent and no minor."""
        return bool(self.interests or self.behaviours or self.audiences or self.excluded_audiences)
