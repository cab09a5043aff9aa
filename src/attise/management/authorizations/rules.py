"""The rules of grants: states by the clock, the order of refusals, terms, permissions. Pure."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import Protocol

from attise.kernel.clock import to_datetime
from attise.kernel.errors import N_, Reason, Refusal
from attise.kernel.limits import DAY_MS, GRANT_DAYS, MAX_ADVERTISERS_PER_GRANT
from attise.kernel.money import LARGEST_MICROS
from attise.management.authorizations import errors
from attise.records.lookups import categories, currencies, regions
from attise.records.terms import PPM, Terms

OBJECTIVES = (
    "REACH",
    "VIDEO_VIEWS",
    "ENGAGEMENT",
    "TRAFFIC",
    "WEB_CONVERSIONS",
    "LEAD_GENERATION",
    "APP_PROMOTION",
)
"""Objective types that an ad may have here, and so that a creator may refuse."""
PERMISSIONS = ("existing_posts", "new_posts", "new_posts_ads_only")
"""What a Business Center may ask of an account: use its posts; publish on it; publish on it in ads only."""


class State(enum.StrEnum):
    """Where a grant stands at one moment."""

    ISSUED = "issued"
    BOUND = "bound"
    EXPIRED = "expired"
    REVOKED = "revoked"

    @property
    def is_live(self) -> bool:
        """Whether the grant still allows anything."""
        return self in {State.ISSUED, State.BOUND}


class GrantTimes(Protocol):
    """The columns of a grant that its state depends on."""

    state: str
    ends_at_ms: int | None
    revoke_at_ms: int | None


class PostFacts(Protocol):
    """What the rules ask of a post."""

    state: str
    creator_state: str
    visibility: str
    ads_only: bool
    format: str
    of_post_format: str | None


def state_of(grant: GrantTimes, now_ms: int) -> State:
    """Return the state at ``now_ms`` (world time). Revoked beats expired when both are due."""
    if grant.state == State.REVOKED or (grant.revoke_at_ms is not None and now_ms >= grant.revoke_at_ms):
        return State.REVOKED
    if grant.ends_at_ms is not None and now_ms >= grant.ends_at_ms:
        return State.EXPIRED
    return State(grant.state)


def live_until_ms(grant: GrantTimes) -> int | None:
    """Return when a live grant ends by the clock: the earlier of its end and its planned revocation; None if never."""
    ends = [moment for moment in (grant.ends_at_ms, grant.revoke_at_ms) if moment is not None]
    return min(ends, default=None)


def end_of(starts_at_ms: int, days: int) -> int:
    """Return the exact end of a grant: days of 24 hours."""
    return starts_at_ms + days * DAY_MS


def is_carousel_duet(post: PostFacts) -> bool:
    """Tell whether a post is a story or a duet made with a photo carousel, which cannot be promoted."""
    return post.format == "story" or (post.format == "duet" and post.of_post_format == "carousel")


def refusal_of_post(post: PostFacts) -> Reason | None:
    """Return why a post cannot be promoted now, or None; the last three tests of a code, in order."""
    if post.state not in {"live", "processing"} or post.creator_state != "active":
        return errors.VIDEO_UNAVAILABLE
    if post.visibility != "public" and not post.ads_only:
        return errors.NOT_PUBLIC_VIDEO
    if is_carousel_duet(post):
        return errors.CAROUSEL_DUET_NOT_SUPPORTED
    return None


def refusal_of_code(
    grant: GrantTimes, post: PostFacts, *, now_ms: int, held: bool, holders: int, max_advertisers: int
) -> Reason | None:
    """Return why an existing code cannot be applied, or None: the one order of tests, whatever the door.

    ``held``: this advertiser has already applied it; ``holders``: how many advertisers have.
    """
    state = state_of(grant, now_ms)
    if state is State.REVOKED:
        return errors.AUTH_CODE_REVOKED
    if state is State.EXPIRED:
        return errors.AUTH_CODE_EXPIRED
    if not held and holders >= max_advertisers:
        return errors.AUTH_CODE_ALREADY_USED
    return refusal_of_post(post)


def day_of(epoch_ms: int) -> str:
    """Return the UTC day and time of a moment as refusals say it: ``2026-11-20 08:00 UTC``."""
    return to_datetime(epoch_ms).strftime("%Y-%m-%d %H:%M UTC")


def check_days(days: object, *, field: str = "days", offered: Sequence[int] = GRANT_DAYS) -> int:
    """Return one of the durations that the house offers, or refuse."""
    if isinstance(days, bool) or not isinstance(days, int) or days not in offered:
        raise errors.AuthorizationRefused(
            errors.GRANT_DAYS_INVALID, field=field, days=", ".join(str(one) for one in offered)
        )
    return days


def check_permissions(permissions: list[str]) -> list[str]:
    """Return the permissions asked, once each in the order of the list, or refuse."""
    if not permissions or any(permission not in PERMISSIONS for permission in permissions):
        raise errors.AuthorizationRefused(errors.PERMISSIONS_INVALID, field="permissions")
    return [permission for permission in PERMISSIONS if permission in permissions]


def refusals_of_terms(terms: Terms) -> list[Refusal]:
    """Return everything that is wrong with terms, field by field; empty when they hold."""
    found: list[Refusal] = []

    def refuse(field: str, rule: str) -> None:
        found.append(errors.AuthorizationRefused(errors.TERMS_INVALID, field=f"terms.{field}", rule=rule))

    has_amount = terms.spend_cap_micros is not None or terms.fee_micros > 0
    if terms.spend_cap_micros is not None and not 0 < terms.spend_cap_micros <= LARGEST_MICROS:
        refuse("spend_cap_micros", N_("an amount above zero"))
    if not 0 <= terms.fee_micros <= LARGEST_MICROS:
        refuse("fee_micros", N_("an amount of zero or more"))
    if has_amount and terms.currency is None:
        refuse("currency", N_("a currency goes with an amount"))
    if terms.currency is not None and currencies.find(terms.currency) is None:
        refuse("currency", N_("a currency code such as EUR"))
    if not 0 <= terms.share_ppm <= PPM:
        refuse("share_ppm", N_("between 0 and 1,000,000 parts per million"))
    if terms.share_ppm > 0 and terms.fee_micros > 0:
        refuse("share_ppm", N_("a share or a fee, not both"))
    if not 1 <= terms.max_advertisers <= MAX_ADVERTISERS_PER_GRANT:
        refuse("max_advertisers", N_("between 1 and 100 advertisers"))
    _refuse_unknown(refuse, "countries", terms.countries, _is_country, N_("country codes such as FR, once each"))
    _refuse_unknown(
        refuse,
        "refused_objectives",
        terms.refused_objectives,
        OBJECTIVES.__contains__,
        N_("known objectives, once each"),
    )
    _refuse_unknown(
        refuse,
        "refused_categories",
        terms.refused_categories,
        lambda slug: categories.find(slug) is not None,
        N_("known categories, once each"),
    )
    return found


def _is_country(code: str) -> bool:
    row = regions.by_iso(code)
    return row is not None and row.level == "country"


def _refuse_unknown(refuse, field, values, is_known, rule) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Refuse a list once, if it names something unknown or the same thing twice."""
    if len(set(values)) != len(values) or not all(is_known(value) for value in values):
        refuse(field, rule)
