"""Everything that stands between an ad and its start, found together. Pure; ``standing`` gathers what is asked here.

Step 2 of *an advertiser launches an ad*. Before: ``standing`` has read what the ad depends on. After: the caller
refuses, launches, or tells. A creator's ``authorization_ending`` stops nothing and is a warning.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from attise.kernel.clock import to_datetime
from attise.kernel.errors import N_, Reason
from attise.management.authorizations import errors as grants
from attise.management.authorizations.coverage import Cover
from attise.management.authorizations.rules import PostFacts, State, day_of, refusal_of_post
from attise.management.campaigns import ad_errors as errors
from attise.management.campaigns.ad_errors import AdRefused
from attise.management.campaigns.rules.review import sentence_of
from attise.records.declared import ADULT_YEARS, age_years
from attise.records.lookups import categories, regions
from attise.records.targeting import Targeting

MINORS = "AGE_13_17"
STANDARD, SPARK, PUSH = "standard", "spark", "push"


class Stops(enum.IntEnum):
    """How early a blocker stops an ad; each stops also all that comes later."""

    DELIVERY = 1
    """The ad may be launched; it runs once this is over, by itself or by somebody's act."""
    LAUNCH = 2
    """The ad is not launched: its advertiser has something to do first. A mere switch is not refused."""
    SWITCH = 3
    """The ad is not switched on, nor made switched on."""
    CREATION = 4
    """The ad is not made, nor changed into this."""


class Concern(enum.Enum):
    """What a blocker says of an ad's status, beside what ad group, campaign and account say of it."""

    GRANT = enum.auto()
    """What the creator allows."""
    POST = enum.auto()
    """What is shown."""
    GATE = enum.auto()
    """What the law or the product asks."""
    WAIT = enum.auto()
    """What waits, for a word or for a file."""
    CAP = enum.auto()
    """What the creator's terms let be spent."""
    OTHER = enum.auto()
    """What another part of the status tells."""


@dataclass(frozen=True, slots=True)
class BlockerKind:
    """A blocker as the reference page tells it."""

    reason: Reason
    stops: Stops
    concern: Concern
    cause: str
    """What really happened; a message id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What an ad's start depends on, at one moment (world time). Plain values."""

    now_ms: int
    # The account.
    account_status: str = "STATUS_ENABLE"
    currency: str = "EUR"
    category: str = "other"
    is_labelled: bool = True
    """Whether company and payer are known."""
    balance_empty: bool = False
    # The campaign and the ad group.
    objective: str = "REACH"
    is_deleted: bool = False
    """Whether the ad, its ad group or its campaign was deleted."""
    campaign_is_on: bool = True
    campaign_spent: bool = False
    adgroup_is_on: bool = True
    adgroup_spent: bool = False
    starts_at_ms: int = 0
    ends_at_ms: int | None = None
    pixel_lost: bool = False
    targeting: Targeting = field(default_factory=Targeting)
    # The ad.
    kind: str = SPARK
    is_on: bool = True
    dark_post: bool = True
    review: str = "approved"
    review_rule: str = ""
    word: str = "not_needed"
    # What it shows.
    identity_gone: bool = False
    cover: Cover | None = None
    post: PostFacts | None = None
    creator_is_active: bool = True
    creator_born: dt.date | None = None
    cap_spent: bool = False
    """Whether what the terms let be spent on the grant is spent."""
    fee_short: tuple[str, str, str] | None = None
    """Of an ad that would start: the creator's fee, what is available instead, and the currency, as texts."""


class Blocker(AdRefused):
    """Something that stands between an ad and its start; ``stops`` says how early."""

    @property
    def stops(self) -> Stops:
        """How early it stops the ad."""
        return KINDS[self.reason.code].stops

    @property
    def concern(self) -> Concern:
        """What it says of the ad's status."""
        return KINDS[self.reason.code].concern


def blockers_of_ad(at: Situation) -> list[Blocker]:
    """Return everything that keeps an ad from running now, in the order in which one would mend it.

    Empty when the ad runs. Cost: no query; a few microseconds.
    """
    return [found for part in _PARTS for found in part(at)]


def warnings_of_ad(at: Situation) -> list[AdRefused]:
    """Return what stops nothing now, and will: a grant that ends before the schedule does."""
    cover = at.cover
    if at.kind == STANDARD or cover is None or not cover.is_live or cover.live_until_ms is None:
        return []
    if at.ends_at_ms is not None and cover.live_until_ms >= at.ends_at_ms:
        return []
    return [AdRefused(errors.AUTHORIZATION_ENDING, field="adgroup_id", date=day_of(cover.live_until_ms))]


