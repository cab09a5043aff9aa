"""Where campaigns, ad groups and ads stand: what their status and their blockers depend on, gathered in few queries.

Step 1 of *an advertiser launches an ad*; after: ``status`` and ``blockers``, which are pure. Nothing of this is stored:
it is read at the moment of asking. Rows come with what is above them (``select_related``), as each function says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from attise.kernel.means import Means
from attise.kernel.money import format_amount
from attise.ledger import queries as books
from attise.management.authorizations import fees
from attise.management.authorizations.coverage import Cover, Use, covers_of
from attise.management.authorizations.rules import PostFacts
from attise.management.campaigns import blockers, status
from attise.management.campaigns.blockers import Blocker, Concern, Situation, blockers_of_ad
from attise.management.campaigns.models import Ad, AdGroup, Campaign, Switch
from attise.management.pixels.queries import owners_of
from attise.management.posts import queries as posts
from attise.records.lookups import currencies
from attise.records.targeting import Targeting

DENIED = frozenset({"STATUS_CONFIRM_FAIL"})
IN_REVIEW = frozenset({"STATUS_PENDING_CONFIRM", "STATUS_PENDING_VERIFIED", "STATUS_CONTRACT_PENDING"})
ENABLED = "STATUS_ENABLE"


@dataclass(frozen=True, slots=True)
class Spent:
    """What money stands against, by id."""

    advertisers: frozenset[int] = frozenset()
    """Those whose balance is nothing."""
    budgets: frozenset[int] = frozenset()
    """Campaigns and ad groups of whose budget nothing is left in this period."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One ad: its status, the situation it is in, and all that keeps it from running."""

    status: str
    situation: Situation
    blockers: tuple[Blocker, ...]


@dataclass
class Children:
    """What an ad group's status asks of its ads that are not deleted."""

    reviews: list[str] = field(default_factory=list)
    reaudits: list[bool] = field(default_factory=list)
    """Of those that wait, whether they were approved once."""
    covered: list[bool] = field(default_factory=list)


def of_campaigns(rows: Iterable[Campaign], spent: Spent) -> dict[int, status.CampaignFacts]:
    """Return what each campaign's status depends on. Rows come with ``advertiser``. Cost: no query."""
    return {row.id: _campaign(row, spent) for row in rows}


def of_adgroups(means: Means, rows: Sequence[AdGroup], spent: Spent) -> dict[int, status.AdGroupFacts]:
    """Return what each ad group's status depends on.

    Rows come with ``campaign`` and ``advertiser``. Cost: three queries, whatever the number of rows, and one more where
    pixels are named.
    """
    now = means.clock.world_ms()
    children = _children(means, [row.id for row in rows])
    lost = _without_pixel(rows)
    return {
        row.id: _adgroup(row, spent, now, children.get(row.id, Children()), pixel_lost=row.id in lost) for row in rows
    }


def of_ads(
    means: Means, rows: Sequence[Ad], spent: Spent, known_posts: Mapping[int, PostFacts] | None = None
) -> dict[int, Standing]:
    """Return where each ad stands.

    Rows come with ``adgroup__campaign``, ``advertiser``, ``creator`` and ``custom_identity``. Cost: one query, one more
    for the posts unless they are ``known_posts``, one where terms cap what is spent, one where pixels are named, two
    where ads that are not on yet would owe a fee.
    """
    now = means.clock.world_ms()
    shown = posts.states_of(row.post_id for row in rows if row.post_id) if known_posts is None else known_posts
    covers = covers_of(means, (use for use in map(use_of, rows) if use is not None))
    rooms = _rooms(covers.values(), now)
    short = _short_of_fees(rows, covers, now)
    lost = _without_pixel(row.adgroup for row in rows)
    groups: dict[int, status.AdGroupFacts] = {}
    targetings: dict[int, Targeting] = {}
    found = {}
    for row in rows:
        group = row.adgroup
        if group.id not in groups:
            groups[group.id] = _adgroup(
                group, spent, now, Children(), pixel_lost=group.id in lost, advertiser=row.advertiser
            )
            targetings[group.id] = msgspec.convert(group.targeting, Targeting)
        use = use_of(row)
        cover = None if use is None else covers.get(use)
        room = None if cover is None or cover.envelope_id is None else rooms.get(cover.envelope_id)
        at = _situation(
            row,
            spent,
            now,
            targeting=targetings[group.id],
            cover=cover,
            pixel_lost=group.id in lost,
            cap_spent=room is not None and room < currencies.get(row.advertiser.currency).smallest_micros,
            fee_short=short.get(row.id),
            post=None if row.post_id is None else shown.get(row.post_id),
        )
        blocking = tuple(blockers_of_ad(at))
        found[row.id] = Standing(status.ad_status(facts_of_ad(row, groups[group.id], blocking)), at, blocking)
    return found


