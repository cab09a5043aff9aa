"""What advice is given on: a campaign, its ad groups and ads, in plain numbers. Micros are of one currency."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What an ad came to in seven days."""

    impressions: int = 0
    completions: int = 0
    spent_micros: int = 0
    results: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgeted:
    """A campaign or an ad group that runs, with its own budget of a day and what its last whole days cost."""

    level: str
    """``campaign`` or ``adgroup``."""
    id: int
    budget_micros: int | None
    """None: it has none of its own, or none of a day."""
    spent_micros: tuple[int, ...]
    """On each whole day that it ran through, of the last three."""
    bid_micros: int | None = None
    usual_bid_micros: int | None = None
    """The median of the advertiser's own bids for the same goal; None: there is nothing to compare with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An ad that is switched on."""

    id: int
    adgroup_id: int
    week: Week
    before: Week
    """The seven days before."""
    grant_ends_at_ms: int | None = None
    """When the creator's grant ends; None: nobody has said, or there is none."""
    runs_until_ms: int | None = None
    """When its ad group ends; None: never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aimed:
    """An ad group that runs, and whom it is meant for."""

    id: int
    can_widen: bool
    """Whether it asks for interests, behaviours or devices, which can be left out at once."""
    is_few: bool = False
    """Whether it is meant for fewer than ``AUDIENCE_FEW`` viewers."""
    wider_people: int = 0
    """Viewers whom it would be meant for without what can be left out; 0: as few, or nobody estimated it."""
    reached: int | None = None
    """Viewers whom it reached in the last three whole days; of these, whom it had not in the four weeks before."""
    newly_reached: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rising:
    """A post that the scout would boost now, that may be shown and that no ad of the campaign shows."""

    post_id: int
    adgroup_id: int
    """That shows its creator; of several, the one that most was spent on."""
    score: int
    """0 to 100."""
    until_ms: int
    """Up to when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that advice on one campaign is given on."""

    now_ms: int
    unit_micros: int
    """What a budget is rounded up to."""
    budgeted: tuple[Budgeted, ...] = ()
    shown: tuple[Shown, ...] = ()
    aimed: tuple[Aimed, ...] = ()
    rising: tuple[Rising, ...] = ()
