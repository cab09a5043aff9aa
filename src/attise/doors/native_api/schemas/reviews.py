"""Shapes of reviews: what waits for a person, what was decided and why, an appeal, a creator's word."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from attise.doors.native_api import wire
from attise.doors.native_api.schemas.ads import AdAnswer, ToldUtm, tell_ad
from attise.doors.native_api.schemas.campaigns import Word, one_of
from attise.doors.native_api.schemas.common import Given, GivenId, Listing, Told, ToldId, ToldMoment
from attise.doors.native_api.schemas.posts import tell_moment
from attise.kernel.clock import rfc3339
from attise.management.campaigns.rules.review import RULES
from attise.management.review import rules
from attise.management.review.views import DecisionView, WaitingView

Rule = Annotated[Word, one_of(RULES)]
Note = Annotated[
    str, Field(max_length=4 * rules.NOTE_CHARACTERS, description="Up to 500 signs; its addressee reads it.")
]
CreativeVersion = Annotated[
    int, Field(ge=1, le=2**31 - 1, description="That of the ad as it was seen; when it is another by now, 409.")
]


class DecisionDraft(Given):
    """What a reviewer decides of an ad that waits."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "creative_version": 1,
                    "verdict": "rejected",
                    "rule": "landing_page",
                    "note": "The page answers 404.",
                }
            ]
        }
    )
    creative_version: CreativeVersion
    verdict: Annotated[Word, one_of(rules.VERDICTS)]
    rule: Annotated[Rule | None, Field(description="Of a refusal. `other` needs a note.")] = None
    note: Note = ""


class Withdrawal(Given):
    """Why an approval is taken back."""

    creative_version: CreativeVersion
    rule: Rule
    note: Note = ""


class AppealDraft(Given):
    """What is said against a refusal."""

    note: Note = ""


class CreatorWord(Given):
    """What a creator says of an ad on their post."""

    creator_id: GivenId
    verdict: Annotated[Word, one_of(("approved", "refused"))]
    creative_version: Annotated[
        CreativeVersion | None, Field(description="Without it, whatever the ad shows by now.")
    ] = None


class RuleAnswer(Told):
    """A rule that an ad may be refused by, in the language of the request."""

    rule: str
    sentence: str


class SeenAnswer(Told):
    """What was judged, as it was then."""

    name: str
    kind: str
    identity_type: str
    identity_id: str
    display_name: str
    post_id: ToldId | None
    video_id: str | None
    image_ids: list[str]
    ad_text: str
    calls: list[str]
    landing_page_url: str
    deeplink: str
    utm_params: list[ToldUtm]
    ai_generated: bool
    advertiser: str
    payer: str
    category: str


class DecisionAnswer(Told):
    """A decision of a person, with its statement of reasons; kept as it was given."""

    decision_id: ToldId
    ad_id: ToldId
    creative_version: int
    was: Literal["pending", "approved"]
    verdict: Literal["approved", "rejected"]
    rule: str | None
    sentence: Annotated[str | None, Field(description="The rule, in the language of the request.")]
    note: str | None
    on_appeal: bool
    appeal_note: str | None
    automated: Annotated[bool, Field(description="Always false: what a program decides is in the ad's history.")]
    reviewer: Annotated[str, Field(description="Who decided: `host:ID` or `person:ID`.")]
    seen: SeenAnswer
    waiting_since: ToldMoment | None
    decided_at: ToldMoment


class AskedFor(Told):
    """Whose ad it is, and on whose behalf it speaks."""

    advertiser_id: ToldId
    name: str
    company: str
    payer_name: str
    category: str
    country: str


class WaitingAnswer(Told):
    """An ad that waits for a person."""

    ad: AdAnswer
    advertiser: AskedFor
    appeal_note: Annotated[str | None, Field(description="What the advertiser says against the refusal before.")]
    waiting_since: ToldMoment | None
    waited_ms: int
    before: Annotated[DecisionAnswer | None, Field(description="The last decision on the ad.")]


class Queue(Listing[WaitingAnswer]):
    """What waits for a person, the longest waiting first."""

    waiting: Annotated[int, Field(description="How many ads wait in all.")]
    longest_ms: Annotated[int, Field(description="How long the first has waited, in milliseconds.")]


def tell_decision(view: DecisionView) -> DecisionAnswer:
    """Return a decision as callers see it."""
    return DecisionAnswer(
        decision_id=str(view.id),
        ad_id=str(view.ad_id),
        creative_version=view.creative_version,
        was=view.was,
        verdict=view.verdict,
        rule=view.rule or None,
        sentence=wire.say(view.sentence, {}) if view.sentence else None,
        note=view.note or None,
        on_appeal=view.on_appeal,
        appeal_note=view.appeal_note or None,
        automated=False,
        reviewer=view.reviewer,
        seen=SeenAnswer(**view.seen),
        waiting_since=tell_moment(view.asked_at_ms),
        decided_at=rfc3339(view.at_ms),
    )


def tell_waiting(view: WaitingView) -> WaitingAnswer:
    """Return an ad that waits as reviewers see it."""
    advertiser = view.advertiser
    return WaitingAnswer(
        ad=tell_ad(view.ad),
        advertiser=AskedFor(
            advertiser_id=str(advertiser.id),
            name=advertiser.name,
            company=advertiser.company,
            payer_name=advertiser.payer_name,
            category=advertiser.category,
            country=advertiser.country,
        ),
        appeal_note=view.ad.appeal_note or None,
        waiting_since=tell_moment(view.ad.review_asked_at_ms),
        waited_ms=view.waited_ms,
        before=None if view.before is None else tell_decision(view.before),
    )