def _rooms(covers: Iterable[Cover], now_ms: int) -> dict[int, int | None]:
    """Return what may still be spent on grants whose terms cap it, by envelope."""
    capped = {cover.envelope_id for cover in covers if cover.terms.spend_cap_micros is not None and cover.envelope_id}
    if not capped:
        return {}
    return {key: state.room_micros for key, state in books.list_envelopes_by_id(capped, at_ms=now_ms).items()}


def starts(row: Ad) -> bool:
    """Tell whether an ad would start by being switched on, or by being made: that is when a fee is due."""
    return row._state.adding or row.operation_status != Switch.ENABLE  # noqa: SLF001 - Django's public word for unsaved


def _short_of_fees(rows: Sequence[Ad], covers: Mapping[Use, Cover], now_ms: int) -> dict[int, tuple[str, str, str]]:
    """Return, of ads that would start, the fee that the balance does not cover, what there is instead, the currency."""
    owing = {}
    for row in rows:
        use = use_of(row) if starts(row) else None
        cover = None if use is None else covers.get(use)
        if cover is not None and cover.terms.fee_micros:
            owing[row.id] = (row.advertiser_id, cover)
    dues = {(due.authorization_id, due.advertiser_id): due for due in fees.list_due(owing.values())}
    rooms = fees.rooms_of(dues.values(), now_ms=now_ms)
    found = {}
    for row_id, (advertiser_id, cover) in owing.items():
        due = dues.get((cover.authorization_id, advertiser_id))
        if due is not None and rooms[advertiser_id] < due.amount_micros:
            exponent = currencies.get(due.currency).exponent
            amounts = (format_amount(micros, exponent=exponent) for micros in (due.amount_micros, rooms[advertiser_id]))
            found[row_id] = (*amounts, due.currency)
    return found


def _without_pixel(groups: Iterable[AdGroup]) -> frozenset[int]:
    """Return the ad groups that measure with a pixel which is not, or not any more, one of their advertiser's."""
    named = {group.id: group for group in groups if group.pixel_id is not None}
    owners = owners_of({group.pixel_id for group in named.values()})
    return frozenset(key for key, group in named.items() if owners.get(group.pixel_id) != group.advertiser_id)


def use_of(row: Ad) -> Use | None:
    """Return what an ad asks a grant for; None for one that shows no account."""
    if row.kind == Ad.Kind.STANDARD:
        return None
    return Use(row.advertiser_id, row.identity_id, row.post_id)


def _campaign(row: Campaign, spent: Spent, advertiser: object | None = None) -> status.CampaignFacts:
    account = getattr(advertiser or row.advertiser, "status", ENABLED)
    return status.CampaignFacts(
        is_deleted=row.deleted_at_ms is not None,
        account_denied=account in DENIED,
        account_in_review=account in IN_REVIEW,
        account_punished=account not in DENIED | IN_REVIEW | {ENABLED},
        is_on=row.operation_status == Switch.ENABLE,
        budget_spent=row.id in spent.budgets,
    )


def _adgroup(
    row: AdGroup,
    spent: Spent,
    now_ms: int,
    children: Children,
    *,
    pixel_lost: bool,
    advertiser: object | None = None,
) -> status.AdGroupFacts:
    waiting = [
        reaudit for review, reaudit in zip(children.reviews, children.reaudits, strict=True) if review == "pending"
    ]
    return status.AdGroupFacts(
        campaign=_campaign(row.campaign, spent, advertiser or row.advertiser),
        is_deleted=row.deleted_at_ms is not None,
        is_on=row.operation_status == Switch.ENABLE,
        is_done=row.ends_at_ms is not None and now_ms >= row.ends_at_ms,
        is_early=now_ms < row.starts_at_ms,
        has_ads=bool(children.reviews),
        all_rejected=bool(children.reviews) and all(review == "rejected" for review in children.reviews),
        all_in_review=bool(waiting) and "approved" not in children.reviews,
        is_reaudit=bool(waiting) and all(waiting),
        all_unauthorized=bool(children.covered) and not any(children.covered),
        pixel_lost=pixel_lost,
        balance_spent=row.advertiser_id in spent.advertisers,
        budget_spent=row.id in spent.budgets,
    )