def is_covered(at: Situation) -> bool:
    """Tell whether an identity stands under the ad now: a live grant that allows this, or a name that is there."""
    return not list(_of_grant(at))


def is_shown(at: Situation) -> bool:
    """Tell whether what the ad shows is there to be shown, be it once it is ready."""
    return all(found.reason is errors.POST_PROCESSING for found in _of_post(at))


def is_word_awaited(at: Situation) -> bool:
    """Tell whether the creator approves each ad and has said nothing of this one, as the terms are now."""
    return at.cover is not None and at.cover.terms.approve_each_ad and at.word not in {"approved", "refused"}


def _of_tree(at: Situation) -> Iterator[Blocker]:
    if at.is_deleted:
        yield Blocker(errors.AD_GONE)


def _of_account(at: Situation) -> Iterator[Blocker]:
    reason = _ACCOUNTS.get(at.account_status)
    if at.account_status != "STATUS_ENABLE":
        yield Blocker(reason or errors.ACCOUNT_STOPPED)
    if not at.is_labelled:
        yield Blocker(errors.LABEL_DATA_MISSING, field="advertiser_id")


_ACCOUNTS = {
    "STATUS_PENDING_CONFIRM": errors.ACCOUNT_IN_REVIEW,
    "STATUS_PENDING_VERIFIED": errors.ACCOUNT_IN_REVIEW,
    "STATUS_CONTRACT_PENDING": errors.ACCOUNT_IN_REVIEW,
    "STATUS_CONFIRM_FAIL": errors.ACCOUNT_DENIED,
}


def _of_grant(at: Situation) -> Iterator[Blocker]:
    """Yield what the grant lacks; the seven names of a Spark code are told as they are told of the code."""
    if at.kind == STANDARD:
        if at.identity_gone:
            yield Blocker(errors.IDENTITY_GONE, field="identity_id")
        return
    cover = at.cover
    if cover is None or (cover.kind != "post" and not (cover.is_live and _allows(at, cover))):
        yield Blocker(errors.ACCOUNT_ACCESS_ENDED, field="identity_id")
    elif cover.state is State.EXPIRED:
        yield Blocker(grants.AUTH_CODE_EXPIRED, field="post_id", date=day_of(cover.ends_at_ms or 0))
    elif not cover.is_live:
        yield Blocker(grants.AUTH_CODE_REVOKED, field="post_id")


def _allows(at: Situation, cover: Cover) -> bool:
    """Tell whether a live grant of an account allows this use of it."""
    if at.kind == PUSH:
        return bool(cover.permissions & {"new_posts", "new_posts_ads_only"})
    return "existing_posts" in cover.permissions


def _of_post(at: Situation) -> Iterator[Blocker]:
    if at.kind == STANDARD:
        return
    if at.post is None:
        if not at.creator_is_active:
            yield Blocker(grants.VIDEO_UNAVAILABLE, field="identity_id")
        return
    reason = refusal_of_post(at.post)
    if reason is not None:
        yield Blocker(reason, field="post_id")
    elif at.post.state == "processing":
        yield Blocker(errors.POST_PROCESSING, field="post_id")


def _of_terms(at: Situation) -> Iterator[Blocker]:
    """Yield what the terms in force refuse; a grant that is over has none."""
    if at.kind == STANDARD or at.cover is None or not at.cover.is_live:
        return
    terms = at.cover.terms
    if at.objective in terms.refused_objectives:
        yield Blocker(errors.TERMS_OBJECTIVE, field="post_id", objective=at.objective)
    if at.category in terms.refused_categories:
        yield Blocker(errors.TERMS_CATEGORY, field="post_id")
    if (terms.spend_cap_micros is not None or terms.fee_micros) and terms.currency != at.currency:
        yield Blocker(errors.TERMS_CURRENCY, field="post_id", terms=terms.currency, account=at.currency)
    elif at.cap_spent:
        yield Blocker(errors.TERMS_CAP_SPENT, field="post_id")
    elif at.fee_short is not None:
        fee, available, currency = at.fee_short
        yield Blocker(grants.FEE_NOT_COVERED, field="post_id", fee=fee, available=available, currency=currency)
    elsewhere = places_elsewhere(at.targeting, terms.countries)
    if elsewhere:
        yield Blocker(
            errors.TERMS_COUNTRIES,
            field="adgroup_id",
            allowed=", ".join(terms.countries),
            places=", ".join(elsewhere),
        )


def places_elsewhere(targeting: Targeting, countries: tuple[str, ...]) -> list[str]:
    """Return the codes of the places that an audience holds and that the allowed countries do not, in their order.

    No country allowed means all are. An audience without places is everywhere.
    """
    if not countries:
        return []
    if not targeting.locations:
        return [EVERYWHERE]
    found = []
    for place in targeting.locations:
        row = regions.by_id(place)
        if row is None or not {above.iso for above in regions.chain(place)} & set(countries):
            found.append(str(place) if row is None else row.iso)
    return found


