"""The life of an example world: cut short and gone on with, handed over, lived beside the house; nothing is twice."""

from __future__ import annotations

import threading
from collections.abc import Iterable

import msgspec
import pytest
from msgspec.structs import replace

from attise.doors.cli import life as going
from attise.doors.cli.beside import Beside, Ended
from attise.doors.cli.kept_life import read_story
from attise.doors.cli.life import Going
from attise.doors.cli.staging import Staged
from attise.doors.cli.verify import CHECKS
from attise.doors.cli.world import begin_anew
from attise.doors.cli.world_life import live
from attise.doors.site import means as site_means
from attise.doors.site.life import STATE, Life, is_kept, read_life, write_life
from attise.doors.site.setup import Process
from attise.doors.worker.settling import Settlement
from attise.kernel.chance import SystemChance
from attise.kernel.clock import FAR_MS, SystemClock
from attise.kernel.errors import Outage
from attise.kernel.house import HouseError, Mode, Settings, open_house
from attise.kernel.ids import ClockIds
from attise.kernel.limits import HOUR_MS
from attise.kernel.means import Means
from attise.management.accounts import queries as accounts
from attise.management.campaigns.models import Ad
from attise.management.posts.models import Post
from attise.management.processes.actions import read_world_clock
from attise.management.snapshots import actions as snapshots
from attise.management.snapshots.actions import folder_of
from attise.management.snapshots.queries import get_position
from attise.measurement.attribution.models import Position
from attise.measurement.attribution.queries import get_head
from attise.measurement.counters.queries import counts_of_creator
from attise.measurement.ingest.log import Entry, EntryKind
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.records.process import Node
from attise.records.snapshot.reader import find_newest
from attise.serving import kernels
from attise.simulator.drawing import Size
from attise.simulator.keeping import FORM
from attise.simulator.stage import Batch
from tests.simulator.lives import a_clip, a_house

SIZE = Size(viewers=40, creators=3, posts=12, advertisers=2, days=0.5)
BEHIND, CUT_AT, TURNS, MORE = 0.25, 0.4, 4, 2


@pytest.fixture
def without_kernels(monkeypatch):
    """Keep the life from compiling: numpy answers the same."""
    monkeypatch.setattr(kernels, "use", lambda *_, **__: True)


@pytest.fixture
def kept_each_turn(monkeypatch):
    """Have a life kept and told after each turn, however quick it was."""
    monkeypatch.setattr(going, "KEPT_S", 0.0)
    monkeypatch.setattr(going, "TOLD_S", 0.0)


class Pulled(Exception):  # noqa: N818 - no error: the machine's plug
    """The process ends here, whatever it was doing."""


class Watched(Beside):
    """A stage beside a house whose settling and deltas are done whenever life waits."""

    def __init__(self, process: Process) -> None:
        super().__init__(process, ending=threading.Event(), share=1.0)
        self.settlement = Settlement(process.house)
        self.turns_left = 0

    def _pause(self, seconds: float) -> None:
        while snapshots.follow(self.means, holder="test"):
            pass
        self.settlement.settle()
        self.settlement.publish()

    def pass_to(self, moment_ms: int) -> None:
        self.turns_left -= 1
        if self.turns_left < -MORE:  # nobody came since
            raise Pulled
        super().pass_to(moment_ms)

    def tell(self, batches: Iterable[Batch]) -> int:
        told = super().tell(batches)
        if self.turns_left < 0:
            raise Pulled
        return told


def going_on(process: Process) -> None:
    """Live on beside the house for some turns, then pull the plug while people watch."""
    stage = Watched(process)
    try:
        stage.wait_until_whole()
        life = Going(process.house, stage, 60.0)
        stage.turns_left = TURNS
        with pytest.raises(Pulled):
            life.go_on(None)
            life._story.live(FAR_MS, life._turned)
    finally:
        stage.close()


def a_process(house, node: int) -> Process:
    clock = SystemClock()
    clock.offset_ms, _ = read_world_clock()
    means = Means(clock, SystemChance(), ClockIds(clock, node), house.secrets)
    process = Process(house, means, clock, Node(node, "test"))
    site_means.install(process)
    return process


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("without_kernels", "kept_each_turn")
def test_a_life_that_is_cut_short_goes_on_then_beside_the_house_and_nothing_is_twice(tmp_path):
    with a_house(tmp_path, 3) as house:
        before_ms = SystemClock().wire_ms()
        said: list[tuple[float, str]] = []
        cuts: list[int] = []

        def tell(done: float, what: str) -> None:
            said.append((done, what))
            if done > CUT_AT and len(cuts) == 0:
                cuts.append(len(said))
                raise Pulled

        clip = a_clip(tmp_path / "own.mp4")
        process = a_process(house, 5)
        with pytest.raises(Pulled):
            live(process, SIZE, seed=3, tell=tell, videos=(clip,), behind_days=BEHIND, in_two=False)
        cut = read_life(house.folder)
        assert cut.phase == "begun"
        assert not is_kept(house.folder)
        clip.unlink()  # what is stored is enough to go on
        process = a_process(house, 6)
        lived = live(process, SIZE, seed=99, tell=tell, videos=(), behind_days=BEHIND, in_two=False)
        assert said[cuts[0]][0] > CUT_AT, "it goes on where it was"
        assert site_means.means() is process.means, "whoever goes on has their own clock again"
        life = read_life(house.folder)
        assert (life.phase, life.seed, life.impressions) == ("lived", 3, lived.impressions)
        assert is_kept(house.folder)
        newest = find_newest(folder_of(house))
        assert newest is not None
        assert newest.header.number == get_position().number, "an edge begins without a delta to look for"
        head = get_head()
        assert before_ms - HOUR_MS < head.published_at_ms <= process.clock.wire_ms()
        own = an_own_past()
        assert_all_verify(house)

        going_on(process)
        life = read_life(house.folder)
        assert life.phase == "behind"
        assert before_ms < life.now_ms < life.until_ms
        kept = (house.folder / STATE).read_bytes()
        process = a_process(house, 7)
        assert process.clock.world_ms() > process.clock.wire_ms(), "the world went on"
        going_on(process)
        assert (house.folder / STATE).read_bytes() != kept
        assert counts_of_creator(own).of("impressions").total > 0
        position = Position.objects.get(id=1)
        assert position.duplicates == 0
        assert position.events > lived.settled
        planned = [(post.creator_id, post.published_at_ms) for post in Post.objects.all()]
        assert len(planned) == len(set(planned)), "no post is published twice"
        assert_all_verify(house)


