"""Shapes of ads: what is shown, under whose name, where it leads, and all that is in its way."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from attise.doors.native_api import wire
from attise.doors.native_api.schemas.campaigns import Name, PrimaryStatus, Revision, Switch, Word, one_of
from attise.doors.native_api.schemas.common import Given, GivenId, Listing, Told, ToldId, ToldMoment, told_id
from attise.doors.native_api.schemas.posts import tell_moment
from attise.kernel.clock import rfc3339
from attise.kernel.errors import Refusal
from attise.management.campaigns import status
from attise.management.campaigns.blockers import Blocker
from attise.management.campaigns.rules import creative
from attise.management.campaigns.views import AdView
from attise.records.lookups import call_to_actions

URL_CHARACTERS = 2048
IDENTITY_CHARACTERS = 80
IdentityType = Annotated[Word, one_of(creative.IDENTITY_TYPES)]
IdentityId = Annotated[str, Field(max_length=IDENTITY_CHARACTERS)]
FileId = Annotated[str, Field(max_length=80)]
AdFormat = Annotated[Word, one_of((creative.VIDEO, creative.CAROUSEL))]
CallToAction = Annotated[Word, one_of([row.code for row in call_to_actions.all()])]
DeeplinkType = Annotated[Word, one_of(creative.DEEPLINK_TYPES)]
Becomes = Annotated[
    Literal["public", "ads_only"],
    Field(description="Of a private post of the advertiser's own account, which is else refused."),
]
Url = Annotated[str, Field(max_length=URL_CHARACTERS)]
Text = Annotated[str, Field(max_length=4 * creative.AD_TEXT_CHARACTERS)]


class UtmParameter(Given):
    """A parameter that the landing page's address carries."""

    key: Annotated[str, Field(max_length=4 * creative.UTM_CHARACTERS)]
    value: Annotated[str, Field(max_length=4 * creative.UTM_CHARACTERS)]


UtmParameters = Annotated[list[UtmParameter], Field(max_length=creative.UTM_PARAMETERS)]


class AdDraft(Given):
    """An ad to make in an ad group: a creator's post, or a video of the library."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Léa, one pan",
                    "identity_type": "AUTH_CODE",
                    "identity_id": "7507931062747136000",
                    "post_id": "7507931062747136000",
                    "call_to_action": "LEARN_MORE",
                    "landing_page_url": "https://shop.example/soups",
                }
            ]
        }
    )
    name: Annotated[Name, Field(description="Empty: the ad's id.")] = ""
    identity_type: IdentityType
    identity_id: IdentityId
    bc_id: Annotated[GivenId | None, Field(description="Of BC_AUTH_TT: the Business Center of the access.")] = None
    post_id: Annotated[GivenId | None, Field(description="Of a Spark Ad.")] = None
    video_id: Annotated[FileId | None, Field(description="Of the library, where no post is shown.")] = None
    image_ids: Annotated[list[FileId], Field(max_length=35, description="The cover of that video.")] = []
    ad_format: AdFormat | None = None
    ad_text: Annotated[Text, Field(description="Not of a Spark Ad, which shows its post's caption.")] = ""
    call_to_action: CallToAction | None = None
    portfolio_id: Annotated[GivenId | None, Field(description="Of buttons to choose from, instead of one.")] = None
    landing_page_url: Url = ""
    deeplink: Url = ""
    deeplink_type: DeeplinkType | None = None
    utm_params: UtmParameters = []
    impression_tracking_url: Url = ""
    click_tracking_url: Url = ""
    tracking_pixel_id: GivenId | None = None
    tracking_app_id: GivenId | None = None
    ads_only: Annotated[bool, Field(description="Of a video published on an account for the ad.")] = True
    private_becomes: Becomes | None = None
    music_disabled: bool = True
    duet_allowed: bool = True
    stitch_allowed: bool = True
    creative_authorized: bool = False
    ai_generated: Annotated[bool, Field(description="Whether pictures or voices of it were made by a program.")] = False
    operation_status: Switch = "ENABLE"


class AdEdit(Given):
    """What to change of an ad; what is left out or null stays. A change of what is reviewed asks for a review again."""

    name: Name | None = None
    identity_type: IdentityType | None = None
    identity_id: IdentityId | None = None
    bc_id: GivenId | None = None
    post_id: GivenId | None = None
    video_id: FileId | None = None
    image_ids: Annotated[list[FileId] | None, Field(max_length=35)] = None
    ad_format: AdFormat | None = None
    ad_text: Text | None = None
    call_to_action: CallToAction | None = None
    portfolio_id: GivenId | None = None
    landing_page_url: Url | None = None
    deeplink: Url | None = None
    deeplink_type: DeeplinkType | None = None
    utm_params: UtmParameters | None = None
    impression_tracking_url: Url | None = None
    click_tracking_url: Url | None = None
    tracking_pixel_id: GivenId | None = None
    tracking_app_id: GivenId | None = None
    ads_only: bool | None = None
    private_becomes: Becomes | None = None
    music_disabled: bool | None = None
    duet_allowed: bool | None = None
    stitch_allowed: bool | None = None
    creative_authorized: bool | None = None
    ai_generated: bool | None = None
    revision: Revision | None = None


class LaunchDraft(Given):
    """A launch. Without a revision, whatever the ad is by now is launched."""

    revision: Revision | None = None


class BlockerAnswer(Told):
    """Something in an ad's way: why, and what to do."""

    code: str
    stops: Annotated[
        Literal["creation", "switch", "launch", "delivery", "warning"],
        Field(description="How early it stops the ad. delivery: it may be launched, and waits. warning: not yet."),
    ]
    field: str | None
    message: str
    next: str