EVERYWHERE = N_("everywhere")


def _of_gates(at: Situation) -> Iterator[Blocker]:
    """Yield what the law and the product gate: the category, ages, the creator's age."""
    row = categories.find(at.category)
    name = at.category if row is None else row.slug
    aims_at_minors = MINORS in at.targeting.age_groups
    if row is not None and row.gate == "banned":
        yield Blocker(errors.CATEGORY_BANNED, field="advertiser_id", category=name)
    elif row is not None and row.gate == "adult_only" and aims_at_minors:
        yield Blocker(errors.CATEGORY_ADULTS, field="adgroup_id", category=name)
    if aims_at_minors and at.targeting.is_profiled:
        yield Blocker(errors.MINORS_PROFILED, field="adgroup_id")
    born = at.creator_born
    if at.kind != STANDARD and born is not None and age_years(born, to_datetime(at.now_ms).date()) < ADULT_YEARS:
        yield Blocker(errors.CREATOR_MINOR, field="post_id", age=ADULT_YEARS)


def _of_word(at: Situation) -> Iterator[Blocker]:
    if at.kind == STANDARD:
        return
    if at.word == "refused":
        yield Blocker(errors.CREATOR_WORD_REFUSED)
    elif is_word_awaited(at):
        yield Blocker(errors.CREATOR_WORD_PENDING)


def _of_review(at: Situation) -> Iterator[Blocker]:
    if at.review == "rejected":
        yield Blocker(errors.REVIEW_REJECTED, rule=sentence_of(at.review_rule))
    elif at.review == "pending":
        yield Blocker(errors.REVIEW_PENDING)


def _of_money(at: Situation) -> Iterator[Blocker]:
    if at.balance_empty:
        yield Blocker(errors.BALANCE_EMPTY)
    if at.campaign_spent:
        yield Blocker(errors.CAMPAIGN_BUDGET_SPENT)
    if at.adgroup_spent:
        yield Blocker(errors.ADGROUP_BUDGET_SPENT)


def _of_group(at: Situation) -> Iterator[Blocker]:
    if at.pixel_lost:
        yield Blocker(errors.PIXEL_MISSING, field="adgroup_id")
    if at.ends_at_ms is not None and at.now_ms >= at.ends_at_ms:
        yield Blocker(errors.SCHEDULE_OVER, field="adgroup_id", date=day_of(at.ends_at_ms))
    elif at.now_ms < at.starts_at_ms:
        yield Blocker(errors.SCHEDULE_EARLY, date=day_of(at.starts_at_ms))


def _of_switches(at: Situation) -> Iterator[Blocker]:
    if not at.campaign_is_on:
        yield Blocker(errors.CAMPAIGN_OFF)
    if not at.adgroup_is_on:
        yield Blocker(errors.ADGROUP_OFF)
    if not at.is_on:
        yield Blocker(errors.AD_OFF)


_PARTS: tuple[Callable[[Situation], Iterator[Blocker]], ...] = (
    _of_tree,
    _of_account,
    _of_grant,
    _of_post,
    _of_terms,
    _of_gates,
    _of_word,
    _of_review,
    _of_group,
    _of_money,
    _of_switches,
)

