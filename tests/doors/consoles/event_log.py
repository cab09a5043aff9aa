"""What a page told of its viewer, read from the log."""

from __future__ import annotations

from django.conf import settings

from attise.measurement.ingest.log import EntryKind
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.records.event import decode_event


def events_since(end: int) -> list:
    log = SqliteLog(settings.HOUSE.folder, may_write=False)
    entries = [entry for batch in log.read(end, limit=100) for entry in batch.entries]
    log.close()
    return [decode_event(entry.body) for entry in entries if entry.kind == EntryKind.EVENT]


def end_of_log() -> int:
    log = SqliteLog(settings.HOUSE.folder, may_write=False)
    end = log.end()
    log.close()
    return end
