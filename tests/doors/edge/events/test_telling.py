"""The answer to a batch says the same whether its results are written one by one or all at once."""

from __future__ import annotations

import json

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st

from attise.doors.edge.events.telling import write
from attise.measurement.ingest.accept import DUPLICATE, REJECTED, Accepted, Result


@given(st.lists(st.text(max_size=6), min_size=1, max_size=5))
@example(['a",', "b"])
@example(['","', "\\"])
@example(["é\n", "\x00"])
def test_a_batch_that_is_accepted_is_told_as_its_results_are(names):
    made = Accepted(event_ids=names)
    assert json.loads(write(made)) == {"results": msgspec.to_builtins(made.results)}
    assert [one["event_id"] for one in json.loads(write(made))["results"]] == names


def test_what_is_not_taken_is_told_in_its_place():
    untaken = {0: Result("a", REJECTED, "token_expired", "token"), 2: Result("c", DUPLICATE)}
    assert json.loads(write(Accepted(event_ids=["a", "b", "c"], untaken=untaken))) == {
        "results": [
            {"event_id": "a", "status": "rejected", "code": "token_expired", "field": "token"},
            {"event_id": "b", "status": "accepted"},
            {"event_id": "c", "status": "duplicate"},
        ]
    }
