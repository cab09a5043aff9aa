"""kill -9 at every statement of a batch: all of it or nothing, and once when it is asked again."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from attise.ledger.verify import verify_ledger
from tests.ledger.payers import EURO, an_envelope, fund

ROOT = Path(__file__).parents[2]


@pytest.mark.django_db(transaction=True)
def test_a_batch_is_whole_or_not_at_all_wherever_it_dies(means):
    fund(means, EURO)
    job = {
        "database": str(connection.settings_dict["NAME"]),
        "envelope": an_envelope(means, "campaign:1", EURO),
        "decided_at_ms": means.clock.world_ms(),
    }
    connection.close()
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("killed.py"), json.dumps(job)],
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    seen = json.loads(done.stdout)
    assert seen["wrong"] == []
    assert seen["kills"] >= 20
    assert seen["rounds"] >= 2, "killed after the commit, and not killed at all"
    assert verify_ledger().difference is None
