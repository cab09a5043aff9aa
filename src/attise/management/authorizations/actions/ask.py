"""An advertiser asks a creator for one post; the creator answers. After: ``grant`` and ``redeem``, both at once, or no.

Nobody copies a code: whoever accepts makes one, and it is applied for the asker in the same transaction.
"""

from __future__ import annotations

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND
from attise.kernel.means import Means
from attise.management.accounts.actions import hold_advertiser
from attise.management.authorizations import rules
from attise.management.authorizations.actions.grant import grant_post
from attise.management.authorizations.actions.redeem import redeem
from attise.management.authorizations.errors import POST_ALREADY_USABLE, POST_REQUEST_ANSWERED, AuthorizationRefused
from attise.management.authorizations.models import PostRequest
from attise.management.authorizations.queries import find_usable
from attise.management.authorizations.queries.requests import view_post_request
from attise.management.authorizations.views import PostRequestView
from attise.management.outbox.actions import Unit, unit, verb
from attise.management.policy.queries import get_policy
from attise.management.posts.queries import find_post
from attise.records.terms import Terms

PENDING, ACCEPTED, REFUSED, WITHDRAWN = "pending", "accepted", "refused", "withdrawn"


@verb
def ask_for_post(means: Means, actor: Actor, *, advertiser_id: int, post_id: int, days: int) -> PostRequestView:
    """Ask a creator for a public post; asked again while it is pending, the question that there is is returned.

    It is then for the longer of both times, so that what runs longer than what was wished first is asked for whole.
    Raises: ``grant_days_invalid``; ``not_found`` for a post that not everyone may see; ``carousel_duet_not_supported``;
    ``post_already_usable``.
    """
    days = rules.check_days(days, offered=get_policy().grant_days)
    with unit(means) as work:
        hold_advertiser(advertiser_id=advertiser_id)
        post = find_post(post_id)
        if post is None or not post.is_public:
            raise AuthorizationRefused(NOT_FOUND, field="post_id")
        reason = rules.refusal_of_post(post)
        if reason is not None:
            raise AuthorizationRefused(reason, field="post_id")
        rows = PostRequest.objects.select_for_update(no_key=True, of=("self",)).select_related("advertiser")
        row = rows.filter(advertiser_id=advertiser_id, post_id=post_id, state=PENDING).first()
        if find_usable(means, advertiser_id=advertiser_id, post_ids=[post_id]):
            raise AuthorizationRefused(POST_ALREADY_USABLE, field="post_id")
        if row is not None and row.days < days:
            row.days = days
            row.save(update_fields=["days"])
        if row is None:
            row = PostRequest.objects.create(
                id=means.ids.next(),
                advertiser_id=advertiser_id,
                creator_id=post.creator_id,
                post_id=post_id,
                days=days,
                state=PENDING,
                asked_by=str(actor),
                created_at_ms=means.clock.world_ms(),
            )
            work.notice("creator", post.creator_id, "post_asked_for", row.id, advertiser_id=str(advertiser_id))
        return view_post_request(row)


@verb
def accept_request(
    means: Means, actor: Actor, *, creator_id: int, request_id: int, days: int, terms: Terms | None = None
) -> PostRequestView:
    """Grant the post that was asked for, and have the asker apply its code; codes that others were given stay.

    Raises: ``grant_days_invalid``, ``not_found``, ``post_request_answered``, and as ``grant_post``; then nothing is
    granted.
    """
    days = rules.check_days(days, offered=get_policy().grant_days)
    with unit(means) as work:
        row = _pending(request_id, creator_id=creator_id)
        view, code = grant_post(
            means,
            actor,
            creator_id=creator_id,
            post_id=row.post_id,
            days=days,
            terms=terms,
            replaces_unbound=False,
        )
        redeem(means, actor, advertiser_id=row.advertiser_id, code=code)
        row.authorization_id = view.id
        _answer(means, work, actor, row, ACCEPTED, ends_at_ms=view.ends_at_ms)
        return view_post_request(row)


@verb
def refuse_request(means: Means, actor: Actor, *, creator_id: int, request_id: int) -> PostRequestView:
    """Say no; the asker is told. Raises: ``not_found``, ``post_request_answered``."""
    with unit(means) as work:
        row = _pending(request_id, creator_id=creator_id)
        _answer(means, work, actor, row, REFUSED)
        return view_post_request(row)


@verb
def withdraw_request(means: Means, actor: Actor, *, advertiser_id: int, request_id: int) -> PostRequestView:
    """Take a question back, which the creator then sees no more. Raises: ``not_found``, ``post_request_answered``."""
    with unit(means):
        row = _pending(request_id, advertiser_id=advertiser_id)
        _withdraw(means, actor, row)
        return view_post_request(row)


@verb
def withdraw_if_pending(means: Means, actor: Actor, *, advertiser_id: int, request_id: int) -> None:
    """Take a question back where it has no answer yet; one that has is left as it is."""
    with unit(means):
        row = _held(request_id, advertiser_id=advertiser_id)
        if row is not None and row.state == PENDING:
            _withdraw(means, actor, row)


def _withdraw(means: Means, actor: Actor, row: PostRequest) -> None:
    row.state, row.answered_by, row.answered_at_ms = WITHDRAWN, str(actor), means.clock.world_ms()
    row.save(update_fields=["state", "answered_by", "answered_at_ms"])


def _held(request_id: int, **whose: int) -> PostRequest | None:
    """Return the locked row of a question, or None."""
    rows = PostRequest.objects.select_for_update(no_key=True, of=("self",)).select_related("advertiser")
    return rows.filter(id=request_id, **whose).first()


def _pending(request_id: int, **whose: int) -> PostRequest:
    """Return the locked row of a question that waits for its answer."""
    row = _held(request_id, **whose)
    if row is None:
        raise AuthorizationRefused(NOT_FOUND, field="post_request_id")
    if row.state != PENDING:
        raise AuthorizationRefused(POST_REQUEST_ANSWERED, field="post_request_id")
    return row


def _answer(means: Means, work: Unit, actor: Actor, row: PostRequest, state: str, **told: int | None) -> None:
    """Write the creator's answer and tell the asker."""
    row.state, row.answered_by, row.answered_at_ms = state, str(actor), means.clock.world_ms()
    row.save(update_fields=["state", "answered_by", "answered_at_ms", "authorization"])
    kind = f"post_request_{state}"
    work.notice("advertiser", row.advertiser_id, kind, row.id, creator_id=str(row.creator_id), **told)
