"""What a campaign changed, for both doors: its share from management, its people and what they did from measurement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from attise.kernel.house import House
from attise.kernel.limits import DAY_MS
from attise.management.campaigns.views import CampaignView
from attise.measurement.conversions.known import list_customers
from attise.measurement.lift import campaign as lift
from attise.measurement.lift.acts import FOLLOWS
from attise.measurement.lift.customers import Customers, customers_of
from attise.measurement.lift.queries import find_experiment, list_acts, list_people, list_targets
from attise.measurement.lift.study import Verdict
from attise.measurement.reports.compared import brought_by, reach_of
from attise.measurement.reports.queries import get_watermark
from attise.records.terms import PPM
from attise.records.web_events import BY_TYPE

REACHED_MS: Final = 28 * DAY_MS
"""Of world time, whose reach says whom a campaign will reach."""
NOMINAL_VIEWERS: Final = 10_000
"""Of whom it is said what could be told, where nobody was reached yet."""
EVENTS: Final = BY_TYPE["SHOPPING"].names
"""That are told of customers: what a shop is there for."""
PLANNED: Final = FOLLOWS
"""The signal of which it is said what could be told."""


@dataclass(frozen=True, slots=True)
class Lifted:
    """What a campaign changed, or what it could be told."""

    holdout_ppm: int
    """That is compared: as it is now, or as it was last where nobody is held out now; 0: nobody ever was."""
    since_ms: int | None
    data_until_ms: int | None
    shown: int
    seen: int
    """Of those shown, who had it on screen."""
    held: int
    effects: list[lift.Effect]
    """Empty where nobody was compared, or where the ad is of no post."""
    customers: Customers | None
    """What it changed on the advertiser's pages, of those whom these knew before; None: nobody was compared."""
    has_posts: bool
    """Whether there is a post on which anything could be done without an ad."""
    plans: list[lift.Plan]
    is_planned_by_own: bool
    """Whether viewers and rate of the plans are the campaign's own, and not just an example."""

    @property
    def is_broken(self) -> bool:
        """Whether the arms are not as large as chance makes them."""
        return any(one.did.verdict == Verdict.BROKEN for one in self.effects)


def lift_of(house: House, view: CampaignView, *, now_ms: int) -> Lifted:
    """Return what a campaign changed; ``now_ms``: world time.

    Raises: Outage. Cost: where nobody is compared, a few rows of roll-ups; else some 10 µs a person, and a pass over
    a few columns of the facts of that time.
    """
    plans, is_own = _plans(house, view.id, now_ms - REACHED_MS)
    until_ms = get_watermark().complete_to_ms or None
    found = find_experiment(view.id, view.holdout_ppm)
    if found is None:
        return Lifted(view.holdout_ppm, None, until_ms, 0, 0, 0, [], None, True, plans, is_own)
    targets = list_targets(view.id)
    brought = brought_by(
        house,
        campaign_id=view.id,
        posts={one.post_id for one in targets},
        creators={one.creator_id for one in targets},
        since_ms=found.since_ms,
    )
    persons = list_people(view.id, found.holdout_ppm)
    people = lift.people_of(persons, list_acts(view.id), brought)
    known = list_customers(view.advertiser_id, [one.person for one in persons], events=EVENTS)
    held = int(people.is_held.sum())
    return Lifted(
        found.holdout_ppm,
        found.since_ms,
        until_ms,
        len(people.is_held) - held,
        int((people.is_seen & ~people.is_held).sum()),
        held,
        lift.effects_of(people, held_part=found.holdout_ppm / PPM) if targets else [],
        customers_of(persons, known, people.spent, held_part=found.holdout_ppm / PPM),
        bool(targets),
        plans,
        is_own,
    )


def _plans(house: House, campaign_id: int, since_ms: int) -> tuple[list[lift.Plan], bool]:
    """Return what shares could tell, and whether by the campaign's own viewers."""
    reach = reach_of(house, campaign_id=campaign_id, since_ms=since_ms)
    if not reach.viewers:
        return lift.plans(NOMINAL_VIEWERS, lift.USUAL_RATE), False
    rate = min(max(reach.did[PLANNED] / reach.viewers, 0.0), 0.5) or lift.USUAL_RATE
    return lift.plans(reach.viewers, rate), True
