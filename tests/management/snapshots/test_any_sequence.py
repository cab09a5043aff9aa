"""Whatever happens, in whatever order, and wherever the worker has got to: snapshot, deltas and stops laid over each
other are what a snapshot written now would hold.

A house of two advertisers, two creators with a post each and a few ads lives through random verbs, while the worker
makes random steps and writes files at random moments. One reader begins from nothing, one from a file half way.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from random import Random

import pytest
from django.conf import settings
from django.db import transaction
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from attise.kernel.errors import Refusal, Refusals
from attise.management.accounts import actions as accounts
from attise.management.authorizations import actions as grants
from attise.management.authorizations.models import Authorization, Identity
from attise.management.campaigns import actions as campaigns
from attise.management.campaigns.actions import AdEdit
from attise.management.campaigns.models import Ad, AdGroup, Campaign
from attise.management.posts import actions as posts
from attise.management.posts.models import Post
from attise.management.snapshots.actions import folder_of, follow, sweep, write_file
from attise.records.change import ChangeKind
from attise.records.terms import Terms
from tests.builders import a_business_center, a_creator, a_post, an_advertiser
from tests.campaign_rows import HOST, a_code, an_ad
from tests.management.campaigns.asked import make_group
from tests.snapshot_reader import Reader, change, settle, still_on, what_runs

pytestmark = pytest.mark.django_db
STEPS = 30


class Life:
    """A small house, and everything that may happen in it; chance chooses to whom."""

    def __init__(self, means, clock, chance: Random) -> None:
        self.means, self.clock, self.chance = means, clock, chance
        self.center = a_business_center(means)
        self.brands = [an_advertiser(means, name, self.center) for name in ("Aubrée", "Noé")]
        self.creators = [a_creator(means, handle) for handle in ("lea", "sam")]
        for creator in self.creators:
            row = a_post(means, creator)
            change(means, ChangeKind.POST_CHANGED, row.id)
        for brand in self.brands:
            self.new_ad(brand)

    def happen(self) -> None:
        """Let one thing happen; a refusal is a thing that did not."""
        verbs: list[Callable[[], object]] = [
            *(self.new_ad, self.new_ad, self.new_ad_by_account, self.edit_ad, self.launch, self.switch),
            *(self.switch_group, self.switch_campaign, self.edit_group, self.review, self.review, self.word),
            *(self.edit_advertiser, self.code, self.code, self.revoke, self.plan_revocation, self.extend, self.terms),
            *(self.open_account, self.end_account, self.assign, self.unassign, self.own_account),
            *(self.publish, self.edit_post, self.moderate, self.delete_post, self.edit_creator, self.wait, self.wait),
        ]
        try:
            with transaction.atomic():
                self.chance.choice(verbs)()
        except (Refusal, Refusals):
            pass

    def one(self, rows):
        """Return one of some rows, None where there is none."""
        found = list(rows.order_by("id"))
        return self.chance.choice(found) if found else None

    def group_of(self, brand) -> AdGroup:
        """Return an ad group of a brand, a new one or one that is there."""
        there = self.one(AdGroup.objects.filter(advertiser=brand, deleted_at_ms=None))
        if there is not None and self.chance.random() < 0.5:
            return there
        return AdGroup.objects.get(id=make_group(self.means, brand).id)

    def new_ad(self, brand=None) -> None:
        brand = brand or self.chance.choice(self.brands)
        post = self.one(Post.objects.all())
        identity_id = a_code(self.means, post, brand, days=self.chance.choice([7, 30]), terms=Terms(max_advertisers=2))
        row = an_ad(
            self.means, self.group_of(brand), identity_id=identity_id, creator_id=post.creator_id, post=post,
            review=self.chance.choice(["approved", "approved", "pending"]),
        )  # fmt: skip
        change(self.means, ChangeKind.AD_CHANGED, row.id)

    def new_ad_by_account(self) -> None:
        identity = self.one(Identity.objects.exclude(identity_type="AUTH_CODE"))
        post = identity and self.one(Post.objects.filter(creator=identity.creator))
        if post is not None:
            row = an_ad(
                self.means,
                self.group_of(identity.advertiser),
                identity_type=identity.identity_type,
                identity_id=identity.identity_id,
                creator_id=post.creator_id,
                post=post,
                kind=self.chance.choice(["spark", "push"]),
            )
            change(self.means, ChangeKind.AD_CHANGED, row.id)

    def _switched(self) -> str:
        return self.chance.choice(["ENABLE"] * 5 + ["DISABLE"] * 3 + ["DELETE"])

    def switch(self) -> None:
        row = self.one(Ad.objects.filter(deleted_at_ms=None))
        campaigns.switch_ads(self.means, HOST, advertiser_id=row.advertiser_id, ad_ids=[row.id], to=self._switched())

    def switch_group(self) -> None:
        row = self.one(AdGroup.objects.filter(deleted_at_ms=None))
        campaigns.switch_adgroups(
            self.means, HOST, advertiser_id=row.advertiser_id, adgroup_ids=[row.id], to=self._switched()
        )

    def switch_campaign(self) -> None:
        row = self.one(Campaign.objects.filter(deleted_at_ms=None))
        campaigns.switch_campaigns(
            self.means, HOST, advertiser_id=row.advertiser_id, campaign_ids=[row.id], to=self._switched()
        )

    def edit_group(self) -> None:
        row = self.one(AdGroup.objects.filter(deleted_at_ms=None))
        ends = self.clock.world_ms() + self.chance.choice([3_600_000, 10 * 86_400_000])
        whole = {"schedule_type": "SCHEDULE_FROM_NOW", "ends_at_ms": None}
        ending = {"schedule_type": "SCHEDULE_START_END", "ends_at_ms": ends}
        campaigns.update_adgroup(
            self.means, HOST, advertiser_id=row.advertiser_id, adgroup_id=row.id,
            frequency=self.chance.choice([1, 2, 3]), frequency_days=7, **self.chance.choice([whole, ending]),
        )  # fmt: skip

    def review(self) -> None:
        row = self.one(Ad.objects.filter(deleted_at_ms=None))
        verdict = self.chance.choice(["approved", "approved", "rejected"])
        campaigns.set_review(
            self.means, HOST, house=settings.HOUSE, ad_id=row.id, creative_version=row.creative_version,
            verdict=verdict, rule="" if verdict == "approved" else "landing_page",
            was="approved" if row.review == "approved" else "pending",
        )  # fmt: skip

    def word(self) -> None:
        row = self.one(Ad.objects.filter(deleted_at_ms=None))
        verdict = self.chance.choice(["approved", "refused"])
        campaigns.say_word(self.means, HOST, creator_id=row.creator_id, ad_id=row.id, verdict=verdict)

    def edit_ad(self) -> None:
        row = self.one(Ad.objects.filter(deleted_at_ms=None))
        edit = AdEdit(ad_id=row.id, fields={"call_to_action": self.chance.choice(["SHOP_NOW", "LEARN_MORE"])})
        campaigns.update_ads(
            self.means, HOST, house=settings.HOUSE, advertiser_id=row.advertiser_id, adgroup_id=row.adgroup_id,
            edits=[edit],
        )  # fmt: skip

    def launch(self) -> None:
        row = self.one(Ad.objects.filter(deleted_at_ms=None))
        campaigns.launch_ad(self.means, HOST, advertiser_id=row.advertiser_id, ad_id=row.id)

    def edit_advertiser(self) -> None:
        category = self.chance.choice(["alcohol", "sport", "weapons"])
        accounts.update_advertiser(
            self.means, HOST, advertiser_id=self.chance.choice(self.brands).id, category=category
        )

    def code(self) -> None:
        days = self.chance.choice([7, 30])
        a_code(self.means, self.one(Post.objects.all()), self.chance.choice(self.brands), days=days)

    def _grant(self, **which) -> dict:
        row = self.one(Authorization.objects.filter(**which))
        return {"creator_id": row.creator_id, "authorization_id": row.id} if row else {}

    def revoke(self) -> None:
        if whose := self._grant():
            grants.revoke(self.means, HOST, **whose, when="now")

    def plan_revocation(self) -> None:
        if whose := self._grant():
            end = self.clock.world_ms() + 86_400_000
            grants.revoke(self.means, HOST, **whose, when="campaigns_end", campaigns_end_ms=end)

    def extend(self) -> None:
        if whose := self._grant(kind="post"):
            grants.extend(self.means, HOST, **whose, days=7)

    def terms(self) -> None:
        if whose := self._grant(kind="post"):
            terms = Terms(max_advertisers=2, approve_each_ad=self.chance.random() < 0.3, countries=("FR",))
            grants.change_terms(self.means, HOST, **whose, terms=terms)

    def open_account(self) -> None:
        permissions = self.chance.choice([["existing_posts"], ["new_posts"], ["existing_posts", "new_posts"]])
        request, _ = grants.request_access(self.means, HOST, business_center_id=self.center.id, permissions=permissions)
        creator = self.chance.choice(self.creators)
        grants.accept_access(self.means, HOST, creator_id=creator.id, request_id=request.id)

    def end_account(self) -> None:
        row = self.one(Authorization.objects.filter(kind="account"))
        if row is not None:
            grants.end_access(self.means, HOST, business_center_id=self.center.id, authorization_id=row.id)

    def _assignment(self) -> dict:
        brand, creator = self.chance.choice(self.brands), self.chance.choice(self.creators)
        return {"business_center_id": self.center.id, "advertiser_id": brand.id, "creator_id": creator.id}

    def assign(self) -> None:
        grants.assign_account(self.means, HOST, **self._assignment())

    def unassign(self) -> None:
        grants.unassign_account(self.means, HOST, **self._assignment())

    def own_account(self) -> None:
        brand, creator = self.chance.choice(self.brands), self.chance.choice(self.creators)
        grants.link_own_account(self.means, HOST, advertiser_id=brand.id, creator_id=creator.id)

    def publish(self) -> None:
        row = a_post(self.means, self.chance.choice(self.creators), ads_only=self.chance.random() < 0.3)
        change(self.means, ChangeKind.POST_CHANGED, row.id)

    def edit_post(self) -> None:
        visibility = self.chance.choice(["public", "public", "followers", "private"])
        posts.edit_post(self.means, HOST, post_id=self.one(Post.objects.all()).id, visibility=visibility)

    def moderate(self) -> None:
        row, state = self.one(Post.objects.all()), self.chance.choice(["live", "live", "hidden", "in_review"])
        posts.moderate_post(self.means, HOST, house=settings.HOUSE, post_id=row.id, state=state, reason="so")

    def delete_post(self) -> None:
        if Post.objects.exclude(state="deleted").count() > 2:
            posts.delete_post(self.means, HOST, house=settings.HOUSE, post_id=self.one(Post.objects.all()).id)

    def edit_creator(self) -> None:
        name = f"Léa {self.chance.randrange(9)}"
        accounts.update_creator(self.means, HOST, creator_id=self.chance.choice(self.creators).id, display_name=name)

    def wait(self) -> None:
        self.clock.advance(seconds=self.chance.choice([1, 3_600, 86_400, 8 * 86_400]))


SEEDS = st.integers(0, 2**32)
WITHOUT_SHRINKING = (Phase.explicit, Phase.generate)  # a smaller seed is not a smaller story
CHECKS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@hypothesis_settings(max_examples=2, phases=WITHOUT_SHRINKING, suppress_health_check=CHECKS)
@given(seed=SEEDS)
def test_snapshot_and_deltas_are_what_a_new_snapshot_would_be(means, clock, monkeypatch, house, seed):
    one_life(means, clock, monkeypatch, house, Random(seed))


@pytest.mark.long
@pytest.mark.timeout(1_200)
@hypothesis_settings(max_examples=60, phases=WITHOUT_SHRINKING, suppress_health_check=CHECKS)
@given(seed=SEEDS)
def test_the_same_of_many_lives(means, clock, monkeypatch, house, seed):
    one_life(means, clock, monkeypatch, house, Random(seed))


def one_life(means, clock, monkeypatch, house, chance: Random) -> None:
    for name in ("CHANGES_AT_ONCE", "OBJECTS_AT_ONCE"):
        monkeypatch.setitem(follow.__globals__, name, 3)
    with transaction.atomic():
        live_through(means, clock, house, chance)
        transaction.set_rollback(True)
    shutil.rmtree(folder_of(house))


def live_through(means, clock, house, chance: Random) -> None:
    life, early, late = Life(means, clock, chance), Reader.from_nothing(), None
    for step in range(STEPS):
        life.happen()
        if chance.random() < 0.3:
            follow(means, holder="worker:1")
        if chance.random() < 0.1 or step == STEPS // 2:
            write_file(means, house, anyway=True)
        if step == STEPS // 2:
            late = Reader.from_file(house)
        if chance.random() < 0.4:
            settle(means)
            holds_what_runs(means, early)
    settle(means)
    for reader in (early, late, Reader.from_file_of_now(means, house)):
        holds_what_runs(means, reader)
    sweep(means)


def holds_what_runs(means, reader) -> None:
    reader.catch_up()
    ads, organic = what_runs(means)
    assert still_on(means, reader.fold.ads()) == ads
    assert reader.fold.posts() == organic
