"""Reads of ads: status and blockers are found with each; a list of any length costs the same few queries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, Min, Prefetch, Q, QuerySet

from attise.kernel.errors import NOT_FOUND
from attise.kernel.means import Means
from attise.kernel.paging import NumberedPage, Page
from attise.kernel.parts import in_parts
from attise.management.campaigns import envelopes, standing
from attise.management.campaigns.ad_errors import CREATOR_WORD_PENDING, AdRefused
from attise.management.campaigns.blockers import warnings_of_ad
from attise.management.campaigns.models import Ad, AdGroup
from attise.management.campaigns.queries.campaigns import created_between
from attise.management.campaigns.queries.lists import Listing
from attise.management.campaigns.queries.plain_names import named_like
from attise.management.campaigns.standing import Standing
from attise.management.campaigns.status import NOT_DELETED_ONES, StatusWish
from attise.management.campaigns.views import AdView
from attise.management.library.views import view_portfolio
from attise.management.posts import queries as posts
from attise.management.posts.views import PostView

ASKED_AT_ONCE = 1_000
_ITS_OWN = ("custom_identity", "video", "portfolio")
"""Of one ad each, if any: they come with its row. What many ads share is read and made once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdWish:
    """Which ads are asked for; all parts hold together, None asks nothing."""

    campaign_ids: Collection[int] | None = None
    adgroup_ids: Collection[int] | None = None
    ad_ids: Collection[int] | None = None
    name: str = ""
    """A part of the name, whatever case and accents."""
    objective_type: str | None = None
    optimization_goal: str | None = None
    created_from_ms: int | None = None
    created_to_ms: int | None = None
    """Both included."""
    modified_after_ms: int | None = None
    """Not included."""
    status: StatusWish = NOT_DELETED_ONES


NO_WISH = AdWish()


def get_ad(means: Means, *, advertiser_id: int, ad_id: int) -> AdView:
    """Return an ad of the advertiser, deleted or not. Raises: ``not_found``. Cost: 6 queries, 7 of a capped grant."""
    found = get_ads(means, advertiser_id=advertiser_id, ad_ids=[ad_id])
    if not found:
        raise AdRefused(NOT_FOUND, field="ad_id")
    return found[0]


def get_ads(means: Means, *, advertiser_id: int, ad_ids: Sequence[int]) -> list[AdView]:
    """Return those of some ads that are the advertiser's, deleted or not, in the order asked. Cost: as ``get_ad``."""
    if not ad_ids:
        return []
    found = _views(means, list(_ads().filter(advertiser_id=advertiser_id, id__in=ad_ids)))
    by_id = {view.id: view for view in found}
    return [by_id[ad_id] for ad_id in dict.fromkeys(ad_ids) if ad_id in by_id]


def list_ads(
    means: Means, *, advertiser_id: int, wish: AdWish = NO_WISH, page: int = 1, page_size: int = 10
) -> NumberedPage[AdView]:
    """Return a page of ads by number, newest first. Cost: 8 queries; 7 a thousand rows by a derived status."""
    return _listing(means, advertiser_id, wish).numbered(page, page_size)


def list_ids_of_ads(means: Means, *, advertiser_id: int, wish: AdWish, most: int) -> list[int]:
    """Return the ids of an advertiser's ads, newest first, ``most`` of them. Cost: as ``Listing.ids``."""
    return _listing(means, advertiser_id, wish).ids(most)


def page_ads(
    means: Means, *, advertiser_id: int, wish: AdWish = NO_WISH, after: int | None = None, limit: int = 50
) -> Page[AdView]:
    """Return the ads after an id, newest first. Cost: 7 queries, for each thousand rows by a derived status."""
    return _listing(means, advertiser_id, wish).after(after, limit)


