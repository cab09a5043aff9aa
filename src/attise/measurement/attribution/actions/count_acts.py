"""Acts of viewers are results of the ad groups that are there for them: a follow, a visit of the profile.

A step of *an event comes back*, in the transaction that counts the acts. Before: hours of ads hold them. After: whoever
reads what ads came to, or holds a target cost, finds them among results. A page's conversions come by ``bring_back``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from attise.ledger import storing
from attise.measurement.attribution.judging import Acted
from attise.measurement.attribution.models import Ad, AdEvent, AdHour, Changed, GroupQuarter
from attise.measurement.counters.signals import OF_STATE, OF_TYPE
from attise.records.event import RESULTS
from attise.records.totals import GROUP

SIGNAL_OF = {act: OF_STATE.get(act) or OF_TYPE[act] for act in sorted(RESULTS)}
"""The counter of each act that may be a result."""


def count_acts(acted: Mapping[Acted, int], *, results_of: Callable[[Iterable[int]], Mapping[int, str]]) -> None:
    """Have what was added to acts, by place, be added to results; ``results_of`` ad groups says what each is there for.

    Hours of ads are written as wholes, from what the ad's hour counts; quarters of ad groups by difference.
    Invariants: a transaction is open, and hours of ads hold the acts. Cost: two statements, and five where any of the
    groups is there for one of the acts.
    """
    ads = {place.ad_id for place in acted}
    group_of = dict(Ad.objects.filter(ad_id__in=ads).values_list("ad_id", "adgroup_id"))
    wanted = results_of(sorted(set(group_of.values())))
    mine = {place: step for place, step in acted.items() if wanted.get(group_of[place.ad_id]) == place.act}
    if not mine:
        return
    _write_hours({(place.ad_id, place.hour_ms, place.act) for place in mine})
    quarters: dict[tuple[int, int], int] = {}
    for place, step in mine.items():
        key = (group_of[place.ad_id], place.quarter_ms)
        quarters[key] = quarters.get(key, 0) + step
    rows = [(*key, 0, 0, 0, 0, 0, 0, step) for key, step in sorted(quarters.items())]
    storing.add(GroupQuarter, rows, unique=("adgroup_id", "quarter_ms"), sums=("acts",))
    changed = sorted({adgroup_id for adgroup_id, _ in quarters})
    storing.append(Changed, [(GROUP, one) for one in changed], names=("kind", "object_id"))


def _write_hours(places: set[tuple[int, int, str]]) -> None:
    """Write results of hours of ads as the hours count them."""
    ads, hours = {ad_id for ad_id, _, _ in places}, {hour_ms for _, hour_ms, _ in places}
    signals = tuple(SIGNAL_OF.values())
    counted = {
        (ad_id, hour_ms): dict(zip(SIGNAL_OF, counts, strict=True))
        for ad_id, hour_ms, *counts in storing.read_pairs(AdHour, ("ad_id", "hour_ms", *signals), ads, hours)
    }
    rows = [
        (ad_id, hour_ms, act, counted[ad_id, hour_ms][act], counted[ad_id, hour_ms][act], 0)
        for ad_id, hour_ms, act in sorted(places)
    ]
    storing.put(AdEvent, rows, unique=("ad_id", "hour_ms", "kind"), update=("conversions", "results"))
