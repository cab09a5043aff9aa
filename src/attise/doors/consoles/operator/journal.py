"""The journal: what happened in the house, narrowed by its address; and whether the histories of grants are whole."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from attise.doors.consoles import csv_file, frame
from attise.doors.consoles.gate import for_operator
from attise.doors.consoles.operator import acts
from attise.doors.consoles.operator.acts import Act
from attise.doors.consoles.visit import Visit
from attise.doors.site import formats
from attise.kernel.actor import Actor
from attise.kernel.clock import to_datetime, to_ms
from attise.kernel.ids import parse_id
from attise.kernel.limits import DAY_MS
from attise.kernel.means import Means
from attise.kernel.paging import Page
from attise.management.accounts.queries import name_of_actor
from attise.management.authorizations.verify import first_broken_history
from attise.management.journal.queries import page_journal
from attise.management.journal.rules import ACTIONS, ACTORS, ALL_ACTIONS
from attise.management.journal.views import JournalEntry
from attise.management.outbox.actions import unit, verb

PAGE, PART = 50, 500
MOST_ROWS = 50_000
"""Acts that one file holds."""
EXPORT = "exporter"
_ACTOR = re.compile(rf"({'|'.join(ACTORS)})(:[0-9]{{1,19}})?")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; what cannot be is not asked for."""

    actor: str = ""
    kind: str = ""
    object_id: int | None = None
    action: str = ""
    first: dt.date | None = None
    last: dt.date | None = None

    @property
    def query(self) -> dict[str, str]:
        """The same, as an address says it."""
        values = {
            "acteur": self.actor,
            "objet": self.kind,
            "id": str(self.object_id or ""),
            "acte": self.action,
            "du": "" if self.first is None else self.first.isoformat(),
            "au": "" if self.last is None else self.last.isoformat(),
        }
        return {name: value for name, value in values.items() if value}

    def page(self, after: int | None, limit: int) -> Page[JournalEntry]:
        """Return the acts that are asked for, after one of them. Days are those of UTC, the last one included."""
        return page_journal(
            actor=self.actor or None,
            object_kind=self.kind or None,
            object_id=self.object_id,
            action=self.action or None,
            from_ms=_midnight(self.first),
            to_ms=None if self.last is None else (_midnight(self.last) or 0) + DAY_MS,
            after=after,
            limit=limit,
        )


@for_operator("GET", "POST")
def journal(visit: Visit) -> HttpResponse:
    """Show the journal; the button recomputes every history, which changes nothing."""
    asked = _read(visit.request.GET)
    after = parse_id(visit.request.GET.get("apres", ""))
    page = asked.page(after, PAGE)
    checked = visit.request.method == "POST"
    here = reverse("journal")
    context = {
        "acts": [_row(act, here) for act in acts.in_words(page.items)],
        "asked": asked,
        "is_narrowed": bool(asked.query),
        "chips": _chips(asked, here),
        "actors": [(name, label, name == asked.actor.partition(":")[0]) for name, label in acts.ACTORS.items()],
        "kinds": [(name, label, name == asked.kind) for name, label in acts.KINDS.items()],
        "actions": [(name, acts.SAID[name], name == asked.action) for name in ALL_ACTIONS],
        "newest": _address(here, asked) if after is not None else "",
        "older": None if page.after is None else _address(here, asked, apres=str(page.after)),
        "here": _address(here, asked),
        "export_url": _address(here, asked, dialog=EXPORT),
        "dialog": visit.request.GET.get("dialog", ""),
        "formats": csv_file.options(get_language() or ""),
        "most": formats.integer(MOST_ROWS, formats.language_of(get_language())),
        "checked": checked,
        "checked_at_ms": visit.means.clock.world_ms(),
        "broken": first_broken_history() if checked else None,
    }
    return frame.page(visit, "operator/journal.html", "journal", context)


