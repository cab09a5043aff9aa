"""The pages of draws: those there are, the sheet of a new one, and one with what came of it."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from attise.doors.consoles import frame, pictures, telling, words
from attise.doors.consoles.advertiser.boost import FIELDS as BOOST_FIELDS
from attise.doors.consoles.advertiser.lots import told
from attise.doors.consoles.advertiser.lots.form import LotForm
from attise.doors.consoles.gate import for_member
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site import formats
from attise.doors.site.lots import TOGETHER_MOST, result_of, together_of
from attise.doors.site.sheets import answers
from attise.doors.site.sheets import forms as files
from attise.doors.site.sheets.lot import lot_sheet
from attise.kernel.clock import to_datetime
from attise.kernel.errors import NOT_FOUND, Refusal, Refusals
from attise.kernel.ids import parse_id
from attise.management.accounts.rules import Permission
from attise.management.campaigns import actions, queries
from attise.management.campaigns.errors import LOT_NOT_DRAWN
from attise.management.campaigns.rules.drawing import can_tell
from attise.management.campaigns.views import LotView
from attise.management.posts import queries as posts

FIELDS: Final = {**BOOST_FIELDS, "post_ids": "posts"}
ANNOUNCED: Final = "announced"


@for_member(Permission.READ, "GET")
def lots(visit: AdvertiserVisit) -> HttpResponse:
    """List an advertiser's draws, newest first, and what they say together."""
    owner, language = visit.advertiser.id, formats.language_of(get_language())
    after = parse_id(visit.request.GET.get("avant", ""))
    page = queries.page_lots(visit.means, advertiser_id=owner, after=after, limit=25)
    drawn = queries.page_lots(visit.means, advertiser_id=owner, limit=TOGETHER_MOST, is_drawn=True)
    context = {
        "rows": [_row(one) for one in page.items],
        "next": page.after,
        "together": told.together(together_of(drawn.items, now_ms=visit.means.clock.world_ms()), language),
        "can_edit": visit.can(Permission.EDIT_CAMPAIGNS),
        "reserved": words.reserved_for(Permission.EDIT_CAMPAIGNS),
    }
    return frame.page(visit, "advertiser/lots/lots.html", "scout", context)


@for_member(Permission.READ, "GET", "POST", act=Permission.EDIT_CAMPAIGNS)
def new_lot(visit: AdvertiserVisit) -> HttpResponse:
    """Name the posts of a draw; ``de`` names one that was told and is not made, in whose place it comes."""
    former = _former(visit)
    if visit.request.method == "GET":
        return _sheet(visit, LotForm(visit, wish=None if former is None else former.wish), former)
    form = LotForm(visit, visit.request.POST)
    if not form.is_valid():
        return _sheet(visit, form, former, status=422)
    try:
        made = actions.announce_lot(
            visit.means,
            visit.actor,
            house=settings.HOUSE,
            advertiser_id=visit.advertiser.id,
            wish=form.lot(_name(visit)),
            in_place_of=None if former is None else former.id,
        )
    except (Refusal, Refusals) as refused:
        return _sheet(visit, form, former, status=_put_into(form, refused))
    return HttpResponseRedirect(reverse("lot", args=[made.id]))


@for_member(Permission.READ, "GET")
def lot(visit: AdvertiserVisit, lot_id: int) -> HttpResponse:
    """Show a draw: what was told before, and once it is made what came of it."""
    return _show(visit, queries.get_lot(visit.means, advertiser_id=visit.advertiser.id, lot_id=lot_id))


@for_member(Permission.EDIT_CAMPAIGNS, "POST")
def draw(visit: AdvertiserVisit, lot_id: int) -> HttpResponse:
    """Make a draw, and boost the posts that it chose."""
    owner = visit.advertiser.id
    try:
        made = actions.draw_lot(visit.means, visit.actor, house=settings.HOUSE, advertiser_id=owner, lot_id=lot_id)
    except (Refusal, Refusals) as refused:
        view = queries.get_lot(visit.means, advertiser_id=owner, lot_id=lot_id)
        items = telling.items_of(refused)
        errors = [{"field": "", "message": _sentence(one, view.wish.post_ids)} for one in items]
        return _show(visit, view, errors=errors, status=telling.STATUSES[items[0].reason.kind])
    said = _("The draw is made. The boosted posts run as soon as their review is done.")
    messages.success(visit.request, said)
    return HttpResponseRedirect(reverse("lot", args=[made.id]))


@for_member(Permission.EDIT_CAMPAIGNS, "POST")
def drop(visit: AdvertiserVisit, lot_id: int) -> HttpResponse:
    """Let go of a draw that is not made yet."""
    try:
        actions.drop_lot(visit.means, visit.actor, advertiser_id=visit.advertiser.id, lot_id=lot_id)
    except Refusal as refused:
        if refused.code == NOT_FOUND.code:
            raise
        messages.error(visit.request, telling.sentence(refused))
        return HttpResponseRedirect(reverse("lot", args=[lot_id]))
    messages.success(visit.request, _("The draw is dropped; nothing was boosted."))
    return HttpResponseRedirect(reverse("lots"))


