"""Ads on a creator's posts: who shows what, where it leads, and the creator's word where their terms ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from attise.doors.consoles import pictures, words
from attise.doors.consoles.gate import for_creator, is_ours
from attise.doors.consoles.visit import CreatorVisit
from attise.kernel.ids import parse_id
from attise.management.accounts import queries as accounts
from attise.management.campaigns import actions, queries
from attise.management.campaigns.views import AdView
from attise.records.lookups import call_to_actions

SHOWN = 50
APPROVED, REFUSED = "approved", "refused"


@dataclass(frozen=True, slots=True)
class AdCard:
    """An ad as its creator sees it: never what it costs."""

    view: AdView
    brand: str
    payer: str
    title: str
    """Of the post."""
    cover_url: str | None
    objective: str
    button: str
    """What the ad asks to do, empty when it asks nothing."""
    leads_to: str
    """The host of the landing page, empty when there is none."""
    status: str
    """A key of the catalogue: whether it is shown now, or waits for the creator."""
    words: str

    @property
    def is_asked(self) -> bool:
        """Whether the creator has not answered yet."""
        return any(one.code == "creator_word_pending" for one in self.view.blockers)

    @property
    def may_change(self) -> bool:
        """Whether the creator said something of it, which they may take back."""
        return self.view.creator_word in {APPROVED, REFUSED} and not self.view.is_deleted


def awaiting(visit: CreatorVisit) -> list[AdCard]:
    """Return the ads that wait for the creator's word, newest first. Cost: 6 queries."""
    page = queries.page_ads_of_creator(visit.means, creator_id=visit.account.id, awaiting_word=True, limit=SHOWN)
    return _cards(visit, page.items)


def on_post(visit: CreatorVisit, post_id: int) -> list[AdCard]:
    """Return the newest ads on a post of the creator that were not deleted. Cost: 6 queries."""
    page = queries.page_ads_of_creator(visit.means, creator_id=visit.account.id, post_id=post_id, limit=SHOWN)
    return _cards(visit, [view for view in page.items if not view.is_deleted])


def _cards(visit: CreatorVisit, views: list[AdView]) -> list[AdCard]:
    brands = {one.id: one for one in accounts.list_advertisers({view.advertiser_id for view in views})} if views else {}
    return [
        AdCard(
            view=view,
            brand=brands[view.advertiser_id].name,
            payer=brands[view.advertiser_id].payer_name,
            title="" if view.post is None else pictures.first_line(view.post),
            cover_url=None if view.post is None else pictures.cover_of(visit.means, view.post),
            objective=str(words.OBJECTIVES[view.objective_type]),
            button=_button(view),
            leads_to=urlsplit(view.landing_page_url).hostname or "",
            status=_status(view),
            words=_words(view),
        )
        for view in views
    ]


def _button(view: AdView) -> str:
    row = call_to_actions.find(view.call_to_action)
    return "" if row is None else words.named(row)


def _status(view: AdView) -> str:
    if view.creator_word == REFUSED:
        return "refused"
    if any(one.code == "creator_word_pending" for one in view.blockers):
        return "waiting"
    return "paused" if view.blockers else "active"


def _words(view: AdView) -> str:
    """Return what its creator is told of an ad where the catalogue speaks of something else."""
    return {
        "refused": pgettext("creator's word", "Refused by you"),
        "waiting": pgettext("creator's word", "Waits for you"),
        "paused": pgettext("ad on a post", "Not shown now"),
        "active": pgettext("ad on a post", "Shown now"),
    }[_status(view)]


@for_creator("POST")
def say_word(visit: CreatorVisit, ad_id: int) -> HttpResponse:
    """Approve or refuse an ad on one's post."""
    given = visit.request.POST
    verdict = given.get("verdict", "")
    actions.say_word(
        visit.means,
        visit.actor,
        creator_id=visit.account.id,
        ad_id=ad_id,
        verdict=verdict,
        creative_version=parse_id(given.get("version", "")),
    )
    said = _("Ad approved. It can be shown from now on.") if verdict == APPROVED else _("Ad refused. It is not shown.")
    messages.success(visit.request, said)
    back = given.get("retour", "")
    return HttpResponseRedirect(back if is_ours(visit.request, back) else reverse("creator_authorizations"))
