"""Profiles follow what was counted: whose acts may say anything, and what is left when they may not any more."""

import datetime as dt

import pytest
from django.conf import settings
from django.db import transaction

from attise.doors.site.forgetting import forget_viewer
from attise.doors.worker import profiling as door
from attise.doors.worker.profiling import Profiling
from attise.kernel.limits import DAY_MS
from attise.management.outbox.queries import get_version
from attise.management.viewers.actions import (
    change_interests,
    create_viewer,
    erase_viewer,
    forget_interests,
    update_viewer,
)
from attise.management.viewers.models import Profile, ProfilePlace, Viewer
from attise.management.viewers.queries import get_profile_place, get_record, get_viewer
from attise.measurement.attribution.queries import get_mark
from attise.records.event import Doubt
from tests.builders import a_creator, a_post
from tests.measurement.attribution.happened import Happened, claims, event
from tests.searching import places_of

pytestmark = pytest.mark.django_db(transaction=True)
GAMES, PETS = "1007", "1011"
ADULT = "1990-05-01"


class Street:
    """A log, whoever settles it, whoever derives from it; three posts about games."""

    def __init__(self, means) -> None:
        self.means = means
        self.happened = Happened(means, settings.HOUSE.folder).emptied()
        self.profiling = Profiling(settings.HOUSE)
        self.creator = a_creator(means)
        self.posts = [a_post(means, self.creator, category="games") for _ in range(4)]

    def viewer(self, **facts):
        facts = {"birth_date": ADULT, "profiling_consent": True, **facts}
        return create_viewer(self.means, **facts)

    def likes(self, viewer, posts=None, *, after_s: float = 60, **said):
        """What a viewer's device tells of posts that were watched to their end and liked."""
        person, found = Viewer.objects.get(id=viewer.id).pseudonym, []
        for post in self.posts[:3] if posts is None else posts:
            seen = claims(self.means, post_id=post.id, creator_id=self.creator.id, viewer=person)
            found += [event(self.means, kind, seen, after_s=after_s, **said) for kind in ("complete", "like")]
        return found

    def happens(self, *events) -> None:
        self.happened.settle(*events)
        self.profiling.derive()


@pytest.fixture
def street(means):
    made = Street(means)
    yield made
    made.happened.emptied().close()


def derived(viewer) -> list[str]:
    return [one.interest for one in get_viewer(viewer.id).derived]


def test_an_adult_who_consents_gets_an_interest_and_their_record_says_so_once(street):
    viewer = street.viewer()
    before = get_version()
    street.happens(*street.likes(viewer))
    found = get_viewer(viewer.id)
    assert [one.interest for one in found.derived] == [GAMES]
    record = get_record(viewer.id)
    assert record.interests == (GAMES,)
    assert [(one.action, one.category_id) for one in record.behaviours] == [
        ("LIKED", 200203),
        ("WATCHED_TO_END", 200203),
    ]
    assert get_version() == before + 1
    street.happens(*street.likes(viewer))
    assert get_version() == before + 1, "no news: no edge reads the record again"
    assert get_profile_place() == tuple(get_mark())


def test_a_repeated_batch_and_a_place_that_was_not_written_change_nothing(street):
    viewer = street.viewer()
    told = street.likes(viewer)
    street.happens(*told, *told)
    street.happened.settle(*told)
    before = Profile.objects.get(viewer_id=viewer.id).evidence
    again = Profiling(settings.HOUSE)
    ProfilePlace.objects.update(position=0, entries=0)
    again.derive()
    assert bytes(Profile.objects.get(viewer_id=viewer.id).evidence) == bytes(before)
    assert derived(viewer) == [GAMES]


def test_a_batch_that_fails_leaves_the_place_and_the_rows_as_they_were(street, monkeypatch):
    viewer = street.viewer()
    before = get_profile_place()
    real = door.derive_profiles

    def dies(means, fold, acts, **places):
        with transaction.atomic():
            real(means, fold, acts, **places)
            raise KeyboardInterrupt

    monkeypatch.setattr(door, "derive_profiles", dies)
    with pytest.raises(KeyboardInterrupt):
        street.happens(*street.likes(viewer))
    assert (get_profile_place(), derived(viewer), Profile.objects.count()) == (before, [], 0)
    monkeypatch.undo()
    street.profiling.derive()
    assert derived(viewer) == [GAMES], "the same process takes the batch again"