def _children(means: Means, adgroup_ids: list[int]) -> dict[int, Children]:
    """Return what ad groups' ads stand for, by ad group."""
    rows = list(
        Ad.objects.filter(adgroup_id__in=adgroup_ids, deleted_at_ms__isnull=True)
        .select_related("creator", "custom_identity")
        .only(
            *("adgroup_id", "advertiser_id", "kind", "identity_id", "post_id", "dark_post", "review"),
            *("reviewed_before", "creator_word", "creator__state", "custom_identity__deleted_at_ms"),
        )
    )
    covers = covers_of(means, (use for use in map(use_of, rows) if use is not None))
    shown = posts.states_of(row.post_id for row in rows if row.post_id)
    found: dict[int, Children] = defaultdict(Children)
    for row in rows:
        use = use_of(row)
        at = Situation(
            now_ms=0,
            kind=row.kind,
            word=row.creator_word,
            identity_gone=_is_name_gone(row),
            cover=None if use is None else covers.get(use),
            post=None if row.post_id is None else shown.get(row.post_id),
            creator_is_active=row.creator is None or row.creator.state == "active",
        )
        children = found[row.adgroup_id]
        children.reviews.append(row.review)
        children.reaudits.append(row.reviewed_before)
        children.covered.append(_is_authorized(at) and blockers.is_shown(at))
    return found


def facts_of_ad(row: Ad, group: status.AdGroupFacts, blocking: Iterable[Blocker]) -> status.AdFacts:
    """Return what an ad's status depends on: what is in its way, told by what it concerns."""
    concerns = {blocker.concern for blocker in blocking}
    return status.AdFacts(
        adgroup=group,
        is_deleted=row.deleted_at_ms is not None,
        is_on=row.operation_status == Switch.ENABLE,
        review=row.review,
        is_reaudit=row.reviewed_before,
        grant_live=Concern.GRANT not in concerns,
        word_pending=Concern.WAIT in concerns,
        post_ok=Concern.POST not in concerns,
        is_gated=Concern.GATE in concerns,
        cap_spent=Concern.CAP in concerns,
    )


def _is_authorized(at: Situation) -> bool:
    return blockers.is_covered(at) and at.word != "refused"


def _is_name_gone(row: Ad) -> bool:
    return row.custom_identity is not None and row.custom_identity.deleted_at_ms is not None


def _situation(
    row: Ad,
    spent: Spent,
    now_ms: int,
    *,
    targeting: Targeting,
    cover: Cover | None,
    pixel_lost: bool,
    cap_spent: bool,
    fee_short: tuple[str, str, str] | None,
    post: PostFacts | None,
) -> Situation:
    group, account, creator = row.adgroup, row.advertiser, row.creator
    campaign = group.campaign
    return Situation(
        now_ms=now_ms,
        account_status=account.status,
        currency=account.currency,
        category=account.category or "other",
        is_labelled=bool(account.company and account.payer_name),
        balance_empty=account.id in spent.advertisers,
        objective=campaign.objective_type,
        is_deleted=any(level.deleted_at_ms is not None for level in (campaign, group, row)),
        campaign_is_on=campaign.operation_status == Switch.ENABLE,
        campaign_spent=campaign.id in spent.budgets,
        adgroup_is_on=group.operation_status == Switch.ENABLE,
        adgroup_spent=group.id in spent.budgets,
        starts_at_ms=group.starts_at_ms,
        ends_at_ms=group.ends_at_ms,
        pixel_lost=pixel_lost,
        targeting=targeting,
        kind=row.kind,
        is_on=row.operation_status == Switch.ENABLE,
        dark_post=row.dark_post,
        review=row.review,
        review_rule=row.review_rule,
        word=row.creator_word,
        identity_gone=_is_name_gone(row),
        cover=cover,
        post=post,
        creator_is_active=creator is None or creator.state == "active",
        creator_born=None if creator is None else creator.birth_date,
        cap_spent=cap_spent,
        fee_short=fee_short,
    )