def an_own_past() -> int:
    """Assert that the first person has a past of their own among others'; returns their creator."""
    person = accounts.find_first_operator()
    own = accounts.find_creator_of_person(person.id)
    assert Post.objects.filter(creator_id=own.id).exists()
    centers = [one.business_center_id for one in accounts.memberships_of(person.id)]
    (advertiser,) = [one for center in centers for one in accounts.list_advertisers_of_business_center(center)]
    assert Ad.objects.exclude(adgroup__campaign__advertiser_id=advertiser.id).exists(), "ads that are not their own"
    assert Ad.objects.filter(advertiser_id=advertiser.id).exists()
    return own.id


def assert_all_verify(house) -> None:
    differing = {name: check(house)["difference"] for name, (check, _) in CHECKS.items()}
    assert not any(differing.values()), differing


class Refused(Beside):
    """A stage whose event log refuses until it has been waited for some times."""

    def __init__(self, process: Process, ending: threading.Event) -> None:
        super().__init__(process, ending=ending)
        self.waits_left = 2

    def _pause(self, seconds: float) -> None:
        self.waits_left -= 1
        super()._pause(0.0)


@pytest.mark.django_db(transaction=True)
def test_what_people_did_waits_for_a_log_that_refuses(tmp_path, monkeypatch):
    with a_house(tmp_path, 5) as house:
        ending = threading.Event()
        stage = Refused(a_process(house, 8), ending)
        taking = SqliteLog.append

        def append(log, entries, *, at_ms):
            if stage.waits_left > 0:
                raise Outage("event log")
            return taking(log, entries, at_ms=at_ms)

        monkeypatch.setattr(SqliteLog, "append", append)
        try:
            stage._kept = [(moment_ms, Entry(EntryKind.EVENT, 0, b"%d" % moment_ms)) for moment_ms in (2, 1, 9)]
            with pytest.raises(Outage):
                Staged.keep(stage, received_by_ms=5)
            assert len(stage._kept) == 3, "what was not taken is held"
            stage._decisions.offer(EntryKind.DECISION, [(1, b"decided")])
            with pytest.raises(Outage):
                Staged.keep(stage, received_by_ms=5)
            assert stage.keep(received_by_ms=5) == 2, "a second later"
            assert [moment_ms for moment_ms, _ in stage._kept] == [9]
            (decided, told) = stage._log.read(0, limit=9)
            assert [entry.body for entry in (*decided.entries, *told.entries)] == [b"decided", b"1", b"2"]
            stage.waits_left = 9
            ending.set()
            with pytest.raises(Ended):
                stage.hand_over()
        finally:
            stage.close()


@pytest.mark.parametrize("body", [msgspec.msgpack.encode({"form": FORM + 1}), b"\xc1", b"", b"\x80"])
def test_a_life_that_cannot_be_read_is_told_to_whoever_starts_it(tmp_path, body):
    (tmp_path / STATE).write_bytes(body)
    with pytest.raises(HouseError, match=r"life\.state cannot be read .* --data"):
        read_story(tmp_path, None)


def test_a_world_that_was_cut_short_while_it_was_made_is_made_anew(tmp_path):
    house = open_house(Settings(data=tmp_path / "world"), mode=Mode.DEMO)
    made = [house.database, house.folder / "events.sqlite3-wal", house.media / "ab" / "clip.mp4", house.uploads / "x"]
    for path in made:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")
    life = Life(seed=3, days=1.0, begin_ms=0, phase="begun")
    write_life(house.folder, life)
    begin_anew(house)
    assert all(path.exists() for path in made), "what was kept is gone on with"
    write_life(house.folder, replace(life, phase="making"))
    begin_anew(house)
    assert not any(path.exists() for path in made)
    assert read_life(house.folder) is None
    assert open_house(Settings(data=house.folder)).mode is Mode.DEMO, "the house itself stays"
