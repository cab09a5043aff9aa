"""Shapes of what the operator does to accounts: suspensions, restorations, strikes."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from attise.doors.native_api.schemas.campaigns import Word, one_of
from attise.doors.native_api.schemas.common import Given, Told, ToldId, ToldMoment
from attise.kernel.clock import rfc3339
from attise.management.accounts.actions.suspend import REASON_CHARACTERS
from attise.management.accounts.rules import SUBJECTS
from attise.management.accounts.views import SanctionView

Reason = Annotated[str, Field(max_length=4 * REASON_CHARACTERS, description="Why; the owner of the account reads it.")]


class SuspensionDraft(Given):
    """Why an account is suspended."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "Sold followers.", "strike": True}]})
    reason: Reason
    strike: Annotated[bool, Field(description="Whether it counts against the account for good.")] = True


class RestorationDraft(Given):
    """Why an account is restored."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "It was somebody else."}]})
    reason: Reason


class SanctionAnswer(Told):
    """What the operator did to an account; kept as it was given."""

    sanction_id: ToldId
    subject: Annotated[Word, one_of(SUBJECTS)]
    subject_id: ToldId
    action: Annotated[Word, one_of(("suspended", "restored"))]
    reason: str
    strike: bool
    actor: Annotated[str, Field(description="Who: `host:ID` or `person:ID`.")]
    done_at: ToldMoment


def tell_sanction(view: SanctionView) -> SanctionAnswer:
    """Return it as callers see it."""
    return SanctionAnswer(
        sanction_id=str(view.id),
        subject=view.subject,
        subject_id=str(view.subject_id),
        action=view.verb,
        reason=view.reason,
        strike=view.is_strike,
        actor=view.actor,
        done_at=rfc3339(view.at_ms),
    )
