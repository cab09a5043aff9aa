"""A Business Center asks for an account, its creator answers, either side ends it.

The question is a single-use link of ten minutes (wire time), drawn as a QR code; the answer is given in the creator's
own session, on a page that names the asker and the permissions.
"""

from __future__ import annotations

import hashlib
import secrets as stdlib_secrets

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND
from attise.kernel.limits import ACCESS_REQUEST_LIFE_MS
from attise.kernel.means import Means
from attise.kernel.seal import encode
from attise.management.accounts import queries as accounts
from attise.management.accounts.actions import hold_creator
from attise.management.authorizations import envelopes, rules
from attise.management.authorizations.actions.history import record
from attise.management.authorizations.actions.shared import bind, lock_authorization, relock_posts, tell_grant
from attise.management.authorizations.errors import (
    ACCESS_REQUEST_ANSWERED,
    ACCESS_REQUEST_EXPIRED,
    AuthorizationRefused,
)
from attise.management.authorizations.models import AccessRequest, Authorization, Binding
from attise.management.authorizations.queries import get_access_request, get_holders, view_of
from attise.management.authorizations.views import AccessRequestView, AuthorizationView
from attise.management.outbox.actions import Unit, unit, verb
from attise.records.change import ChangeKind

SECRET_BYTES = 24
PENDING, ACCEPTED, REFUSED = "pending", "accepted", "refused"


@verb
def request_access(
    means: Means, actor: Actor, *, business_center_id: int, permissions: list[str]
) -> tuple[AccessRequestView, str]:
    """Ask for a creator's account; returns the question and the secret of its link.

    Raises: ``permissions_invalid``, ``not_found``.
    """
    wanted = rules.check_permissions(permissions)
    secret = encode(means.chance.token(SECRET_BYTES))
    with unit(means):
        accounts.get_business_center(business_center_id)
        row = AccessRequest.objects.create(
            id=means.ids.next(),
            business_center_id=business_center_id,
            permissions=wanted,
            secret_hash=hash_secret(secret),
            state=PENDING,
            asked_by=str(actor),
            expires_at_ms=means.clock.wire_ms() + ACCESS_REQUEST_LIFE_MS,
            created_at_ms=means.clock.world_ms(),
        )
    return get_access_request(means, request_id=row.id), secret