class ReviewAnswer(Told):
    """Where the review of an ad stands."""

    state: Literal["pending", "approved", "rejected"]
    is_again: Annotated[bool, Field(description="Whether an earlier creative of this ad was approved.")]
    rule: str | None
    note: str | None
    at: ToldMoment | None
    appealed: bool


class ToldUtm(Told):
    """A parameter of the landing page's address."""

    key: str
    value: str


class AdAnswer(Told):
    """An ad at the moment of asking, with all that is in its way."""

    ad_id: ToldId
    adgroup_id: ToldId
    adgroup_name: str
    campaign_id: ToldId
    campaign_name: str
    advertiser_id: ToldId
    name: str
    objective_type: str
    kind: Annotated[
        Literal["spark", "push", "standard"],
        Field(description="A creator's post; a video published on an account for the ad; a video under a mere name."),
    ]
    identity_type: str
    identity_id: str
    bc_id: ToldId | None
    display_name: Annotated[str, Field(description="Under which the ad is shown.")]
    creator_id: ToldId | None
    authorization_id: Annotated[ToldId | None, Field(description="The grant that the ad stands on, or last stood on.")]
    authorized_until: ToldMoment | None
    post_id: ToldId | None
    video_id: str | None
    image_ids: list[str]
    ad_format: str
    ad_text: Annotated[str, Field(description="Of a Spark Ad, the caption of its post.")]
    call_to_action: str | None
    portfolio_id: ToldId | None
    landing_page_url: str | None
    deeplink: str | None
    deeplink_type: str | None
    utm_params: list[ToldUtm]
    impression_tracking_url: str | None
    click_tracking_url: str | None
    tracking_pixel_id: ToldId | None
    tracking_app_id: ToldId | None
    ads_only: bool
    music_disabled: bool
    duet_allowed: bool
    stitch_allowed: bool
    creative_authorized: bool
    ai_generated: bool
    creative_version: int
    review: ReviewAnswer
    creator_word: Literal["not_needed", "pending", "approved", "refused"]
    operation_status: str
    status: Annotated[PrimaryStatus, Field(description="Whether it runs, coarsely.")]
    secondary_status: Annotated[str, Field(description="The first reason in a fixed order, at the moment of asking.")]
    blockers: Annotated[
        list[BlockerAnswer], Field(description="Everything that keeps it from running; empty: it runs.")
    ]
    warnings: list[BlockerAnswer]
    revision: int
    created_at: ToldMoment
    modified_at: ToldMoment
    deleted: bool


class Blockers(Listing[BlockerAnswer]):
    """All that is in an ad's way, in the order in which one would mend it, then what will be."""


