"""Facts as training takes them: one row for each impression with all that came of it, and one for each click's end.

No Django: SQL over files, columns out. The names are those of ``serving.training.facts``, which this floor does not
know; a test holds the two together.

A turn takes the impressions of a stretch of the log, with what followed them by now, so a stretch is taken when its
impressions have had the time to be clicked. Whether a click converted shows later, and comes in blocks where a shop
tells of a whole day at once; a learner that met a hundred conversions in a row would believe that everybody converts.
So each click is told as converted or not in a row of its own, ``CONVERTED_WITHIN_MS`` after it was received, in the
order of clicks; a conversion that comes later still has one more row. Only a decision's first conversion counts that
its ad group is there for.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from attise.kernel.limits import HOUR_MS
from attise.measurement.reports.columnar import read_columns
from attise.records.fact import CONVERSION, OUTCOME, SEPARATOR

CONVERTED_WITHIN_MS: Final = 26 * HOUR_MS
"""World time from a click to the row that tells what came of it: a shop that tells once a night has told by then."""
_SAID: Final = {
    "ad_id": "ad_id",
    "campaign_id": "campaign_id",
    "advertiser_id": "advertiser_id",
    "post_id": "post_id",
    "creator_id": "creator_id",
    "category": "category",
    "objective": "objective",
    "kind": "kind",
    "language": "post_language",
    "goal": "optimization_goal",
    "duration_ms": "duration_ms",
    "decided_at_ms": "decided_at_ms",
    "viewer_age_group": "age_group",
    "viewer_gender": "gender",
    "viewer_country": "country",
    "viewer_region": "region",
    "viewer_language": "language",
    "viewer_os": "os",
    "viewer_device_price": "device_price",
    "interests": "interests",
    "exposures": "exposures",
    "since_ms": "ms_since_exposure",
    "item_index": "place",
    "gap": "videos_since_ad",
    "organic_impressions": "organic_impressions",
    "organic_view_6s": "organic_view_6s",
    "organic_complete": "organic_complete",
    "organic_engage": "organic_engage",
    "organic_negative": "organic_negative",
    "model_version": "model_version",
    "is_exploration": "is_exploration",
}
"""What was known at the decision, the same in every row of it: name in training, name in facts."""
_TEXTS: Final = frozenset(
    {
        *("category", "objective", "kind", "language", "goal", "interests", "viewer_age_group", "viewer_gender"),
        *("viewer_country", "viewer_region", "viewer_language", "viewer_os"),
    }
)
_UNKNOWN: Final = {"viewer_device_price": -1, "since_ms": -1, "gap": -1, "is_exploration": -1}
"""Numbers that are not 0 where a file of before does not say them."""
_LABELS: Final = {
    "click": "clicks",
    "view_6s": "views_6s",
    "complete": "completions",
    "engage": "likes + comments + shares + saves + follows",
    "negative": "negatives",
}


def list_told(files: Sequence[Path], *, after: int, upto: int) -> dict[str, NDArray[Any]]:
    """Return the columns of impressions, and of what came of clicks, that are told beyond a position up to another.

    In the order in which they are told. Args: files: all that hold facts, those before ``after`` too: clicks lie there.
    Raises: Outage. Cost: a pass over ``files`` by a few columns, and over those beyond ``after`` by fifty.
    """
    found = read_columns(_statement(after, upto), files)
    columns = {name: np.ma.getdata(values) for name, values in found.items()}
    words = [text.split(SEPARATOR) if text else [] for text in columns.pop("interests").tolist()]
    columns["viewer_interests"] = np.array([word for row in words for word in row], dtype=str)
    columns["viewer_interests.starts"] = np.cumsum([0, *map(len, words)])
    columns.pop("told_at_ms")
    return {name: values.astype(str) if values.dtype == object else values for name, values in columns.items()}


def _statement(after: int, upto: int) -> str:
    known = ", ".join(f"{_known(name, column)} AS {name}" for name, column in _SAID.items())
    labels = ", ".join(f"(coalesce(sum({counted}), 0) > 0)::TINYINT AS {name}" for name, counted in _LABELS.items())
    untold = ", ".join(f"(-1)::TINYINT AS {name}" for name in _LABELS)
    # Only rows whose decision was found are learned from: of the others nothing is known that a rate depends on.
    return f"""
        WITH
        span AS (
            SELECT coalesce(max(CASE WHEN position <= {after} THEN received_at_ms END), 0) AS since_ms,
                coalesce(max(CASE WHEN position <= {upto} THEN received_at_ms END), 0) AS until_ms
            FROM facts
        ),
        shown AS (
            SELECT decision_id, {known}, {labels}, (-1)::TINYINT AS convert, FALSE AS is_late,
                CASE WHEN sum(watch_ms) > 0 THEN sum(watch_ms)::BIGINT ELSE -1 END AS watch_ms,
                max(decided_at_ms) AS told_at_ms
            FROM facts WHERE sort = '{OUTCOME}' AND position > {after} AND has_decision
            GROUP BY decision_id
            HAVING max(CASE WHEN impressions > 0 THEN position END) <= {upto}
        ),
        clicked AS (
            SELECT decision_id, min(received_at_ms) AS clicked_ms
            FROM facts WHERE sort = '{OUTCOME}' AND clicks > 0 AND has_decision GROUP BY decision_id
        ),
        converted AS (
            SELECT decision_id, min(CASE WHEN conversions > 0 THEN received_at_ms END) AS converted_ms
            FROM facts WHERE sort = '{CONVERSION}' AND is_result AND is_counted AND touch = 'click'
            GROUP BY decision_id HAVING sum(conversions) > 0
        ),
        ended AS (
            SELECT decision_id, told_at_ms,
                (converted_ms IS NOT NULL AND converted_ms <= told_at_ms)::TINYINT AS convert
            FROM (
                SELECT decision_id, clicked_ms + {CONVERTED_WITHIN_MS} AS told_at_ms, converted_ms
                FROM clicked LEFT JOIN converted USING (decision_id)
                UNION ALL
                SELECT decision_id, converted_ms AS told_at_ms, converted_ms
                FROM clicked JOIN converted USING (decision_id)
                WHERE converted_ms > clicked_ms + {CONVERTED_WITHIN_MS}
            ), span WHERE told_at_ms > since_ms AND told_at_ms <= until_ms
        )
        SELECT * EXCLUDE (decision_id) FROM (
            SELECT * FROM shown
            UNION ALL BY NAME
            SELECT decision_id, {known}, {untold}, max(ended.convert) AS convert, TRUE AS is_late, -1 AS watch_ms,
                ended.told_at_ms
            FROM ended JOIN facts USING (decision_id) WHERE sort = '{OUTCOME}' AND has_decision
            GROUP BY decision_id, ended.told_at_ms
        ) ORDER BY told_at_ms, is_late, decision_id
    """  # noqa: S608 - our own names and numbers


def _known(name: str, column: str) -> str:
    if name in _TEXTS:
        return f"coalesce(max({column}), '')"
    return f"coalesce(max({column}{'::TINYINT' if name == 'is_exploration' else ''}), {_UNKNOWN.get(name, 0)})"
