"""The tables and columns that plain SQL reads, outside Django; a house test compares them with the models."""

from __future__ import annotations

from typing import Final

VERSION: Final = ("outbox_version", ("id", "n"))
"""One row, id 1: the number of the newest committed change."""

CHANGE: Final = ("outbox_change", ("version", "kind", "object_id", "at_ms", "body"))
"""Rows above a known version are what is new; ``body`` is JSON text."""

CLOCK: Final = ("processes_worldclock", ("id", "offset_ms", "version"))
"""One row, id 1: how far world time runs ahead of wire time."""

POLICY: Final = ("policy_value", ("name", "value"))
"""What the operator set, by name; ``value`` is JSON text. Of these, edges ask whether every ad is stopped."""

HEARTBEAT: Final = (
    "processes_process",
    (
        *("node", "role", "holder", "applied_version", "applied_delta", "applied_totals"),
        *("clock_version", "seen_at_ms"),
    ),
)
"""One row per node number; a process writes its own."""

VIEWER: Final = ("viewers_viewer", ("id", "record"))
"""``record`` is the JSON of ``records.viewer.Viewer``."""

HOST_KEY: Final = ("accounts_hostkey", ("id", "key_hash", "revoked_at_ms"))
"""Keys of the host by the SHA-256 of their text; one that was revoked says when."""

PIXEL: Final = ("pixels_pixel", ("id", "code", "advertiser_id", "matches_email", "matches_phone", "paused_at_ms"))
"""Pixels by the code that pages name, which hashed contacts their tags may send, and since when one is paused."""

SNAPSHOT_POSITION: Final = ("snapshots_position", ("id", "number", "version"))
"""One row, id 1: the number of the newest delta, and the change up to which all have been made."""

SNAPSHOT_DELTA: Final = ("snapshots_delta", ("number", "version", "kind", "object_id", "body"))
"""Rows above a known number are what is new; ``body`` is that of ``records.snapshot.deltas``."""

TOTALS_HEAD: Final = ("attribution_head", ("id", "version", "published_at_ms", "counted_to_ms"))
"""One row, id 1: up to where totals speak (``records.totals.TotalsHead``)."""

TOTALS: Final = ("attribution_totals", ("object_id", "kind", "version", "body"))
"""Rows above a known version are what changed; ``body`` is of ``records.totals``, by ``kind``."""

WATERMARK: Final = ("reports_watermark", ("id", "counted_to_ms"))
"""One row, id 1: every event received before that moment (wire time) stands in files of facts."""

SELECTS: Final = {
    "version": "SELECT n FROM outbox_version WHERE id = 1",
    "changes": "SELECT version, kind, object_id, at_ms, body FROM outbox_change WHERE version > {0} ORDER BY version",
    "clock": "SELECT offset_ms, version FROM processes_worldclock WHERE id = 1",
    "ads_stopped": "SELECT value FROM policy_value WHERE name = 'ads_stopped'",
    "viewer": "SELECT record FROM viewers_viewer WHERE id = {0}",
    "host_key": "SELECT id FROM accounts_hostkey WHERE key_hash = {0} AND revoked_at_ms IS NULL",
    "pixel": "SELECT id, advertiser_id, matches_email, matches_phone, paused_at_ms FROM pixels_pixel WHERE code = {0}",
    "snapshot_position": "SELECT number, version FROM snapshots_position WHERE id = 1",
    "snapshot_deltas": (
        "SELECT number, version, kind, object_id, body FROM snapshots_delta "
        "WHERE number > {0} AND number <= {0} ORDER BY number"
    ),
    "totals_head": "SELECT version, published_at_ms, counted_to_ms FROM attribution_head WHERE id = 1",
    "watermark": "SELECT counted_to_ms FROM reports_watermark WHERE id = 1",
    "totals": (
        "SELECT version, kind, body FROM attribution_totals "
        "WHERE version > {0} AND version <= {0} ORDER BY version LIMIT {0}"
    ),
}
"""Statements with ``{0}`` where the driver's own placeholder goes."""

ALL: Final = (
    *(VERSION, CHANGE, CLOCK, POLICY, HEARTBEAT, VIEWER, HOST_KEY, PIXEL),
    *(SNAPSHOT_POSITION, SNAPSHOT_DELTA, TOTALS_HEAD, TOTALS, WATERMARK),
)
