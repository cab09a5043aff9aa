"""kill -9 at any step of an export or a roll-up: no fact lost, none twice, and readers never see half of a file."""

import pytest

from attise.measurement.attribution.models import Outcome
from attise.measurement.reports.actions import tidy
from attise.measurement.reports.folder import FOLDER
from attise.measurement.reports.queries import list_files
from tests.killing import kill_beside
from tests.measurement.attribution.happened import open_budget
from tests.measurement.reports.facing import Facing


def export_killed(means, tmp_path, *, first: int, stride: int) -> int:
    envelopes = open_budget(means)
    seen = kill_beside(__file__, log=str(tmp_path), envelopes=envelopes, first=first, stride=stride)
    assert seen["wrong"] == []
    facing = Facing(means, tmp_path)
    facing.export()
    tidy(means, facing.house)
    settled = Outcome.objects.count()
    assert settled == seen["kills"] + 1
    asked = "SELECT count(DISTINCT decision_id), sum(impressions)::BIGINT, sum(charged_micros)::BIGINT FROM facts"
    assert facing.ask(asked) == [(settled, settled, settled * 12_345)]
    assert {path.name for path in (tmp_path / FOLDER).glob("*.parquet*")} >= {one.name for one in list_files()}
    facing.close()
    return seen["kills"]


@pytest.mark.django_db(transaction=True)
def test_a_kill_at_one_step_of_thirty_loses_nothing_and_tells_nothing_twice(means, tmp_path):
    assert export_killed(means, tmp_path, first=1, stride=31) > 4


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_kill_at_every_step(means, tmp_path):
    assert export_killed(means, tmp_path, first=1, stride=1) > 40
