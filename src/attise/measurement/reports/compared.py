"""What ads brought of people one by one, from facts: for whoever compares those who were shown an ad with others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from attise.kernel.house import House
from attise.kernel.limits import DAY_MS
from attise.measurement.reports.columnar import facts_table, read_tables
from attise.measurement.reports.folder import folder_of
from attise.measurement.reports.queries import list_files, paths_of
from attise.measurement.reports.rollups.kinds import HOURS, SEEN
from attise.measurement.reports.rollups.reading import newest
from attise.records.fact import CONVERSION, OUTCOME

ON_POST: Final[Mapping[str, str]] = {
    "completions": "completions",
    "views": "views",
    "likes": "likes - unlikes",
    "comments": "comments",
    "shares": "shares",
    "saves": "saves - unsaves",
}
"""Of facts, what is done to a post; below, to its creator."""
ON_CREATOR: Final[Mapping[str, str]] = {"follows": "follows - unfollows", "profile_visits": "profile_visits"}


CART: Final = "AddToCart"
"""What pages tell when something was put into a cart."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What ads brought of people; all arrays are as long, one place for each of them."""

    people: list[str]
    """Pseudonyms, in their order."""
    signals: dict[str, NDArray[np.int64]]
    """By name: what they did through any ad on the posts, or on the creators."""
    impressions: NDArray[np.int64]
    """Of the campaign; below, what was charged for it."""
    charged_micros: NDArray[np.int64]


def brought_by(
    house: House, *, campaign_id: int, posts: Collection[int], creators: Collection[int], since_ms: int
) -> Brought:
    """Return what ads brought of people from a moment on, by the time of decisions (world time).

    Raises: Outage. Cost: a pass over the facts of that time by some twenty columns.
    """
    on_post = f"post_id IN ({_ids(posts)}) AND post_id <> 0"
    on_creator = f"creator_id IN ({_ids(creators)}) AND creator_id <> 0"
    sums = [f"{_sum(said, on_post)} AS {name}" for name, said in ON_POST.items()]
    sums += [f"{_sum(said, on_creator)} AS {name}" for name, said in ON_CREATOR.items()]
    sums += [f"{_sum(name, 'campaign_id = $campaign')} AS own_{name}" for name in ("impressions", "charged_micros")]
    statement = f"""
        SELECT viewer, {", ".join(sums)} FROM facts
        WHERE sort = '{OUTCOME}' AND viewer <> '' AND decided_at_ms >= $since
            AND (campaign_id = $campaign OR ({on_post}) OR ({on_creator}))
        GROUP BY viewer ORDER BY viewer
    """  # noqa: S608 - our own names and numbers
    table = facts_table(paths_of(folder_of(house), list_files()))
    found = read_tables(statement, table, campaign=campaign_id, since=since_ms)
    columns: dict[str, Any] = {name: np.ma.getdata(values) for name, values in found.items()}
    return Brought(
        columns["viewer"].tolist(),
        {name: columns[name] for name in (*ON_CREATOR, *ON_POST)},
        columns["own_impressions"],
        columns["own_charged_micros"],
    )


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people a campaign or an ad group reached of late, and how often they did a thing through its ads."""

    viewers: int
    did: dict[str, int]
    """By signal of ``ON_POST`` and ``ON_CREATOR``, as often as it was told."""


def reach_of(house: House, *, campaign_id: int = 0, adgroup_id: int = 0, since_ms: int) -> Reach:
    """Return whom a campaign, or an ad group, reached from an hour on (world time), from roll-ups. Raises: Outage.

    Cost: a pass over its rows of two roll-ups.
    """
    signals = (*ON_CREATOR, *ON_POST)
    told = ", ".join(f"CAST(coalesce(sum({name}), 0) AS BIGINT) AS {name}" for name in signals)
    own = f"{'adgroup_id' if adgroup_id else 'campaign_id'} = $owner AND hour_ms >= $since"
    statement = f"""
        SELECT many.viewers, done.* FROM
            (SELECT count(DISTINCT viewer) AS viewers FROM {SEEN.name} WHERE {own} AND impressions > 0) AS many,
            (SELECT {told} FROM {HOURS.name} WHERE {own} AND event = '') AS done
    """  # noqa: S608 - our own names
    generation = newest(house)
    tables = (generation.table(SEEN), generation.table(HOURS))
    found = read_tables(statement, *tables, owner=adgroup_id or campaign_id, since=since_ms)
    return Reach(int(found["viewers"][0]), {name: int(found[name][0]) for name in signals})


@dataclass(frozen=True, slots=True)
class Newcomers:
    """How many people an ad group reached of late; of them, whom it had not reached in the time before that."""

    reached: int
    new: int


def newcomers_of(house: House, adgroup_ids: Collection[int], *, since_ms: int, recent_ms: int) -> dict[int, Newcomers]:
    """Return how many people ad groups reached since a moment, and whom of them not in the time before, from roll-ups.

    ``since_ms`` to ``recent_ms``: that time before (world time). Who has no memory is nobody. Raises: Outage. Cost: a
    pass over their rows of one roll-up.
    """
    if not adgroup_ids:
        return {}
    statement = f"""
        SELECT adgroup_id, count(*) AS reached,
            CAST(sum(CASE WHEN first_ms >= $recent THEN 1 ELSE 0 END) AS BIGINT) AS new
        FROM (
            SELECT adgroup_id, viewer, min(hour_ms) AS first_ms, max(hour_ms) AS last_ms FROM {SEEN.name}
            WHERE adgroup_id IN ({_ids(adgroup_ids)}) AND hour_ms >= $since AND impressions > 0
                AND viewer NOT LIKE '#%'
            GROUP BY adgroup_id, viewer
        ) AS people
        WHERE last_ms >= $recent GROUP BY adgroup_id
    """  # noqa: S608 - our own names and numbers
    found = read_tables(statement, newest(house).table(SEEN), since=since_ms, recent=recent_ms)
    return {
        int(id_): Newcomers(int(reached), int(new))
        for id_, reached, new in zip(found["adgroup_id"], found["reached"], found["new"], strict=True)
    }


@dataclass(frozen=True, slots=True)
class Sides:
    """What the ads of two sides brought of people, a day at a time; all arrays are as long, one place for each."""

    people: list[str]
    """Pseudonyms, in their order, once for each of their days; who was reached by neither side is not among them."""
    days: NDArray[np.int64]
    """The day of the decisions by the advertiser's clock, counted from 1970-01-01."""
    sums: dict[str, tuple[NDArray[np.int64], NDArray[np.int64]]]
    """By name of ``OF_SIDE``: what each of the two sides brought."""


