"""To boost: the young posts that the scout ranks, and a boost in three clicks: this post, what it costs, launch."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from attise.doors.consoles import frame, paging, pictures, scouted, telling, words
from attise.doors.consoles.gate import for_member
from attise.doors.consoles.money_text import read_money
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site import formats
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.limits import DAY_MS
from attise.management.accounts.rules import Permission
from attise.management.authorizations.queries import find_usable
from attise.management.authorizations.views import Usable
from attise.management.campaigns import actions
from attise.management.campaigns.rules.adgroup import AdGroupDraft
from attise.management.campaigns.rules.campaign import CampaignDraft
from attise.management.campaigns.rules.creative import Creative
from attise.management.campaigns.rules.schedules import START_END
from attise.management.campaigns.targeting_rules import ADULTS
from attise.management.posts import queries as posts
from attise.management.posts.views import PostView
from attise.measurement.scout import queries
from attise.measurement.scout.judging import VERDICTS
from attise.measurement.scout.views import StandingView
from attise.records.lookups import call_to_actions, regions
from attise.records.targeting import Targeting

DAYS = (3, 7, 14)
CALLS = ("LEARN_MORE", "SHOP_NOW", "SIGN_UP", "DOWNLOAD_NOW")
BUDGET = "50"
LAUNCHED = "lancer"
"""The button that launches; any other only counts again."""
FIELDS = {
    "budget_micros": "budget",
    "creatives[0].landing_page_url": "landing_page_url",
    "creatives[0].call_to_action": "call_to_action",
}
"""Where a refusal of the room stands in the form; what is in none of its fields stands at its head."""


class BoostForm(forms.Form):
    """What is asked before a post is boosted; all but the link is filled."""

    landing_page_url = forms.CharField(
        label=gettext_lazy("Link"),
        max_length=2_048,
        error_messages={"required": gettext_lazy("Where should the ad lead? Paste the address of your page.")},
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url", "placeholder": "https://"}),
    )
    budget = forms.CharField(
        label=gettext_lazy("Budget a day"),
        max_length=30,
        error_messages={"required": gettext_lazy("This field is required.")},
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Days"), coerce=int, choices=[(number, str(number)) for number in DAYS]
    )
    call_to_action = forms.ChoiceField(label=gettext_lazy("Button"), choices=[(code, code) for code in CALLS])

    def __init__(self, *args: Any, **more: Any) -> None:
        """Call buttons as the reader's language does."""
        super().__init__(*args, **more)
        french = formats.language_of(get_language()) == formats.FRENCH
        named = [(code, call_to_actions.get(code)) for code in CALLS]
        self.fields["call_to_action"].choices = [(code, one.name_fr if french else one.name_en) for code, one in named]


@for_member(Permission.READ, "GET")
def scout_page(visit: AdvertiserVisit) -> HttpResponse:
    """List young public posts, those that will grow most first; ``?avis=`` keeps one verdict."""
    chosen = visit.request.GET.get("avis", "")
    chosen = chosen if chosen in VERDICTS else ""
    found = queries.page_standings(
        verdicts=[chosen] if chosen else [], page=paging.number_of(visit.request), page_size=paging.PAGE
    )
    seen = posts.find_posts(one.post_id for one in found.items)
    kept = [one for one in found.items if one.post_id in seen and seen[one.post_id].is_public]
    usable = find_usable(visit.means, advertiser_id=visit.advertiser.id, post_ids=[one.post_id for one in kept])
    board = queries.get_board()
    context = {
        "rows": [_row(visit, one, seen[one.post_id], usable.get(one.post_id)) for one in kept],
        "chosen": chosen,
        "verdicts": scouted.verdicts(),
        "analysis": queries.find_analysis(),
        "board": board,
        "lines": scouted.lines(board),
        "can_boost": visit.can(Permission.EDIT_CAMPAIGNS),
        "reserved": words.reserved_for(Permission.EDIT_CAMPAIGNS),
        "pager": paging.pager(found, {"avis": chosen} if chosen else {}),
    }
    return frame.page(visit, "advertiser/scout.html", "scout", context)


