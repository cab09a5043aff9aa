"""The SQL of a report over one generation of roll-ups: ``count``, ``sum``, ``case`` and ``group by``. Pure.

Everything in it is ours: names from tables, whole numbers, and country codes of two letters.
"""

# ruff: noqa: S608 - for the reason just told
from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from typing import Final

from attise.kernel.limits import DAY_MS
from attise.measurement.reports.asking.asked import Asked
from attise.measurement.reports.asking.dimensions import AUDIENCE as PEOPLE
from attise.measurement.reports.asking.dimensions import DAY, HOUR
from attise.measurement.reports.asking.metrics import DELIVERED, METRICS, SUMS
from attise.measurement.reports.rollups.kinds import AUDIENCE, DAYS, HOURS, SEEN, Kind

_CURRENCIES: Final = (("MIN", "currency"), ("MAX", "other_currency"))
_CODE: Final = re.compile(r"[A-Z]{2}")
_EPOCH: Final = dt.date(1970, 1, 1)


def kind_of(asked: Asked) -> Kind:
    """Return the smallest roll-up that knows what is asked."""
    if asked.is_by_people:
        return AUDIENCE
    return HOURS if asked.in_utc or HOUR in asked.dimensions else DAYS


def sums_of(asked: Asked) -> tuple[str, ...]:
    """Return the names of the sums that its metrics need, and those that say whether there is a row at all."""
    needed = [name for metric in asked.metrics for name in METRICS[metric].sums]
    return tuple(dict.fromkeys((*needed, *DELIVERED)))


def needs_people(asked: Asked) -> bool:
    """Tell whether people are counted."""
    return any(SUMS[name].is_seen for name in sums_of(asked))


def moments_of(asked: Asked) -> tuple[int, int] | None:
    """Return from which moment on and before which one its rows' hours are; None: of all times."""
    if asked.is_lifetime or asked.first is None or asked.last is None:
        return None
    return _ms(asked.first), _ms(asked.last) + DAY_MS


def columns_of(asked: Asked) -> tuple[str, ...]:
    """Return what the rows of ``rows_sql`` hold, in order."""
    return (*(f"by_{name}" for name in asked.dimensions), "currency", "other_currency", *sums_of(asked))


def rows_sql(asked: Asked, *, limit: int, offset: int) -> str:
    """Return the statement of some rows, in their order; its last column says how many there are in all."""
    columns = ", ".join(columns_of(asked))
    page = f"LIMIT {int(limit)} OFFSET {int(offset)}"
    return f"{_with(asked)} SELECT {columns}, COUNT(*) OVER () AS many FROM told ORDER BY {_order(asked)} {page}"


def every_row_sql(asked: Asked) -> str:
    """Return the statement of all rows, in their order."""
    return f"{_with(asked)} SELECT {', '.join(columns_of(asked))} FROM told ORDER BY {_order(asked)}"


def count_sql(asked: Asked) -> str:
    """Return the statement of how many rows there are."""
    return f"{_with(asked)} SELECT COUNT(*) AS many FROM told"


def _with(asked: Asked) -> str:
    """Return the table ``told``: a row for each group, with its sums, and with its people where they are counted."""
    kind, names = kind_of(asked), sums_of(asked)
    groups = [f"by_{name}" for name in asked.dimensions]
    places = f"GROUP BY {', '.join(groups)}" if groups else ""
    plain = [f"{SUMS[name].sql} AS {name}" for name in names if not SUMS[name].is_seen]
    # A row whose money is not known has no currency, and none of it.
    money = [f"COALESCE({how}(NULLIF(currency, '')), '') AS {name}" for how, name in _CURRENCIES]
    there = _is_any([name for name in names if not SUMS[name].is_seen])
    main = (
        f"added AS (SELECT {', '.join([*_keys(asked, kind), *money, *plain])} "
        f"FROM {kind.name} WHERE {_where(asked, kind)} {places})"
    )
    if not needs_people(asked):
        return f"WITH {main}, told AS (SELECT * FROM added WHERE {there})"
    people = [f"{SUMS[name].sql} AS {name}" for name in names if SUMS[name].is_seen]
    met = (
        f"met AS (SELECT {', '.join([*_keys(asked, SEEN), *people])} "
        f"FROM {SEEN.name} WHERE {_where(asked, SEEN)} {places})"
    )
    reached = ", ".join(f"COALESCE(met.{name}, 0) AS {name}" for name in names if SUMS[name].is_seen)
    joined = f"LEFT JOIN met USING ({', '.join(groups)})" if groups else "CROSS JOIN met"
    return f"WITH {main}, {met}, told AS (SELECT added.*, {reached} FROM added {joined} WHERE {there})"


def _is_any(names: Collection[str]) -> str:
    """Return the condition that one of some sums is not zero; there are always several.

    Not a row of ``OR``: of all metrics it is two hundred deep, and a planner that brings each of its ends into one
    order (Apache Spark's) makes millions of objects of it.
    """
    every = ", ".join(names)
    return f"GREATEST({every}) > 0 OR LEAST({every}) < 0"


def _keys(asked: Asked, kind: Kind) -> list[str]:
    return [f"{_key(name, asked, kind)} AS by_{name}" for name in asked.dimensions]


def _key(name: str, asked: Asked, kind: Kind) -> str:
    if name in PEOPLE:
        return PEOPLE[name]
    if name == HOUR:
        return "hour_ms" if asked.in_utc else "local_hour_ms"
    return _day(asked, kind) if name == DAY else name


def _day(asked: Asked, kind: Kind) -> str:
    if "local_day_ms" in kind.keys:
        return "local_day_ms"
    moment = "hour_ms" if asked.in_utc else "local_hour_ms"
    return f"({moment} - {moment} % {DAY_MS})"


def _where(asked: Asked, kind: Kind) -> str:
    found = [_among("advertiser_id", asked.advertiser_ids)]
    moments = moments_of(asked)
    if moments is not None:
        day, (begin_ms, end_ms) = _day(asked, kind), moments
        found.append(f"{day} >= {begin_ms} AND {day} < {end_ms}")
    found += [_among(column, ids) for column, ids in asked.among.items()]
    found += [f"NOT ({_among(column, ids)})" for column, ids in asked.without.items() if ids]
    if asked.countries is not None:
        codes = sorted(code for code in asked.countries if _CODE.fullmatch(code))
        found.append(f"country IN ({', '.join(map(_quoted, codes))})" if codes else "FALSE")
    return " AND ".join(found)


def _among(column: str, ids: Collection[int]) -> str:
    return f"{column} IN ({', '.join(str(int(one)) for one in sorted(ids))})" if ids else "FALSE"


def _quoted(code: str) -> str:
    return f"'{code}'"


def _ms(day: dt.date) -> int:
    return (day - _EPOCH).days * DAY_MS


def _order(asked: Asked) -> str:
    """Return the order of rows: a total one, so that pages never overlap."""
    groups = [f"by_{name}" for name in asked.dimensions]
    if not asked.order:
        return ", ".join(groups) or "currency"
    wanted = f"by_{asked.order}" if asked.order in asked.dimensions else METRICS[asked.order].order_sql
    return ", ".join([f"{wanted} {'ASC' if asked.is_rising else 'DESC'} NULLS LAST", *groups])
