"""What happens to grants, one module per verb."""

from attise.management.authorizations.actions.access import (
    accept_access,
    assign_account,
    end_access,
    link_own_account,
    refuse_access,
    request_access,
    unassign_account,
)
from attise.management.authorizations.actions.ask import (
    accept_request,
    ask_for_post,
    refuse_request,
    withdraw_if_pending,
    withdraw_request,
)
from attise.management.authorizations.actions.extend import extend
from attise.management.authorizations.actions.grant import grant_post
from attise.management.authorizations.actions.redeem import guards_of, guessing, redeem
from attise.management.authorizations.actions.remind import end_planned, remind
from attise.management.authorizations.actions.revoke import revoke
from attise.management.authorizations.actions.terms import change_terms
from attise.management.authorizations.actions.unbind import unbind
from attise.management.authorizations.actions.use import hold_grant, use_account

__all__ = [
    "accept_access",
    "accept_request",
    "ask_for_post",
    "assign_account",
    "change_terms",
    "end_access",
    "end_planned",
    "extend",
    "grant_post",
    "guards_of",
    "guessing",
    "hold_grant",
    "link_own_account",
    "redeem",
    "refuse_access",
    "refuse_request",
    "remind",
    "request_access",
    "revoke",
    "unassign_account",
    "unbind",
    "use_account",
    "withdraw_if_pending",
    "withdraw_request",
]
