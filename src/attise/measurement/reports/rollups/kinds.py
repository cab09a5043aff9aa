"""What each roll-up holds: its keys, its sums, and what they are made from. Pure: one SQL text for every engine.

========  =========================================  =========  ====================================
roll-up   one row for                                made from  for
========  =========================================  =========  ====================================
hours     ad × hour (UTC's and the advertiser's)     facts      reports by the hour, or in UTC
days      ad × day of the advertiser                 hours      reports by the day or in all
audience  ad × day × who was reached                 facts      age, gender, place, system, language
seen      ad × hour × who was reached × person       facts      reach and frequency, exact
posts     post × hour (UTC), what ads did            hours      posts and their creators
creators  creator × day (UTC), what ads did          posts      the same
========  =========================================  =========  ====================================

Delivery stands in rows whose ``event`` is empty, conversions in rows of their event. A conversion has two rows: in the
hour of the decision that it is credited to, as what it cost is (``by_event`` false), and in its own (true).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from attise.kernel.limits import DAY_MS, HOUR_MS
from attise.measurement.counters.signals import OF_STATE, OF_TYPE
from attise.records.fact import CONVERSION, OUTCOME
from attise.records.goals import ACTS, COUNTS

_COUNTED: Final = (
    *("impressions", "views", "views_2s", "views_6s", "p25", "p50", "p75", "completions", "loops", "clicks"),
    *("likes", "saves", "follows", "comments", "shares", "profile_visits", "sound_clicks", "duets", "stitches"),
    *("hides", "watch_ms", "doubted", "charged_micros"),
)
"""Columns of facts that are added up as they are."""
SIX_SECONDS_MS: Final = 6_000
_RESULTS: Final = {**COUNTS, **{goal: OF_STATE.get(act) or OF_TYPE[act] for goal, act in ACTS.items()}}
"""What an ad group is there for, where that is no conversion: the column that counts it, by goal."""
_CONVERTED: Final = (
    f"(CASE WHEN sort = '{CONVERSION}' AND is_counted AND is_result THEN coalesce(conversions, 0) ELSE 0 END)"
)
_OF_GOAL: Final = " ".join(f"WHEN '{goal}' THEN coalesce({column}, 0)" for goal, column in _RESULTS.items())
SUMS: Final[Mapping[str, str]] = {
    **{name: name for name in _COUNTED},
    # Six seconds, or all of a video that is shorter. One of unknown length is taken for a long one.
    "engaged_views": f"CASE WHEN duration_ms > 0 AND duration_ms < {SIX_SECONDS_MS} "
    "THEN coalesce(completions, 0) ELSE coalesce(views_6s, 0) END",
    "conversions": "CASE WHEN is_counted THEN coalesce(conversions, 0) ELSE 0 END",
    # Conversions that the goal asks for, and sales where it asks for less; below, what it asks for and nothing else.
    "results": _CONVERTED,
    "sought": f"CASE optimization_goal {_OF_GOAL} ELSE {_CONVERTED} END",
    "value_micros": "CASE WHEN is_counted AND value_currency = currency THEN coalesce(value_micros, 0) ELSE 0 END",
}
"""What is added up, and how a fact says it. Micros are of the advertiser's money."""

_AD: Final = {
    **{name: f"coalesce({name}, 0)" for name in ("advertiser_id", "campaign_id", "adgroup_id", "ad_id", "post_id")},
    "currency": "coalesce(currency, '')",
}
_ORDER: Final = frozenset({*_AD, "creator_id", "hour_ms", "local_hour_ms", "local_day_ms", "day_ms"} - {"currency"})
_WHAT: Final = {"event": "event", "touch": "touch", "by_event": "by_event"}
_WHO: Final = {name: f"coalesce({name}, '')" for name in ("gender", "age_group", "country", "region", "os", "language")}
_HOUR: Final = {"hour_ms": f"moment_ms - moment_ms % {HOUR_MS}"}
_LOCAL: Final = "(moment_ms + shift_ms)"
_LOCAL_HOUR: Final = {"local_hour_ms": f"{_LOCAL} - {_LOCAL} % {HOUR_MS}"}
_LOCAL_DAY: Final = {"local_day_ms": f"{_LOCAL} - {_LOCAL} % {DAY_MS}"}