def page_ads_of_creator(
    means: Means,
    *,
    creator_id: int,
    post_id: int | None = None,
    awaiting_word: bool = False,
    after: int | None = None,
    limit: int = 50,
) -> Page[AdView]:
    """Return every ad that shows a creator's posts, or one of them, newest first, deleted or not.

    ``awaiting_word`` keeps those that wait for the creator's answer. A page may then hold fewer than ``limit`` and
    still not be the last. Cost: 7 queries.
    """
    rows = _ads().filter(creator_id=creator_id)
    if post_id is not None:
        rows = rows.filter(post_id=post_id)
    if awaiting_word:
        rows = rows.exclude(_is_deleted()).exclude(creator_word__in=[Ad.Word.APPROVED, Ad.Word.REFUSED])
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = list(rows.order_by("-id")[: limit + 1])
    views = _views(means, found[:limit])
    if awaiting_word:
        views = [view for view in views if any(one.reason is CREATOR_WORD_PENDING for one in view.blockers)]
    return Page(views, found[limit - 1].id if len(found) > limit else None)


def page_ads_to_review(means: Means, *, after: int | None = None, limit: int = 50) -> Page[AdView]:
    """Return the ads of every advertiser that wait for a person's review, the longest waiting first.

    ``after`` is a place in that order, as a page gives it. Cost: 7 queries.
    """
    rows = _ads().filter(review=Ad.Review.PENDING).exclude(_is_deleted())
    if after is not None:
        rows = rows.filter(review_place__gt=after)
    found = list(rows.order_by("review_place")[: limit + 1])
    return Page(_views(means, found[:limit]), found[limit - 1].review_place if len(found) > limit else None)


def count_ads_to_review() -> tuple[int, int | None]:
    """Return how many ads wait for a person's review, and since when the first of them does. Cost: one query."""
    rows = Ad.objects.filter(review=Ad.Review.PENDING).exclude(_is_deleted())
    found = rows.aggregate(number=Count("id"), oldest=Min("review_asked_at_ms"))
    return found["number"], found["oldest"]


def find_ad_of_house(means: Means, *, ad_id: int) -> AdView | None:
    """Return an ad whoever's it is, deleted or not, for the operator. Cost: as ``get_ad``."""
    return find_ads_of_house(means, ad_ids=[ad_id]).get(ad_id)


def find_ads_of_house(means: Means, *, ad_ids: Collection[int]) -> dict[int, AdView]:
    """Return several of them, by id; none of those that are not there. Cost: as ``get_ads``."""
    return {view.id: view for view in _views(means, list(_ads().filter(id__in=ad_ids)))} if ad_ids else {}


def ads_that_may_run(ad_ids: Collection[int]) -> set[int]:
    """Return those of some ads, whoever's, that are neither refused nor deleted. Cost: one for each thousand."""
    found: set[int] = set()
    for some in in_parts(sorted(ad_ids), ASKED_AT_ONCE):
        rows = Ad.objects.filter(id__in=some).exclude(review=Ad.Review.REJECTED).exclude(_is_deleted())
        found.update(rows.values_list("id", flat=True))
    return found


def _ads() -> QuerySet[Ad]:
    """Return ads with all that their views hold; ``_views`` says what is shared. Cost: 3 queries."""
    groups = Prefetch("adgroup", AdGroup.objects.select_related("campaign", "advertiser"))
    return Ad.objects.select_related(*_ITS_OWN).prefetch_related(groups, "creator")


def _is_deleted() -> Q:
    own, group = Q(deleted_at_ms__isnull=False), Q(adgroup__deleted_at_ms__isnull=False)
    return own | group | Q(adgroup__campaign__deleted_at_ms__isnull=False)


def _listing(means: Means, advertiser_id: int, wish: AdWish) -> Listing[AdView]:
    rows = _ads().filter(advertiser_id=advertiser_id)
    kept = {
        "adgroup__campaign_id__in": wish.campaign_ids,
        "adgroup_id__in": wish.adgroup_ids,
        "id__in": wish.ad_ids,
        "adgroup__campaign__objective_type": wish.objective_type,
        "adgroup__optimization_goal": wish.optimization_goal,
        "modified_at_ms__gt": wish.modified_after_ms,
    }
    rows = rows.filter(**{name: value for name, value in kept.items() if value is not None})
    if wish.name:
        rows = named_like(rows, wish.name)
    rows = rows.filter(created_between(wish.created_from_ms, wish.created_to_ms))
    if wish.status.deleted is not None:
        rows = rows.filter(_is_deleted() if wish.status.deleted else ~_is_deleted())
    return Listing(rows, lambda found: _views(means, found), wish.status)


