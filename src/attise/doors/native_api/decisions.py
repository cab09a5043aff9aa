"""Decisions: what was chosen for a slot of a feed, why, and at what price; read from the durable log."""

from __future__ import annotations

from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.schemas.common import PathId
from attise.doors.native_api.schemas.decisions import FeedDecision, tell_decision
from attise.doors.native_api.schemas.posts import Words
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.measurement.attribution.queries import find_outcome
from attise.measurement.ingest.log import EntryKind
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.records.decision import decode_decision
from attise.serving.delivery.words import in_words

group = Group("Decisions")


@group.get("/v1/decisions/{decision_id}", gives=FeedDecision)
def get_decision(call: Call, decision_id: PathId) -> FeedDecision:
    """Get what was decided for one slot, in figures and in words.

    Kept for 30 days, from a moment after the answer. A slot that stayed without an ad has a decision too.
    """
    log = SqliteLog(call.house.folder, may_write=False)
    try:
        body = log.find(EntryKind.DECISION, decision_id)
    finally:
        log.close()
    if body is None:
        raise Refusal(NOT_FOUND, field="decision_id")
    decision = decode_decision(body)
    outcome = find_outcome(decision_id)
    charged_micros = 0 if outcome is None else outcome.charged_micros
    return tell_decision(decision, Words(**in_words(decision)), charged_micros=charged_micros)
