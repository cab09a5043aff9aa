"""Whole snapshots are written when they are due, one at a time, and only the newest are kept."""

import fcntl
import os
from dataclasses import asdict

import pytest

from attise.kernel.errors import Outage
from attise.kernel.limits import SNAPSHOT_EVERY_MS
from attise.management.snapshots import queries
from attise.management.snapshots.actions import folder_of, sweep, write_file
from attise.management.snapshots.models import Delta, File, Position
from attise.records.change import ChangeKind
from attise.records.snapshot.layout import file_name
from attise.records.snapshot.reader import find_newest
from tests.builders import a_creator, a_post, an_advertiser
from tests.campaign_rows import a_group_of, a_spark_ad
from tests.snapshot_reader import Reader, change, settle, what_runs

pytestmark = pytest.mark.django_db


@pytest.fixture
def ad(means):
    row = a_spark_ad(means, a_group_of(means, an_advertiser(means)), a_post(means, a_creator(means)))
    change(means, ChangeKind.AD_CHANGED, row.id)
    settle(means)
    return row


def names(house) -> list[str]:
    return sorted(path.name for path in folder_of(house).glob("*.snapshot"))


def test_the_first_file_is_written_at_once_and_holds_what_runs(means, house, ad):
    view = write_file(means, house)
    assert (view.ads, view.posts) == (1, 1)
    assert names(house) == [view.name]
    assert queries.list_files() == [view]
    assert view.size_bytes == (folder_of(house) / view.name).stat().st_size
    reader = Reader.from_file(house)
    assert (reader.fold.ads(), reader.fold.posts()) == what_runs(means)
    assert reader.catch_up() == []


def test_an_empty_house_has_one_too(means, house):
    assert write_file(means, house).ads == 0
    assert write_file(means, house) is None


def test_another_is_due_after_an_hour_in_which_something_changed(means, clock, house, ad):
    write_file(means, house)
    clock.advance(seconds=SNAPSHOT_EVERY_MS / 1000)
    assert write_file(means, house) is None
    change(means, ChangeKind.AD_STOPPED, ad.id)
    assert write_file(means, house) is not None
    change(means, ChangeKind.AD_STOPPED, ad.id)
    assert write_file(means, house) is None


def test_another_is_due_after_many_deltas(means, house, monkeypatch, ad):
    write_file(means, house)
    monkeypatch.setitem(write_file.__globals__, "SNAPSHOT_DELTAS", 2)
    for due in (False, True):
        change(means, ChangeKind.AD_CHANGED, ad.id)
        settle(means)
        assert (write_file(means, house) is not None) is due


def test_another_is_due_when_deltas_no_longer_lead_on(means, clock, house, ad):
    write_file(means, house)
    for _ in range(2):
        change(means, ChangeKind.AD_CHANGED, ad.id)
        settle(means)
    assert write_file(means, house) is None
    Delta.objects.filter(number=2).delete()
    assert write_file(means, house) is not None
    Position.objects.update(number=1)  # the database was put back
    assert write_file(means, house) is not None


def test_a_file_goes_on_by_what_is_left_after_the_sweep(means, clock, house, ad):
    write_file(means, house)
    clock.advance(days=3)
    sweep(means)
    assert write_file(means, house) is None  # nothing changed since
    change(means, ChangeKind.AD_CHANGED, ad.id)
    settle(means)
    reader = Reader.from_file(house)
    assert [delta.object_id for delta in reader.catch_up()] == [ad.id]


def test_a_damaged_file_is_replaced(means, house, ad):
    view = write_file(means, house)
    path = folder_of(house) / view.name
    os.truncate(path, view.size_bytes - 1)
    assert find_newest(folder_of(house)) is None
    assert write_file(means, house).name == view.name
    assert find_newest(folder_of(house)).header.ads == 1
    assert len(queries.list_files()) == 1


def test_an_older_release_s_file_is_replaced(means, house, ad, monkeypatch):
    write_file(means, house)
    monkeypatch.setattr("attise.records.snapshot.reader.names", lambda: ["ads.ad_id", "ads.new"])
    assert write_file(means, house) is not None


def test_the_newest_two_are_kept_with_their_rows(means, house, ad):
    written = []
    for _ in range(4):
        change(means, ChangeKind.AD_CHANGED, ad.id)
        written.append(write_file(means, house, anyway=True).name)
    assert names(house) == written[-2:]
    assert [view.name for view in queries.list_files()] == written[:-3:-1]


def test_a_file_of_a_later_version_than_the_database_goes_with_the_next_one(means, house, ad):
    """The database was put back: by its name that file would pass for the newest for ever."""
    write_file(means, house)
    folder = folder_of(house)
    (first,) = folder.glob("*.snapshot")
    later = folder / file_name(9_999)
    later.write_bytes(first.read_bytes())
    assert write_file(means, house, anyway=True) is not None
    assert not later.exists()
    assert find_newest(folder).path.name == first.name


def test_what_a_killed_writer_left_goes_with_the_next_file(means, house, ad):
    folder = folder_of(house)
    (folder / ".0000000000000000009.snapshot.77.tmp").write_bytes(b"half")
    write_file(means, house)
    assert [path.name for path in folder.glob(".*")] == []


def test_a_file_whose_row_was_not_written_gets_it(means, house, ad):
    view = write_file(means, house)
    File.objects.all().delete()
    assert write_file(means, house) is None
    assert [(row.name, row.ads) for row in queries.list_files()] == [(view.name, 1)]


def test_each_data_folder_has_rows_of_its_own(means, house, ad):
    write_file(means, house)
    (mine,) = queries.list_files()
    File.objects.create(id=1, **{**asdict(mine), "place": "elsewhere"})
    change(means, ChangeKind.AD_CHANGED, ad.id)
    write_file(means, house, anyway=True)
    assert len(queries.list_files("elsewhere")) == 1
    assert len(queries.list_files(mine.place)) == 2


def test_one_process_writes_at_a_time(means, house, ad):
    with (folder_of(house) / "lock").open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert write_file(means, house, anyway=True) is None
    assert write_file(means, house, anyway=True) is not None


def test_a_failure_leaves_the_files_there_were(means, house, ad, monkeypatch):
    view = write_file(means, house)

    def fail(self):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("attise.records.snapshot.writer.SnapshotWriter.commit", fail)
    change(means, ChangeKind.AD_CHANGED, ad.id)
    with pytest.raises(Outage, match="No space"):
        write_file(means, house, anyway=True)
    assert sorted(path.name for path in folder_of(house).iterdir()) == sorted([view.name, "lock", "place"])


def test_many_ads_cost_a_few_statements_a_thousand(means, house, monkeypatch, django_assert_max_num_queries):
    group = a_group_of(means, an_advertiser(means))
    creator = a_creator(means)
    for _ in range(20):
        a_spark_ad(means, group, a_post(means, creator))
    with django_assert_max_num_queries(22):
        assert write_file(means, house).ads == 20
