"""The main job end to end: every step is done and told, and everything it left holds."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import attise
from attise.doors.cli.verify import CHECKS
from attise.kernel.limits import HOUR_MS
from attise.simulator.drawing import Size
from attise.simulator.job import MEASURES, Job
from tests.simulator.lives import a_life

STEPS = [
    "publish",
    "organic spread",
    "scout",
    "authorization",
    "campaign",
    "delivery",
    "after the campaign",
    "settlement",
]
SIZE = Size(viewers=110, creators=5, posts=14, advertisers=2, days=1.2)


@pytest.mark.django_db(transaction=True)
def test_every_step_is_done_and_all_of_it_holds(tmp_path):
    with a_life(tmp_path, 5, SIZE) as (living, made):
        made.story.turn_ms = 2 * HOUR_MS
        told = []
        job = Job(living, made, days=1.2, tell=told.append)
        comparison = job.run()
        assert [step["name"] for step in told] == STEPS
        assert told == job.steps
        assert not [step for step in told if not step["ok"]]
        numbers = {step["name"]: step["numbers"] for step in told}
        assert numbers["delivery"]["of_the_two_campaigns"] > 0
        assert numbers["authorization"]["posts"] == numbers["scout"]["short_list"] > 1
        left = numbers["after the campaign"]
        assert left["beside"] <= numbers["scout"]["short_list"] - 1
        assert left["in_all"]["organic"] >= left["during"]["organic"] > 0
        assert left["in_all"]["paid"] == left["during"]["paid"] > 0
        assert numbers["settlement"]["on_the_post"]["views"]["paid"] > 0
        assert 0 < numbers["settlement"]["creators_earned_micros"] < numbers["settlement"]["spent_micros"]
        assert set(comparison) == {"viewers", *(name for name, _, _ in MEASURES)}
        assert min(comparison["viewers"].values()) > 0, "both are seen, by people who could not see the other"
        json.dumps(job.steps)
        differing = {name: check(living.house)["difference"] for name, (check, _) in CHECKS.items()}
        assert not any(differing.values()), differing


def run_demo(*more: str) -> dict:
    command = [sys.executable, "-m", "attise.doors.cli", "demo", "--json", *more]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ATTISE_", "DJANGO_"))}
    environment = {**kept, "PYTHONPATH": str(Path(attise.__file__).parents[1])}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    return json.loads(done.stdout)


def leaves(value: object, path: str = "") -> dict[str, float]:
    """Return every number of a told step by where it stands."""
    if isinstance(value, dict):
        return {key: one for name, part in value.items() for key, one in leaves(part, f"{path}/{name}").items()}
    if isinstance(value, list):
        return {key: one for at, part in enumerate(value) for key, one in leaves(part, f"{path}/{at}").items()}
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return {path: value} if is_number else {}


@pytest.mark.long
@pytest.mark.timeout(2_000)
def test_what_makes_a_creators_post_draw_more_is_given_to_the_command():
    off, on = (run_demo("--days", "1", *more) for more in (("--native", "0", "--likes", "0"), ("--native", "1.5")))
    assert off["ok"]
    assert on["ok"]
    above = [
        told["comparison"]["completions_per_impression"]["spark"]
        - told["comparison"]["completions_per_impression"]["standard"]
        for told in (off, on)
    ]
    assert above[1] > above[0]


@pytest.mark.long
@pytest.mark.timeout(2_000)
def test_the_command_is_the_same_twice_and_another_seed_moves_every_figure():
    one, again, other = run_demo("--days", "1"), run_demo("--days", "1"), run_demo("--days", "1", "--seed", "8")
    assert one == again
    assert one["ok"]
    assert set(one) == {"seed", "days", "steps", "comparison", "verify", "ok"}
    for name in ("organic spread", "delivery", "settlement"):
        figures, others = (
            next(leaves(step["numbers"]) for step in told["steps"] if step["name"] == name) for told in (one, other)
        )
        large = {key for key, value in figures.items() if value > 100}
        assert not {key for key in large if figures[key] == others[key]}
