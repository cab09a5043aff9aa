"""An advertiser applies a code: step 2 of *a creator authorizes a post*. After: the post is in its library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from attise.kernel.actor import Actor
from attise.kernel.errors import Reason
from attise.kernel.limits import (
    CODE_FAILURES_ADDRESS_FACTOR,
    CODE_FAILURES_PER_HOUR,
    CODE_FAILURES_PER_MINUTE,
)
from attise.kernel.means import Means
from attise.management.attempts.actions import Guard, Limit, refuse_if_too_many, reserve
from attise.management.authorizations import codes, errors, rules
from attise.management.authorizations.actions.history import record
from attise.management.authorizations.actions.shared import bind, lock_grant_of_post, tell_grant, terms_of
from attise.management.authorizations.models import Authorization, Binding
from attise.management.authorizations.queries import get_holders, view_of
from attise.management.authorizations.views import BoundPost
from attise.management.outbox.actions import unit, verb

GUARDED = "spark_code"


def guards_of(credential: str, address: str) -> list[Guard]:
    """Return the guards of guessing: a credential, and ten times that for an address (empty: none known)."""
    per_minute, per_hour, factor = CODE_FAILURES_PER_MINUTE, CODE_FAILURES_PER_HOUR, CODE_FAILURES_ADDRESS_FACTOR
    guards = [Guard(GUARDED, f"credential:{credential}", (Limit(per_minute, 1), Limit(per_hour, 60)))]
    if address:
        limits = (Limit(per_minute * factor, 1), Limit(per_hour * factor, 60))
        guards.append(Guard(GUARDED, f"address:{address}", limits))
    return guards


@contextmanager
def guessing(means: Means, guards: Sequence[Guard]) -> Iterator[None]:
    """Make a guesser of codes wait: within, a malformed code counts, and whoever used up a limit is refused first.

    Of any number of guesses at once no more than the limit learn that they were wrong. Not to be used within a unit,
    which could undo the count. Raises: ``too_many_requests``.
    """
    refuse_if_too_many(means, list(guards))
    try:
        yield
    except errors.AuthorizationRefused as refused:
        if guards and refused.reason is errors.AUTH_CODE_FORMAT_ERROR:
            reserve(means, guards)
        raise


def redeem(
    means: Means, actor: Actor, *, advertiser_id: int, code: str, guards: Sequence[Guard] | None = None
) -> BoundPost:
    """Apply a code for an advertiser; applying it again is a success that changes nothing.

    ``guards`` (see ``guards_of``) make a guesser wait: only malformed codes count. Among advertisers that race for the
    last place of a code, the row's lock lets one through.
    Raises: ``too_many_requests`` and the seven refusals of a Spark code, in their order.
    """
    with guessing(means, guards or ()):
        parsed = codes.parse_code(means.secrets, code)
        applied = None if parsed is None else _apply(means, actor, advertiser_id, parsed)
        if applied is None:
            raise errors.malformed(code)
        return applied


@verb
def _apply(means: Means, actor: Actor, advertiser_id: int, code: codes.SparkCode) -> BoundPost | None:
    """Apply a well-formed code in one unit; None when it was never issued."""
    authorization_id = (
        Authorization.objects.filter(code_hash=codes.hash_code(means.secrets, code), kind=Authorization.Kind.POST)
        .values_list("id", flat=True)
        .first()
    )
    if authorization_id is None:
        return None
    with unit(means) as work:
        row, post = lock_grant_of_post(authorization_id)
        now = means.clock.world_ms()
        held = {binding.advertiser_id: binding for binding in Binding.objects.filter(authorization_id=row.id)}
        reason = rules.refusal_of_code(
            row,
            post,
            now_ms=now,
            held=advertiser_id in held,
            holders=len(held),
            max_advertisers=terms_of(row).max_advertisers,
        )
        if reason is not None:
            raise refusal(reason, row)
        binding = held.get(advertiser_id)
        if binding is None or binding.ended_at_ms is not None:
            sealed = codes.seal_code(means.secrets, means.chance, code, advertiser_id=advertiser_id)
            binding = bind(means, row, advertiser_id=advertiser_id, identity_type="AUTH_CODE", sealed_code=sealed)
            row.state, row.modified_at_ms = rules.State.BOUND, now
            record(means, actor, row, "bound", advertiser_id=str(advertiser_id))
            row.save()
            tell_grant(work, row, now_ms=now)
            told = {"advertiser_id": str(advertiser_id), "ends_at_ms": row.ends_at_ms}
            work.notice("creator", row.creator_id, "code_redeemed", row.id, **told)
        view = view_of(row, now_ms=now, holders=get_holders([row.id])[row.id])
        return BoundPost(post, view, code.text, binding.identity.identity_id, binding.bound_at_ms)


def refusal(reason: Reason, row: Authorization) -> errors.AuthorizationRefused:
    """Return a refusal of a code with the date its sentence needs."""
    if reason is errors.AUTH_CODE_EXPIRED and row.ends_at_ms is not None:
        return errors.AuthorizationRefused(reason, field="auth_code", date=rules.day_of(row.ends_at_ms))
    return errors.AuthorizationRefused(reason, field="auth_code")
