"""Grants as a state machine: any sequence of acts agrees with a small model, and no other arrow exists."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from attise.kernel.actor import Actor
from attise.kernel.clock import FakeClock
from attise.kernel.errors import Refusal
from attise.kernel.limits import DAY_MS, GRANT_DAYS
from attise.management.authorizations import actions, queries
from attise.management.authorizations.verify import first_broken_history
from attise.management.posts.models import Post
from tests.builders import a_creator, a_post, an_advertiser

HOST = Actor("host", 1)
ADVERTISERS = 3


class Grants(RuleBasedStateMachine):
    """One creator, a few posts and advertisers, and the clock."""

    grants = Bundle("grants")

    @initialize()
    def open(self):
        from django.conf import settings as django_settings

        from attise.kernel.chance import SeededChance
        from attise.kernel.ids import ClockIds
        from attise.kernel.means import Means

        self.clock = FakeClock()
        self.means = Means(self.clock, SeededChance("machine"), ClockIds(self.clock, 2), django_settings.HOUSE.secrets)
        self.creator = a_creator(self.means)
        self.posts = [a_post(self.means, self.creator).id for _ in range(2)]
        self.brands = [an_advertiser(self.means, f"Brand {number}").id for number in range(ADVERTISERS)]
        self.model: dict[int, dict] = {}

    # What the model says -------------------------------------------------------------------------------------------

    def state(self, grant: dict) -> str:
        if grant["revoked"] or (grant["revoke_at"] is not None and self.clock.world_ms() >= grant["revoke_at"]):
            return "revoked"
        if self.clock.world_ms() >= grant["end"]:
            return "expired"
        return "bound" if grant["holder"] is not None else "issued"

    def refusal_of_post(self, post_id: int) -> str | None:
        post = Post.objects.get(id=post_id)
        if post.state != "live":
            return "video_unavailable"
        return None if post.visibility == "public" else "not_public_video"

    def answer(self, act, **fields):
        try:
            return act(self.means, HOST, **fields), None
        except Refusal as refusal:
            return None, refusal.code

    # Acts ----------------------------------------------------------------------------------------------------------

    @rule(target=grants, place=st.integers(0, 1), days=st.sampled_from(GRANT_DAYS))
    def issue(self, place, days):
        post_id = self.posts[place]
        expected = self.refusal_of_post(post_id)
        made, code = self.answer(actions.grant_post, creator_id=self.creator.id, post_id=post_id, days=days)
        assert code == expected
        if made is None:
            return multiple()
        view, text = made
        for other in self.model.values():
            if other["post"] == post_id and self.state(other) == "issued":
                other["revoked"] = True
        now = self.clock.world_ms()
        self.model[view.id] = {
            "id": view.id, "post": post_id, "code": text, "end": now + days * DAY_MS, "holder": None,
            "revoked": False, "revoke_at": None,
        }  # fmt: skip
        return view.id

    @rule(grant=grants, place=st.integers(0, ADVERTISERS - 1))
    def apply(self, grant, place):
        grant, brand = self.model[grant], self.brands[place]
        state = self.state(grant)
        expected = {"revoked": "auth_code_revoked", "expired": "auth_code_expired"}.get(state)
        if expected is None and grant["holder"] not in {None, brand}:
            expected = "auth_code_already_used"
        expected = expected or self.refusal_of_post(grant["post"])
        bound, code = self.answer(actions.redeem, advertiser_id=brand, code=grant["code"])
        assert code == expected
        if bound is not None:
            assert bound.code == grant["code"]
            grant["holder"] = brand

    @rule(grant=grants, days=st.sampled_from(GRANT_DAYS))
    def extend(self, grant, days):
        grant = self.model[grant]
        live = self.state(grant) in {"issued", "bound"}
        view, code = self.answer(actions.extend, creator_id=self.creator.id, authorization_id=grant["id"], days=days)
        assert code == (None if live else "authorization_over")
        if view is not None:
            grant["end"] += days * DAY_MS
            grant["revoke_at"] = None
            assert view.ends_at_ms == grant["end"]

    @rule(grant=grants, after_days=st.none() | st.integers(0, 40))
    def revoke(self, grant, after_days):
        grant = self.model[grant]
        fields = {"creator_id": self.creator.id, "authorization_id": grant["id"]}
        before = self.state(grant)
        if after_days is None:
            view, code = self.answer(actions.revoke, when="now", **fields)
        else:
            at = self.clock.world_ms() + after_days * DAY_MS
            view, code = self.answer(actions.revoke, when="campaigns_end", campaigns_end_ms=at, **fields)
        assert code is None
        if before in {"issued", "bound"}:
            if after_days:
                grant["revoke_at"] = min(at, grant["end"])
            else:
                grant["revoked"] = True
        assert view.state == self.state(grant)

    @rule(grant=consumes(grants))
    def unknown_owner(self, grant):
        stranger = self.brands[0]
        for act, fields in ((actions.extend, {"days": 7}), (actions.revoke, {"when": "now"})):
            _, code = self.answer(act, creator_id=stranger, authorization_id=grant, **fields)
            assert code == "not_found"

    @rule(place=st.integers(0, 1), visibility=st.sampled_from(["public", "private", "followers"]))
    def change_visibility(self, place, visibility):
        Post.objects.filter(id=self.posts[place]).update(visibility=visibility)

    @rule(place=st.integers(0, 1), state=st.sampled_from(["live", "hidden", "removed", "in_review"]))
    def moderate(self, place, state):
        Post.objects.filter(id=self.posts[place]).update(state=state)

    @rule(days=st.sampled_from([0.5, 1, 7, 30, 60, 400]))
    def wait(self, days):
        self.clock.advance(days=days)

    # What always holds ---------------------------------------------------------------------------------------------

    @invariant()
    def states_agree(self):
        for grant in getattr(self, "model", {}).values():
            view = queries.get_authorization(self.means, authorization_id=grant["id"])
            assert view.state == self.state(grant)
            if not view.state.is_live:
                assert grant.setdefault("over", view.state) == view.state, "no arrow leaves what is over"
            assert [holder.advertiser_id for holder in view.holders] == [
                brand for brand in [grant["holder"]] if brand is not None
            ]

    @invariant()
    def captions_are_locked_exactly_while_a_grant_lives(self):
        for post_id in getattr(self, "posts", []):
            live = any(
                self.state(grant) in {"issued", "bound"} for grant in self.model.values() if grant["post"] == post_id
            )
            assert (Post.objects.get(id=post_id).locked_until_ms > self.clock.world_ms()) == live

    def teardown(self):
        assert first_broken_history() is None


@pytest.mark.django_db
def test_any_sequence_of_acts_agrees_with_the_model():
    _run(examples=12, steps=25)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.django_db
def test_many_sequences_of_acts_agree_with_the_model():
    _run(examples=1500, steps=50)


def _run(*, examples: int, steps: int) -> None:
    from django.db import transaction
    from hypothesis.stateful import run_state_machine_as_test

    class Undone(Grants):
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
