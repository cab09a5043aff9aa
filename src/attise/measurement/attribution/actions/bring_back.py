"""Conversions flow back: into hours of ads, quarters of an hour of their groups, and outcomes of their decisions.

A step of *an event comes back*, in the transaction that credits them. Before: the rows say what each conversion is
credited to. After: whoever reads what ads came to, holds a target cost or learns from outcomes sees the same. Each
place is written as a whole, so that a credit which moves takes nothing along and leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import reduce
from operator import or_

from django.db.models import Q

from attise.kernel.limits import HOUR_MS
from attise.kernel.parts import in_parts
from attise.ledger import storing
from attise.measurement.attribution.groups import KEPT_MS
from attise.measurement.attribution.models import Ad, AdEvent, Changed, GroupQuarter, Outcome
from attise.measurement.conversions import summing
from attise.measurement.conversions.summing import Counted, Place
from attise.records.event import RESULTS
from attise.records.totals import GROUP


def bring_back(places: Collection[Place], *, now_ms: int, position: int) -> None:
    """Write what is counted at some places anew; ``now_ms`` is world time, ``position`` that of the log.

    Invariants: a transaction is open. Cost: nothing for no places, else some ten statements for a hundred.
    """
    if not places:
        return
    counted = summing.list_counted(places)
    _write_ads(places, counted)
    _write_groups({place for place in places if place.hour_ms >= now_ms - KEPT_MS}, counted)
    _write_outcomes({place.decision_id for place in places}, position)


def event_rows(counted: Iterable[Counted]) -> dict[tuple[int, int, str], list[int]]:
    """Return conversions, results and value by ad, hour and kind; value in the ad's own currency alone.

    Cost: one statement for each five hundred ads.
    """
    every = list(counted)
    currency_of: dict[int, str] = {}
    for part in in_parts(sorted({one.ad_id for one in every}), 500):
        currency_of.update(Ad.objects.filter(ad_id__in=part).values_list("ad_id", "currency"))
    found: dict[tuple[int, int, str], list[int]] = {}
    for one in every:
        row = found.setdefault((one.ad_id, one.quarter_ms - one.quarter_ms % HOUR_MS, one.kind), [0, 0, 0])
        row[0] += one.conversions
        row[1] += one.results
        row[2] += one.value_micros if one.currency == currency_of.get(one.ad_id) else 0
    return found


def _write_ads(places: Collection[Place], counted: list[Counted]) -> None:
    rows = event_rows(counted)
    hours = {(place.ad_id, place.hour_ms) for place in places} | {(ad_id, hour_ms) for ad_id, hour_ms, _ in rows}
    for part in in_parts(sorted(hours), summing.AT_ONCE):
        asked = reduce(or_, (Q(ad_id=ad_id, hour_ms=hour_ms) for ad_id, hour_ms in part))
        AdEvent.objects.filter(asked).exclude(kind__in=RESULTS).delete()
    storing.insert(AdEvent, [(*key, *sums) for key, sums in sorted(rows.items())])


def _write_groups(places: Collection[Place], counted: list[Counted]) -> None:
    """Write results into the quarters that are kept; those of days gone by nobody reads any more."""
    hours = {(place.adgroup_id, place.hour_ms) for place in places}
    if not hours:
        return
    for part in in_parts(sorted(hours), summing.AT_ONCE):
        asked = (
            Q(adgroup_id=adgroup_id, quarter_ms__gte=hour_ms, quarter_ms__lt=hour_ms + HOUR_MS)
            for adgroup_id, hour_ms in part
        )
        GroupQuarter.objects.filter(reduce(or_, asked)).update(conversions=0, delay_ms=0)
    sums: dict[tuple[int, int], list[int]] = {}
    for one in counted:
        if one.results and (one.adgroup_id, one.quarter_ms - one.quarter_ms % HOUR_MS) in hours:
            row = sums.setdefault((one.adgroup_id, one.quarter_ms), [0, 0])
            row[0] += one.results
            row[1] += max(one.delay_ms, 0)
    rows = [(*key, 0, 0, 0, 0, *results, 0) for key, results in sorted(sums.items())]
    storing.put(GroupQuarter, rows, unique=("adgroup_id", "quarter_ms"), update=("conversions", "delay_ms"))
    changed = sorted({adgroup_id for adgroup_id, _ in hours})
    storing.append(Changed, [(GROUP, one) for one in changed], names=("kind", "object_id"))


def _write_outcomes(decision_ids: Collection[int], position: int) -> None:
    """Write what decisions brought, those whose row says otherwise."""
    converted = summing.list_converted(decision_ids)
    changed = []
    for part in in_parts(sorted(decision_ids), 500):
        for row in Outcome.objects.filter(decision_id__in=part):
            one = converted.get(row.decision_id)
            told = (0, 0) if one is None else (one.results, one.first_at_ms)
            if told != (row.results, row.converted_at_ms):
                row.results, row.converted_at_ms = told
                row.position = position
                changed.append(row)
    if changed:
        Outcome.objects.bulk_update(changed, ["results", "converted_at_ms", "position"])
