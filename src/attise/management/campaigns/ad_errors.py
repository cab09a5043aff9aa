"""What this room refuses of ads: the creative as it is asked for, then all that stands between an ad and its start.

How early a blocker stops an ad, and its cause, are in ``blockers``; ``docs/reference/blockers.md`` is made of both.
"""

from __future__ import annotations

from attise.kernel.errors import N_, Kind, Reason, Refusal


class AdRefused(Refusal):
    """An ad that cannot be made, changed or switched on as asked."""


# The creative as it is asked for.
IDENTITY_NOT_POSTS = Reason(
    "identity_shows_no_posts",
    N_("This identity is a name and a picture: it shows no post of a creator."),
    N_("Leave the post out and give a video of the library, or choose the identity of an account."),
)
POST_REQUIRED = Reason(
    "ad_post_required",
    N_("It is not said which post this ad shows."),
    N_("Give the post; its id stands in the list of authorized posts."),
)
VIDEO_REQUIRED = Reason(
    "ad_video_required",
    N_("It is not said which video of the library this ad shows."),
    N_("Give the id of an uploaded video."),
)
COVER_REQUIRED = Reason(
    "ad_cover_required",
    N_("This ad needs one cover picture; %(got)s are given."),
    N_("Give the id of one uploaded image, or of the suggested cover of the video."),
)
COVER_RATIO = Reason(
    "ad_cover_ratio",
    N_("The cover is %(cover)s and the video %(video)s pixels: they do not have the same shape."),
    N_("Use a cover cut to the shape of the video."),
)
NOT_WITH_POST = Reason(
    "ad_not_with_post",
    N_("A Spark Ad shows its post as it is: it takes no video or picture of the library."),
    N_("Leave this field out."),
)
TEXT_IS_CAPTION = Reason(
    "ad_text_is_caption",
    N_("A Spark Ad shows the caption of its post, which is locked."),
    N_("Leave the text out; choose another post for another text."),
)
NO_EMOJI = Reason(
    "ad_text_emoji",
    N_("The text of this ad holds an emoji, which is not taken here: %(sign)s."),
    N_("Say it in words."),
)
FORMAT_OF_AD = Reason(
    "ad_format_mismatch",
    N_("What this ad shows is %(expected)s, not %(got)s."),
    N_("Give the format that fits, or leave it out."),
)
PUSH_NOT_ALLOWED = Reason(
    "push_not_allowed",
    N_("This account does not let you publish new posts on it."),
    N_("Ask the creator for the permission to publish, or choose one of their posts."),
)
PUSH_PUBLIC_NOT_ALLOWED = Reason(
    "push_public_not_allowed",
    N_("This account lets you publish posts that are shown in ads only."),
    N_("Show it in ads only, or ask the creator for the permission to publish on their profile."),
)
CALL_TO_ACTION_UNKNOWN = Reason(
    "call_to_action_unknown",
    N_("This call to action is not known: %(value)s."),
    N_("Choose one of: %(choices)s."),
)
CALL_TO_ACTION_REQUIRED = Reason(
    "call_to_action_required",
    N_("The goal of this ad group needs a click: the ad needs a call to action."),
    N_("Choose a call to action."),
)
LANDING_PAGE_REQUIRED = Reason(
    "landing_page_required",
    N_("The goal of this ad group leads to a page: the ad needs its address."),
    N_("Give the address of the landing page."),
)
LANDING_PAGE_NOT_TAKEN = Reason(
    "landing_page_not_taken",
    N_("The goal of this ad group leads to the creator's profile, and to no page."),
    N_("Leave the address out, or choose another goal."),
)
ACCOUNT_REQUIRED = Reason(
    "ad_account_required",
    N_("The goal of this ad group leads to a creator's profile: this identity has none."),
    N_("Choose the identity of an account, or another goal."),
)
UTM_FORM = Reason(
    "utm_form",
    N_("This parameter is not taken: %(rule)s."),
    N_("Correct the parameter and send again."),
)
TRACKER_NOT_GROUPS = Reason(
    "tracking_pixel_not_groups",
    N_("The ad group measures with another pixel: %(pixel)s."),
    N_("Use the pixel of the ad group, or leave the field out."),
)
KIND_FIXED = Reason(
    "ad_kind_fixed",
    N_("An ad keeps its kind: one with a creator's post stays one, one with an uploaded video too."),
    N_("Make another ad."),
)
PUSHED_FIXED = Reason(
    "ad_push_published",
    N_("This video is published on the account: its text, its video and its identity stay."),
    N_("Make another ad."),
)
TOO_MANY_ADS = Reason(
    "too_many_ads",
    N_("An ad group holds at most %(limit)s ads; this one would hold %(got)s."),
    N_("Delete ads that are over, or make another ad group."),
    Kind.CONFLICT,
    number=40502,
)
TOO_MANY_OF_IDENTITY = Reason(
    "too_many_ads_of_identity",
    N_("One identity stands under at most %(limit)s ads."),
    N_("Delete ads that are over, or use another identity."),
    Kind.CONFLICT,
    number=40502,
)
AD_TWICE = Reason(
    "ad_twice",
    N_("This ad is named twice in one request."),
    N_("Name each ad once."),
)

