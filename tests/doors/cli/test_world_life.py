"""The past of an example world: lived up to this moment, handed over whole, and never begun a second time."""

from __future__ import annotations

import json

import pytest

from attise.doors.cli.verify import CHECKS
from attise.doors.cli.world_life import BOOK, is_lived, live
from attise.doors.site import means as site_means
from attise.doors.site.setup import Process
from attise.kernel.chance import SystemChance
from attise.kernel.clock import SystemClock
from attise.kernel.ids import ClockIds
from attise.kernel.limits import DAY_MS, HOUR_MS
from attise.kernel.means import Means
from attise.management.accounts import queries as accounts
from attise.management.campaigns.models import Ad
from attise.management.posts.models import Post
from attise.management.snapshots.actions import folder_of
from attise.management.snapshots.queries import get_position
from attise.measurement.attribution.queries import get_head
from attise.measurement.counters.queries import counts_of_creator
from attise.records.snapshot.reader import find_newest
from attise.serving import kernels
from attise.simulator.drawing import Size
from tests.simulator.lives import a_clip, a_house

SIZE = Size(viewers=40, creators=3, posts=8, advertisers=2, days=0.5)


@pytest.fixture
def without_kernels(monkeypatch):
    """Keep the life from compiling: numpy answers the same."""
    monkeypatch.setattr(kernels, "use", lambda *_, **__: True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("without_kernels")
def test_a_past_ends_now_and_is_handed_over_whole(tmp_path):
    with a_house(tmp_path, 3) as house:
        clock = SystemClock()
        before_ms = clock.wire_ms()
        process = Process(house, Means(clock, SystemChance(), ClockIds(clock, 5), house.secrets), clock, None)
        assert not is_lived(house.folder)
        said: list[tuple[float, str]] = []
        lived = live(
            process, SIZE, seed=3, tell=lambda *told: said.append(told), videos=(a_clip(tmp_path / "own.mp4"),)
        )
        assert lived.impressions > 0
        assert lived.settled == lived.events + lived.reports
        assert site_means.means() is process.means, "whoever goes on has their own clock again"
        book = json.loads((house.folder / BOOK).read_text())
        assert (book["state"], book["impressions"]) == ("lived", lived.impressions)
        assert is_lived(house.folder)
        assert [done for done, _ in said] == sorted(done for done, _ in said)
        assert said[-1][0] < 1.0
        published = list(Post.objects.values_list("published_at_ms", flat=True))
        assert len(published) == SIZE.posts
        assert before_ms - 4 * DAY_MS < min(published) < max(published) <= clock.wire_ms()
        head = get_head()
        assert before_ms - HOUR_MS < head.published_at_ms <= clock.wire_ms()
        person = accounts.find_first_operator()
        own = accounts.find_creator_of_person(person.id)
        assert Post.objects.filter(creator_id=own.id).exists(), "the first person has a past of their own"
        assert counts_of_creator(own.id).of("impressions").total > 0
        centers = [one.business_center_id for one in accounts.memberships_of(person.id)]
        (advertiser,) = [one for center in centers for one in accounts.list_advertisers_of_business_center(center)]
        assert Ad.objects.exclude(adgroup__campaign__advertiser_id=advertiser.id).exists(), "ads that are not their own"
        assert Ad.objects.filter(advertiser_id=advertiser.id).exists()
        newest = find_newest(folder_of(house))
        assert newest is not None
        assert newest.header.number == get_position().number, "an edge begins without a delta to look for"
        differing = {name: check(house)["difference"] for name, (check, _) in CHECKS.items()}
        assert not any(differing.values()), differing