@for_member(Permission.EXPORT, "GET")
def export(visit: AdvertiserVisit, lot_id: int) -> HttpResponseBase:
    """Answer the posts of a draw as a file, in the form that ``?format`` names."""
    view = queries.get_lot(visit.means, advertiser_id=visit.advertiser.id, lot_id=lot_id)
    found = result_of(view, now_ms=visit.means.clock.world_ms())
    if found is None:
        raise Refusal(LOT_NOT_DRAWN, field="lot_id")
    sheet = lot_sheet(view, found, titles=lambda key: str(told.TITLES[key]), words=lambda key: str(told.WORDS[key]))
    days = (to_datetime(found.course.from_ms).date(), to_datetime(found.course.seen_ms).date())
    return answers.answer(sheet, files.read(visit.request.GET.get("format", "")), days=days)


def _former(visit: AdvertiserVisit) -> LotView | None:
    """Return the draw that is changed, if there is one and it is not made yet."""
    given = visit.request.POST if visit.request.method == "POST" else visit.request.GET
    lot_id = parse_id(given.get("de", ""))
    if lot_id is None:
        return None
    try:
        found = queries.get_lot(visit.means, advertiser_id=visit.advertiser.id, lot_id=lot_id)
    except Refusal:
        return None
    return found if found.state == ANNOUNCED else None


def _sheet(visit: AdvertiserVisit, form: LotForm, former: LotView | None, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "former": former,
        "can_edit": visit.can(Permission.EDIT_CAMPAIGNS),
        "reserved": words.reserved_for(Permission.EDIT_CAMPAIGNS),
        "fields": [form[name] for name in form.fields if name not in {"posts", "promoted"}],
    }
    return frame.page(visit, "advertiser/lots/new.html", "scout", context, status=status)


def _show(
    visit: AdvertiserVisit, view: LotView, *, errors: list[dict[str, str]] | None = None, status: int = 200
) -> HttpResponse:
    language = formats.language_of(get_language())
    found = result_of(view, now_ms=visit.means.clock.world_ms())
    context: dict[str, Any] = {
        **_row(view),
        "errors": errors,
        "can_tell": can_tell(len(view.posts), view.wish.promoted),
        "goal": words.GOALS[view.wish.boost.optimization_goal],
        "can_edit": visit.can(Permission.EDIT_CAMPAIGNS),
        "can_export": visit.can(Permission.EXPORT),
        "reserved": words.reserved_for(Permission.EDIT_CAMPAIGNS),
        "form_of_file": "fr" if language == formats.FRENCH else "intl",
        "recount": told.recount(view),
        **({"named": _named(visit, view)} if found is None else told.of(visit, view, found, language)),
    }
    return frame.page(visit, "advertiser/lots/lot.html", "scout", context, status=status)


def _named(visit: AdvertiserVisit, view: LotView) -> list[dict[str, Any]]:
    """Return the posts of a draw that is not made yet."""
    there = posts.find_posts(one.post_id for one in view.posts)
    return [
        {
            "post": there.get(one.post_id),
            "title": pictures.first_line(there[one.post_id]) if one.post_id in there else "",
            "cover_url": pictures.cover_of(visit.means, there[one.post_id]) if one.post_id in there else "",
        }
        for one in view.posts
    ]


def _row(view: LotView) -> dict[str, Any]:
    """Return a draw as lists and its own page name it."""
    look, word = told.STATES[view.state]
    return {"lot": view, "status": look, "state": word, "what": told.what(view), "name": view.wish.boost.name}


def _name(visit: AdvertiserVisit) -> str:
    """Return what a draw and its campaign are called: names are each once, so the minute is said."""
    now = timezone.localtime(to_datetime(visit.means.clock.world_ms()))
    return _("Draw of %(date)s") % {"date": formats.day_and_clock(now, formats.language_of(get_language()))}


def _put_into(form: LotForm, refused: Refusal | Refusals) -> int:
    """Put refusals beside the fields they name, those of a post with its name; returns the status of the answer."""
    items = telling.items_of(refused)
    for one in items:
        field = "posts" if (one.field or "").startswith("post_ids") else FIELDS.get(one.field or "", one.field)
        chosen = tuple(form.cleaned_data.get("posts", ()))
        form.add_error(field if field in form.fields else None, _sentence(one, chosen))
    return telling.STATUSES[items[0].reason.kind]


def _sentence(refusal: Refusal, post_ids: tuple[int, ...]) -> str:
    """Return a refusal in words; one of a post begins with what the post is called."""
    said, field = telling.sentence(refusal), refusal.field or ""
    place = field.removeprefix("post_ids[").removesuffix("]")
    if not place.isdigit() or int(place) >= len(post_ids):
        return said
    post = posts.find_post(post_ids[int(place)])
    if post is None or not post.is_public:
        return _("A post that cannot be seen any more: %(why)s") % {"why": said}
    return _("“%(post)s” by @%(handle)s: %(why)s") % {
        "post": pictures.first_line(post),
        "handle": post.creator_handle,
        "why": said,
    }
