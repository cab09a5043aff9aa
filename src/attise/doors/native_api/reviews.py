"""Reviews: what waits for a person, what is decided of it, what is said against that; and the creator's word."""

from __future__ import annotations

from typing import Literal

from attise.doors.native_api import wire
from attise.doors.native_api.cursors import read_cursor, write_cursor
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.listing import listing
from attise.doors.native_api.schemas.ads import AdAnswer, tell_ad
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Cursor, GivenId, Limit, Listing, PathId
from attise.doors.native_api.schemas.reviews import (
    AppealDraft,
    CreatorWord,
    DecisionAnswer,
    DecisionDraft,
    Queue,
    RuleAnswer,
    Withdrawal,
    tell_decision,
    tell_waiting,
)
from attise.management.accounts import queries as accounts
from attise.management.campaigns import actions as campaigns
from attise.management.campaigns import queries as ads
from attise.management.campaigns.owners import advertiser_of_ad
from attise.management.campaigns.rules.review import RULES
from attise.management.posts import queries as posts
from attise.management.review import actions, queries

group = Group("Reviews")


@group.get("/v1/review/ads", gives=Queue)
def list_waiting_ads(call: Call, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT) -> Queue:
    """List the ads that wait for a person's review, the longest waiting first."""
    page = queries.page_queue(call.means, after=read_cursor(call, cursor), limit=limit)
    queue = queries.measure_queue(call.means)
    return Queue(
        items=[tell_waiting(view) for view in page.items],
        next_cursor=write_cursor(call, page.after),
        waiting=queue.waiting,
        longest_ms=queue.longest_ms,
    )


@group.get("/v1/review/rules", gives=Listing[RuleAnswer])
def list_review_rules(call: Call) -> Listing[RuleAnswer]:
    """List the rules that an ad may be refused by, in one part."""
    del call
    told = [RuleAnswer(rule=rule, sentence=wire.say(sentence, {})) for rule, sentence in RULES.items()]
    return Listing[RuleAnswer](items=told, next_cursor=None)


@group.post("/v1/review/ads/{ad_id}/decide", gives=DecisionAnswer, refuses=(409,))
def decide_review(call: Call, ad_id: PathId, body: DecisionDraft) -> DecisionAnswer:
    """Approve or refuse an ad that waits; its advertiser is told. A refusal names a rule, and may be appealed once.

    An ad that waits no more, or shows something else by now, is a conflict: 409.
    """
    decided = actions.decide(
        call.means,
        call.actor,
        house=call.house,
        ad_id=ad_id,
        creative_version=body.creative_version,
        verdict=body.verdict,
        rule=body.rule or "",
        note=body.note,
    )
    return tell_decision(decided)


@group.post("/v1/review/ads/{ad_id}/withdraw", gives=DecisionAnswer, refuses=(409,))
def withdraw_approval(call: Call, ad_id: PathId, body: Withdrawal) -> DecisionAnswer:
    """Take an approval back: the ad stops within two seconds of the answer, and its advertiser may appeal.

    What a push published stays on its profile, as it was published; whether it may stay there is moderation's.
    """
    decided = actions.withdraw(
        call.means,
        call.actor,
        house=call.house,
        ad_id=ad_id,
        creative_version=body.creative_version,
        rule=body.rule,
        note=body.note,
    )
    return tell_decision(decided)


@group.get("/v1/ads/{ad_id}/decisions", gives=Listing[DecisionAnswer])
def list_decisions_on_ad(
    call: Call, ad_id: PathId, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[DecisionAnswer]:
    """List what people decided of an ad and why, newest first. An automatic approval is in its history instead."""
    after = read_cursor(call, cursor)
    advertiser_of_ad(ad_id)
    page = queries.page_decisions(ad_id=ad_id, after=after, limit=limit)
    return listing(call, Listing[DecisionAnswer], page, tell_decision)


@group.post("/v1/ads/{ad_id}/appeal", gives=AdAnswer, refuses=(409,))
def appeal_refusal(call: Call, ad_id: PathId, body: AppealDraft) -> AdAnswer:
    """Appeal a refusal, once: the ad waits for a person again, in any house."""
    owner = advertiser_of_ad(ad_id)
    return tell_ad(campaigns.appeal(call.means, call.actor, advertiser_id=owner, ad_id=ad_id, note=body.note))


@group.post("/v1/ads/{ad_id}/creator-approval", gives=AdAnswer, refuses=(409,))
def say_creators_word(call: Call, ad_id: PathId, body: CreatorWord) -> AdAnswer:
    """Say whether the creator approves an ad on their post, where their terms ask for it; they may change their mind.

    A refused ad stops with the answer.
    """
    view = campaigns.say_word(
        call.means,
        call.actor,
        creator_id=body.creator_id,
        ad_id=ad_id,
        verdict=body.verdict,
        creative_version=body.creative_version,
    )
    return tell_ad(view)


@group.get("/v1/creators/{creator_id}/ads", gives=Listing[AdAnswer])
def list_ads_on_creator(
    call: Call,
    creator_id: PathId,
    post_id: GivenId | None = None,
    creator_word: Literal["pending"] | None = None,
    cursor: Cursor | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Listing[AdAnswer]:
    """List the ads that show a creator's posts, newest first; or those that wait for their word.

    A part may hold fewer than `limit` and still not be the last.
    """
    after = read_cursor(call, cursor)
    creator = accounts.get_creator(creator_id)
    shown = None if post_id is None else posts.get_post(post_id).id
    page = ads.page_ads_of_creator(
        call.means,
        creator_id=creator.id,
        post_id=shown,
        awaiting_word=creator_word is not None,
        after=after,
        limit=limit,
    )
    return listing(call, Listing[AdAnswer], page, tell_ad)