OF_SIDE: Final[Mapping[str, str]] = {
    **{name: name for name in ("impressions", "completions", "clicks", "comments", "charged_micros")},
    "follows": ON_CREATOR["follows"],
    "carts": f"CASE WHEN sort = '{CONVERSION}' AND is_counted AND event = '{CART}' THEN conversions ELSE 0 END",
    "conversions": f"CASE WHEN sort = '{CONVERSION}' AND is_counted AND is_result THEN conversions ELSE 0 END",
}
"""What is added up of a side's ads, as facts say it; micros are of the advertiser's money."""


def brought_by_sides(house: House, *, level: str, first_id: int, second_id: int, since_ms: int, until_ms: int) -> Sides:
    """Return what two ad groups, or two campaigns, brought of people by decisions of a time (world time).

    ``level``: ``adgroup`` or ``campaign``. Raises: Outage. Cost: a pass over the facts of that time by eleven columns.
    """
    column = {"adgroup": "adgroup_id", "campaign": "campaign_id"}[level]
    sums = [
        f"{_sum(f'({said})', f'{column} = ${side}')} AS {name}_{side}"
        for name, said in OF_SIDE.items()
        for side in ("first", "second")
    ]
    statement = f"""
        SELECT viewer, CAST(floor((decided_at_ms + coalesce(decided_offset_ms, 0)) / {DAY_MS}.0) AS BIGINT) AS day,
            {", ".join(sums)}
        FROM facts
        WHERE viewer <> '' AND decided_at_ms >= $since AND decided_at_ms < $until
            AND ({column} = $first OR {column} = $second)
        GROUP BY viewer, day ORDER BY viewer, day
    """  # noqa: S608 - our own names
    table = facts_table(paths_of(folder_of(house), list_files()))
    asked = {"first": first_id, "second": second_id, "since": since_ms, "until": until_ms}
    found = read_tables(statement, table, **asked)
    columns: dict[str, Any] = {name: np.ma.getdata(values) for name, values in found.items()}
    return Sides(
        columns["viewer"].tolist(),
        columns["day"],
        {name: (columns[f"{name}_first"], columns[f"{name}_second"]) for name in OF_SIDE},
    )


def _sum(said: str, which: str) -> str:
    # A column that a file is too old to have is null, and adds nothing.
    return f"CAST(coalesce(sum(CASE WHEN {which} THEN {said} ELSE 0 END), 0) AS BIGINT)"


def _ids(values: Collection[int]) -> str:
    return ", ".join(str(int(one)) for one in sorted(values)) or "0"
