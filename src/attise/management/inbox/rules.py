"""Whose notices a person reads."""

from __future__ import annotations

from typing import Final

from attise.management.accounts.rules import Permission, Roles, can

Audience = tuple[str, int]
"""``creator``, ``advertiser``, ``business_center``, ``operator`` or ``viewer``, and the id."""
VIEWER: Final = "viewer"
OPERATOR: Final[Audience] = ("operator", 0)
BILLING_KINDS: Final = frozenset(
    {"invoice_issued", "credit_note_issued", "funds_added", "funds_returned", "charges_given_back"}
)
"""Notices to an advertiser of its money: its accountants are told of them who may read nothing else."""


def kinds_told(roles: Roles) -> frozenset[str] | None:
    """Return which notices of their Business Center's advertisers a member is told of; None: all there are."""
    if can(roles, Permission.READ):
        return None
    return BILLING_KINDS if can(roles, Permission.READ_BILLING) else frozenset()
