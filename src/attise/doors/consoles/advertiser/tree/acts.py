"""What is done from a table: a switch, a budget, several at once. Parts for scripts, whole pages without them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from attise.doors.consoles import money_text, telling, words
from attise.doors.consoles.advertiser.tree import filters as asked
from attise.doors.consoles.advertiser.tree import rows as shown
from attise.doors.consoles.advertiser.tree import table
from attise.doors.consoles.advertiser.tree.budget import ASK, CONFLICT, Edit, is_large, most_in_words
from attise.doors.consoles.advertiser.tree.levels import WORDS, Level
from attise.doors.consoles.advertiser.tree.rows import Row
from attise.doors.consoles.gate import for_member, go_to, is_ours
from attise.doors.consoles.money_text import typed_money
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site import formats
from attise.kernel.clock import to_datetime
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.ids import parse_id
from attise.management.accounts.queries import name_of_actor
from attise.management.accounts.rules import Permission
from attise.management.campaigns import actions, queries
from attise.management.campaigns.status import ALL, StatusWish
from attise.management.campaigns.views import AdGroupView
from attise.records.lookups import currencies

ON, OFF = "ENABLE", "DISABLE"


# ---- one switch


@for_member(Permission.READ, "POST", act=Permission.EDIT_CAMPAIGNS)
def switch(visit: AdvertiserVisit, level: Level, object_id: int) -> HttpResponse:
    """Switch one campaign, ad group or ad on or off."""
    to = visit.request.POST.get("operation_status", "")
    if to not in (ON, OFF):
        raise Http404
    try:
        _switch(visit, level, object_id, to)
    except (Refusal, Refusals) as refused:
        _refuse_absent(refused)
        return _refused_switch(visit, level, object_id, refused)
    said = _switched_words(level, to)
    if is_by_script(visit.request):
        return _row(visit, table.find_one(visit, level, object_id), toast=said)
    messages.success(visit.request, said)
    return HttpResponseRedirect(_back(visit, level))


def _refused_switch(visit: AdvertiserVisit, level: Level, object_id: int, refused: Refusal | Refusals) -> HttpResponse:
    """Say why something was not switched on, where that was asked."""
    row = table.find_one(visit, level, object_id)
    why = telling.sentence(telling.items_of(refused)[0])
    status = telling.worst_status(telling.items_of(refused))
    if is_by_script(visit.request):
        return _row(visit, row, error=why, status=status)
    text = _("%(name)s stays as it was. %(why)s") % {"name": row.name, "why": why}
    page = _page_of_one(visit)
    if page:
        messages.error(visit.request, text)
        return HttpResponseRedirect(page)
    return _whole(visit, level, notice={"tone": "bad", "text": text}, status=status)


def _switch(visit: AdvertiserVisit, level: Level, object_id: int, to: str) -> None:
    mine: dict[str, Any] = {"advertiser_id": visit.advertiser.id}
    if level is Level.CAMPAIGN:
        actions.switch_campaigns(visit.means, visit.actor, **mine, campaign_ids=[object_id], to=to)
    elif level is Level.ADGROUP:
        actions.switch_adgroups(visit.means, visit.actor, **mine, adgroup_ids=[object_id], to=to)
    else:
        actions.switch_ads(visit.means, visit.actor, **mine, ad_ids=[object_id], to=to)


def _switched_words(level: Level, to: str) -> str:
    return {
        (Level.CAMPAIGN, ON): _("Campaign resumed."),
        (Level.CAMPAIGN, OFF): _("Campaign paused."),
        (Level.ADGROUP, ON): _("Ad group resumed."),
        (Level.ADGROUP, OFF): _("Ad group paused."),
        (Level.AD, ON): _("Ad resumed."),
        (Level.AD, OFF): _("Ad paused."),
    }[level, to]


# ---- several at once


@for_member(Permission.READ, "POST", act=Permission.EDIT_CAMPAIGNS)
def bulk(visit: AdvertiserVisit, level: Level) -> HttpResponse:
    """Switch those that are selected; says of which it could not be done, and why."""
    given = visit.request.POST
    to = {"reprendre": ON, "pause": OFF}.get(given.get("act", ""))
    if to is None:
        raise Http404
    ids = list(dict.fromkeys(found for text in given.getlist("id") if (found := parse_id(text))))[: table.PAGE]
    if not ids:
        text = _("Select at least one row.")
        return _whole(visit, level, notice={"tone": "warn", "text": text}, status=422)
    refused: list[tuple[int, Refusal]] = []
    for object_id in ids:
        try:
            _switch(visit, level, object_id, to)
        except (Refusal, Refusals) as refusal:
            refused.append((object_id, telling.items_of(refusal)[0]))
    done = len(ids) - len(refused)
    said = _bulk_words(to, done)
    if not refused:
        messages.success(visit.request, said)
        return go_to(visit.request, reverse(WORDS[level].list_name) + _query(visit, level))
    names = _names(visit, level, [object_id for object_id, _refusal in refused])
    notice = {
        "tone": "warn",
        "text": ngettext(
            "%(skipped)s of %(count)s left as it was:", "%(skipped)s of %(count)s left as they were:", len(refused)
        )
        % {"skipped": len(refused), "count": len(ids)},
        "lines": [
            {"name": names[object_id], "text": telling.sentence(refusal)}
            for object_id, refusal in refused
            if object_id in names
        ],
        "also": said if done else "",
    }
    return _whole(visit, level, notice=notice, status=200)


def _bulk_words(to: str, count: int) -> str:
    if to == ON:
        return ngettext("%(count)s resumed.", "%(count)s resumed.", count) % {"count": count}
    return ngettext("%(count)s paused.", "%(count)s paused.", count) % {"count": count}


def _names(visit: AdvertiserVisit, level: Level, ids: list[int]) -> dict[int, str]:
    """Return the names of some objects that are the advertiser's."""
    mine: dict[str, Any] = {"advertiser_id": visit.advertiser.id}
    everything = StatusWish(primary=ALL)
    if level is Level.AD:
        return {one.id: one.name for one in queries.get_ads(visit.means, **mine, ad_ids=ids)}
    if level is Level.ADGROUP:
        groups = queries.AdGroupWish(adgroup_ids=ids, status=everything)
        return {
            one.id: one.name
            for one in queries.list_adgroups(visit.means, **mine, wish=groups, page_size=table.PAGE).items
        }
    wish = queries.CampaignWish(campaign_ids=ids, status=everything)
    return {
        one.id: one.name for one in queries.list_campaigns(visit.means, **mine, wish=wish, page_size=table.PAGE).items
    }


