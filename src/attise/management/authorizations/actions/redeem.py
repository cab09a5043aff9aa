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
from attise.management.outbox.actions import Unit, unit, verb
from attise.management.posts.actions.hold import hold_post
from attise.management.posts.views import PostView

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
    means: Means,
    actor: Actor,
    *,
    advertiser_id: int,
    code: str,
    original_code: str | None = None,
    guards: Sequence[Guard] | None = None,
) -> BoundPost:
    """Apply a code for an advertiser; applying it again is a success that changes nothing.

    ``original_code`` is that of the post a duet or stitch was made with, where its author gave one too: it is applied
    along with the other, both or neither, and its author is told like any other.
    ``guards`` (see ``guards_of``) make a guesser wait: only malformed codes count. Among advertisers that race for the
    last place of a code, the row's lock lets one through.
    Raises: ``too_many_requests`` and the seven refusals of a Spark code, in their order; of the original's code after
    those of the first, at ``original_code``, with ``original_post_auth_code_not_expected`` when the post was made with
    none and ``original_post_auth_code_mismatch`` when it is another's.
    """
    with guessing(means, guards or ()):
        parsed = codes.parse_code(means.secrets, code)
        applied = None if parsed is None else _apply(means, actor, advertiser_id, parsed, original_code)
        if applied is None:
            raise errors.malformed(code)
        return applied


@verb
def _apply(
    means: Means, actor: Actor, advertiser_id: int, code: codes.SparkCode, original_code: str | None
) -> BoundPost | None:
    """Apply a well-formed code, and the original's if there is one, in one unit; None when it was never issued."""
    authorization_id = _issued(means, code)
    if authorization_id is None:
        return None
    with unit(means) as work:
        if original_code is not None:
            _hold_both(authorization_id)
        bound = _bind(means, work, actor, advertiser_id, code, authorization_id)
        if original_code is not None:
            _apply_original(means, work, actor, advertiser_id, bound.post, original_code)
        return bound


def _issued(means: Means, code: codes.SparkCode) -> int | None:
    """Return the grant that a well-formed code was issued for, or None."""
    rows = Authorization.objects.filter(code_hash=codes.hash_code(means.secrets, code), kind=Authorization.Kind.POST)
    return rows.values_list("id", flat=True).first()


def _hold_both(authorization_id: int) -> None:
    """Lock a post and the one it was made with by their ids, before the grants of either."""
    ids = Authorization.objects.filter(id=authorization_id).values_list("post_id", "post__of_post_id").get()
    for post_id in sorted(post_id for post_id in ids if post_id is not None):
        hold_post(post_id=post_id)


def _bind(
    means: Means, work: Unit, actor: Actor, advertiser_id: int, code: codes.SparkCode, authorization_id: int
) -> BoundPost:
    """Give the advertiser its hold on the grant of a code, in the open unit; what it has already is left as it is."""
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


def _apply_original(
    means: Means, work: Unit, actor: Actor, advertiser_id: int, post: PostView, original_code: str
) -> None:
    """Apply the code of the post that a duet or stitch was made with. Raises: as ``redeem``, at ``original_code``."""
    if post.of_post_id is None:
        raise errors.AuthorizationRefused(errors.ORIGINAL_CODE_NOT_EXPECTED, field="original_code")
    code = codes.parse_code(means.secrets, original_code)
    authorization_id = None if code is None else _issued(means, code)
    if code is None or authorization_id is None:
        raise errors.malformed(original_code).at("original_code")
    if not Authorization.objects.filter(id=authorization_id, post_id=post.of_post_id).exists():
        raise errors.AuthorizationRefused(errors.ORIGINAL_CODE_OTHER_POST, field="original_code")
    try:
        _bind(means, work, actor, advertiser_id, code, authorization_id)
    except errors.AuthorizationRefused as refused:
        raise refused.at("original_code") from refused


def refusal(reason: Reason, row: Authorization) -> errors.AuthorizationRefused:
    """Return a refusal of a code with the date its sentence needs."""
    if reason is errors.AUTH_CODE_EXPIRED and row.ends_at_ms is not None:
        return errors.AuthorizationRefused(reason, field="auth_code", date=rules.day_of(row.ends_at_ms))
    return errors.AuthorizationRefused(reason, field="auth_code")