def test_two_processes_take_each_batch_once(street):
    viewer, other = street.viewer(), Profiling(settings.HOUSE)
    other.derive()
    street.happens(*street.likes(viewer))
    other.derive()
    assert derived(viewer) == [GAMES]
    street.happens(*street.likes(viewer, [street.posts[3]]))
    other.derive()
    street.happens()
    assert get_profile_place() == tuple(get_mark())


@pytest.mark.parametrize(
    "facts",
    [{"profiling_consent": False}, {"birth_date": None}, {"birth_date": "2012-01-01"}],
    ids=["no consent", "age unknown", "a minor"],
)
def test_of_nobody_else_anything_is_derived(street, facts):
    viewer = street.viewer(**facts)
    street.happens(*street.likes(viewer))
    assert (derived(viewer), get_record(viewer.id).interests, Profile.objects.count()) == ([], (), 0)


def test_what_was_done_before_says_nothing_once_they_may_be_profiled(street, clock):
    unknown, refusing = street.viewer(birth_date=None), street.viewer(profiling_consent=False)
    told = [*street.likes(unknown), *street.likes(refusing)]
    clock.advance(seconds=300)
    update_viewer(street.means, viewer_id=unknown.id, birth_date=ADULT)
    update_viewer(street.means, viewer_id=refusing.id, profiling_consent=True)
    street.happens(*told)
    assert (derived(unknown), derived(refusing)) == ([], [])
    street.happens(*street.likes(unknown), *street.likes(refusing))
    assert (derived(unknown), derived(refusing)) == ([GAMES], [GAMES])


def test_what_somebody_did_as_a_minor_never_says_anything_of_them(street, clock):
    birthday = dt.datetime.fromtimestamp((clock.world_ms() + 2 * DAY_MS) / 1000, dt.UTC).date()
    viewer = street.viewer(birth_date=birthday.replace(year=birthday.year - 18).isoformat())
    told = street.likes(viewer)
    clock.advance(days=3)
    street.happens(*told)
    assert derived(viewer) == []
    street.happens(*street.likes(viewer))
    assert derived(viewer) == [GAMES]


@pytest.mark.parametrize(
    "change",
    [{"profiling_consent": False}, {"birth_date": None}, {"birth_date": "2012-01-01"}],
    ids=["withdrawn", "age unknown again", "a minor after all"],
)
def test_a_profile_goes_with_what_allowed_it_and_does_not_come_back(street, clock, change):
    viewer = street.viewer(interests=["pets"])
    street.happens(*street.likes(viewer))
    assert derived(viewer) == [GAMES]
    update_viewer(street.means, viewer_id=viewer.id, **change)
    row = Viewer.objects.get(id=viewer.id)
    assert (row.interests_derived, row.behaviours, row.interests) == ({}, [], [PETS])
    assert GAMES not in row.record
    assert Profile.objects.count() == 0
    clock.advance(seconds=60)
    update_viewer(street.means, viewer_id=viewer.id, profiling_consent=True, birth_date=ADULT)
    again = Profiling(settings.HOUSE)
    ProfilePlace.objects.update(position=0, entries=0)
    again.derive()
    again.renew()
    assert derived(viewer) == [], "what was done under the first consent is over"


def test_after_an_erasure_no_table_holds_anything_of_the_viewer(street):
    """The id stands in the change that tells of it alone; the pseudonym, that nothing leads back from, in totals."""
    viewer = street.viewer(external_id="user-1042", interests=["pets"])
    pseudonym = Viewer.objects.get(id=viewer.id).pseudonym
    street.happens(*street.likes(viewer))
    change_interests(street.means, viewer_id=viewer.id, remove=["music"])
    assert "viewers_profile.viewer_id" in places_of(str(viewer.id))
    forget_viewer(street.means, viewer_id=viewer.id)
    assert places_of(str(viewer.id)) == {"outbox_change.object_id"}
    assert places_of("user-1042") == set()
    assert places_of(pseudonym) == {"counters_state.person", "attribution_pace.body"}


