"""A boost in three clicks: this post, what it costs, launch; or a question to its creator, and a boost that waits."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from attise.doors.consoles import frame, pictures, telling, words
from attise.doors.consoles.advertiser.boost_form import BoostForm, asked_days
from attise.doors.consoles.advertiser.scout import row_of
from attise.doors.consoles.gate import for_member
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site import formats
from attise.kernel.clock import to_datetime
from attise.kernel.errors import NOT_FOUND, Refusal, Refusals
from attise.management.accounts.rules import Permission
from attise.management.authorizations.queries import find_usable
from attise.management.authorizations.views import Usable
from attise.management.campaigns import actions
from attise.management.campaigns.queries import get_boost, list_boosts
from attise.management.campaigns.views import WaitingBoostView
from attise.management.posts import queries as posts
from attise.management.posts.views import PostView
from attise.measurement.scout import queries

LAUNCHED = "lancer"
"""The button that launches, or asks; any other only counts again."""
FIELDS = {
    "budget_micros": "budget",
    "objective_type": "goal",
    "optimization_goal": "goal",
    "pixel_id": "event",
    "optimization_event": "event",
}
"""Where a refusal of the room stands in the form; what is in none of its fields stands at its head."""


@for_member(Permission.READ, "GET", "POST", act=Permission.EDIT_CAMPAIGNS)
def boost(visit: AdvertiserVisit, post_id: int) -> HttpResponse:
    """Boost one post: first what is asked, then what it costs at most, then the launch, or the question."""
    post = posts.find_post(post_id)
    if post is None or not post.is_public:
        raise Http404
    usable = find_usable(visit.means, advertiser_id=visit.advertiser.id, post_ids=[post.id]).get(post.id)
    waits = next(
        (one for one in list_boosts(visit.means, advertiser_id=visit.advertiser.id) if one.wish.post_id == post.id),
        None,
    )
    if visit.request.method == "GET":
        return _sheet(visit, post, usable, BoostForm(visit, wish=None if waits is None else waits.wish), waits=waits)
    form = BoostForm(visit, visit.request.POST)
    if not form.is_valid():
        return _sheet(visit, post, usable, form, status=422)
    wish = form.wish(post.id, _name(visit, post))
    if visit.request.POST.get("act") != LAUNCHED:
        return _sheet(visit, post, usable, form, most_micros=wish.budget_micros * wish.days)
    try:
        made = actions.wish_boost(
            visit.means,
            visit.actor,
            house=settings.HOUSE,
            advertiser_id=visit.advertiser.id,
            wish=wish,
            asked_days=asked_days(wish.days),
        )
    except (Refusal, Refusals) as refused:
        return _sheet(visit, post, usable, form, status=telling.put_into(form, refused, FIELDS))
    if isinstance(made, WaitingBoostView):
        said = _("@%(handle)s is asked. The boost is kept and can be launched once they agree.")
        messages.success(visit.request, said % {"handle": post.creator_handle})
        return HttpResponseRedirect(reverse("scout"))
    return _launched(visit, made)


@for_member(Permission.EDIT_CAMPAIGNS, "POST")
def launch(visit: AdvertiserVisit, boost_id: int) -> HttpResponse:
    """Launch a boost whose creator has agreed; where the scout no longer advises it, the sheet asks once more."""
    try:
        one = get_boost(visit.means, advertiser_id=visit.advertiser.id, boost_id=boost_id)
    except Refusal:
        return _gone(visit)
    standing = queries.find_standing(one.wish.post_id)
    if standing is None or standing.verdict == "too_late":
        messages.info(visit.request, _("This post no longer grows as it did. Look at the boost once more."))
        return HttpResponseRedirect(reverse("boost_post", args=[one.wish.post_id]))
    try:
        made = actions.launch_boost(
            visit.means,
            visit.actor,
            house=settings.HOUSE,
            advertiser_id=visit.advertiser.id,
            boost_id=boost_id,
        )
    except (Refusal, Refusals) as refused:
        items = telling.items_of(refused)
        if items[0].code == NOT_FOUND.code and items[0].field == "boost_id":
            return _gone(visit)
        messages.error(visit.request, " ".join(telling.sentence(item) for item in items))
        return HttpResponseRedirect(reverse("boost_post", args=[one.wish.post_id]))
    return _launched(visit, made)


@for_member(Permission.EDIT_CAMPAIGNS, "POST")
def drop(visit: AdvertiserVisit, boost_id: int) -> HttpResponse:
    """Let go of a boost that waits."""
    try:
        actions.drop_boost(visit.means, visit.actor, advertiser_id=visit.advertiser.id, boost_id=boost_id)
    except Refusal:
        return _gone(visit)
    messages.success(visit.request, _("The boost is dropped; a request without an answer is taken back."))
    return HttpResponseRedirect(reverse("scout"))


def _launched(visit: AdvertiserVisit, made: actions.Boosted) -> HttpResponse:
    messages.success(visit.request, _("The boost is made. It runs as soon as its review is done."))
    return HttpResponseRedirect(reverse("ad", args=[made.ad.id]))


def _gone(visit: AdvertiserVisit) -> HttpResponse:
    messages.info(visit.request, _("This boost does not wait any more: it was launched or dropped."))
    return HttpResponseRedirect(reverse("scout"))


def _name(visit: AdvertiserVisit, post: PostView) -> str:
    """Return what the campaign is called: names are each once, so the minute is said."""
    now = timezone.localtime(to_datetime(visit.means.clock.world_ms()))
    when = formats.day_and_clock(now, formats.language_of(get_language()))
    return _("Boost of @%(handle)s, %(date)s") % {"handle": post.creator_handle, "date": when}


def _sheet(
    visit: AdvertiserVisit,
    post: PostView,
    usable: Usable | None,
    form: BoostForm,
    *,
    most_micros: int | None = None,
    waits: WaitingBoostView | None = None,
    status: int = 200,
) -> HttpResponse:
    one = queries.find_standing(post.id)
    context: dict[str, Any] = {
        "post": post,
        "name": pictures.first_line(post),
        "player": pictures.player_of(visit.means, post),
        "row": None if one is None else row_of(visit, one, post, usable),
        "usable": usable,
        "waits": waits,
        "form": form,
        "most_micros": most_micros if not form.errors else None,
        "currency": visit.advertiser.currency,
        "can_boost": visit.can(Permission.EDIT_CAMPAIGNS),
        "reserved": words.reserved_for(Permission.EDIT_CAMPAIGNS),
    }
    return frame.page(visit, "advertiser/boost.html", "scout", context, status=status)