def _views(means: Means, rows: Sequence[Ad]) -> list[AdView]:
    """Return rows as ``_ads`` gives them, as they stand now. Cost: 3 queries, 4 where a grant is capped."""
    if not rows:
        return []
    for row in rows:
        row.advertiser = row.adgroup.advertiser
    shown = posts.find_posts(row.post_id for row in rows if row.post_id)
    spent = envelopes.spent_of_groups((row.adgroup for row in rows), now_ms=means.clock.world_ms())
    standings = standing.of_ads(means, rows, spent, shown)
    return [_view(row, standings[row.id], None if row.post_id is None else shown.get(row.post_id)) for row in rows]


def _calls(row: Ad) -> tuple[str, ...]:
    if row.portfolio is not None:
        return view_portfolio(row.portfolio).calls
    return (row.call_to_action,) if row.call_to_action else ()


def _view(row: Ad, stands: Standing, post: PostView | None) -> AdView:
    group, cover = row.adgroup, stands.situation.cover
    name = row.custom_identity if row.creator is None else row.creator
    return AdView(
        id=row.id,
        advertiser_id=row.advertiser_id,
        campaign_id=group.campaign_id,
        campaign_name=group.campaign.name,
        adgroup_id=group.id,
        adgroup_name=group.name,
        objective_type=group.campaign.objective_type,
        optimization_event=group.optimization_event,
        name=row.name,
        kind=row.kind,
        identity_type=row.identity_type,
        identity_id=row.identity_id,
        business_center_id=row.business_center_id,
        creator_id=row.creator_id,
        creator_handle="" if row.creator is None else row.creator.handle,
        display_name="" if name is None else name.display_name,
        authorization_id=None if cover is None else cover.authorization_id,
        authorized_until_ms=None if cover is None else cover.live_until_ms,
        post=post,
        video_id=None if row.video is None else row.video.video_id,
        image_ids=tuple(row.image_ids),
        ad_format=row.ad_format,
        ad_text=row.ad_text if row.kind != Ad.Kind.SPARK or post is None else post.caption,
        call_to_action=row.call_to_action,
        portfolio_id=row.portfolio_id,
        calls=_calls(row),
        landing_page_url=row.landing_page_url,
        deeplink=row.deeplink,
        deeplink_type=row.deeplink_type,
        utm_params=tuple(row.utm_params),
        impression_tracking_url=row.impression_tracking_url,
        click_tracking_url=row.click_tracking_url,
        tracking_pixel_id=row.tracking_pixel_id,
        tracking_app_id=row.tracking_app_id,
        dark_post=row.dark_post,
        music_disabled=row.music_disabled,
        duet_allowed=row.duet_allowed,
        stitch_allowed=row.stitch_allowed,
        creative_authorized=row.creative_authorized,
        ai_generated=row.ai_generated,
        creative_version=row.creative_version,
        review=row.review,
        is_reaudit=row.reviewed_before,
        review_rule=row.review_rule,
        review_note=row.review_note,
        review_at_ms=row.review_at_ms,
        review_asked_at_ms=row.review_asked_at_ms,
        appealed=row.appealed,
        appeal_note=row.appeal_note,
        creator_word=row.creator_word,
        operation_status=row.operation_status,
        secondary_status=stands.status,
        revision=row.revision,
        created_at_ms=row.created_at_ms,
        modified_at_ms=row.modified_at_ms,
        is_deleted=row.deleted_at_ms is not None,
        blockers=stands.blockers,
        warnings=tuple(warnings_of_ad(stands.situation)),
    )
