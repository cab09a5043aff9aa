"""What a creative goes through before it may run: the review, the creator's word, and for a push its publication."""

from __future__ import annotations

from attise.kernel.actor import Actor
from attise.kernel.gather import Gather
from attise.kernel.house import House
from attise.kernel.means import Means
from attise.management.authorizations.actions import hold_grant, use_account
from attise.management.authorizations.coverage import Cover, covers_of
from attise.management.campaigns import ad_errors as errors
from attise.management.campaigns.actions.ad_drafts import stand
from attise.management.campaigns.actions.ad_telling import tell_creator, tell_operator
from attise.management.campaigns.ad_errors import AdRefused
from attise.management.campaigns.blockers import Stops
from attise.management.campaigns.models import Ad
from attise.management.campaigns.rules.creative import BY_ACCESS, suggested_cover
from attise.management.campaigns.standing import use_of
from attise.management.library import queries as library
from attise.management.outbox.actions import Unit
from attise.management.policy.queries import get_policy
from attise.management.posts import actions as publishing
from attise.management.posts.store import frame_name
from attise.records.lookups import categories


def is_reviewed_by_itself(house: House, category: str) -> bool:
    """Tell whether a creative is approved at once: as the operator set it, but for what a person always looks at.

    Where nothing was set, in a sandbox and a demo. Cost: one query.
    """
    row = categories.find(category)
    gate = "none" if row is None else row.gate
    return gate != "review" and get_policy().is_reviewed_by_itself(house.mode)


def put_to_review(means: Means, row: Ad, cover: Cover | None, *, house: House, category: str) -> None:
    """Set where a new or changed creative stands with the review and with its creator; the caller saves the row."""
    if row.review == Ad.Review.APPROVED:
        row.reviewed_before = True
    is_approved = is_reviewed_by_itself(house, category)
    if not is_approved and row.review != Ad.Review.PENDING:
        wait_for_person(means, row)
    row.review = Ad.Review.APPROVED if is_approved else Ad.Review.PENDING
    row.review_rule = row.review_note = row.appeal_note = ""
    row.review_at_ms = means.clock.world_ms() if is_approved else None
    row.appealed = False
    asks = cover is not None and cover.terms.approve_each_ad
    row.creator_word = Ad.Word.PENDING if asks else Ad.Word.NOT_NEEDED
    row.creator_word_at_ms = None


def wait_for_person(means: Means, row: Ad) -> None:
    """Put an ad at the end of the queue; the caller saves the row. What waits and is changed keeps its place."""
    row.review, row.review_place, row.review_asked_at_ms = Ad.Review.PENDING, means.ids.next(), means.clock.world_ms()


def ask_people(work: Unit, row: Ad) -> None:
    """Tell those whose answer an ad waits for."""
    if row.review == Ad.Review.PENDING:
        tell_operator(work, row)
    if row.creator_word == Ad.Word.PENDING:
        tell_creator(work, row, "ad_asks_your_word")


def publish_push(means: Means, actor: Actor, row: Ad, *, house: House) -> None:
    """Publish the video of an approved push ad on its account, once; the caller saves the row.

    On somebody else's profile it is shown as a commercial collaboration.
    Why asked again: between the request and a person's approval its owner may have taken the account back, and nothing
    appears on a profile without a grant. Raises: ``push_public_not_allowed``, every blocker that stops a creation.
    """
    if row.kind != Ad.Kind.PUSH or row.post_id is not None or row.review != Ad.Review.APPROVED:
        return
    if row.video is None or row.creator_id is None:
        raise AssertionError("a push ad has a video and an account")
    _check_account(means, row)
    post = publishing.publish_copy(
        means,
        actor,
        house=house,
        creator_id=row.creator_id,
        media_id=row.video.media_id,
        cover=_cover_of(row),
        caption=row.ad_text,
        ads_only=row.dark_post,
        allow_duet=row.duet_allowed,
        allow_stitch=row.stitch_allowed,
        partnership=row.identity_type == BY_ACCESS,
    )
    row.post_id = post.id


def _check_account(means: Means, row: Ad) -> None:
    """Refuse what the account does not let be published any more; what it lets is held until the end of the unit."""
    use = use_of(row)
    cover = None if use is None else covers_of(means, [use]).get(use)
    if cover is not None:
        hold_grant(authorization_id=cover.authorization_id)
    gather = Gather()
    for blocker in stand(means, [row])[row.id].blockers:  # read again, now that nobody can end the grant
        if blocker.stops >= Stops.CREATION:
            gather.add(blocker)
    if cover is not None and not row.dark_post and "new_posts" not in cover.permissions:
        gather.add(AdRefused(errors.PUSH_PUBLIC_NOT_ALLOWED, field="dark_post"))
    gather.tell()


def _cover_of(row: Ad) -> tuple[str, str] | None:
    """Return where the chosen cover of an upload lies: its key and file name."""
    if row.video is None or not row.image_ids:
        return None
    suggested = suggested_cover(row.image_ids[0], row.video.video_id)
    if suggested is not None:
        count, place = suggested
        return row.video.media.key, frame_name(count, place - 1)
    images = library.list_images(row.advertiser_id, row.image_ids)
    return (images[0].media.key, images[0].media.file_name) if images else None


def hold_words(means: Means, row: Ad, cover: Cover | None) -> None:
    """Hold the caption of a post that the ad shows by a grant of the whole account."""
    if cover is not None and cover.is_live and cover.kind != "post" and row.post_id is not None:
        use_account(means, authorization_id=cover.authorization_id, post_id=row.post_id)
