"""The walls stand: each import contract breaks when a fault is planted against it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = Path(sys.executable).with_name("lint-imports")

ROOMS = ["outbox", "processes", "policy", "attempts", "idempotency", "accounts", "viewers", "posts", "library"]
ROOMS += ["authorizations", "pixels", "campaigns", "review", "snapshots"]
FAULTS = {
    "A floor imports only the floors beneath it": ("records/planted.py", "import attise.proving"),
    "What runs while a viewer waits stays lean": ("kernel/planted.py", "import django"),
    "Rooms of management build on each other in one direction": (
        "management/outbox/planted.py",
        "import attise.management.posts.queries",
    ),
    "Rooms of measurement build on each other in one direction": (
        "measurement/ingest/planted.py",
        "import attise.measurement.attribution",
    ),
    "Tables of counters belong to counters": (
        "doors/worker/planted_counters.py",
        "import attise.measurement.counters.models",
    ),
    "Tables of conversions belong to conversions": (
        "doors/worker/planted_conversions.py",
        "import attise.measurement.conversions.models",
    ),
    "Tables of circles belong to circles": (
        "doors/worker/planted_circles.py",
        "import attise.measurement.circles.models",
    ),
    "Tables of lift belong to lift": (
        "doors/worker/planted_lift.py",
        "import attise.measurement.lift.models",
    ),
    "Tables of scout belong to scout": (
        "doors/worker/planted_scout.py",
        "import attise.measurement.scout.models",
    ),
    "Tables of attribution belong to attribution": (
        "doors/worker/planted_attribution.py",
        "import attise.measurement.attribution.models",
    ),
    "Tables of reports belong to reports": (
        "doors/worker/planted_reports.py",
        "import attise.measurement.reports.models",
    ),
    "Rooms of serving build on each other in one direction": (
        "serving/kernels.py",
        "import attise.serving.targeting.rows",
    ),
    "The truth of simulated lives belongs to their stories": (
        "doors/cli/planted_truth.py",
        "import attise.simulator.truth.works",
    ),
    "Doors do not reach into each other": ("doors/native_api/planted.py", "import attise.doors.marketing_api"),
    "Tables of ledger belong to ledger": ("doors/worker/planted_ledger.py", "import attise.ledger.models"),
    **{
        f"Tables of {room} belong to {room}": (
            f"doors/worker/planted_{room}.py",
            f"import attise.management.{room}.models",
        )
        for room in [
            "outbox",
            "processes",
            "attempts",
            "idempotency",
            "policy",
            "accounts",
            "viewers",
            "posts",
            "library",
            "authorizations",
            "earnings",
            "pixels",
            "campaigns",
            "review",
            "invoices",
            "inbox",
            "saved_reports",
            "snapshots",
        ]
    },
}


def lint(source: Path) -> dict[str, str]:
    """Return each contract's verdict for a source folder; names without what stands in parentheses."""
    result = subprocess.run(
        [LINT, "--config", ROOT / ".importlinter", "--no-cache"],
        cwd=source.parent,
        env={**os.environ, "PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=False,
    )
    verdicts = re.findall(r"^(.+?)(?: \([^)]*\))? (KEPT|BROKEN)$", result.stdout, re.MULTILINE)
    assert verdicts, result.stdout + result.stderr
    return dict(verdicts)


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("walls") / "src"
    shutil.copytree(ROOT / "src" / "attise", folder / "attise", ignore=shutil.ignore_patterns("__pycache__", "static"))
    return folder


def test_every_contract_holds_and_every_contract_breaks(copy):
    before = lint(copy)
    assert set(before.values()) == {"KEPT"}, before
    assert set(before) == set(FAULTS), "each contract has its planted fault here"
    for place, line in FAULTS.values():
        (copy / "attise" / place).write_text(f'"""A planted fault."""\n\n{line}\n')
    after = lint(copy)
    assert after == dict.fromkeys(FAULTS, "BROKEN")
