"""kill -9 at any point of making deltas and of writing a file: each delta once, and never half a file by its name."""

from __future__ import annotations

import pytest

from attise.management.snapshots import queries
from attise.management.snapshots.actions import folder_of, write_file
from attise.management.snapshots.models import Delta
from tests.builders import a_creator, a_post, an_advertiser
from tests.campaign_rows import a_group_of, a_spark_ad
from tests.killing import kill_beside
from tests.snapshot_reader import Reader, settle

pytestmark = pytest.mark.django_db(transaction=True)
ADS = 3


def kill_everywhere(means, verb: str, every: int) -> dict:
    """Run a verb in children that are killed some steps later each time; return what was seen."""
    return kill_beside(__file__, now_ms=means.clock.world_ms(), verb=verb, every=every, ads=ADS)


def test_deltas_are_made_once_wherever_the_worker_dies(means):
    seen = kill_everywhere(means, "follow", 1)
    assert seen["wrong"] == []
    assert seen["kills"] >= 12
    settle(means)
    assert sorted(Delta.objects.values_list("object_id", flat=True)) == seen["told"]


@pytest.mark.parametrize(
    ("every", "least"), [(21, 8), pytest.param(7, 25, marks=pytest.mark.long)], ids=["some", "more"]
)
def test_a_file_is_whole_or_not_there_wherever_its_writer_dies(means, house, every, least):
    group, creator = a_group_of(means, an_advertiser(means)), a_creator(means)
    for _ in range(ADS):
        a_spark_ad(means, group, a_post(means, creator))
    seen = kill_everywhere(means, "write", every)
    assert seen["wrong"] == []
    assert seen["kills"] >= least
    write_file(means, house, anyway=True)
    assert [path.name for path in folder_of(house).glob(".*")] == []
    assert len(queries.list_files()) == len(list(folder_of(house).glob("*.snapshot")))
    assert len(Reader.from_file(house).fold.ads()) == ADS