_TABLE: tuple[tuple[Any, Stops, Concern, str], ...] = (
    (errors.AD_GONE, Stops.CREATION, Concern.OTHER, N_("Somebody deleted the ad, its ad group or its campaign.")),
    (errors.ACCOUNT_IN_REVIEW, Stops.DELIVERY, Concern.OTHER, N_("The account waits for the operator's approval.")),
    (errors.ACCOUNT_DENIED, Stops.LAUNCH, Concern.OTHER, N_("The operator did not approve the account.")),
    (errors.ACCOUNT_STOPPED, Stops.LAUNCH, Concern.OTHER, N_("The operator suspended the account.")),
    (errors.LABEL_DATA_MISSING, Stops.SWITCH, Concern.GATE, N_("The advertiser has no company or no payer.")),
    (
        errors.IDENTITY_GONE,
        Stops.CREATION,
        Concern.GRANT,
        N_("The advertiser deleted the name under which a standard ad was shown."),
    ),
    (
        errors.ACCOUNT_ACCESS_ENDED,
        Stops.CREATION,
        Concern.GRANT,
        N_("The creator or the Business Center ended the access to the account, or it never covered this use."),
    ),
    (grants.AUTH_CODE_EXPIRED, Stops.CREATION, Concern.GRANT, N_("The days of the authorization are over.")),
    (grants.AUTH_CODE_REVOKED, Stops.CREATION, Concern.GRANT, N_("The creator revoked the authorization.")),
    (
        grants.VIDEO_UNAVAILABLE,
        Stops.CREATION,
        Concern.POST,
        N_("The post was deleted or moderated, or its author left."),
    ),
    (grants.NOT_PUBLIC_VIDEO, Stops.CREATION, Concern.POST, N_("The creator restricted who may see the post.")),
    (
        grants.CAROUSEL_DUET_NOT_SUPPORTED,
        Stops.CREATION,
        Concern.POST,
        N_("The post is a story, or a duet with a photo carousel."),
    ),
    (errors.POST_PROCESSING, Stops.DELIVERY, Concern.WAIT, N_("The file of the post is being encoded.")),
    (
        errors.TERMS_OBJECTIVE,
        Stops.CREATION,
        Concern.GRANT,
        N_("The terms of the authorization refuse the campaign's objective."),
    ),
    (
        errors.TERMS_CATEGORY,
        Stops.CREATION,
        Concern.GRANT,
        N_("The terms of the authorization refuse the advertiser's category."),
    ),
    (
        errors.TERMS_CURRENCY,
        Stops.CREATION,
        Concern.GRANT,
        N_("The cap or the fee of the terms is in another currency than the account."),
    ),
    (
        grants.FEE_NOT_COVERED,
        Stops.SWITCH,
        Concern.CAP,
        N_("The terms ask for a fixed fee, due with the first ad that is switched on; the balance does not cover it."),
    ),
    (
        errors.TERMS_CAP_SPENT,
        Stops.LAUNCH,
        Concern.CAP,
        N_("Spend on the authorization has reached the cap of its terms."),
    ),
    (
        errors.TERMS_COUNTRIES,
        Stops.SWITCH,
        Concern.GRANT,
        N_("The ad group targets places outside the countries of the terms."),
    ),
    (
        errors.CATEGORY_BANNED,
        Stops.CREATION,
        Concern.GATE,
        N_("The law or the product bans ads of the advertiser's category."),
    ),
    (
        errors.CATEGORY_ADULTS,
        Stops.SWITCH,
        Concern.GATE,
        N_("The advertiser's category is for adults; the ad group names minors."),
    ),
    (errors.MINORS_PROFILED, Stops.SWITCH, Concern.GATE, N_("The ad group names minors together with profiled parts.")),
    (errors.CREATOR_MINOR, Stops.CREATION, Concern.POST, N_("The birth date of the creator makes a minor of them.")),
    (
        errors.CREATOR_WORD_REFUSED,
        Stops.SWITCH,
        Concern.GRANT,
        N_("The creator refused this ad, as their terms let them."),
    ),
    (errors.CREATOR_WORD_PENDING, Stops.DELIVERY, Concern.WAIT, N_("The terms ask for the creator's word on each ad.")),
    (errors.REVIEW_REJECTED, Stops.LAUNCH, Concern.OTHER, N_("A person refused the ad, with a rule.")),
    (
        errors.REVIEW_PENDING,
        Stops.DELIVERY,
        Concern.OTHER,
        N_("The ad is new, was changed, or its refusal was appealed."),
    ),
    (errors.PIXEL_MISSING, Stops.LAUNCH, Concern.OTHER, N_("The pixel of the ad group was deleted.")),
    (errors.SCHEDULE_OVER, Stops.LAUNCH, Concern.OTHER, N_("The ad group's end has passed.")),
    (errors.SCHEDULE_EARLY, Stops.DELIVERY, Concern.OTHER, N_("The ad group's start has not come.")),
    (errors.BALANCE_EMPTY, Stops.LAUNCH, Concern.OTHER, N_("Nothing is left on the account.")),
    (
        errors.CAMPAIGN_BUDGET_SPENT,
        Stops.DELIVERY,
        Concern.OTHER,
        N_("Spend has reached the campaign's budget of the period."),
    ),
    (
        errors.ADGROUP_BUDGET_SPENT,
        Stops.DELIVERY,
        Concern.OTHER,
        N_("Spend has reached the ad group's budget of the period."),
    ),
    (errors.CAMPAIGN_OFF, Stops.DELIVERY, Concern.OTHER, N_("Somebody switched the campaign off.")),
    (errors.ADGROUP_OFF, Stops.DELIVERY, Concern.OTHER, N_("Somebody switched the ad group off.")),
    (errors.AD_OFF, Stops.DELIVERY, Concern.OTHER, N_("Somebody switched the ad off.")),
)
KINDS: dict[str, BlockerKind] = {row[0].code: BlockerKind(*row) for row in _TABLE}
"""Every blocker there is, by code, in the order of the reference page."""
