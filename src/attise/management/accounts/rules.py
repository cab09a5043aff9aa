"""Who may do what in a Business Center: pure predicates over a member's roles.

Rights add up. ``ADMIN`` may do all. A ``STANDARD`` member has the rights of their advertiser role (campaign operators
create and edit, analysts read and export, neither touches billing) and those of their finance role (billing only).
The operator of the installation is another person: what is theirs (review, moderation, funding by transfer, the
journal) is no member's right, and being the operator gives no right in a Business Center.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from attise.kernel.errors import FIELD_INVALID, N_, Refusal


class Permission(enum.StrEnum):
    """A member's right."""

    READ = "read"
    EXPORT = "export"
    EDIT_CAMPAIGNS = "edit_campaigns"
    EDIT_LIBRARY = "edit_library"
    APPLY_CODES = "apply_codes"
    REQUEST_ACCESS = "request_access"
    """Ask a creator for access to their account, in the name of the Business Center."""
    ASSIGN_ACCOUNTS = "assign_accounts"
    """Give an advertiser the use of an account that the Business Center may use."""
    EDIT_ADVERTISERS = "edit_advertisers"
    """Change an advertiser's own facts: name, payer, contacts."""
    CREATE_ADVERTISERS = "create_advertisers"
    CONNECT_APPS = "connect_apps"
    """Agree that an app acts in one's own name: its token has its granter's roles, never more."""
    MANAGE_TOKENS = "manage_tokens"
    """See and withdraw every token that reaches the Business Center."""
    MANAGE_MEMBERS = "manage_members"
    READ_BILLING = "read_billing"
    MANAGE_BILLING = "manage_billing"


ROLES = ("ADMIN", "STANDARD")
ADVERTISER_ROLES = ("ADMIN", "OPERATOR", "ANALYST", "")
FINANCE_ROLES = ("MANAGER", "ANALYST", "")

_READS = frozenset({Permission.READ, Permission.EXPORT, Permission.CONNECT_APPS})
_EDITS = _READS | {
    Permission.EDIT_CAMPAIGNS,
    Permission.EDIT_LIBRARY,
    Permission.APPLY_CODES,
    Permission.REQUEST_ACCESS,
}
_OF_ADVERTISER_ROLE = {
    "ADMIN": _EDITS | {Permission.EDIT_ADVERTISERS, Permission.ASSIGN_ACCOUNTS},
    "OPERATOR": _EDITS,
    "ANALYST": _READS,
    "": frozenset[Permission](),
}
_OF_FINANCE_ROLE = {
    "MANAGER": frozenset({Permission.READ_BILLING, Permission.MANAGE_BILLING}),
    "ANALYST": frozenset({Permission.READ_BILLING}),
    "": frozenset[Permission](),
}


@dataclass(frozen=True, slots=True)
class Roles:
    """What a member is in one Business Center, in the dialect's three words."""

    role: str
    advertiser_role: str = ""
    finance_role: str = ""


ADMIN = Roles("ADMIN")
CAMPAIGN_OPERATOR = Roles("STANDARD", "OPERATOR")
ANALYST = Roles("STANDARD", "ANALYST")
FINANCE = Roles("STANDARD", "", "MANAGER")

NAMED = {"admin": ADMIN, "campaign_operator": CAMPAIGN_OPERATOR, "analyst": ANALYST, "finance": FINANCE}
"""The four roles that pages speak of; the dialect can say others."""


def is_known(roles: Roles) -> bool:
    """Tell whether the three words exist and give the member something to do."""
    exist = roles.role in ROLES and roles.advertiser_role in ADVERTISER_ROLES and roles.finance_role in FINANCE_ROLES
    return exist and (roles.role == "ADMIN" or bool(roles.advertiser_role or roles.finance_role))


def permissions_of(roles: Roles) -> frozenset[Permission]:
    """Return every right that the roles give."""
    if roles.role == "ADMIN":
        return frozenset(Permission)
    return _OF_ADVERTISER_ROLE[roles.advertiser_role] | _OF_FINANCE_ROLE[roles.finance_role]


def can(roles: Roles | None, permission: Permission) -> bool:
    """Tell whether the roles give a right; None is somebody who is not a member."""
    return roles is not None and permission in permissions_of(roles)


def who_can(permission: Permission) -> tuple[str, ...]:
    """Return the names of the roles that have a right, for a page that tells whom to ask."""
    return tuple(name for name, roles in NAMED.items() if can(roles, permission))


def is_last_admin(member: Roles, others: Iterable[Roles]) -> bool:
    """Tell whether nobody could administer the Business Center without this member."""
    return member.role == "ADMIN" and not any(other.role == "ADMIN" for other in others)


LOGIN, CREATOR, ADVERTISER = "login", "creator", "advertiser"
SUBJECTS = (LOGIN, CREATOR, ADVERTISER)
"""What an operator may suspend."""
ENABLED, SUSPENDED_STATUS = "STATUS_ENABLE", "STATUS_LIMIT"
"""Of an advertiser, in the dialect's words."""


def check_subject(subject: str) -> str:
    """Return a sort of account that may be suspended. Raises: ``field_invalid``."""
    if subject not in SUBJECTS:
        raise Refusal(FIELD_INVALID, field="subject", rule=N_("it is login, creator or advertiser"))
    return subject


class Scope(enum.IntEnum):
    """What an app may be agreed to do, by the dialect's numbers."""

    AD_ACCOUNT = 1
    ADS = 2
    AUDIENCE = 3
    REPORTING = 4
    MEASUREMENT = 5
    CREATIVE = 6
    APP = 7
    PIXEL = 8


ALL_SCOPES = tuple(int(scope) for scope in Scope)

CREATOR_SCOPES = ("user.info.basic", "video.list", "video.publish", "comment.list", "biz.spark.auth")
"""What an app may do for a creator who agrees: tell the account, list its posts, publish, read comments, authorize."""