# ---- a budget in its cell


@for_member(Permission.READ, "GET", "POST", act=Permission.EDIT_CAMPAIGNS)
def budget(visit: AdvertiserVisit, level: Level, object_id: int) -> HttpResponse:
    """Open a budget's cell, close it, or save what was typed."""
    row = table.find_one(visit, level, object_id)
    if row.budget is None or row.budget.elsewhere:
        raise Http404
    if visit.request.method == "GET":
        return _opened(visit, row)
    given = visit.request.POST
    revision = parse_id(given.get("revision", "")) or 0
    edit = Edit(row.id, given.get("budget", "").strip()[:40], revision)
    micros = money_text.read_money(edit.typed, row.currency)
    if micros is None:
        error = _("This is not an amount in %(currency)s.") % {"currency": currencies.get(row.currency).symbol}
        return _cell(visit, row, replace(edit, error=error), status=422)
    is_fresh, is_sure = row.view.revision == revision, given.get("oui") == typed_money(micros, row.currency)
    if is_fresh and not is_sure and is_large(row.budget.micros, micros):
        return _cell(
            visit,
            row,
            replace(edit, question=ASK, words=_ask_words(visit, row, micros), sure=typed_money(micros, row.currency)),
        )
    try:
        _save(visit, row, micros, revision)
    except (Refusal, Refusals) as refused:
        return _refused_budget(visit, level, row, edit, refused)
    said = _("Budget saved.")
    if is_by_script(visit.request):
        return _row(visit, table.find_one(visit, level, object_id), toast=said, focus="budget")
    messages.success(visit.request, said)
    return HttpResponseRedirect(_back(visit, level))


def _opened(visit: AdvertiserVisit, row: Row) -> HttpResponse:
    """Return the cell, or the page with the cell; ``?annuler`` closes it."""
    if not is_by_script(visit.request):
        query = _returning(visit).copy()
        if isinstance(row.view, AdGroupView) and not query:
            query["campagne"] = str(row.view.campaign_id)
        query["budget"] = str(row.id)
        return HttpResponseRedirect(f"{reverse(WORDS[row.level].list_name)}?{query.urlencode()}")
    can = row.budget is not None and row.budget.can_edit
    if "annuler" in visit.request.GET or not can:
        return _row(visit, row, focus="budget")
    return _cell(visit, row, Edit.of(row))


def _save(visit: AdvertiserVisit, row: Row, micros: int, revision: int) -> None:
    mine: dict[str, Any] = {"advertiser_id": visit.advertiser.id, "expected_revision": revision}
    if row.level is Level.CAMPAIGN:
        actions.update_campaign(visit.means, visit.actor, **mine, campaign_id=row.id, budget_micros=micros)
    else:
        actions.update_adgroup(visit.means, visit.actor, **mine, adgroup_id=row.id, budget_micros=micros)