# The review and the creator's word.
NOTHING_TO_REVIEW = Reason(
    "ad_not_in_review",
    N_("This ad does not wait for a review."),
    N_("Read the queue again."),
    Kind.CONFLICT,
)
REVIEWED_ANOTHER = Reason(
    "ad_changed_since_seen",
    N_("This ad was changed after it was shown to you."),
    N_("Look at it again, then decide."),
    Kind.CONFLICT,
)
NOTHING_TO_APPEAL = Reason(
    "ad_not_refused",
    N_("This ad was not refused: there is nothing to appeal."),
    N_("Wait for the review."),
    Kind.CONFLICT,
)
APPEALED_ALREADY = Reason(
    "ad_appealed_already",
    N_("This refusal was appealed once, and stands."),
    N_("Change what was refused; a changed ad is reviewed anew."),
    Kind.CONFLICT,
)
WORD_NOT_ASKED = Reason(
    "creator_word_not_asked",
    N_("This ad does not wait for the creator's word."),
    N_("Nothing is left to do."),
    Kind.CONFLICT,
)

# What stands between an ad and its start; the seven of a Spark code are those of ``authorizations``.
ACCOUNT_ACCESS_ENDED = Reason(
    "account_access_ended",
    N_("The creator's account is no longer open to you, or not for this."),
    N_("Ask the creator for access again, or choose another video."),
)
POST_PROCESSING = Reason(
    "post_processing",
    N_("The post is still being prepared for playing."),
    N_("Nothing to do: the ad starts by itself."),
)
IDENTITY_GONE = Reason(
    "ad_identity_gone",
    N_("The identity of this ad was deleted."),
    N_("Choose another identity."),
)
CREATOR_MINOR = Reason(
    "creator_minor",
    N_("The creator of this post is under %(age)s: their posts are not promoted."),
    N_("Choose the post of another creator."),
)
TERMS_OBJECTIVE = Reason(
    "terms_objective",
    N_("The creator's terms refuse the objective %(objective)s."),
    N_("Use the post in a campaign with another objective, or ask the creator for other terms."),
)
TERMS_CATEGORY = Reason(
    "terms_category",
    N_("The creator's terms refuse advertisers of your category."),
    N_("Choose the post of another creator, or ask for other terms."),
)
TERMS_COUNTRIES = Reason(
    "terms_countries",
    N_("The creator's terms allow ads in %(allowed)s alone; this ad group goes to %(places)s too."),
    N_("Narrow the locations of the ad group, or ask the creator for other terms."),
)
TERMS_CAP_SPENT = Reason(
    "terms_cap_spent",
    N_("What the creator's terms let be spent on this authorization is spent."),
    N_("Ask the creator to raise the cap, or choose another video."),
)
TERMS_CURRENCY = Reason(
    "terms_currency",
    N_("The creator's terms are in %(terms)s; your account pays in %(account)s."),
    N_("Ask the creator for terms in your currency."),
)
CREATOR_WORD_PENDING = Reason(
    "creator_word_pending",
    N_("The creator approves each ad, and has not answered yet."),
    N_("Nothing to do: the creator was told."),
)
CREATOR_WORD_REFUSED = Reason(
    "creator_word_refused",
    N_("The creator refused this ad."),
    N_("Change the ad, which asks the creator again, or choose another video."),
)
REVIEW_PENDING = Reason(
    "review_pending",
    N_("The ad is in review, usually for less than 24 hours."),
    N_("Nothing to do: the ad starts by itself once it is approved."),
)
REVIEW_REJECTED = Reason(
    "review_rejected",
    N_("The review refused this ad: %(rule)s"),
    N_("Correct what is at fault, or appeal once."),
)
ACCOUNT_IN_REVIEW = Reason(
    "account_in_review",
    N_("The advertiser's account is being reviewed."),
    N_("Nothing to do: the ad starts by itself once the account is approved."),
)
ACCOUNT_DENIED = Reason(
    "account_denied",
    N_("The advertiser's account was not approved."),
    N_("Complete the facts of the account, or ask the operator."),
)
ACCOUNT_STOPPED = Reason(
    "account_stopped",
    N_("The advertiser's account is suspended."),
    N_("Ask the operator."),
)
CATEGORY_BANNED = Reason(
    "category_banned",
    N_("What is of the category %(category)s may not be advertised."),
    N_("Correct the category of the advertiser if it is wrong."),
)
CATEGORY_ADULTS = Reason(
    "category_adults",
    N_("What is of the category %(category)s is shown to adults alone; this ad group targets ages 13 to 17."),
    N_("Remove the ages 13 to 17 from the ad group."),
)
MINORS_PROFILED = Reason(
    "minors_profiled",
    N_("This ad group targets ages 13 to 17 by what is known of them: minors are never profiled."),
    N_("Remove these ages, or the interests, behaviours and audiences."),
)
LABEL_DATA_MISSING = Reason(
    "label_data_missing",
    N_("It is not known on whose behalf the ad is shown, or who pays: the label cannot be drawn."),
    N_("Fill in the company and the payer of the advertiser."),
)
BALANCE_EMPTY = Reason(
    "balance_empty",
    N_("The account has no balance left."),
    N_("Add funds."),
)
CAMPAIGN_BUDGET_SPENT = Reason(
    "campaign_budget_spent",
    N_("The campaign's budget is spent for now."),
    N_("Raise the budget of the campaign, or wait for the next day if it is a daily one."),
)
ADGROUP_BUDGET_SPENT = Reason(
    "adgroup_budget_spent",
    N_("The ad group's budget is spent for now."),
    N_("Raise the budget of the ad group, or wait for the next day if it is a daily one."),
)
PIXEL_MISSING = Reason(
    "pixel_missing",
    N_("The ad group measures with a pixel that is not there any more."),
    N_("Make an ad group with a pixel of the advertiser."),
)
SCHEDULE_OVER = Reason(
    "schedule_over",
    N_("The schedule of the ad group ended on %(date)s."),
    N_("Set a later end for the ad group."),
)
SCHEDULE_EARLY = Reason(
    "schedule_early",
    N_("The schedule of the ad group begins on %(date)s."),
    N_("Nothing to do, or set an earlier start for the ad group."),
)
CAMPAIGN_OFF = Reason(
    "campaign_off",
    N_("The campaign is switched off."),
    N_("Switch the campaign on."),
)
ADGROUP_OFF = Reason(
    "adgroup_off",
    N_("The ad group is switched off."),
    N_("Switch the ad group on."),
)
AD_OFF = Reason(
    "ad_off",
    N_("The ad is switched off."),
    N_("Switch the ad on."),
)
AD_GONE = Reason(
    "ad_gone",
    N_("The ad, its ad group or its campaign was deleted, which is final."),
    N_("Make another ad."),
    Kind.CONFLICT,
)

# Told, and stopping nothing.
AUTHORIZATION_ENDING = Reason(
    "authorization_ending",
    N_("The authorization ends on %(date)s, before the schedule of the ad group."),
    N_("Ask the creator to extend it, or end the ad group on that date."),
)
