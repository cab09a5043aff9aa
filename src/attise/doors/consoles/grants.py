"""A grant as pages draw it: its status, what is left of it, who holds it, its terms in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from attise.doors.consoles import money_text, words
from attise.doors.site import formats
from attise.doors.site.statuses import ENDING_DAYS
from attise.kernel.limits import DAY_MS
from attise.management.authorizations import rules
from attise.management.authorizations.rules import State
from attise.management.authorizations.views import AuthorizationView
from attise.management.campaigns.queries import Running
from attise.management.policy.rules import Policy
from attise.management.posts.views import PostView
from attise.records.lookups import categories, regions
from attise.records.terms import PPM, Terms

UNAVAILABLE: dict[str, Promise] = {
    "video_unavailable": gettext_lazy("Deleted or against the rules"),
    "not_public_video": gettext_lazy("Not public any more"),
    "carousel_duet_not_supported": gettext_lazy("Format not supported"),
}


class GrantCard(NamedTuple):
    """What a page shows of one grant."""

    view: AuthorizationView
    status: str
    is_live: bool
    is_bound: bool
    until_ms: int | None
    """When it ends, or ended: by its end or its revocation; None for an account access that goes on."""
    days_left: int
    """-1 when it is over."""
    of_days: int
    holders: str
    is_ending_planned: bool
    runs_until_ms: int | None
    """When the last ad that runs on it ends; None when none runs."""

    @property
    def key(self) -> str:
        """The grant's id as text, to be part of a name."""
        return str(self.view.id)


def card(view: AuthorizationView, now_ms: int, running: Running | None = None) -> GrantCard:
    """Return a grant as it stands now, with what runs on it."""
    is_live = view.state.is_live
    ends = [moment for moment in (view.ends_at_ms, view.revoke_at_ms) if moment is not None]
    until = min(ends, default=None)
    left = -1 if not is_live else ENDING_DAYS + 1 if until is None else max(-((now_ms - until) // DAY_MS), 0)
    of_days = 1 if until is None else max((until - view.starts_at_ms) // DAY_MS, 1)
    status = f"auth_{view.state.value}"
    if view.state is State.BOUND and left <= ENDING_DAYS:
        status = "auth_ending"
    return GrantCard(
        view=view,
        status=status,
        is_live=is_live,
        is_bound=view.state is State.BOUND,
        until_ms=until,
        days_left=left,
        of_days=of_days,
        holders=words.listed([holder.advertiser_name for holder in view.holders]),
        is_ending_planned=is_live and view.revoke_at_ms is not None,
        runs_until_ms=None if running is None else running.ends_at_ms,
    )


def main_card(cards: Sequence[GrantCard]) -> GrantCard | None:
    """Return the grant that says most of a post: one in use, else one that waits, else the newest."""
    return next((one for one in cards if one.is_bound), None) or next(
        (one for one in cards if one.is_live), next(iter(cards), None)
    )


def refusal_of(post: PostView) -> Promise | str:
    """Return why a post cannot be used in ads now, in a few words; empty when it can."""
    reason = rules.refusal_of_post(post)
    return "" if reason is None else UNAVAILABLE[reason.code]


def terms_in_words(terms: Terms, *, is_own: bool = False) -> list[tuple[str, str]]:
    """Return what a creator asks, as facts: name, words; ``is_own``: said to that creator. Empty when nothing is."""
    language = formats.language_of(get_language())
    facts: list[tuple[str, str]] = []
    if terms.spend_cap_micros is not None:
        amount = formats.money(terms.spend_cap_micros, terms.currency or "EUR", language, short=True)
        facts.append((_("Spend at most"), amount))
    if terms.countries:
        rows = [regions.by_iso(code) for code in terms.countries]
        facts.append((_("Countries"), words.listed([words.named(row) for row in rows if row is not None])))
    if terms.refused_objectives:
        named = [str(words.OBJECTIVES[one]) for one in terms.refused_objectives]
        facts.append((_("Objectives refused"), words.listed(named)))
    if terms.refused_categories:
        named = [words.named(categories.get(one)) for one in terms.refused_categories]
        facts.append((_("Categories refused"), words.listed(named)))
    if terms.share_ppm:
        percent = formats.percent(terms.share_ppm, PPM, language, places=money_text.places_of(terms.share_ppm))
        share = pgettext("creator", "Your share") if is_own else _("Creator's share")
        facts.append((share, _("%(percent)s of what the ads cost") % {"percent": percent}))
    if terms.fee_micros:
        amount = formats.money(terms.fee_micros, terms.currency or "EUR", language, short=True)
        facts.append((_("Fee"), _("%(amount)s, once per advertiser") % {"amount": amount}))
    if terms.approve_each_ad:
        who = pgettext("creator", "You approve each one") if is_own else _("The creator approves each ad")
        facts.append((pgettext("noun", "Ads"), who))
    if terms.max_advertisers > 1:
        facts.append((_("Advertisers"), _("%(number)s at most") % {"number": terms.max_advertisers}))
    return facts


def proposed_days(policy: Policy, wished: int | None = None) -> int:
    """Return the duration that is proposed first: what was wished, where it is offered, else the house's own."""
    return wished if wished in policy.grant_days else policy.default_grant_days


def duration_options(now_ms: int, chosen: int, days: Sequence[int], *, disabled: bool = False) -> list[dict[str, Any]]:
    """Return radio cards of durations, each with the day it ends when counted from ``now_ms``."""
    from attise.doors.site.templatetags.attise import day

    return [
        {
            "value": count,
            "label": _("%(days)s days") % {"days": count},
            "detail": _("until %(date)s") % {"date": day(rules.end_of(now_ms, count))},
            "checked": count == chosen,
            "disabled": disabled,
        }
        for count in days
    ]