@for_member(Permission.READ, "GET", "POST", act=Permission.EDIT_CAMPAIGNS)
def boost(visit: AdvertiserVisit, post_id: int) -> HttpResponse:
    """Boost one post: first what is asked, then what it costs at most, then the launch."""
    post = posts.find_post(post_id)
    if post is None or not post.is_public:
        raise Http404
    usable = find_usable(visit.means, advertiser_id=visit.advertiser.id, post_ids=[post.id]).get(post.id)
    if visit.request.method == "GET" or usable is None:
        form = BoostForm(initial={"budget": BUDGET, "days": 7, "call_to_action": CALLS[0]})
        return _sheet(visit, post, usable, form)
    form = BoostForm(visit.request.POST)
    micros = read_money(form.data.get("budget", ""), visit.advertiser.currency) if form.is_valid() else None
    if form.is_valid() and micros is None:
        form.add_error("budget", _("Type an amount, such as 500 or 500.50."))
    if micros is None or form.errors:
        return _sheet(visit, post, usable, form, status=422)
    if visit.request.POST.get("act") != LAUNCHED:
        return _sheet(visit, post, usable, form, most_micros=micros * form.cleaned_data["days"])
    try:
        made = _boost(visit, post, usable, form, micros)
    except (Refusal, Refusals) as refused:
        return _sheet(visit, post, usable, form, status=telling.put_into(form, refused, FIELDS))
    messages.success(visit.request, _("The boost is made. It runs as soon as its review is done."))
    return HttpResponseRedirect(reverse("ad", args=[made]))


def _boost(visit: AdvertiserVisit, post: PostView, usable: Usable, form: BoostForm, micros: int) -> int:
    """Make campaign, ad group and ad; returns the ad's id. Raises: as ``actions.boost``."""
    now_ms = visit.means.clock.world_ms()
    name = _("Boost of @%(handle)s, %(date)s") % {
        "handle": post.creator_handle,
        "date": formats.day(scouted.local_day(now_ms), formats.language_of(get_language())),
    }
    made = actions.boost(
        visit.means,
        visit.actor,
        house=settings.HOUSE,
        advertiser_id=visit.advertiser.id,
        campaign=CampaignDraft(name=name, objective_type="TRAFFIC"),
        adgroup=AdGroupDraft(
            name=name,
            optimization_goal="CLICK",
            budget_mode="BUDGET_MODE_DAY",
            budget_micros=micros,
            schedule_type=START_END,
            starts_at_ms=now_ms,
            ends_at_ms=now_ms + form.cleaned_data["days"] * DAY_MS,
            targeting=Targeting(locations=(regions.by_iso(visit.advertiser.country).id,), age_groups=ADULTS),
        ),
        creative=Creative(
            name=name,
            identity_type=usable.identity_type,
            identity_id=usable.identity_id,
            post_id=post.id,
            call_to_action=form.cleaned_data["call_to_action"],
            landing_page_url=form.cleaned_data["landing_page_url"],
        ),
    )
    return made.ad.id


def _sheet(
    visit: AdvertiserVisit,
    post: PostView,
    usable: Usable | None,
    form: BoostForm,
    *,
    most_micros: int | None = None,
    status: int = 200,
) -> HttpResponse:
    one = queries.find_standing(post.id)
    context = {
        "post": post,
        "name": pictures.first_line(post),
        "player": pictures.player_of(visit.means, post),
        "row": None if one is None else _row(visit, one, post, usable),
        "usable": usable,
        "form": form,
        "most_micros": most_micros if not form.errors else None,
        "currency": visit.advertiser.currency,
        "can_boost": visit.can(Permission.EDIT_CAMPAIGNS),
        "reserved": words.reserved_for(Permission.EDIT_CAMPAIGNS),
    }
    return frame.page(visit, "advertiser/boost.html", "scout", context, status=status)


def _row(visit: AdvertiserVisit, one: StandingView, post: PostView, usable: Usable | None) -> dict[str, Any]:
    return {
        **scouted.card(one, visit.means.clock.world_ms(), visit.advertiser.timezone),
        "post": post,
        "title": pictures.first_line(post),
        "cover_url": pictures.cover_of(visit.means, post),
        "usable": usable,
    }
