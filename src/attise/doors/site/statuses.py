"""The one catalogue of statuses: how each is drawn and said. Never by colour alone.

Place: pages say a status by its key; rooms give the key. Owns: the shape and the words of each.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ENDING_DAYS: Final = 7
"""From how many days left an authorization counts as ending."""


class Look(NamedTuple):
    """How a status looks: the classes of its dot, and its words."""

    shape: str
    label: Promise | str


LOOKS: Final[dict[str, Look]] = {
    # What runs: campaigns, ad groups, ads.
    "draft": Look("dashed", _("Draft")),
    "review": Look("ring warn", _("In review")),
    "rejected": Look("diamond bad", pgettext_lazy("campaign", "Rejected")),
    "scheduled": Look("ring info", pgettext_lazy("campaign", "Scheduled")),
    "learning": Look("pie info", _("Learning")),
    "active": Look("good", pgettext_lazy("campaign", "Active")),
    "limited": Look("triangle warn", pgettext_lazy("campaign", "Limited")),
    "paused": Look("bars", pgettext_lazy("status", "Paused")),
    "ended": Look("tick", pgettext_lazy("campaign", "Ended")),
    "account_stopped": Look("diamond bad", _("No balance")),
    # What lets it run.
    "auth_none": Look("dashed", pgettext_lazy("authorization", "Not authorized")),
    "auth_issued": Look("ring info", _("Code not used yet")),
    "auth_bound": Look("good", pgettext_lazy("authorization", "Authorized")),
    "auth_ending": Look("triangle warn", _("Authorization ending")),
    "auth_expired": Look("diamond bad", _("Authorization expired")),
    "auth_revoked": Look("diamond bad", _("Authorization revoked")),
    "post_unavailable": Look("diamond bad", _("Post unavailable")),
    # What an ad changed (``measurement.lift.study.Verdict``).
    "effect_more": Look("good", _("More than without")),
    "effect_less": Look("diamond bad", _("Less than without")),
    "effect_not_told": Look("ring info", _("Cannot be told yet")),
    "effect_too_little": Look("dashed", _("Not enough data yet")),
    "effect_broken": Look("diamond bad", _("Not to be believed")),
    # Requests between people.
    "waiting": Look("ring warn", _("Awaiting an answer")),
    "granted": Look("good", _("Access granted")),
    "refused": Look("diamond bad", pgettext_lazy("request", "Refused")),
    "expired": Look("diamond bad", pgettext_lazy("request", "Expired")),
}


def look_of(key: str) -> Look:
    """Return how a status is drawn and said. Raises: KeyError for a key that is not in the catalogue."""
    return LOOKS[key]
