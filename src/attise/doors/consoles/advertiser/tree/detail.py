"""One campaign, ad group or ad: where it stands, everything in the way with its next step, what was changed by whom."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from attise.doors.consoles import frame, money_text, pictures, telling, words
from attise.doors.consoles.advertiser.tree import advice, advice_words, changes, effect, results, said, table
from attise.doors.consoles.advertiser.tree import rows as shown
from attise.doors.consoles.advertiser.tree.filters import Filters
from attise.doors.consoles.advertiser.tree.holdout import TYPED, Holdout, in_words
from attise.doors.consoles.advertiser.tree.levels import WORDS, Level
from attise.doors.consoles.comments import comments_of
from attise.doors.consoles.gate import for_member
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site import advised, formats
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.ids import parse_id
from attise.management.accounts.rules import Permission
from attise.management.campaigns import actions, queries
from attise.management.campaigns.views import AdGroupView, AdView, CampaignView
from attise.management.review.rules import NOTE_CHARACTERS
from attise.records.lookups import call_to_actions, regions

BENEATH = 50
CHANGES = 20
COMMENTS = 5
POSTS = 3
"""Posts whose counters a campaign or an ad group shows."""
PLACES = 5
"""Places of an audience that are named."""


@for_member(Permission.READ, "GET")
def campaign(visit: AdvertiserVisit, object_id: int) -> HttpResponse:
    """Show a campaign with its ad groups, and what is in the way of its ads."""
    return _campaign(visit, table.find_one(visit, Level.CAMPAIGN, object_id))


@for_member(Permission.READ, "POST", act=Permission.EDIT_CAMPAIGNS)
def holdout(visit: AdvertiserVisit, object_id: int) -> HttpResponse:
    """Save the share of viewers who are held out of a campaign, or show its page with why not."""
    row = table.find_one(visit, Level.CAMPAIGN, object_id)
    given = visit.request.POST
    typed = given.get("holdout", "").strip()[:TYPED]
    share_ppm = money_text.read_percent(typed)
    if share_ppm is None:
        return _campaign(visit, row, Holdout.unreadable(typed), status=422)
    try:
        actions.update_campaign(
            visit.means,
            visit.actor,
            advertiser_id=visit.advertiser.id,
            campaign_id=object_id,
            expected_revision=parse_id(given.get("revision", "")) or 0,
            holdout_ppm=share_ppm,
        )
    except (Refusal, Refusals) as refused:
        status = telling.worst_status(telling.items_of(refused))
        now = table.find_one(visit, Level.CAMPAIGN, object_id)
        return _campaign(visit, now, Holdout.refused(typed, refused), status=status)
    messages.success(visit.request, _("Holdout saved."))
    return HttpResponseRedirect(reverse("campaign", args=[object_id]))


@for_member(Permission.READ, "POST", act=Permission.EDIT_CAMPAIGNS)
def take_advice(visit: AdvertiserVisit, object_id: int) -> HttpResponse:
    """Do what an advice on a campaign says, or tell why not."""
    view = queries.get_campaign(visit.means, advertiser_id=visit.advertiser.id, campaign_id=object_id)
    try:
        done = advised.take(visit.means, settings.HOUSE, visit.actor, view, visit.request.POST.get("conseil", ""))
    except (Refusal, Refusals) as refused:
        messages.error(visit.request, advice.why_not(refused))
    else:
        messages.success(visit.request, advice_words.done(done.advice, view.currency))
    if visit.request.POST.get("retour") == reverse("ads_home"):
        return HttpResponseRedirect(f"{reverse('ads_home')}#conseils")
    return HttpResponseRedirect(f"{reverse('campaign', args=[object_id])}#conseils")


@for_member(Permission.READ, "GET")
def adgroup(visit: AdvertiserVisit, object_id: int) -> HttpResponse:
    """Show an ad group with its ads, and what is in their way."""
    row = table.find_one(visit, Level.ADGROUP, object_id)
    beneath = Filters(Level.AD, adgroup_id=object_id)
    ads = _ads(visit, adgroup_ids=[object_id])
    return _page(visit, row, beneath=beneath, ads=ads)


@for_member(Permission.READ, "GET")
def ad(visit: AdvertiserVisit, object_id: int) -> HttpResponse:
    """Show an ad with the post that it shows, and all that is in its way."""
    row = table.find_one(visit, Level.AD, object_id)
    return _page(visit, row, beneath=None, ads=[row.view])


@for_member(Permission.READ, "POST", act=Permission.EDIT_CAMPAIGNS)
def launch(visit: AdvertiserVisit, object_id: int) -> HttpResponse:
    """Launch an ad, or show all that is in its way."""
    given = parse_id(visit.request.POST.get("revision", ""))
    done = actions.launch_ad(
        visit.means, visit.actor, advertiser_id=visit.advertiser.id, ad_id=object_id, expected_revision=given
    )
    address = reverse("ad", args=[object_id])
    if not done.is_launched:
        messages.error(visit.request, _("Not launched yet: something is in the way."))
        return HttpResponseRedirect(f"{address}#suite")
    waits = said.loud(done.ad.blockers)
    text = _("Launched. It runs as soon as nothing is in its way.") if waits else _("Launched.")
    messages.success(visit.request, text)
    return HttpResponseRedirect(address)


@for_member(Permission.READ, "POST", act=Permission.EDIT_CAMPAIGNS)
def appeal(visit: AdvertiserVisit, object_id: int) -> HttpResponse:
    """Ask once that a refusal be looked at again."""
    note = visit.request.POST.get("note", "")
    actions.appeal(visit.means, visit.actor, advertiser_id=visit.advertiser.id, ad_id=object_id, note=note)
    messages.success(
        visit.request, _("Your objection is in the review queue. The answer usually comes within 24 hours.")
    )
    return HttpResponseRedirect(reverse("ad", args=[object_id]))


def _campaign(
    visit: AdvertiserVisit, row: shown.Row, form: Holdout | None = None, *, status: int = 200
) -> HttpResponse:
    """Return the page of a campaign; ``form`` is its holdout while it is changed."""
    ads = _ads(visit, campaign_ids=[row.id])
    return _page(visit, row, beneath=Filters(Level.ADGROUP, campaign_id=row.id), ads=ads, form=form, status=status)


def _ads(visit: AdvertiserVisit, **where: Any) -> list[AdView]:
    """Return the newest ads beneath, for what is in their way."""
    wish = queries.AdWish(**where)
    return queries.page_ads(visit.means, advertiser_id=visit.advertiser.id, wish=wish, limit=BENEATH).items


def _page(
    visit: AdvertiserVisit,
    row: shown.Row,
    *,
    beneath: Filters | None,
    ads: list[AdView],
    form: Holdout | None = None,
    status: int = 200,
) -> HttpResponse:
    level = row.level
    after = parse_id(visit.request.GET.get("apres", ""))
    history = queries.page_history(
        advertiser_id=visit.advertiser.id, level=level.value, object_id=row.id, after=after, limit=CHANGES
    )
    view = row.view
    stops = _stops(ads, visit.means.clock.world_ms(), is_one=level is Level.AD)
    context = {
        "level": level,
        "words": WORDS[level],
        "row": row,
        "view": view,
        "back": reverse(WORDS[level].list_name),
        "above": _above(view, level),
        "facts": _facts(row),
        "stops": stops,
        "is_stopped": any(cause.stops != "warning" for one in stops for cause in one["causes"]),
        "beneath": None if beneath is None else table.find(visit, replace(beneath, period=results.asked(visit))),
        "beneath_words": None if beneath is None else WORDS[beneath.level],
        "beneath_url": "" if beneath is None else reverse(WORDS[beneath.level].list_name) + beneath.query,
        "history": changes.told(history.items, visit.advertiser.currency),
        "older": "" if history.after is None else f"?apres={history.after}#historique",
        "is_first": after is None,
        "can_edit": visit.can(Permission.EDIT_CAMPAIGNS),
        "reserved": words.reserved_for(Permission.EDIT_CAMPAIGNS),
        "retour": visit.request.path,
        "here": visit.request.path,
        "picks": False,
        "beneath_level": None if beneath is None else beneath.level,
        "timezone": visit.advertiser.timezone.replace("_", " "),
        **results.of(visit, row),
    }
    if isinstance(view, AdView):
        context |= _of_ad(visit, view)
    else:
        context["shown_posts"] = _posts(visit, ads, first=context["most_spent_on"])
    if isinstance(view, CampaignView):
        context |= effect.of(visit, view)
        context["advice"] = advice.lines(visit, view)
        if not view.is_deleted:
            context["holdout"] = form or Holdout.of(view.holdout_ppm)
    return frame.page(visit, "advertiser/tree/detail.html", "campaigns", context, status=status)


def _posts(visit: AdvertiserVisit, ads: list[AdView], *, first: list[int]) -> list[dict[str, Any]]:
    """Return the posts that ads show, with their counters: those that most was spent on first."""
    shown_by = {one.post.id: one.post for one in ads if one.post is not None and one.kind != "standard"}
    order = [post_id for post_id in dict.fromkeys([*first, *shown_by]) if post_id in shown_by]
    return [pictures.card(visit.means, shown_by[post_id]) for post_id in order[:POSTS]]


def _above(view: Any, level: Level) -> list[tuple[str, str]]:
    """Return what is above, as links from the top down."""
    found = []
    if level is not Level.CAMPAIGN:
        found.append((view.campaign_name, reverse("campaign", args=[view.campaign_id])))
    if level is Level.AD:
        found.append((view.adgroup_name, reverse("adgroup", args=[view.adgroup_id])))
    return found


def _stops(ads: list[AdView], now_ms: int, *, is_one: bool) -> list[dict[str, Any]]:
    """Return the ads that something is in the way of, with all of it, each with its next step."""
    found = []
    for one in ads:
        warnings = one.warnings if is_one or said.is_ending(one, now_ms) else ()
        refusals = [*(one.blockers if is_one else said.loud(one.blockers)), *warnings]
        if refusals:
            found.append(
                {
                    "ad": one,
                    "said": said.of_ad(one, now_ms),
                    "url": reverse("ad", args=[one.id]),
                    "causes": said.causes(refusals, view=one),
                }
            )
    return found


def _facts(row: shown.Row) -> list[tuple[str, str]]:
    """Return what is known of an object beside its figures: name, words."""
    view = row.view
    found = [(_("Objective"), row.objective)]
    if isinstance(view, AdGroupView):
        found += [
            (_("Goal"), str(words.GOALS[view.optimization_goal])),
            (_("Billed"), str(words.BILLED[view.billing_event])),
            (_("Bid"), _bid(view)),
            (_("Locations"), _places(view)),
        ]
    if isinstance(view, CampaignView):
        found.append((_("Holdout"), in_words(view.holdout_ppm)))
        if view.po_number:
            found.append((_("Order number"), view.po_number))
    if isinstance(view, AdView):
        button = call_to_actions.find(view.call_to_action)
        found += [
            (_("Call to action"), formats.NO_DATA if button is None else words.named(button)),
            (_("Landing page"), view.landing_page_url or formats.NO_DATA),
            (_("Shown as"), row.creator or view.display_name),
        ]
    return found


def _bid(view: AdGroupView) -> str:
    micros = view.bid_micros if view.conversion_bid_micros is None else view.conversion_bid_micros
    if micros is None:
        return _("Maximum delivery")
    return formats.money(micros, view.currency, formats.language_of(get_language()))


def _places(view: AdGroupView) -> str:
    """Return the first places of an audience, and how many more there are."""
    places = [words.named(regions.get(one)) for one in view.targeting.locations[:PLACES]]
    more = len(view.targeting.locations) - len(places)
    if not places:
        return _("Everywhere")
    if not more:
        return words.listed(places)
    return ngettext("%(places)s and %(more)s more", "%(places)s and %(more)s more", more) % {
        "places": ", ".join(places),
        "more": more,
    }


def _of_ad(visit: AdvertiserVisit, view: AdView) -> dict[str, Any]:
    """Return what the page of an ad shows of its post, its review and its creator's word."""
    post = view.post
    return {
        "post": post,
        "name": view.name if post is None else pictures.first_line(post),
        "player": None if post is None else pictures.player_of(visit.means, post),
        "can_appeal": view.review == "rejected" and not view.appealed and not view.is_deleted,
        "note_most": NOTE_CHARACTERS,
        "counters": pictures.counters_of(view.id if post is None else post.id),
        "comments": [] if post is None else comments_of(post.id, limit=COMMENTS),
        "can_launch": view.operation_status != "ENABLE" and not view.is_deleted,
    }
