"""What happened to a campaign, an ad group or an ad."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet

from attise.kernel.acts import ActsWish
from attise.kernel.paging import Page
from attise.management.campaigns.models import Ad, AdGroup, Campaign, HistoryEntry
from attise.management.campaigns.views import HistoryView
from attise.management.outbox.acts import in_span, of_actor


def page_history(
    *,
    advertiser_id: int,
    level: str | None = None,
    object_id: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> Page[HistoryView]:
    """Return what happened, newest first: to one object of a level, or to all of an advertiser's. Cost: one query."""
    rows = HistoryEntry.objects.filter(advertiser_id=advertiser_id)
    if level is not None:
        rows = rows.filter(level=level)
    if object_id is not None:
        rows = rows.filter(object_id=object_id)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = list(rows.order_by("-id")[: limit + 1])
    items = [_view(row) for row in found[:limit]]
    return Page(items, items[-1].id if len(found) > limit else None)


SWITCHED = "switched"
"""One verb is kept for all that switches do to campaigns and ad groups; what became of them tells which it was."""
SWITCHES = {
    "switched_on": Q(verb=SWITCHED, after__operation_status="ENABLE"),
    "switched_off": Q(verb=SWITCHED, after__operation_status="DISABLE"),
    "deleted": Q(verb=SWITCHED, after__has_key="deleted_at_ms"),
}


def list_acts(wish: ActsWish, *, levels: Collection[str]) -> list[tuple[int, HistoryView]]:
    """Return acts on things of some levels, whoever's they are, newest first, each after its advertiser's id.

    Switches bear the verb of what they did. Cost: one query; a rare one is looked for through all that happened.
    """
    rows = HistoryEntry.objects.filter(in_span(wish), of_actor(wish.actor), level__in=levels)
    if wish.actions is not None:
        meant = Q(verb__in=wish.actions)
        for verb in SWITCHES.keys() & set(wish.actions):
            meant |= SWITCHES[verb]
        rows = rows.filter(meant)
    if wish.object_id is not None:
        rows = rows.filter(object_id=wish.object_id)
    return [(row.advertiser_id, _switch_named(_view(row))) for row in rows.order_by("-id")[: wish.limit]]


def names_of(things: Collection[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Return the names of campaigns, ad groups and ads, deleted ones too, by level and id. Cost: a query a level."""
    tables: dict[str, QuerySet[Any]] = {
        "campaign": Campaign.objects.all(),
        "adgroup": AdGroup.objects.all(),
        "ad": Ad.objects.all(),
    }
    found = {}
    for level, table in tables.items():
        ids = [number for kind, number in things if kind == level]
        if ids:
            rows = table.filter(id__in=ids).values_list("id", "name")
            found.update({(level, number): name for number, name in rows})
    return found


def _switch_named(view: HistoryView) -> HistoryView:
    if view.verb != SWITCHED:
        return view
    is_on = view.after.get("operation_status") == "ENABLE"
    return replace(
        view, verb="deleted" if "deleted_at_ms" in view.after else "switched_on" if is_on else "switched_off"
    )


def _view(row: HistoryEntry) -> HistoryView:
    return HistoryView(
        row.id, row.level, row.object_id, row.at_ms, row.verb, row.actor, row.origin, row.before, row.after
    )
