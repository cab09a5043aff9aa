"""The refusals of this room. The first seven are those of the Spark code, in the order of their tests."""

from __future__ import annotations

from attise.kernel.errors import N_, Kind, Reason, Refusal


class AuthorizationRefused(Refusal):
    """A grant, a code or a request that cannot be honoured as asked."""


AUTH_CODE_FORMAT_ERROR = Reason(
    "auth_code_format_error",
    N_("This code is not valid. Check it was copied in full, or ask for a new one."),
    N_("Correct the code, or ask the creator for a new one."),
    number=4013,
)
AUTH_CODE_REVOKED = Reason(
    "auth_code_revoked",
    N_("The creator revoked this authorization."),
    N_("Choose another video, or ask the creator for a new code."),
)
AUTH_CODE_EXPIRED = Reason(
    "auth_code_expired",
    N_("This code expired on %(date)s. Ask the creator for a new one."),
    N_("Request a new code from the creator."),
    number=4025,
)
AUTH_CODE_ALREADY_USED = Reason(
    "auth_code_already_used",
    N_("This code was already applied by another advertiser."),
    N_("Ask the creator for a code of your own."),
)
VIDEO_UNAVAILABLE = Reason(
    "video_unavailable",
    N_("This video is no longer available: it was deleted or breaks the rules. Choose another video."),
    N_("Choose another video."),
    number=4002,
)
NOT_PUBLIC_VIDEO = Reason(
    "not_public_video",
    N_("This video is not public. Ask the creator to change its visibility."),
    N_("Ask the creator to make the video public, then try again."),
)
CAROUSEL_DUET_NOT_SUPPORTED = Reason(
    "carousel_duet_not_supported",
    N_("Duet carousels and stories cannot become Spark Ads. Choose another format."),
    N_("Choose another video."),
    number=4042,
)
ORIGINAL_CODE_NOT_EXPECTED = Reason(
    "original_post_auth_code_not_expected",
    N_("This video is neither a duet nor a stitch: no second code goes with it."),
    N_("Send its own code alone."),
)
ORIGINAL_CODE_OTHER_POST = Reason(
    "original_post_auth_code_mismatch",
    N_("The second code is not for the video that this duet or stitch was made with."),
    N_("Ask the author of the original video for a code of that very video."),
)
MARK = "#"
"""What every code begins with."""
MARK_MISSING = N_("A code begins with #. Copy it whole, with that first sign.")


def malformed(code: str) -> AuthorizationRefused:
    """Return the refusal of a text that is no code, with a hint where its first sign was left behind.

    The hint looks at that sign alone, so that it says nothing of what follows.
    """
    is_cut = not code.lstrip().startswith(MARK)
    return AuthorizationRefused(AUTH_CODE_FORMAT_ERROR, field="auth_code", hint=MARK_MISSING if is_cut else "")


SPARK_REASONS = (
    AUTH_CODE_FORMAT_ERROR,
    AUTH_CODE_REVOKED,
    AUTH_CODE_EXPIRED,
    AUTH_CODE_ALREADY_USED,
    VIDEO_UNAVAILABLE,
    NOT_PUBLIC_VIDEO,
    CAROUSEL_DUET_NOT_SUPPORTED,
)

ORIGINAL_REASONS = (ORIGINAL_CODE_NOT_EXPECTED, ORIGINAL_CODE_OTHER_POST)
"""What is said of the second code alone, that of the post a duet or stitch was made with."""

GRANT_DAYS_INVALID = Reason(
    "grant_days_invalid",
    N_("An authorization lasts a number of days that is offered here: %(days)s."),
    N_("Choose one of these durations."),
)
AUTHORIZATION_OVER = Reason(
    "authorization_over",
    N_("This authorization has ended: it cannot be extended or changed."),
    N_("Make a new code for this post."),
    Kind.CONFLICT,
)
AUTHORIZATION_RUNNING = Reason(
    "authorization_running",
    N_("This post is still authorized until %(date)s."),
    N_("Wait for the end, or ask the creator to revoke it, before removing the post."),
    Kind.CONFLICT,
)
TERMS_INVALID = Reason(
    "terms_invalid",
    N_("This term is not valid: %(rule)s."),
    N_("Correct the term and send again."),
)
PERMISSIONS_INVALID = Reason(
    "permissions_invalid",
    N_("Ask for one or more of: existing_posts, new_posts, new_posts_ads_only."),
    N_("Correct the list of permissions."),
)
ACCESS_REQUEST_EXPIRED = Reason(
    "access_request_expired",
    N_("This access request has expired. Ask the brand to make another one."),
    N_("Ask the brand for a new link."),
    Kind.CONFLICT,
)
ACCESS_REQUEST_ANSWERED = Reason(
    "access_request_answered",
    N_("This access request was already answered."),
    N_("Ask the brand for a new link if it should be answered again."),
    Kind.CONFLICT,
)
POST_REQUEST_ANSWERED = Reason(
    "post_request_answered",
    N_("This request for a post is closed: it was answered, or withdrawn."),
    N_("Ask for the post again if an answer is still wanted."),
    Kind.CONFLICT,
)
POST_ALREADY_USABLE = Reason(
    "post_already_usable",
    N_("This advertiser may use the post already."),
    N_("Make the ad; no request is needed."),
    Kind.CONFLICT,
)
ACCOUNT_ALREADY_LINKED = Reason(
    "account_already_linked",
    N_("This account is already linked to this advertiser."),
    N_("Nothing is left to do."),
    Kind.CONFLICT,
)
FEE_NOT_COVERED = Reason(
    "fee_not_covered",
    N_(
        "The creator's fee of %(fee)s %(currency)s is due when the ad starts; %(available)s %(currency)s are available."
    ),
    N_("Add funds, then switch the ad on."),
)
