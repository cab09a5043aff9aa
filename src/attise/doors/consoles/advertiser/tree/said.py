"""How the status of a campaign, an ad group or an ad is drawn and said, and what can be done then.

The room derives a status and its blockers; here each becomes a dot, a few words, and at most one link. Every status and
every blocker there is has its line here: a test says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from attise.doors.consoles import telling
from attise.doors.site.statuses import ENDING_DAYS
from attise.kernel.errors import Refusal
from attise.kernel.limits import DAY_MS
from attise.management.campaigns.views import AdView


class Said(NamedTuple):
    """A status as pages say it: the key of the catalogue, and words of its own where those of the key say less."""

    key: str
    words: Promise | str = ""


_DELETED = pgettext_lazy("campaign", "Deleted")
_CAMPAIGN_OFF = _("Campaign paused")
_GROUP_OFF = _("Ad group paused")
_ACCOUNT_REVIEW = _("Account in review")
_ACCOUNT_DENIED = _("Account not approved")
_ACCOUNT_STOPPED = _("Account suspended")
_SPENT = _("Budget spent")

SAID: Final[dict[str, Said]] = {
    "CAMPAIGN_STATUS_DELETE": Said("ended", _DELETED),
    "CAMPAIGN_STATUS_ADVERTISER_AUDIT_DENY": Said("rejected", _ACCOUNT_DENIED),
    "CAMPAIGN_STATUS_ADVERTISER_AUDIT": Said("review", _ACCOUNT_REVIEW),
    "ADVERTISER_ACCOUNT_PUNISH": Said("account_stopped", _ACCOUNT_STOPPED),
    "CAMPAIGN_STATUS_DISABLE": Said("paused"),
    "CAMPAIGN_STATUS_BUDGET_EXCEED": Said("limited", _SPENT),
    "CAMPAIGN_STATUS_ENABLE": Said("active"),
    "ADGROUP_STATUS_DELETE": Said("ended", _DELETED),
    "ADGROUP_STATUS_CAMPAIGN_DELETE": Said("ended", _DELETED),
    "ADGROUP_STATUS_ADVERTISER_AUDIT_DENY": Said("rejected", _ACCOUNT_DENIED),
    "ADGROUP_STATUS_ADVERTISER_AUDIT": Said("review", _ACCOUNT_REVIEW),
    "ADGROUP_STATUS_CAMPAIGN_DISABLE": Said("paused", _CAMPAIGN_OFF),
    "ADGROUP_STATUS_DISABLE": Said("paused"),
    "ADGROUP_STATUS_FROZEN": Said("account_stopped", _ACCOUNT_STOPPED),
    "ADGROUP_STATUS_TIME_DONE": Said("ended"),
    "ADGROUP_STATUS_AUDIT_DENY": Said("rejected"),
    "ADGROUP_STATUS_REAUDIT": Said("review"),
    "ADGROUP_STATUS_AUDIT": Said("review"),
    "ADGROUP_STATUS_ASSET_AUTHORIZATION_LOST": Said("auth_revoked", _("Not authorized any more")),
    "ADGROUP_STATUS_PIXEL_UNBIND": Said("limited", _("Pixel missing")),
    "ADGROUP_STATUS_BALANCE_EXCEED": Said("account_stopped"),
    "ADGROUP_STATUS_CAMPAIGN_EXCEED": Said("limited", _("Campaign budget spent")),
    "ADGROUP_STATUS_BUDGET_EXCEED": Said("limited", _SPENT),
    "ADGROUP_STATUS_NOT_START": Said("scheduled"),
    "ADGROUP_STATUS_CREATE": Said("draft", _("No ad yet")),
    "ADGROUP_STATUS_DELIVERY_OK": Said("active"),
    "AD_STATUS_DELETE": Said("ended", _DELETED),
    "AD_STATUS_CAMPAIGN_DELETE": Said("ended", _DELETED),
    "AD_STATUS_ADGROUP_DELETE": Said("ended", _DELETED),
    "AD_STATUS_ADVERTISER_AUDIT_DENY": Said("rejected", _ACCOUNT_DENIED),
    "AD_STATUS_ADVERTISER_AUDIT": Said("review", _ACCOUNT_REVIEW),
    "AD_STATUS_CAMPAIGN_DISABLE": Said("paused", _CAMPAIGN_OFF),
    "AD_STATUS_ADGROUP_DISABLE": Said("paused", _GROUP_OFF),
    "AD_STATUS_DISABLE": Said("paused"),
    "AD_STATUS_DONE": Said("ended"),
    "AD_STATUS_CREATOR_AUTHORIZATION_REVOKED": Said("auth_revoked"),
    "AD_STATUS_ASSET_AUTHORIZATION_LOST": Said("post_unavailable"),
    "AD_STATUS_AUDIT_DENY": Said("rejected"),
    "AD_STATUS_REAUDIT": Said("review"),
    "AD_STATUS_AUDIT": Said("review"),
    "AD_STATUS_BALANCE_EXCEED": Said("account_stopped"),
    "AD_STATUS_CAMPAIGN_EXCEED": Said("limited", _("Campaign budget spent")),
    "AD_STATUS_BUDGET_EXCEED": Said("limited", _("Ad group budget spent")),
    "AD_STATUS_NOT_START": Said("scheduled"),
    "AD_STAUS_PIXEL_UNBIND": Said("limited", _("Pixel missing")),
    "AD_STATUS_DELIVERY_OK": Said("active"),
}
"""Every status of the room, by its name."""

_BY_BLOCKER: Final[dict[str, Said]] = {
    "account_stopped": Said("account_stopped", _ACCOUNT_STOPPED),
    "auth_code_expired": Said("auth_expired"),
    "auth_code_revoked": Said("auth_revoked"),
    "account_access_ended": Said("auth_revoked", _("Account access ended")),
    "ad_identity_gone": Said("post_unavailable", _("Identity deleted")),
    "creator_word_refused": Said("rejected", _("Refused by the creator")),
    "creator_word_pending": Said("review", _("Awaiting the creator")),
    "post_processing": Said("scheduled", _("Video being prepared")),
}
"""What a blocker says better than the status that follows from it."""
_FINER = frozenset(
    {
        "AD_STATUS_CAMPAIGN_DISABLE",
        "AD_STATUS_CREATOR_AUTHORIZATION_REVOKED",
        "AD_STATUS_ASSET_AUTHORIZATION_LOST",
        "AD_STATUS_AUDIT",
        "AD_STATUS_REAUDIT",
    }
)
"""Statuses of which a blocker may say more."""
_LIMITED = Said("limited", _("Does not run"))

_WORST = (
    *("account_stopped", "auth_revoked", "auth_expired", "post_unavailable", "rejected"),
    *("limited", "review", "draft", "scheduled", "paused", "ended", "auth_ending", "active"),
)
"""Keys in the order in which what is above takes the status of what is beneath."""
BAD = frozenset({"rejected", "auth_expired", "auth_revoked", "post_unavailable", "account_stopped"})
"""Keys whose row is marked: somebody has something to do."""
BLOCKED = BAD | {"limited", "review"}
"""Keys of what would run but for something in its way."""
RUNNING = frozenset({"active", "auth_ending"})
ENDED: Final = "ended"
"""Of what is over, a switch says nothing: it starts nothing and has nothing to stop."""
ASKS = (BLOCKED - {"review"}) | {"auth_ending"}
"""Keys with a next step of somebody's; a review passes by itself."""
_QUIET = frozenset({"campaign_off", "adgroup_off", "ad_off", "ad_gone"})
"""Blockers that the switch beside them says already."""