def hash_secret(secret: str) -> str:
    """Return what is stored of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


@verb
def accept_access(
    means: Means, actor: Actor, *, creator_id: int, request_id: int | None = None, secret: str | None = None
) -> AuthorizationView:
    """Open the creator's account to the asker, with the permissions asked, until either side ends it.

    The request is named by its id (a host acting for its signed-in creator) or by its link's secret. A grant that the
    Business Center already has on this account is widened, not doubled. The account is assigned to the Business
    Center's advertisers; its administrators may unassign it.
    Raises: ``not_found``, ``creator_gone``, ``access_request_expired``, ``access_request_answered``.
    """
    with unit(means) as work:
        question = _lock_question(means, request_id, secret)
        creator = hold_creator(creator_id=creator_id)
        now = means.clock.world_ms()
        row = _account_grant(means, actor, question, creator.id, now)
        question.state, question.creator_id, question.answered_at_ms = ACCEPTED, creator.id, now
        question.authorization_id, question.answered_by = row.id, str(actor)
        question.save()
        for advertiser in accounts.list_advertisers_of_business_center(question.business_center_id):
            _assign(means, work, row, advertiser.id)
        tell_grant(work, row, now_ms=now)
        work.notice(
            "business_center", question.business_center_id, "account_access_granted", row.id, creator_id=str(creator.id)
        )
        return view_of(row, now_ms=now, holders=get_holders([row.id])[row.id])


def _account_grant(means: Means, actor: Actor, question: AccessRequest, creator_id: int, now: int) -> Authorization:
    """Return the live grant of an account to a Business Center, made or widened."""
    row = _lock_live(
        now, kind=Authorization.Kind.ACCOUNT, creator_id=creator_id, business_center_id=question.business_center_id
    )
    if row is not None:
        row.permissions = rules.check_permissions([*row.permissions, *question.permissions])
        row.modified_at_ms = now
        record(means, actor, row, "widened", permissions=row.permissions)
        row.save()
        return row
    row = Authorization(
        id=means.ids.next(),
        kind=Authorization.Kind.ACCOUNT,
        creator_id=creator_id,
        business_center_id=question.business_center_id,
        permissions=question.permissions,
        state=rules.State.BOUND,
        starts_at_ms=now,
        created_at_ms=now,
        modified_at_ms=now,
    )
    row.save(force_insert=True)
    record(means, actor, row, "access_granted", permissions=row.permissions, request_id=str(question.id))
    row.save(update_fields=["history_count", "history_head"])
    return row


@verb
def refuse_access(
    means: Means, actor: Actor, *, creator_id: int, request_id: int | None = None, secret: str | None = None
) -> AccessRequestView:
    """Say no; the asker is told. Raises: as ``accept_access``."""
    with unit(means) as work:
        question = _lock_question(means, request_id, secret)
        creator = accounts.get_creator(creator_id)
        question.state, question.creator_id = REFUSED, creator.id
        question.answered_at_ms, question.answered_by = means.clock.world_ms(), str(actor)
        question.save()
        work.notice(
            "business_center", question.business_center_id, "account_access_refused", question.id,
            creator_id=str(creator.id),
        )  # fmt: skip
        return get_access_request(means, request_id=question.id)


@verb
def end_access(means: Means, actor: Actor, *, business_center_id: int, authorization_id: int) -> None:
    """End an account access from the Business Center's side; the creator is told. Raises: ``not_found``."""
    with unit(means) as work:
        row = lock_authorization(
            authorization_id, business_center_id=business_center_id, kind=Authorization.Kind.ACCOUNT
        )
        now = means.clock.world_ms()
        if not rules.state_of(row, now).is_live:
            return
        row.state, row.revoke_at_ms, row.revoke_when, row.modified_at_ms = rules.State.REVOKED, now, "now", now
        record(means, actor, row, "access_returned")
        row.save()
        relock_posts(means, row)
        envelopes.close_grants(means, [row.id])
        tell_grant(work, row, now_ms=now)
        work.notice("creator", row.creator_id, "account_access_ended", row.id, by="business_center")


@verb
def link_own_account(means: Means, actor: Actor, *, advertiser_id: int, creator_id: int) -> AuthorizationView:
    """Link an advertiser to its own business account, whose posts it may use without a code.

    Linking again what is linked changes nothing. Raises: ``not_found``, ``creator_gone``.
    """
    with unit(means) as work:
        accounts.get_advertiser(advertiser_id)
        hold_creator(creator_id=creator_id)
        now = means.clock.world_ms()
        live = _lock_live(now, kind=Authorization.Kind.OWN, creator_id=creator_id, advertiser_id=advertiser_id)
        if live is not None:
            return view_of(live, now_ms=now, holders=get_holders([live.id])[live.id])
        row = Authorization(
            id=means.ids.next(),
            kind=Authorization.Kind.OWN,
            creator_id=creator_id,
            advertiser_id=advertiser_id,
            permissions=list(rules.PERMISSIONS),
            state=rules.State.BOUND,
            starts_at_ms=now,
            created_at_ms=now,
            modified_at_ms=now,
        )
        row.save(force_insert=True)
        record(means, actor, row, "linked", advertiser_id=str(advertiser_id))
        row.save(update_fields=["history_count", "history_head"])
        bind(means, row, advertiser_id=advertiser_id, identity_type="TT_USER")
        tell_grant(work, row, now_ms=now)
        return view_of(row, now_ms=now, holders=get_holders([row.id])[row.id])