def _refused_budget(
    visit: AdvertiserVisit, level: Level, row: Row, edit: Edit, refused: Refusal | Refusals
) -> HttpResponse:
    """Keep what was typed, under why it was not saved; a change made meanwhile is shown beside one's own."""
    _refuse_absent(refused)
    items = telling.items_of(refused)
    if items[0].code != "edited_meanwhile":
        return _cell(visit, row, edit.refused(refused), status=telling.worst_status(items))
    now = table.find_one(visit, level, row.id)
    kept = replace(edit, revision=now.view.revision, question=CONFLICT, words=_conflict_words(visit, now))
    return _cell(visit, now, kept, status=409)


def _ask_words(visit: AdvertiserVisit, row: Row, micros: int) -> str:
    language = formats.language_of(get_language())
    before = row.budget.micros if row.budget else None
    change = _("%(before)s now, %(after)s from this on.") % {
        "before": formats.money(before, row.currency, language, short=True),
        "after": formats.money(micros, row.currency, language, short=True),
    }
    return f"{change} {most_in_words(row, micros, visit.means.clock.world_ms())}"


def _conflict_words(visit: AdvertiserVisit, row: Row) -> str:
    """Return who changed it, when, and what the budget is by now."""
    language = formats.language_of(get_language())
    last = queries.page_history(
        advertiser_id=visit.advertiser.id, level=row.level.value, object_id=row.id, limit=1
    ).items
    who = name_of_actor(last[0].actor) if last else ""
    at = timezone.localtime(to_datetime(row.view.modified_at_ms))
    budget_now = row.budget.micros if row.budget else None
    return _("Changed by %(who)s at %(time)s: the budget is %(budget)s.") % {
        "who": who,
        "time": formats.clock(at, language),
        "budget": formats.money(budget_now, row.currency, language, short=True),
    }


# ---- how it is answered


def is_by_script(request: HttpRequest) -> bool:
    """Tell whether a part of a page was asked for."""
    return bool(request.headers.get("HX-Request"))


def _refuse_absent(refused: Refusal | Refusals) -> None:
    """Answer what is another's and what is nowhere with one 404, whatever was asked of them."""
    if any(one.code == "not_found" for one in telling.items_of(refused)):
        raise Http404


def _row(
    visit: AdvertiserVisit, row: Row, *, toast: str = "", error: str = "", focus: str = "switch", status: int = 200
) -> HttpResponse:
    """Return one row of a table, in place of itself."""
    context = {**_around(visit, row), "toast": toast, "error": error, "focus": focus}
    return render(visit.request, "consoles/advertiser/tree/parts/row_answer.html", context, status=status)


def _cell(visit: AdvertiserVisit, row: Row, edit: Edit, *, status: int = 200) -> HttpResponse:
    """Return the row of a budget that is being changed: alone, or the page with it."""
    if not is_by_script(visit.request):
        return _whole(visit, row.level, edit=edit, status=status)
    context = {**_around(visit, row), "edit": edit}
    return render(visit.request, "consoles/advertiser/tree/parts/row_answer.html", context, status=status)


def _around(visit: AdvertiserVisit, row: Row) -> dict[str, Any]:
    """Return a row with its figures, and what it needs that its table has."""
    level = row.level
    filters = asked.read(_returning(visit), level)
    return {
        "visit": visit,
        "row": shown.with_figures(visit, level, [row], filters.period, is_compared=filters.is_compared)[0],
        "level": level,
        "words": WORDS[level],
        "retour": _page_of_one(visit) or _query(visit, level),
        "here": _back(visit, level),
        "can_edit": visit.can(Permission.EDIT_CAMPAIGNS),
        "picks": not _page_of_one(visit) and visit.can(Permission.EDIT_CAMPAIGNS),
        "reserved": words.reserved_for(Permission.EDIT_CAMPAIGNS),
    }


def _whole(visit: AdvertiserVisit, level: Level, **more: Any) -> HttpResponse:
    """Return the table that a form came from."""
    return table.show(visit, asked.read(_returning(visit), level), **more)


def _query(visit: AdvertiserVisit, level: Level) -> str:
    return asked.read(_returning(visit), level).query


def _returning(visit: AdvertiserVisit) -> QueryDict:
    """Return the query of the table that a form came from."""
    came_from = _came_from(visit)
    return QueryDict("" if came_from.startswith("/") else came_from.removeprefix("?"))


def _page_of_one(visit: AdvertiserVisit) -> str:
    """Return the page of one object that a form came from; empty when it came from a table."""
    came_from = _came_from(visit)
    return came_from if is_ours(visit.request, came_from) else ""


def _came_from(visit: AdvertiserVisit) -> str:
    """Return what a form says of where it was: a table's query, or the path of a page."""
    return (visit.request.POST if visit.request.method == "POST" else visit.request.GET).get("retour", "")


def _back(visit: AdvertiserVisit, level: Level) -> str:
    """Return the address that a form came from."""
    return _page_of_one(visit) or reverse(WORDS[level].list_name) + _query(visit, level)
