"""What an advertiser holds, as callers see it."""

from __future__ import annotations

from attise.doors.native_api.gate import Call
from attise.doors.native_api.post_answers import Measured, tell_post
from attise.doors.native_api.schemas.authorizations import (
    AccountAnswer,
    BoundAnswer,
    IdentityAnswer,
    PreviewAnswer,
    tell_authorization,
)
from attise.kernel.clock import rfc3339
from attise.management.authorizations.views import AccountView, BoundPost, CodePreview, IdentityView


def tell_bound(call: Call, view: BoundPost, known: Measured | None = None) -> BoundAnswer:
    """Return a post of a library; its code is its advertiser's alone, and the host is not the advertiser."""
    return BoundAnswer(
        post=tell_post(call, view.post, known),
        authorization=tell_authorization(view.authorization),
        identity_id=view.identity_id,
        bound_at=rfc3339(view.bound_at_ms),
    )


def tell_preview(call: Call, view: CodePreview) -> PreviewAnswer:
    """Return what a code shows before it is applied."""
    return PreviewAnswer(
        post=tell_post(call, view.post),
        authorization=tell_authorization(view.authorization),
        identity_id=view.identity_id,
    )


def tell_identity(view: IdentityView) -> IdentityAnswer:
    """Return an account as author of ads."""
    return IdentityAnswer(
        identity_id=view.identity_id,
        identity_type=view.identity_type,
        creator_id=str(view.creator_id),
        handle=view.handle,
        display_name=view.display_name,
        bc_id=None if view.business_center_id is None else str(view.business_center_id),
        can_use_posts=view.can_pull,
        can_publish=view.can_push,
        ads_only=view.ads_only,
        is_available=view.is_available,
    )


def tell_account(view: AccountView) -> AccountAnswer:
    """Return an account that is open to a Business Center."""
    return AccountAnswer(
        creator_id=str(view.authorization.creator_id),
        handle=view.handle,
        display_name=view.display_name,
        advertiser_ids=[str(advertiser_id) for advertiser_id in view.advertiser_ids],
        authorization=tell_authorization(view.authorization),
    )