def of(status: str) -> Said:
    """Return how a status of a campaign or an ad group is said."""
    return SAID[status]


def of_ad(view: AdView, now_ms: int) -> Said:
    """Return how an ad's status is said, by its blockers where they say more; ``now_ms`` is world time."""
    said = SAID[view.secondary_status]
    codes = [blocker.code for blocker in view.blockers]
    if view.secondary_status in _FINER:
        return next((_BY_BLOCKER[code] for code in codes if code in _BY_BLOCKER), said)
    if said.key != "active":
        return said
    if codes:
        return next((_BY_BLOCKER[code] for code in codes if code in _BY_BLOCKER), _LIMITED)
    return Said("auth_ending") if is_ending(view, now_ms) else said


def is_ending(view: AdView, now_ms: int) -> bool:
    """Tell whether an ad's authorization ends within days, before its schedule does."""
    ends = any(warning.code == "authorization_ending" for warning in view.warnings)
    until_ms = view.authorized_until_ms
    return ends and until_ms is not None and until_ms - now_ms <= (ENDING_DAYS + 1) * DAY_MS


def rank(said: Said) -> int:
    """Return where a status stands among others, the worst first."""
    return _WORST.index(said.key)


class Cause(NamedTuple):
    """One thing in the way: what it is, what to do, and the page where that is done, if it is one of ours."""

    code: str
    sentence: str
    next_step: str
    url: str
    action: Promise | str
    stops: str
    """``warning`` for what stops nothing yet."""


def causes(refusals: Iterable[Refusal], *, view: AdView) -> list[Cause]:
    """Return blockers or warnings of an ad in words, each with its next step."""
    found = []
    for refusal in refusals:
        url, action = _next(refusal.code, view)
        found.append(
            Cause(
                code=refusal.code,
                sentence=telling.sentence(refusal),
                next_step=telling.next_step(refusal),
                url=url,
                action=action,
                stops=getattr(getattr(refusal, "stops", None), "name", "warning").lower(),
            )
        )
    return found


def loud(refusals: Iterable[Refusal]) -> list[Refusal]:
    """Return the blockers that a row has to tell: all but what its own switches say."""
    return [one for one in refusals if one.code not in _QUIET]


def _next(code: str, view: AdView) -> tuple[str, Promise | str]:
    """Return where the next step is taken, and what its link says; empty where it is taken elsewhere."""
    if code in {"auth_code_expired", "auth_code_revoked"}:
        return reverse("library") + "?dialog=codes", _("Paste a new code")
    if code == "account_access_ended":
        return reverse("ask_account"), _("Request access")
    if code == "campaign_off":
        return reverse("campaign", args=[view.campaign_id]), _("Open the campaign")
    if code in _OF_GROUP:
        return reverse("adgroup", args=[view.adgroup_id]), _("Open the ad group")
    if code == "campaign_budget_spent":
        return reverse("campaign", args=[view.campaign_id]), _("Open the campaign")
    return "", ""


_OF_GROUP = frozenset({"adgroup_off", "adgroup_budget_spent", "schedule_early", "schedule_over"})
