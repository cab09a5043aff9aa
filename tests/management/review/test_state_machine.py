"""Ads as a state machine: any sequence of what people do agrees with a small model, and no other arrow exists.

The model knows the review, the creator's word, the switches, the grant and the post; the ad must say the same in its
status, its blockers and the changes that decisions read.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from attise.kernel.chance import SeededChance
from attise.kernel.clock import FakeClock
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.ids import ClockIds
from attise.kernel.means import Means
from attise.management.accounts.models import Advertiser
from attise.management.authorizations import actions as grants
from attise.management.campaigns.actions import appeal, launch_ad, say_word, switch_ads, update_ads
from attise.management.campaigns.actions.update_ads import AdEdit
from attise.management.campaigns.models import Ad, AdGroup, Campaign
from attise.management.outbox.models import Change
from attise.management.posts.models import Post
from attise.management.review import queries
from attise.management.review.actions import decide, withdraw
from attise.records.terms import Terms
from tests.management.campaigns.town import HOST, TOKEN, Town

CREATION = {"auth_code_revoked", "not_public_video"}
SWITCH = CREATION | {"creator_word_refused"}
LAUNCH = SWITCH | {"review_rejected"}
"""What of the model stops each."""


class Ads(RuleBasedStateMachine):
    """One brand and one post; its creator, a reviewer, and people who change their minds."""

    ads = Bundle("ads")

    @initialize()
    def open(self):
        from django.conf import settings as django_settings

        clock = FakeClock()
        self.means = Means(clock, SeededChance("machine"), ClockIds(clock, 3), django_settings.HOUSE.secrets)
        self.folder = tempfile.TemporaryDirectory()
        self.town = Town(self.means, Path(self.folder.name))
        self.group_id = self.town.group.id
        self.model: dict[int, dict] = {}
        self.grants: list[dict] = []
        self.post_ok = self.group_on = self.campaign_on = True
        self.gated = False
        self.give_code(asks=False)

    # What the model says ----------------------------------------------------------------------------------------------

    def cover(self) -> dict:
        """Return the grant that counts: the newest that lives, or the newest."""
        return ([one for one in self.grants if one["live"]] or self.grants)[-1]

    def in_the_way(self, ad: dict) -> set[str]:
        cover = self.cover()
        found = set() if cover["live"] else {"auth_code_revoked"}
        if not self.post_ok:
            found.add("not_public_video")
        if ad["word"] == "refused":
            found.add("creator_word_refused")
        elif cover["asks"] and ad["word"] != "approved":
            found.add("creator_word_pending")
        if ad["review"] != "approved":
            found.add(f"review_{ad['review']}")
        switches = {"campaign_off": self.campaign_on, "adgroup_off": self.group_on, "ad_off": ad["on"]}
        return found | {code for code, is_on in switches.items() if not is_on}

    def house(self, is_live: bool):
        return self.town.live if is_live else self.town.sandbox

    def fresh(self, is_live: bool) -> dict:
        """Return where a creative stands that was just made or changed."""
        return {
            "review": "pending" if is_live or self.gated else "approved",
            "word": "pending" if self.cover()["asks"] else "not_needed",
            "appealed": False,
        }

    def refused(self, act, *args, **fields) -> set[str]:
        """Do something and return the codes of what refused it."""
        self.answer = None
        try:
            self.answer = act(*args, **fields)
        except Refusal as refusal:
            return {refusal.code}
        except Refusals as several:
            return {one.code for one in several.items}
        return set()

    # What an advertiser does ------------------------------------------------------------------------------------------

    @rule(target=ads, is_live=st.booleans(), on=st.booleans())
    def make(self, is_live, on):
        ad = {"on": on, "version": 1, "again": False, "gone": False, "decisions": 0, **self.fresh(is_live)}
        creative = self.town.spark(**self.shown, operation_status="ENABLE" if on else "DISABLE")
        refused = self.refused(self.town.ad, creative=creative, house=self.house(is_live))
        assert refused == self.in_the_way(ad) & (SWITCH if on else CREATION)
        if refused:
            return multiple()
        self.model[self.answer.id] = ad | {"id": self.answer.id}
        return self.answer.id

    @rule(ad=ads, is_live=st.booleans(), elsewhere=st.booleans())
    def change(self, ad, is_live, elsewhere):
        """Rename it, or lead it elsewhere, which is reviewed."""
        ad, number = self.model[ad], self.means.ids.next()
        fields = {"landing_page_url": f"https://www.example.org/{number}"} if elsewhere else {"name": f"Ad {number}"}
        call = {"advertiser_id": self.town.brand.id, "adgroup_id": self.group_id, "house": self.house(is_live)}
        edit = AdEdit(ad["id"], fields=fields)
        refused = self.refused(update_ads, self.means, TOKEN, edits=[edit], **call)
        assert refused == ({"ad_gone"} if ad["gone"] else self.in_the_way(ad) & CREATION)
        if elsewhere and not refused:
            ad["again"] |= ad["review"] == "approved"
            ad["version"] += 1
            ad.update(self.fresh(is_live))

    @rule(ad=ads, to=st.sampled_from(["ENABLE", "DISABLE", "DELETE"]))
    def switch(self, ad, to):
        ad = self.model[ad]
        call = {"advertiser_id": self.town.brand.id, "ad_ids": [ad["id"]], "to": to}
        refused = self.refused(switch_ads, self.means, TOKEN, **call)
        if ad["gone"]:
            assert refused == (set() if to == "DELETE" else {"ad_gone"})
            return
        assert refused == (self.in_the_way(ad) & SWITCH if to == "ENABLE" else set())
        if to == "DELETE":
            ad["gone"] = True
        elif not refused:
            ad["on"] = to == "ENABLE"

    @rule(ad=ads)
    def launch(self, ad):
        ad = self.model[ad]
        call = {"advertiser_id": self.town.brand.id, "ad_id": ad["id"]}
        refused = self.refused(launch_ad, self.means, TOKEN, **call)
        assert refused == ({"ad_gone"} if ad["gone"] else set())
        if not ad["gone"]:
            assert self.answer.is_launched == (not self.in_the_way(ad) & LAUNCH)
            ad["on"] |= self.answer.is_launched

    @rule(ad=ads)
    def contest(self, ad):
        ad = self.model[ad]
        call = {"advertiser_id": self.town.brand.id, "ad_id": ad["id"]}
        refused = self.refused(appeal, self.means, TOKEN, **call)
        expected = "not_found" if ad["gone"] else "ad_not_refused" if ad["review"] != "rejected" else ""
        expected = expected or ("ad_appealed_already" if ad["appealed"] else "")
        assert refused == ({expected} - {""})
        if not refused:
            ad["review"], ad["appealed"] = "pending", True

    # What others do ---------------------------------------------------------------------------------------------------

    @rule(ad=ads, approves=st.booleans(), stale=st.sampled_from([0, 0, 0, 1]))
    def judge(self, ad, approves, stale):
        ad = self.model[ad]
        grounds = {"verdict": "approved"} if approves else {"verdict": "rejected", "rule": "minors"}
        call = {"house": self.town.live, "ad_id": ad["id"], "creative_version": ad["version"] - stale}
        refused = self.refused(decide, self.means, HOST, **grounds, **call)
        expected = "not_found" if ad["gone"] else "ad_not_in_review" if ad["review"] != "pending" else ""
        expected = expected or ("ad_changed_since_seen" if stale else "")
        assert refused == ({expected} - {""})
        if not refused:
            assert self.answer.on_appeal == ad["appealed"]
            ad["review"] = "approved" if approves else "rejected"
            ad["decisions"] += 1

    @rule(ad=ads)
    def take_back(self, ad):
        ad = self.model[ad]
        call = {"house": self.town.live, "ad_id": ad["id"], "creative_version": ad["version"], "rule": "imitation"}
        refused = self.refused(withdraw, self.means, HOST, **call)
        expected = "not_found" if ad["gone"] else "ad_not_in_review" if ad["review"] != "approved" else ""
        assert refused == ({expected} - {""})
        if not refused:
            ad["review"], ad["appealed"] = "rejected", False
            ad["decisions"] += 1

    @rule(ad=ads, verdict=st.sampled_from(["approved", "refused"]))
    def say(self, ad, verdict):
        ad, cover = self.model[ad], self.cover()
        call = {"creator_id": self.town.lea.id, "ad_id": ad["id"], "verdict": verdict}
        refused = self.refused(say_word, self.means, HOST, **call)
        is_asked = cover["live"] and cover["asks"]
        assert refused == ({"not_found"} if ad["gone"] else set() if is_asked else {"creator_word_not_asked"})
        if not refused:
            ad["word"] = verdict

    @rule(asks=st.booleans())
    def give_code(self, asks):
        """Authorize the post once more."""
        if not self.post_ok:
            return
        post, terms = self.town.post, Terms(approve_each_ad=True) if asks else None
        view, code = grants.grant_post(
            self.means, HOST, creator_id=self.town.lea.id, post_id=post.id, days=365, terms=terms
        )
        bound = grants.redeem(self.means, HOST, advertiser_id=self.town.brand.id, code=code)
        self.shown = {"identity_type": "AUTH_CODE", "identity_id": bound.identity_id, "post_id": post.id}
        self.grants.append({"id": view.id, "asks": asks, "live": True})

    @rule()
    def revoke_what_counts(self):
        cover = self.cover()
        grants.revoke(self.means, HOST, creator_id=self.town.lea.id, authorization_id=cover["id"], when="now")
        cover["live"] = False

    @rule()
    def show_or_hide_the_post(self):
        self.post_ok = not self.post_ok
        Post.objects.filter(id=self.town.post.id).update(visibility="public" if self.post_ok else "private")

    @rule(level=st.sampled_from([Campaign, AdGroup]))
    def switch_above(self, level):
        name = "campaign_on" if level is Campaign else "group_on"
        setattr(self, name, not getattr(self, name))
        level.objects.update(operation_status="ENABLE" if getattr(self, name) else "DISABLE")

    @rule()
    def gate(self):
        """The brand goes into a category that a person always reviews, or comes out of it."""
        self.gated = not self.gated
        Advertiser.objects.filter(id=self.town.brand.id).update(category="finance" if self.gated else "other")

    # What holds -------------------------------------------------------------------------------------------------------

    @invariant()
    def ads_say_what_the_model_says(self):
        for ad in getattr(self, "model", {}).values():
            view = self.town.again(Ad(id=ad["id"]))
            assert (view.review, view.creator_word, view.appealed) == (ad["review"], ad["word"], ad["appealed"])
            assert (view.creative_version, view.is_reaudit, view.is_deleted) == (ad["version"], ad["again"], ad["gone"])
            codes = {one.code for one in view.blockers}
            if ad["gone"]:
                assert "ad_gone" in codes
                assert view.secondary_status == "AD_STATUS_DELETE"
            else:
                assert codes == self.in_the_way(ad)
                assert (view.secondary_status == "AD_STATUS_DELIVERY_OK") == (not codes)

    @invariant()
    def decisions_read_what_the_row_says(self):
        for ad in getattr(self, "model", {}).values():
            told = Change.objects.filter(object_id=ad["id"]).latest("version")
            is_free = ad["review"] == "approved" and ad["word"] in {"not_needed", "approved"}
            assert told.kind == ("ad_changed" if not ad["gone"] and ad["on"] and is_free else "ad_stopped")

    @invariant()
    def the_queue_holds_exactly_what_waits(self):
        if not hasattr(self, "model"):
            return
        waiting = {one.ad.id for one in queries.page_queue(self.means, limit=200).items}
        assert waiting == {ad["id"] for ad in self.model.values() if ad["review"] == "pending" and not ad["gone"]}
        for ad in self.model.values():
            assert len(queries.page_decisions(ad_id=ad["id"], limit=200).items) == ad["decisions"]

    def teardown(self):
        if hasattr(self, "folder"):
            self.folder.cleanup()


@pytest.mark.django_db
def test_any_sequence_of_what_people_do_to_ads_agrees_with_the_model():
    _run(examples=5, steps=20)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.django_db
def test_many_sequences_of_what_people_do_to_ads_agree_with_the_model():
    _run(examples=500, steps=40)


def _run(*, examples: int, steps: int) -> None:
    from django.db import transaction
    from hypothesis.stateful import run_state_machine_as_test

    class Undone(Ads):
        """The machine, each run of it undone at its end."""

        def __init__(self):
            self.savepoint = transaction.savepoint()
            super().__init__()

        def teardown(self):
            super().teardown()
            transaction.savepoint_rollback(self.savepoint)

    run_state_machine_as_test(
        Undone, settings=settings(max_examples=examples, stateful_step_count=steps, deadline=None)
    )