@dataclass(frozen=True, slots=True)
class Kind:
    """One roll-up: keys and sums by column, as expressions over the table it is made from."""

    name: str
    source: str
    keys: Mapping[str, str]
    sums: Mapping[str, str] = field(default_factory=lambda: SUMS)
    only: str = "TRUE"
    """Which rows of the source."""
    is_grouped: bool = True
    """Whether rows of one key are added up. Where nearly each row has a key of its own, adding up finds nothing and
    takes half of the time: a key then stands in several rows, as it may of several parts."""

    @property
    def columns(self) -> dict[str, type]:
        """Names and types, in order."""
        return {**{name: _TYPES.get(name, int) for name in self.keys}, **dict.fromkeys(self.sums, int)}

    def made(self, *sources: str) -> str:
        """Return the statement that makes it from tables of its source, of which no two have a key in common.

        Why several: added up each by itself, an engine knows from its file how large a sum may become, and takes a
        narrower one; one table of all of them takes a fifth more of the time.
        """
        keys = ", ".join(f"{how} AS {name}" for name, how in self.keys.items())
        return self._ordered(*(self._rows(keys, self.sums, f"{source} WHERE {self.only}") for source in sources))

    def merged(self, parts: str, *, adds_up: bool = True) -> str:
        """Return the statement that makes one table of parts of it; with ``adds_up``, of one key one row."""
        keys, sums = ", ".join(self.keys), {name: name for name in self.sums}
        return self._ordered(self._rows(keys, sums, parts, adds_up=adds_up))

    def _rows(self, keys: str, sums: Mapping[str, str], source: str, *, adds_up: bool = True) -> str:
        # A column that a file is too old to have is null, and adds nothing.
        if not (self.is_grouped and adds_up):
            plain = ", ".join(f"CAST(COALESCE({how}, 0) AS BIGINT) AS {name}" for name, how in sums.items())
            return f"SELECT {keys}, {plain} FROM {source}"  # noqa: S608 - ours
        added = ", ".join(f"CAST(COALESCE(SUM({how}), 0) AS BIGINT) AS {name}" for name, how in sums.items())
        places = ", ".join(str(place + 1) for place in range(len(self.keys)))
        return f"SELECT {keys}, {added} FROM {source} GROUP BY {places}"  # noqa: S608 - ours

    def _ordered(self, *rows: str) -> str:
        return f"{' UNION ALL '.join(rows)} ORDER BY {self._order}"

    @property
    def _order(self) -> str:
        # An advertiser's rows lie together, and those of a campaign within them: readers pass over the others.
        return ", ".join(str(place + 1) for place, name in enumerate(self.keys) if name in _ORDER)


_TYPES: Final[Mapping[str, type]] = {
    **dict.fromkeys((*_WHO, "currency", "event", "touch", "viewer"), str),
    "by_event": bool,
}
_CREATOR: Final = {"creator_id": "coalesce(creator_id, 0)"}
HOURS: Final = Kind("hours", "told", {**_AD, **_HOUR, **_LOCAL_HOUR, **_CREATOR, **_WHAT}, only="ad_id <> 0")
_SUMMED: Final = {name: name for name in SUMS}
DAYS: Final = Kind(
    "days",
    "hours",
    {**{name: name for name in _AD}, "local_day_ms": f"local_hour_ms - local_hour_ms % {DAY_MS}", **_WHAT},
    _SUMMED,
)
AUDIENCE: Final = Kind("audience", "told", {**_AD, **_LOCAL_DAY, **_WHO, **_WHAT}, only="ad_id <> 0")
SEEN: Final = Kind(
    "seen",
    "told",
    # Somebody without memory is somebody else at each decision: nobody can say that it was the same person.
    {**_AD, **_HOUR, **_LOCAL_HOUR, **_WHO, "viewer": "CASE WHEN viewer = '' OR viewer IS NULL THEN "
     "CONCAT('#', CAST(decision_id AS VARCHAR)) ELSE viewer END"},
    {name: SUMS[name] for name in ("impressions", "views", "engaged_views", "watch_ms")},
    only=f"ad_id <> 0 AND sort = '{OUTCOME}' AND (impressions > 0 OR views > 0 OR watch_ms > 0)",
    is_grouped=False,
)  # fmt: skip
POSTS: Final = Kind(
    "posts",
    "hours",
    {**{name: name for name in ("post_id", "creator_id", "currency", "hour_ms")}, **_WHAT},
    _SUMMED,
    only="post_id <> 0",
)
CREATORS: Final = Kind(
    "creators",
    "posts",
    {"creator_id": "creator_id", "currency": "currency", "day_ms": f"hour_ms - hour_ms % {DAY_MS}", **_WHAT},
    _SUMMED,
    only="creator_id <> 0",
)
KINDS: Final = (HOURS, DAYS, AUDIENCE, SEEN, POSTS, CREATORS)
"""In the order in which they are made: those that others are made from come first."""
OF_NAME: Final[Mapping[str, Kind]] = {kind.name: kind for kind in KINDS}


def told(after: int, upto: int) -> tuple[str, str]:
    """Return the tables ``told`` of a stretch of the log, which ``by_event`` tells apart.

    All facts where their decisions were, then conversions where they happened.
    """
    stretch = f"position > {after} AND position <= {upto}"
    own = "decided_at_ms AS moment_ms, coalesce(decided_offset_ms, 0) AS shift_ms, FALSE AS by_event"
    other = "at_ms AS moment_ms, coalesce(at_offset_ms, 0) AS shift_ms, TRUE AS by_event"
    return (
        f"(SELECT *, {own} FROM facts WHERE {stretch}) AS told",  # noqa: S608 - our own names and numbers
        f"(SELECT *, {other} FROM facts WHERE {stretch} AND sort = '{CONVERSION}') AS told",  # noqa: S608
    )
