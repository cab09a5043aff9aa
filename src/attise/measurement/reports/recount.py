"""Whether reports add up: roll-ups against each other, against the hours of ads, and against the ledger, to the micro.

What is not rolled up yet is added from where it stands, facts and steps, so the comparison is of one moment whatever
the worker is about to do. What was given back afterwards is no part of it: a report tells what was charged, and a
statement what came back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from attise.kernel.house import House
from attise.kernel.limits import HOUR_MS
from attise.ledger import storing, sums
from attise.measurement.attribution import figures
from attise.measurement.attribution import queries as attribution
from attise.measurement.reports.columnar import read_columns, read_tables
from attise.measurement.reports.folder import folder_of
from attise.measurement.reports.gathering import COLUMN_OF
from attise.measurement.reports.queries import get_watermark, list_files, paths_of
from attise.measurement.reports.rollups.kinds import AUDIENCE, DAYS, HOURS, SEEN, SUMS, Kind
from attise.measurement.reports.rollups.manifest import Manifest
from attise.measurement.reports.rollups.reading import Generation, newest

END_OF_LOG: Final = 1 << 62
COMPARED: Final = ("impressions", "views", "views_6s", "completions", "clicks", "comments", "shares", "profile_visits")
"""Signals of which a fact says as many as the hours of its ad do; those of a state are acts here and states there."""
Key = tuple[int, str, int, int]
"""Advertiser, currency, ad, hour of the decision."""


@dataclass(frozen=True, slots=True)
class Recount:
    """What was found: the first difference, or None, and of how much."""

    difference: str | None
    ads: int
    spent_micros: int


def recount(house: House, *, payer_of: Callable[[int], str]) -> Recount:
    """Compare all that reports are made of. Args: payer_of: the account that pays for an advertiser. Raises: Outage."""
    generation = newest(house)
    with storing.snapshot():
        spent, counted = _told(house, generation)
        found = _within(generation) or _with_hours(spent, counted) or _with_ledger(spent, payer_of)
    return Recount(found, len(counted), sum(spent.values()))


def _told(house: House, generation: Generation) -> tuple[dict[Key, int], dict[int, list[int]]]:
    """Return micros by key and signals by ad: of the roll-ups, of facts beyond them, and of steps beyond those."""
    spent: dict[Key, int] = defaultdict(int)
    counted: dict[int, list[int]] = defaultdict(lambda: [0] * len(COMPARED))
    wanted = ", ".join(f"CAST(SUM({name}) AS BIGINT) AS {name}" for name in ("charged_micros", *COMPARED))
    keys = "advertiser_id, currency, ad_id, hour_ms"
    rolled = f"SELECT {keys}, {wanted} FROM hours WHERE NOT by_event GROUP BY {keys}"  # noqa: S608 - our own names
    _take(spent, counted, read_tables(rolled, generation.table(HOURS)))
    position = generation.manifest.position
    beyond = paths_of(folder_of(house), list_files(after=position))
    hour = f"decided_at_ms - decided_at_ms % {HOUR_MS} AS hour_ms"
    facts = (
        f"SELECT advertiser_id, currency, ad_id, {hour}, {wanted} FROM facts "  # noqa: S608 - our own names and numbers
        f"WHERE position > {position} AND sort = 'outcome' GROUP BY 1, 2, 3, 4"
    )
    _take(spent, counted, read_columns(facts, beyond))
    steps = attribution.list_steps(after=get_watermark().position, upto=END_OF_LOG)
    terms = attribution.terms_of(step.decision_id for step in steps)
    for step in steps:
        of = terms[step.decision_id]
        hour_ms = of.decided_at_ms - of.decided_at_ms % HOUR_MS
        spent[of.advertiser_id, of.currency, of.ad_id, hour_ms] += step.charged_micros
        acts = {COLUMN_OF[act]: many for act, many in step.acts.items() if act in COLUMN_OF}
        for place, name in enumerate(COMPARED):
            counted[of.ad_id][place] += acts.get(name, 0)
    return spent, counted


def _take(spent: dict[Key, int], counted: dict[int, list[int]], columns: Mapping[str, Any]) -> None:
    every = (np.ma.getdata(values).tolist() for values in columns.values())
    for advertiser_id, currency, ad_id, hour_ms, micros, *signals in zip(*every, strict=True):
        spent[advertiser_id, currency, ad_id, hour_ms] += micros
        held = counted[ad_id]
        for place, many in enumerate(signals):
            held[place] += many


def _within(generation: Generation) -> str | None:
    """Return where one roll-up does not say what another does."""
    of_hours = _sums(generation, HOURS, tuple(SUMS))
    for kind in (DAYS, AUDIENCE):
        if _sums(generation, kind, tuple(SUMS)) != of_hours:
            return f"the roll-up {kind.name} differs from that of hours"
    for part in generation.manifest.parts:
        alone = Generation(Manifest(parts=(part,)), generation.folder)
        shown = ("impressions", "views", "watch_ms")
        if SEEN.name in part.kinds and _sums(alone, SEEN, shown) != _sums(alone, HOURS, shown):
            return "the roll-up of who was reached differs from that of hours"
    return None


def _sums(generation: Generation, kind: Kind, names: tuple[str, ...]) -> list[tuple[int, ...]]:
    """Return sums by ad, of ads that have any."""
    added = ", ".join(f"CAST(SUM({name}) AS BIGINT) AS {name}" for name in names)
    columns = read_tables(f"SELECT ad_id, {added} FROM {kind.name} GROUP BY 1 ORDER BY 1", generation.table(kind))  # noqa: S608
    rows = zip(*(np.ma.getdata(values).tolist() for values in columns.values()), strict=True)
    return [row for row in rows if any(row[1:])]


def _with_hours(spent: Mapping[Key, int], counted: Mapping[int, list[int]]) -> str | None:
    """Return where the hours of ads say otherwise."""
    told: dict[tuple[int, int], int] = defaultdict(int)
    for (_, _, ad_id, hour_ms), micros in spent.items():
        told[ad_id, hour_ms] += micros
    hours = figures.list_spent()
    for ad_id, hour_ms in sorted(told.keys() | hours.keys()):
        here, there = told.get((ad_id, hour_ms), 0), hours.get((ad_id, hour_ms), 0)
        if here != there:
            return f"ad {ad_id} in the hour {hour_ms}: {here} micros in reports, {there} charged"
    for ad_id, signals in figures.list_signals(COMPARED).items():
        mine = counted.get(ad_id, [0] * len(COMPARED))
        for name, here, there in zip(COMPARED, mine, signals, strict=True):
            if here != there:
                return f"{name} of ad {ad_id}: {here} in reports, {there} counted"
    return None


def _with_ledger(spent: Mapping[Key, int], payer_of: Callable[[int], str]) -> str | None:
    """Return where the ledger says otherwise, by payer, currency and hour."""
    told: dict[tuple[str, str, int], int] = defaultdict(int)
    for (advertiser_id, currency, _, hour_ms), micros in spent.items():
        told[payer_of(advertiser_id), currency, hour_ms] += micros
    paid = {(key, currency, hour_ms): micros for key, currency, hour_ms, micros in sums.list_paid_hours()}
    for key in sorted(told.keys() | paid.keys()):
        if told.get(key, 0) != paid.get(key, 0):
            account, currency, hour_ms = key
            where = f"{account} in {currency} in the hour {hour_ms}"
            return f"{where}: {told.get(key, 0)} micros in reports, {paid.get(key, 0)} in the ledger"
    return None
