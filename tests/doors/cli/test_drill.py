"""Promises are kept on real processes that are hurt meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from attise.kernel.limits import STATE_LIFE_MS
from tests.doors.rig import ROOT

SORTS = {"revoke, all well", "revoke, worker and settle stopped", "revoke, database slow"}


def drill(seconds: int, *name: str) -> dict[str, dict[str, object]]:
    """Run a drill, that of revocations or the mixed one; returns its promises by name. Its exit code says the same."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("ATTISE_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-m", "attise.doors.cli", "drill", *name, "--json", "--seconds", str(seconds)],
        env={**inherited, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr[-3_000:]
    said = json.loads(done.stdout)
    assert done.returncode == (0 if said["ok"] else 1)
    return {one["name"]: one for one in said["promises"]}


@pytest.mark.timeout(240)
@pytest.mark.long
def test_a_revoked_grant_is_not_decided_on_two_seconds_after_the_answer_by_any_of_two_edges():
    """With all well, with worker and settle stopped, and with a database that keeps its readers waiting."""
    found = drill(1, "revoke")
    for name in SORTS:
        assert found[name]["rounds"] >= 1
        assert found[name]["value"] <= STATE_LIFE_MS, found


@pytest.mark.long
@pytest.mark.timeout(400)
def test_many_revocations_keep_the_promise_and_new_ads_are_decided_on_in_time():
    found = drill(240, "revoke")
    for one in found.values():
        assert one["rounds"] >= 8
        assert one["ok"], found


@pytest.mark.long
@pytest.mark.timeout(900)
def test_mixed_load_and_kills_break_nothing_that_must_hold():
    found = drill(60)
    assert len(found) >= 20
    assert all(one["ok"] for one in found.values()), found
