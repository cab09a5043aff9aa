"""What a creative shows, found: its identity, its post or its video, its cover. Foreign ones read as unknown ones."""

from __future__ import annotations

from dataclasses import dataclass

from attise.kernel.errors import NOT_FOUND
from attise.kernel.means import Means
from attise.management.authorizations import queries as grants
from attise.management.authorizations.coverage import Use, covers_of
from attise.management.authorizations.views import IdentityView as Account
from attise.management.campaigns import ad_errors as errors
from attise.management.campaigns.ad_errors import AdRefused
from attise.management.campaigns.rules import creative as rules
from attise.management.campaigns.rules.creative import Creative
from attise.management.library import queries as library
from attise.management.library.views import IdentityView as Name
from attise.management.library.views import VideoView
from attise.management.posts import actions as publishing
from attise.management.posts import queries as posts
from attise.management.posts.views import PostView


@dataclass(frozen=True, slots=True)
class Source:
    """What an ad's row says of what it shows, and what was read on the way."""

    kind: str
    identity_type: str
    identity_id: str
    business_center_id: int | None = None
    creator_id: int | None = None
    custom_identity_id: int | None = None
    post: PostView | None = None
    video: VideoView | None = None
    image_ids: tuple[str, ...] = ()
    ad_format: str = rules.VIDEO


def find_source(means: Means, *, advertiser_id: int, creative: Creative, ads_only_account: bool) -> Source:
    """Return what a creative that was cleaned shows.

    ``ads_only_account``: whether the advertiser shows what it publishes in ads alone.
    Raises: ``not_found`` for what is not the advertiser's; ``ad_format_mismatch``, ``ad_text_is_caption``,
    ``ad_cover_ratio``, ``push_not_allowed``, ``push_public_not_allowed``. Cost: 2 to 6 queries.
    """
    if creative.kind == "standard":
        return _standard(advertiser_id, creative)
    account = _account(means, advertiser_id, creative)
    if creative.kind == "push":
        return _push(advertiser_id, creative, account, ads_only_account=ads_only_account)
    post = _post(means, advertiser_id, creative, account)
    if creative.ad_text.strip() not in ("", post.caption):
        raise AdRefused(errors.TEXT_IS_CAPTION, field="ad_text")
    return Source(
        "spark",
        account.identity_type,
        account.identity_id,
        account.business_center_id,
        account.creator_id,
        post=post,
        ad_format=rules.check_format(creative.ad_format, is_carousel=post.format == "carousel"),
    )


def _standard(advertiser_id: int, creative: Creative) -> Source:
    name: Name = library.get_identity(advertiser_id, creative.identity_id)
    video = _video(advertiser_id, creative)
    return Source(
        "standard",
        rules.CUSTOM,
        name.identity_id,
        custom_identity_id=name.id,
        video=video,
        image_ids=_cover(advertiser_id, creative, video),
        ad_format=rules.check_format(creative.ad_format, is_carousel=False),
    )


def _push(advertiser_id: int, creative: Creative, account: Account, *, ads_only_account: bool) -> Source:
    if not account.can_push:
        raise AdRefused(errors.PUSH_NOT_ALLOWED, field="identity_id")
    if account.ads_only and not (creative.dark_post or ads_only_account):
        raise AdRefused(errors.PUSH_PUBLIC_NOT_ALLOWED, field="dark_post")
    video = _video(advertiser_id, creative)
    return Source(
        "push",
        account.identity_type,
        account.identity_id,
        account.business_center_id,
        account.creator_id,
        video=video,
        image_ids=_cover(advertiser_id, creative, video),
        ad_format=rules.check_format(creative.ad_format, is_carousel=False),
    )


def _account(means: Means, advertiser_id: int, creative: Creative) -> Account:
    """Return the identity that is all that was said of it."""
    found = grants.find_identity(means, advertiser_id=advertiser_id, identity_id=creative.identity_id)
    if (
        found is None
        or found.identity_type != creative.identity_type
        or creative.business_center_id not in (None, found.business_center_id)
    ):
        raise AdRefused(NOT_FOUND, field="identity_id")
    return found


def _post(means: Means, advertiser_id: int, creative: Creative, account: Account) -> PostView:
    """Return a post that the identity once opened to the advertiser, whatever became of either since."""
    post = posts.find_post(creative.post_id or 0)
    use = Use(advertiser_id, account.identity_id, creative.post_id)
    if post is None or post.creator_id != account.creator_id or use not in covers_of(means, [use]):
        raise AdRefused(NOT_FOUND, field="post_id")
    is_own = account.identity_type == rules.OWN
    if is_own and account.is_available and post.visibility != "public" and not post.ads_only:
        return _opened(means, creative, post)
    return post


def _opened(means: Means, creative: Creative, post: PostView) -> PostView:
    """Do what the advertiser said of a private post of its own account; nothing was said: leave it."""
    if creative.private_becomes == "public":
        publishing.make_public(means, post_id=post.id)
    elif creative.private_becomes == "ads_only":
        publishing.keep_to_ads(means, post_id=post.id)
    return posts.get_post(post.id)


def _video(advertiser_id: int, creative: Creative) -> VideoView:
    return library.get_video(advertiser_id, creative.video_id or "")


def _cover(advertiser_id: int, creative: Creative, video: VideoView) -> tuple[str, ...]:
    """Return the cover's id: an image of the library of the video's shape, or one suggested for the video."""
    (image_id,) = creative.image_ids
    if rules.suggested_cover(image_id, video.video_id) is not None:
        return (image_id,)
    found = library.list_images(advertiser_id, [image_id])
    if not found:
        raise AdRefused(NOT_FOUND, field="image_ids")
    image = found[0].media
    rules.check_ratio((image.width, image.height), (video.media.width, video.media.height))
    return (image_id,)
