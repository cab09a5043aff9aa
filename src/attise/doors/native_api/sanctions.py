"""The operator suspends logins, creators and advertisers, and restores them; for the host alone."""

from __future__ import annotations

from attise.doors.native_api.cursors import read_cursor
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.listing import listing
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Cursor, Limit, Listing, PathId
from attise.doors.native_api.schemas.sanctions import RestorationDraft, SanctionAnswer, SuspensionDraft, tell_sanction
from attise.management.accounts import actions, queries
from attise.management.accounts.rules import ADVERTISER, CREATOR, LOGIN

group = Group("Accounts")


@group.get("/v1/sanctions", gives=Listing[SanctionAnswer])
def list_sanctions(call: Call, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT) -> Listing[SanctionAnswer]:
    """List who was suspended and restored, by whom and why, newest first."""
    page = queries.page_sanctions(after=read_cursor(call, cursor), limit=limit)
    return listing(call, Listing[SanctionAnswer], page, tell_sanction)


@group.post("/v1/creators/{creator_id}/suspend", gives=SanctionAnswer)
def suspend_creator(call: Call, creator_id: PathId, body: SuspensionDraft) -> SanctionAnswer:
    """Suspend a creator, for a reason.

    Their posts leave the feed and all ads within two seconds of the answer; nothing is lost.
    """
    view = actions.suspend_account(
        call.means, call.actor, subject=CREATOR, subject_id=creator_id, reason=body.reason, strike=body.strike
    )
    return tell_sanction(view)


@group.post("/v1/creators/{creator_id}/restore", gives=SanctionAnswer)
def restore_creator(call: Call, creator_id: PathId, body: RestorationDraft) -> SanctionAnswer:
    """Restore what was suspended; all is as it was, and strikes stay counted."""
    view = actions.restore_account(call.means, call.actor, subject=CREATOR, subject_id=creator_id, reason=body.reason)
    return tell_sanction(view)


@group.post("/v1/advertisers/{advertiser_id}/suspend", gives=SanctionAnswer)
def suspend_advertiser(call: Call, advertiser_id: PathId, body: SuspensionDraft) -> SanctionAnswer:
    """Suspend an advertiser, for a reason.

    Its ads stop within two seconds of the answer; nothing is lost.
    """
    view = actions.suspend_account(
        call.means, call.actor, subject=ADVERTISER, subject_id=advertiser_id, reason=body.reason, strike=body.strike
    )
    return tell_sanction(view)


@group.post("/v1/advertisers/{advertiser_id}/restore", gives=SanctionAnswer)
def restore_advertiser(call: Call, advertiser_id: PathId, body: RestorationDraft) -> SanctionAnswer:
    """Restore what was suspended; all is as it was, and strikes stay counted."""
    view = actions.restore_account(
        call.means, call.actor, subject=ADVERTISER, subject_id=advertiser_id, reason=body.reason
    )
    return tell_sanction(view)


@group.post("/v1/people/{person_id}/suspend", gives=SanctionAnswer)
def suspend_person(call: Call, person_id: PathId, body: SuspensionDraft) -> SanctionAnswer:
    """Suspend a login, for a reason.

    They are signed out at once, and what they granted to apps is refused as long; nothing is lost.
    """
    view = actions.suspend_account(
        call.means, call.actor, subject=LOGIN, subject_id=person_id, reason=body.reason, strike=body.strike
    )
    return tell_sanction(view)


@group.post("/v1/people/{person_id}/restore", gives=SanctionAnswer)
def restore_person(call: Call, person_id: PathId, body: RestorationDraft) -> SanctionAnswer:
    """Restore what was suspended; all is as it was, and strikes stay counted."""
    view = actions.restore_account(call.means, call.actor, subject=LOGIN, subject_id=person_id, reason=body.reason)
    return tell_sanction(view)
