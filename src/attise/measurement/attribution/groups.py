"""What ad groups did in their advertiser's local day, summed up from quarters of an hour.

Every zone's midnight lies on a quarter of an hour of UTC: so a day of 23, 24 or 25 hours is a sum of whole quarters,
and settling needs to know no zone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Sum

from attise.kernel.limits import DAY_MS
from attise.ledger import days
from attise.ledger.queries import list_envelopes_by_id
from attise.measurement.attribution.maturing import Quarter, due_milli
from attise.measurement.attribution.models import Ad, GroupQuarter
from attise.records.totals import GroupTotals

KEPT_MS = 3 * DAY_MS
"""How long quarters are kept: for longer than any day lasts, and than any token lives."""


@dataclass(frozen=True, slots=True)
class GroupDay:
    """An ad group in the local day of one moment."""

    totals: GroupTotals
    ends_at_ms: int | None
    """World time from which another day counts; None where there is nothing that would have to begin anew."""


def list_group_days(adgroup_ids: Iterable[int], *, at_ms: int) -> list[GroupDay]:
    """Return ad groups in their local day of a moment (world time), by rising id; none that nothing was counted of.

    Cost: two statements, and for each zone two, and one more where conversions came lately.
    """
    rows = (
        Ad.objects.filter(adgroup_id__in=list(adgroup_ids)).values_list("adgroup_id", "envelope_id").order_by("ad_id")
    )
    envelope_of = dict(rows)
    envelopes = list_envelopes_by_id(set(envelope_of.values()), at_ms=at_ms)
    of_zone: dict[str, list[int]] = defaultdict(list)
    for adgroup_id, envelope_id in sorted(envelope_of.items()):
        state = envelopes.get(envelope_id)
        of_zone["UTC" if state is None else state.envelope.timezone].append(adgroup_id)
    found: list[GroupDay] = []
    for zone, ids in sorted(of_zone.items()):
        begins_ms = days.start_of_day_ms(zone, days.local_day(zone, at_ms))
        ends_ms = days.next_midnight_ms(zone, at_ms)
        sums = _sums(ids, begins_ms, ends_ms)
        due = _due(ids, begins_ms, at_ms)
        for adgroup_id in ids:
            counts = sums.get(adgroup_id)
            if counts is None:
                found.append(GroupDay(GroupTotals(adgroup_id, begins_ms), None))
            else:
                found.append(GroupDay(GroupTotals(adgroup_id, begins_ms, *counts, due.get(adgroup_id, 0)), ends_ms))
    return sorted(found, key=lambda day: day.totals.adgroup_id)


def _sums(ids: list[int], begins_ms: int, ends_ms: int) -> dict[int, tuple[int, ...]]:
    """Return spend, impressions, clicks, views and results of the groups that have any."""
    names = ("spent_micros", "impressions", "clicks", "views_6s")
    rows = GroupQuarter.objects.filter(adgroup_id__in=ids, quarter_ms__gte=begins_ms, quarter_ms__lt=ends_ms)
    sums = {f"sum_{name}": Sum(name) for name in names}
    found = rows.values("adgroup_id").annotate(**sums, results=Sum(F("conversions") + F("acts"))).order_by()
    return {
        row["adgroup_id"]: (*(int(row[f"sum_{name}"]) for name in names), max(int(row["results"]), 0)) for row in found
    }


def _due(ids: list[int], begins_ms: int, at_ms: int) -> dict[int, int]:
    """Return the thousandths of conversions that the day may still bring, of groups that had any lately."""
    lately = GroupQuarter.objects.filter(adgroup_id__in=ids, quarter_ms__gte=at_ms - KEPT_MS)
    converting = set(lately.filter(conversions__gt=0).values_list("adgroup_id", flat=True).distinct())
    if not converting:
        return {}
    quarters: dict[int, list[Quarter]] = defaultdict(list)
    rows = lately.filter(adgroup_id__in=converting).values_list(
        *("adgroup_id", "quarter_ms", "clicks", "conversions", "delay_ms")
    )
    for adgroup_id, *row in rows:
        quarters[adgroup_id].append(Quarter(*row))
    return {id_: due_milli(told, since_ms=begins_ms, now_ms=at_ms) for id_, told in quarters.items()}