def test_after_a_withdrawal_no_table_holds_what_was_derived(street):
    viewer = street.viewer()
    street.happens(*street.likes(viewer))
    watched = str(street.posts[0].id)
    assert places_of(GAMES) >= {"viewers_viewer.interests_derived", "viewers_viewer.record"}
    update_viewer(street.means, viewer_id=viewer.id, profiling_consent=False)
    assert {one for one in places_of(GAMES) if one.startswith("viewers_")} == set()
    assert {one for one in places_of(watched) if one.startswith("viewers_")} == set()
    assert {one for one in places_of(str(viewer.id)) if not one.startswith("outbox_")} == {
        "viewers_viewer.id",
        "viewers_viewer.record",
    }


def test_erasing_alone_takes_the_profile_along(street):
    viewer = street.viewer()
    street.happens(*street.likes(viewer))
    erase_viewer(street.means, viewer_id=viewer.id)
    assert Profile.objects.count() == 0
    street.happens(*street.likes(street.viewer()))


def test_an_interest_fades_without_another_act(street, clock):
    viewer = street.viewer()
    street.happens(*street.likes(viewer))
    street.profiling.renew()
    assert derived(viewer) == [GAMES]
    clock.advance(days=26)
    before = get_version()
    street.profiling.renew()
    assert derived(viewer) == []
    assert get_record(viewer.id).interests == ()
    assert get_version() == before + 1
    clock.advance(days=70)
    street.profiling.renew()
    assert Profile.objects.count() == 0, "nothing is kept that says nothing any more"
    street.profiling.renew()


def test_what_the_viewer_says_wins(street, clock):
    viewer = street.viewer()
    street.happens(*street.likes(viewer))
    change_interests(street.means, viewer_id=viewer.id, remove=["games"])
    street.profiling.renew()
    street.happens(*street.likes(viewer, street.posts))
    found = get_viewer(viewer.id)
    assert (found.derived, found.chosen, [one.interest for one in found.removed]) == ((), (), [GAMES])
    assert get_record(viewer.id).behaviours == ()

    change_interests(street.means, viewer_id=viewer.id, add=["pets"])
    clock.advance(days=200)
    street.profiling.renew()
    street.happens(*street.likes(viewer))
    assert get_record(viewer.id).interests == (PETS,), "chosen: it does not fade"

    change_interests(street.means, viewer_id=viewer.id, allow=["games"])
    street.profiling.renew()
    assert derived(viewer) == [GAMES]
    assert get_record(viewer.id).interests == (PETS, GAMES)


def test_what_is_forgotten_comes_back_by_new_acts_alone(street, clock):
    viewer = street.viewer(interests=["pets"])
    street.happens(*street.likes(viewer))
    clock.advance(seconds=120)
    forget_interests(street.means, viewer_id=viewer.id)
    assert (get_record(viewer.id).interests, Profile.objects.count()) == ((), 0)
    street.happens(*street.likes(viewer, [street.posts[3]]))
    assert derived(viewer) == []


def test_what_was_doubted_or_not_counted_says_nothing(street):
    viewer = street.viewer()
    street.happens(*street.likes(viewer, doubt=Doubt.DECLARED_BOT.value), *street.likes(viewer, after_s=1))
    assert [event_.type for event_ in street.likes(viewer)][:2] == ["complete", "like"]
    assert "WATCHED_TO_END" not in {one.action for one in get_viewer(viewer.id).behaviours}
    assert derived(viewer) == [GAMES], "three likes; watching a video of twelve seconds within one is not believed"


def test_the_place_is_written_now_and_then_where_nobody_may_be_profiled(street, clock):
    """Whoever lets go of the log waits for it; one write a batch would be one too many."""
    street.happens(*street.likes(street.viewer(profiling_consent=False)))
    first = get_profile_place()
    assert first == tuple(get_mark())
    street.happens(*street.likes(street.viewer(profiling_consent=False)))
    assert get_profile_place() == first
    clock.advance(seconds=61)
    street.profiling.derive()
    assert get_profile_place() == tuple(get_mark())
