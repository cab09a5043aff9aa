"""What may be asked of the journal: the kinds of things, and what happens to each."""

from __future__ import annotations

from typing import Final

CHANGED: Final = ("created", "updated", "switched_on", "switched_off", "deleted", "budget_set")
LEVELS: Final = ("campaign", "adgroup", "ad")
AUTHORIZATION, TRANSFER = "authorization", "transfer"
NOTICED: Final[dict[str, tuple[str, ...]]] = {
    "person": (
        *("person_made", "sign_in_link_made", "password_reset_asked", "reset_link_made", "password_changed"),
        *("member_joined", "member_changed", "member_removed", "creator_entrusted"),
        *("look_begun", "look_ended"),
    ),
    "invitation": ("member_invited",),
    "creator": ("creator_retired",),
    "payout": (
        *("payout_account_named", "payout_asked", "payout_held", "payout_approved", "payout_refused"),
        *("payout_paid", "payout_failed", "payout_withdrawn"),
    ),
    "post": ("post_ruled",),
    "reported_ad": ("ad_ruled",),
    "paper": ("issuer_stated", "invoice_issued", "credit_note_issued"),
    "host_key": ("host_key_made", "host_key_revoked"),
    "export": ("people_exported", "journal_exported"),
    "account": ("account_suspended", "account_restored"),
    "setting": ("setting_changed", "ads_stopped", "ads_resumed"),
}
"""Acts on people, keys, reported posts and payouts, as their notices are called."""
ACTIONS: Final[dict[str, tuple[str, ...]]] = {
    "campaign": (*CHANGED, "scheduled_budget_begun"),
    "adgroup": (*CHANGED, "scheduled_budget_begun"),
    "ad": (
        *CHANGED[:-1],
        *("review_approved", "review_rejected", "appealed", "creator_approved", "creator_refused"),
    ),
    AUTHORIZATION: (
        *("issued", "bound", "extended", "terms_changed", "revocation_planned", "revoked", "replaced", "unbound"),
        *("access_granted", "widened", "access_returned", "linked", "assigned", "unassigned"),
    ),
    TRANSFER: (
        *("funding", "refund", "transfer", "invalid_traffic", "billing_error"),
        *("payout_set_aside", "payout_sent", "payout_came_back"),
    ),
    **NOTICED,
}
"""What may have happened, by the kind of thing that it happened to."""
ALL_ACTIONS: Final = tuple(dict.fromkeys(action for actions in ACTIONS.values() for action in actions))
ACTORS: Final = ("person", "host", "token", "command", "clock")
"""Kinds of those who act."""


def kinds_of(object_kind: str | None, action: str | None) -> frozenset[str]:
    """Return the kinds of things in which such an act is found; both None: all."""
    return frozenset(
        kind
        for kind, actions in ACTIONS.items()
        if object_kind in (None, kind) and (action is None or action in actions)
    )