@for_operator("POST")
def export(visit: Visit) -> HttpResponseBase:
    """Give the journal, as it is narrowed, as a file; the journal keeps that it left the house."""
    asked = _read(visit.request.POST)
    first = asked.page(None, PART)
    _tell_of_export(visit.means, visit.actor)
    header = [
        _("When (UTC)"),
        _("Who"),
        pgettext("journal", "What"),
        pgettext("journal", "Object"),
        _("Name"),
        _("Id"),
        _("Details"),
        pgettext("journal", "Before"),
        pgettext("journal", "After"),
        pgettext("journal", "Actor"),
        _("From where"),
    ]
    day = to_datetime(visit.means.clock.world_ms()).date()
    return csv_file.answer(
        pgettext("file name", "journal"),
        header,
        _cells(asked, first),
        form=visit.request.POST.get("format", ""),
        day=day,
    )


@verb
def _tell_of_export(means: Means, actor: Actor) -> None:
    with unit(means) as work:
        work.notice("operator", 0, "journal_exported", actor.id, by=str(actor))


def _cells(asked: Asked, page: Page[JournalEntry]) -> Iterator[list[str]]:
    """Yield every act, a part at a time; past the most that a file holds, say so."""
    written = 0
    while True:
        for act in acts.in_words(page.items):
            yield _line(act)
        written += len(page.items)
        if page.after is None:
            return
        if written >= MOST_ROWS:
            yield [_("The file ends here. Ask for older days in another one.")]
            return
        page = asked.page(page.after, PART)


def _line(act: Act) -> list[str]:
    entry = act.entry
    return [
        to_datetime(entry.at_ms).strftime("%Y-%m-%d %H:%M:%S"),
        act.who,
        act.what,
        act.kind,
        act.name,
        str(entry.object_id),
        act.sentence,
        _json(entry.before),
        _json(entry.after),
        entry.actor,
        entry.origin,
    ]


def _json(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False) if values else ""


def _read(given: QueryDict) -> Asked:
    actor, kind, action = given.get("acteur", ""), given.get("objet", ""), given.get("acte", "")
    return Asked(
        actor=actor if _ACTOR.fullmatch(actor) else "",
        kind=kind if kind in ACTIONS else "",
        object_id=parse_id(given.get("id", "").strip()),
        action=action if action in ALL_ACTIONS else "",
        first=_day(given.get("du", "")),
        last=_day(given.get("au", "")),
    )


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if len(text) == len("2026-01-01") else None
    except ValueError:
        return None


def _midnight(day: dt.date | None) -> int | None:
    return None if day is None else to_ms(dt.datetime.combine(day, dt.time(), dt.UTC))


def _address(here: str, asked: Asked, **more: str) -> str:
    query = urlencode({**asked.query, **more})
    return f"{here}?{query}" if query else here


def _row(act: Act, here: str) -> dict[str, Any]:
    of_object = {"objet": act.entry.object_kind, "id": str(act.entry.object_id)}
    return {
        "act": act,
        "who_url": f"{here}?{urlencode({'acteur': act.entry.actor})}" if _ACTOR.fullmatch(act.entry.actor) else "",
        "object_url": f"{here}?{urlencode(of_object)}",
    }


def _chips(asked: Asked, here: str) -> list[dict[str, str]]:
    """Return the filters that are on, each with the address without it."""
    labels = {
        "acteur": (_("Who"), _actor_name(asked.actor)),
        "objet": (pgettext("journal", "Object"), str(acts.KINDS.get(asked.kind, ""))),
        "id": (_("Id"), str(asked.object_id or "")),
        "acte": (pgettext("journal", "What"), str(acts.SAID.get(asked.action, ""))),
        "du": (_("From"), _shown(asked.first)),
        "au": (_("To"), _shown(asked.last)),
    }
    chips = []
    for name in asked.query:
        rest = urlencode({other: value for other, value in asked.query.items() if other != name})
        label, value = labels[name]
        chips.append({"label": label, "value": value, "url": f"{here}?{rest}" if rest else here})
    return chips


def _actor_name(actor: str) -> str:
    kind, _colon, number = actor.partition(":")
    return name_of_actor(actor) if number else str(acts.ACTORS.get(kind, ""))


def _shown(day: dt.date | None) -> str:
    return "" if day is None else formats.day(day, formats.language_of(get_language()))