_SPELLED = {"bc_id": "business_center_id", "ads_only": "dark_post"}
_TEXTS = ("ad_format", "call_to_action", "deeplink_type", "private_becomes")
"""What is null here and an empty text in the room."""


def creative_of(body: AdDraft) -> creative.Creative:
    """Return the creative that the room takes."""
    return creative.Creative(**_facts(body, body.__class__.model_fields))


def changes_of(body: AdEdit) -> dict[str, Any]:
    """Return what a body changes, under the names of the room."""
    given = [name for name in body.model_fields_set - {"revision"} if getattr(body, name) is not None]
    return _facts(body, given)


def _facts(body: AdDraft | AdEdit, names: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in names:
        value = getattr(body, name)
        if name == "utm_params":
            value = tuple((one.key, one.value) for one in value)
        elif name == "image_ids":
            value = tuple(value)
        elif name in _TEXTS:
            value = value or ""
        found[_SPELLED.get(name, name)] = value
    return found


def tell_blocker(refusal: Refusal) -> BlockerAnswer:
    """Return a blocker or a warning as callers see it, in the language of the request."""
    return BlockerAnswer(
        code=refusal.code,
        stops=_STOPS[refusal.stops.name] if isinstance(refusal, Blocker) else "warning",
        field=wire.field_of(refusal),
        message=wire.say(refusal.reason.message, refusal.params),
        next=wire.say(refusal.reason.next_step, refusal.params),
    )


_STOPS: dict[str, Literal["creation", "switch", "launch", "delivery"]] = {
    "CREATION": "creation",
    "SWITCH": "switch",
    "LAUNCH": "launch",
    "DELIVERY": "delivery",
}


def tell_ad(view: AdView) -> AdAnswer:
    """Return an ad as callers see it."""
    return AdAnswer(
        ad_id=str(view.id),
        adgroup_id=str(view.adgroup_id),
        adgroup_name=view.adgroup_name,
        campaign_id=str(view.campaign_id),
        campaign_name=view.campaign_name,
        advertiser_id=str(view.advertiser_id),
        name=view.name,
        objective_type=view.objective_type,
        kind=view.kind,
        identity_type=view.identity_type,
        identity_id=view.identity_id,
        bc_id=told_id(view.business_center_id),
        display_name=view.display_name,
        creator_id=told_id(view.creator_id),
        authorization_id=told_id(view.authorization_id),
        authorized_until=tell_moment(view.authorized_until_ms),
        post_id=None if view.post is None else str(view.post.id),
        video_id=view.video_id,
        image_ids=list(view.image_ids),
        ad_format=view.ad_format,
        ad_text=view.ad_text,
        call_to_action=view.call_to_action or None,
        portfolio_id=told_id(view.portfolio_id),
        landing_page_url=view.landing_page_url or None,
        deeplink=view.deeplink or None,
        deeplink_type=view.deeplink_type or None,
        utm_params=[ToldUtm(**one) for one in view.utm_params],
        impression_tracking_url=view.impression_tracking_url or None,
        click_tracking_url=view.click_tracking_url or None,
        tracking_pixel_id=told_id(view.tracking_pixel_id),
        tracking_app_id=told_id(view.tracking_app_id),
        ads_only=view.dark_post,
        music_disabled=view.music_disabled,
        duet_allowed=view.duet_allowed,
        stitch_allowed=view.stitch_allowed,
        creative_authorized=view.creative_authorized,
        ai_generated=view.ai_generated,
        creative_version=view.creative_version,
        review=ReviewAnswer(
            state=view.review,
            is_again=view.is_reaudit,
            rule=view.review_rule or None,
            note=view.review_note or None,
            at=tell_moment(view.review_at_ms),
            appealed=view.appealed,
        ),
        creator_word=view.creator_word,
        operation_status=view.operation_status,
        status=status.primary_status(view.secondary_status),
        secondary_status=view.secondary_status,
        blockers=[tell_blocker(one) for one in view.blockers],
        warnings=[tell_blocker(one) for one in view.warnings],
        revision=view.revision,
        created_at=rfc3339(view.created_at_ms),
        modified_at=rfc3339(view.modified_at_ms),
        deleted=view.is_deleted,
    )
