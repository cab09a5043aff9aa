"""An event comes back: a post is liked, boosted, liked through its ad, and lives on; all its figures at each step.

By the house's own doors, but for the feed: tokens say what the edge seals, and the log is written as the edge writes
it. ``tests/doors/edge`` has the receipt itself.
"""

import pytest
from django.conf import settings
from django.db import transaction

from attise.doors.worker.settling import Settlement
from attise.kernel.actor import COMMAND
from attise.ledger import actions as ledger
from attise.ledger import queries as books
from attise.ledger.verify import verify_ledger
from attise.management.accounts.actions import make_host_key, retire_creator
from attise.management.accounts.payer import payer_of
from attise.management.accounts.queries import known_creators
from attise.management.posts.queries import creators_of
from attise.management.viewers.models import Viewer
from attise.measurement.attribution.recount import recount
from attise.measurement.attribution.whose import Whose
from attise.measurement.counters.queries import counts_of_creator
from tests.builders import a_creator, a_post
from tests.doors.native_api.conftest import Host
from tests.ledger.payers import EURO, an_envelope, fund
from tests.measurement.attribution.happened import Happened, ad_claims, claims, event

pytestmark = pytest.mark.django_db(transaction=True)
PRICE, SHARE_PPM = 10_001, 333_333
SHARE = 3_334
"""A third of the price, rounded by the largest remainder: 3,333.66 to the creator."""
PAYER_ID = 1


class Story:
    """The world of the story, and what it shows."""

    def __init__(self, means, host: Host) -> None:
        self.means, self.host = means, host
        self.happened = Happened(means, settings.HOUSE.folder).emptied()
        self.settlement = Settlement(settings.HOUSE)
        self.creator = a_creator(means)
        self.post = a_post(means, self.creator)
        self.viewer_id = host.post("/v1/viewers", {}).json()["viewer_id"]
        self.person = Viewer.objects.get(id=int(self.viewer_id)).pseudonym

    def settle(self, *events) -> None:
        self.happened.append(events)
        self.settlement.settle()
        self.settlement.tell_follows()

    def said(self, type_: str, of=None, **more):
        of_post = {} if of is not None else {"post_id": self.post.id, "creator_id": self.creator.id}
        return event(self.means, type_, of, person=self.person, **of_post, **more)

    def seen_as(self, ad=None):
        """What a feed's answer gives this viewer."""
        return claims(self.means, ad, post_id=self.post.id, creator_id=self.creator.id, viewer=self.person)

    def shown(self, *signals: str) -> list[tuple[int, int, int]]:
        """Total, organic and paid, as the host's API tells them."""
        counters = self.host.get(f"/v1/posts/{self.post.id}").json()["counters"]
        return [tuple(counters[one].values()) for one in signals]

    def check(self) -> None:
        """Whatever happened: the books add up, and the log says the same."""
        assert verify_ledger().difference is None
        assert recount(self.happened.log, whose=Whose(creators_of, known_creators)).difference is None
        total = counts_of_creator(self.creator.id)
        for signal in ("views", "likes", "saves", "follows"):
            (shown,) = self.shown(signal)
            assert (total.of(signal).total, total.of(signal).organic, total.of(signal).paid) == shown


@pytest.fixture
def story(means):
    made = Story(means, Host(make_host_key(means, name="app")[1]))
    yield made
    made.happened.emptied().close()


def test_a_post_is_boosted_and_lives_on(story, means, clock):
    # 1. The feed shows it; the viewer likes it there.
    organic = story.seen_as()
    story.settle(story.said("play", organic), story.said("like", organic, after_s=2))
    assert story.shown("views", "likes") == [(1, 1, 0), (1, 1, 0)]
    story.check()

    # 2. An advertiser boosts it; the same viewer meets the ad and likes it again: nothing is taken from the feed.
    payer = payer_of(PAYER_ID)
    fund(means, 100 * EURO, payer=payer)
    envelopes = (an_envelope(means, "campaign:1", 50 * EURO, payer=payer),)
    ad = ad_claims(envelopes, price_micros=PRICE, share_ppm=SHARE_PPM)
    paid = story.seen_as(ad)
    clock.advance(seconds=60)
    story.settle(story.said("play", paid), story.said("like", paid, after_s=3))
    assert story.shown("views", "likes") == [(2, 1, 1), (1, 1, 0)]
    assert books.balance_of(f"creator:{story.creator.id}", "EUR") == SHARE
    assert books.balance_of("house:revenue", "EUR") == PRICE - SHARE
    assert books.balance_of(payer, "EUR") == 100 * EURO - PRICE
    charged = story.host.get(f"/v1/posts/{story.post.id}")
    assert charged.status_code == 200
    story.check()

    # 3. They take the like back: it was the feed's.
    story.settle(story.said("unlike", after_s=5))
    assert story.shown("likes") == [(0, 0, 0)]
    story.check()

    # 4. Another ad of the campaign brings a follow, whose impression nobody told of; a retry changes nothing.
    clock.advance(seconds=60)
    again = story.seen_as(ad)
    follow = story.said("follow", again, after_s=4)
    story.settle(follow, follow)
    story.settle(follow)
    assert story.shown("follows", "likes") == [(1, 0, 1), (0, 0, 0)]
    assert story.host.get(f"/v1/viewers/{story.viewer_id}").json()["follows"] == [str(story.creator.id)]
    assert books.balance_of(f"creator:{story.creator.id}", "EUR") == 2 * SHARE
    story.check()

    # 5. The campaign ends. What was decided before still counts; after a minute it costs nothing.
    late = story.seen_as(ad)
    with transaction.atomic():
        ledger.close_envelope(means, key="campaign:1")
    clock.advance(seconds=90)
    story.settle(story.said("play", late), story.said("like", late, after_s=1))
    assert story.shown("views", "likes", "follows") == [(3, 1, 2), (1, 0, 1), (1, 0, 1)]
    assert books.balance_of(payer, "EUR") == 100 * EURO - 2 * PRICE
    story.check()

    # 6. Organic life goes on, on the same post.
    clock.advance(days=1)
    after = story.seen_as()
    story.settle(story.said("play", after), story.said("save", after, after_s=2))
    assert story.shown("views", "saves", "likes") == [(4, 2, 2), (1, 1, 0), (1, 0, 1)]
    assert books.balance_of(payer, "EUR") == 100 * EURO - 2 * PRICE
    story.check()


def test_a_number_made_up_has_no_profile_and_a_creator_who_goes_keeps_what_was_counted(story, means):
    nobody = {"post_id": 0, "creator_id": story.post.id}
    acts = ("profile_visit", "follow")
    story.settle(*(event(means, act, person=story.person, **nobody) for act in acts))
    assert counts_of_creator(story.post.id).of("profile_visits").total == 0
    assert story.host.get(f"/v1/viewers/{story.viewer_id}").json()["follows"] == []
    profile = {"post_id": 0, "creator_id": story.creator.id}
    story.settle(*(event(means, act, person=story.person, **profile) for act in acts))

    def counted() -> list[int]:
        total = counts_of_creator(story.creator.id)
        return [total.of(one).total for one in ("profile_visits", "follows")]

    assert counted() == [1, 1]
    retire_creator(means, COMMAND, creator_id=story.creator.id)
    known = Whose(creators_of, known_creators)
    assert counted() == [1, 1]
    assert recount(story.happened.log, whose=known).difference is None