@verb
def assign_account(means: Means, actor: Actor, *, business_center_id: int, advertiser_id: int, creator_id: int) -> None:
    """Let one advertiser of a Business Center use an account that is open to it. Raises: ``not_found``."""
    with unit(means) as work:
        row = _account_of(means.clock.world_ms(), business_center_id, advertiser_id, creator_id)
        _assign(means, work, row, advertiser_id)
        record(means, actor, row, "assigned", advertiser_id=str(advertiser_id))
        row.save(update_fields=["history_count", "history_head"])


@verb
def unassign_account(
    means: Means, actor: Actor, *, business_center_id: int, advertiser_id: int, creator_id: int
) -> None:
    """Take an account back from one advertiser; its ads on it stop. Raises: ``not_found``."""
    with unit(means) as work:
        now = means.clock.world_ms()
        row = _account_of(now, business_center_id, advertiser_id, creator_id)
        binding = Binding.objects.filter(
            authorization_id=row.id, advertiser_id=advertiser_id, ended_at_ms__isnull=True
        ).first()
        if binding is not None:
            binding.ended_at_ms = now
            binding.save(update_fields=["ended_at_ms"])
            envelopes.close_holds(means, [binding])
            record(means, actor, row, "unassigned", advertiser_id=str(advertiser_id))
            row.save(update_fields=["history_count", "history_head"])
            _tell_identity(work, ChangeKind.IDENTITY_STOPPED, binding, row)


def _assign(means: Means, work: Unit, row: Authorization, advertiser_id: int) -> None:
    """Give an advertiser of the Business Center its hold on an account, and tell of the identity it may use."""
    binding = bind(
        means,
        row,
        advertiser_id=advertiser_id,
        identity_type="BC_AUTH_TT",
        business_center_id=row.business_center_id,
    )
    _tell_identity(work, ChangeKind.IDENTITY_CHANGED, binding, row)


def _tell_identity(work: Unit, kind: ChangeKind, binding: Binding, row: Authorization) -> None:
    work.change(kind, binding.identity_id, advertiser_id=binding.advertiser_id, creator_id=row.creator_id)


def _account_of(now_ms: int, business_center_id: int, advertiser_id: int, creator_id: int) -> Authorization:
    """Return the locked live grant of an account to the Business Center of an advertiser."""
    advertiser = accounts.get_advertiser(advertiser_id)
    row = _lock_live(
        now_ms, kind=Authorization.Kind.ACCOUNT, creator_id=creator_id, business_center_id=business_center_id
    )
    if advertiser.business_center_id != business_center_id or row is None:
        raise AuthorizationRefused(NOT_FOUND, field="asset_id")
    return row


def _lock_live(now_ms: int, **whose: object) -> Authorization | None:
    """Return the live grant of an account to somebody, locked, or None; what the clock ended stays as it is."""
    rows = Authorization.objects.select_for_update(no_key=True).filter(state=rules.State.BOUND, **whose)
    return next((row for row in rows.order_by("-id") if rules.state_of(row, now_ms).is_live), None)


def _lock_question(means: Means, request_id: int | None, secret: str | None) -> AccessRequest:
    """Return a pending request by its id or its secret, locked, or refuse."""
    rows = AccessRequest.objects.select_for_update(no_key=True)
    if secret is not None:
        wanted = hash_secret(secret)
        row = rows.filter(secret_hash=wanted).first()
        if row is not None and not stdlib_secrets.compare_digest(row.secret_hash, wanted):
            row = None
    else:
        row = rows.filter(id=request_id).first()
    if row is None:
        raise AuthorizationRefused(NOT_FOUND, field="request_id")
    if row.state != PENDING:
        raise AuthorizationRefused(ACCESS_REQUEST_ANSWERED, field="request_id")
    if means.clock.wire_ms() >= row.expires_at_ms:
        raise AuthorizationRefused(ACCESS_REQUEST_EXPIRED, field="request_id")
    return row
