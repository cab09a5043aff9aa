"""People of the installation: who they are, what they may open, the links they are handed, and opening an account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from attise.doors.consoles import csv_file, frame, paging, shown_once, telling, words
from attise.doors.consoles.access.forms import email_field
from attise.doors.consoles.access.session import LANDINGS
from attise.doors.consoles.address import absolute
from attise.doors.consoles.gate import for_operator
from attise.doors.consoles.visit import Visit
from attise.doors.site.notices import shown_email
from attise.kernel.actor import Actor
from attise.kernel.clock import to_datetime
from attise.kernel.errors import FIELD_INVALID, N_, Refusal, Refusals
from attise.kernel.limits import HANDLE_CHARACTERS, NAME_CHARACTERS, RESET_LINK_LIFE_MS
from attise.kernel.means import Means
from attise.management.accounts import actions, queries
from attise.management.accounts.views import LastLinkView, PersonRow, PersonView
from attise.management.outbox import queries as outbox
from attise.management.outbox.actions import unit, verb
from attise.management.viewers import actions as viewers

LINK = "person-link"
OPEN_ACCOUNT, EXPORT = "ouvrir", "exporter"
"""Dialogs of the page, by how the address names them."""
WAITING = 50
KEYWORD_CHARACTERS = 100
HOLDING: dict[str, Promise] = {
    "": pgettext_lazy("people", "All"),
    "creator": pgettext_lazy("people", "Creators"),
    "advertiser": pgettext_lazy("people", "Members"),
    "operator": pgettext_lazy("people", "Operators"),
}
"""Whom the list keeps, by the console they may open; a member is one of a Business Center."""
CONSOLES: dict[str, Promise] = {
    "viewer": pgettext_lazy("console", "Home"),
    "creator": gettext_lazy("Creator tools"),
    "advertiser": gettext_lazy("Ads Manager"),
    "operator": gettext_lazy("Operator"),
}
LINKS: dict[str, Promise] = {
    "sign_in": gettext_lazy("Sign-in link"),
    "reset": gettext_lazy("Password link"),
}


class PersonForm(forms.Form):
    """A new person: they choose their password through the link that the page gives."""

    display_name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=NAME_CHARACTERS,
        error_messages={"required": gettext_lazy("This field is required.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = email_field()
    handle = forms.CharField(
        label=gettext_lazy("Creator handle"),
        help_text=gettext_lazy("Only for somebody who publishes. It is given once and never changes."),
        max_length=HANDLE_CHARACTERS + 1,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["email"].widget.attrs["autocomplete"] = "off"


@for_operator("GET")
def people(visit: Visit) -> HttpResponse:
    """List people; those who asked for a link come first."""
    return _show(visit, PersonForm(), dialog=visit.request.GET.get("dialog", ""))


def _show(visit: Visit, form: PersonForm, *, dialog: str, status: int = 200) -> HttpResponse:
    keyword, console = _asked(visit.request.GET)
    found = queries.list_people(
        keyword=keyword, console=console, page=paging.number_of(visit.request), page_size=paging.PAGE
    )
    fresh = shown_once.take(visit.request, visit.means, LINK) if visit.request.method == "GET" else None
    query = {name: value for name, value in (("q", keyword), ("console", console)) if value}
    here = reverse("operator_people")
    wire_now_ms = visit.means.clock.wire_ms()
    context = {
        "rows": [_row(row, wire_now_ms) for row in found.items],
        "total": found.total,
        "wire_now": wire_now_ms,
        "keyword": keyword,
        "console": console,
        "holding": [
            {
                "label": label,
                "url": f"{here}?{urlencode(_present(q=keyword, console=name))}",
                "current": name == console,
            }
            for name, label in HOLDING.items()
        ],
        "here": f"{here}?{urlencode({**query, 'page': found.page})}",
        "pager": paging.pager(found, query, at=here),
        "waiting": waiting_for_link(),
        "form": form,
        "fresh": fresh,
        "dialog": dialog,
        "formats": csv_file.options(get_language() or ""),
    }
    return frame.page(visit, "operator/people.html", "operator_people", context, status=status)


def _asked(given: Any) -> tuple[str, str]:
    """Return the words and the console that a list was asked for by; a console that is none is not asked for."""
    console = given.get("console", "")
    return given.get("q", "").strip()[:KEYWORD_CHARACTERS], console if console in HOLDING else ""


def _present(**values: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def _row(row: PersonRow, wire_now_ms: int) -> dict[str, Any]:
    return {
        "person": row.person,
        "email": shown_email(row.person.email),
        "initials": words.initials(row.person.display_name),
        "handle": row.handle,
        "memberships": [(one.business_center_name, words.role_name(one.roles)) for one in row.memberships],
        "lands_on": _landing(row),
        "link": None if row.last_link is None else _link(row.last_link, wire_now_ms),
    }


def _landing(row: PersonRow) -> str:
    """Return the console that a link opens: their only one, else the page that shows them all."""
    held = [console for console in row.consoles if console != "viewer"]
    return held[0] if len(held) == 1 else "viewer"


def _link(link: LastLinkView, wire_now_ms: int) -> dict[str, Any]:
    return {"kind": LINKS[link.purpose], "at_ms": link.made_at_ms, "state": _state(link, wire_now_ms)}


def _state(link: LastLinkView, wire_now_ms: int) -> str:
    if link.used_at_ms is not None:
        return pgettext("link", "used")
    return pgettext("link", "not used yet") if link.expires_at_ms > wire_now_ms else pgettext("link", "never used")


def waiting_for_link() -> list[PersonView]:
    """Return who asked for a link and has not been given one since, the longest wait first."""
    notices = outbox.list_notices("operator", 0, limit=WAITING).items
    waiting: dict[int, PersonView] = {}
    settled: set[int] = set()
    for notice in notices:  # newest first: what settled a request comes before it
        if notice.kind in {"reset_link_made", "password_changed"}:
            settled.add(notice.object_id)
        if notice.kind == "password_reset_asked" and notice.object_id not in settled:
            person = queries.find_person(notice.object_id)
            if person is not None and person.is_active:
                waiting.setdefault(person.id, person)
    return list(reversed(waiting.values()))


@for_operator("POST")
def export(visit: Visit) -> HttpResponseBase:
    """Give the list, as it is searched, as a file; the journal keeps that it left the house."""
    given = visit.request.POST
    keyword, console = _asked(given)
    _tell_of_export(visit.means, visit.actor)
    header = [
        _("Name"),
        _("Email"),
        _("Creator handle"),
        _("Consoles"),
        _("Business Centers"),
        _("Account opened"),
        _("Last link"),
        _("Link made (UTC)"),
        _("What became of it"),
    ]
    rows = _cells(queries.all_people(keyword=keyword, console=console), visit.means.clock.wire_ms())
    day = to_datetime(visit.means.clock.world_ms()).date()
    name = pgettext("file name", "people")
    return csv_file.answer(name, header, rows, form=given.get("format", ""), day=day)


@verb
def _tell_of_export(means: Means, actor: Actor) -> None:
    with unit(means) as work:
        work.notice("operator", 0, "people_exported", actor.id, by=str(actor))


def _cells(rows: Iterator[PersonRow], wire_now_ms: int) -> Iterator[list[str]]:
    for row in rows:
        link = row.last_link
        yield [
            row.person.display_name,
            shown_email(row.person.email),
            row.handle,
            ", ".join(str(CONSOLES[console]) for console in row.consoles),
            ", ".join(f"{one.business_center_name} ({words.role_name(one.roles)})" for one in row.memberships),
            to_datetime(row.person.created_at_ms).date().isoformat(),
            "" if link is None else str(LINKS[link.purpose]),
            "" if link is None else to_datetime(link.made_at_ms).strftime("%Y-%m-%d %H:%M"),
            "" if link is None else _state(link, wire_now_ms),
        ]


@for_operator("POST")
def make_person(visit: Visit) -> HttpResponse:
    """Make an account, with its viewer, and its creator when a handle is given; the link to begin is shown once."""
    form = PersonForm(visit.request.POST)
    if not form.is_valid():
        return _show(visit, form, dialog=OPEN_ACCOUNT, status=422)
    given = form.cleaned_data
    try:
        person, secret = _make(visit.means, visit.actor, **given)
    except (Refusal, Refusals) as refused:
        return _show(visit, form, dialog=OPEN_ACCOUNT, status=telling.put_into(form, refused))
    return _keep(visit, person, "password_link", secret)


@verb
def _make(means: Means, actor: Actor, *, email: str, display_name: str, handle: str) -> tuple[PersonView, str]:
    """Make the account, all that goes with it and its link, in one unit."""
    with unit(means) as work:
        person = actions.create_person(means, email=email, display_name=display_name)
        viewers.viewer_of_person(means, person_id=person.id)
        if handle:
            handle = handle.removeprefix("@")
            actions.create_creator(means, actor, handle=handle, display_name=display_name, person_id=person.id)
        work.notice("operator", 0, "person_made", person.id, by=str(actor))
        return person, actions.make_link(means, purpose="reset", person_id=person.id, life_ms=RESET_LINK_LIFE_MS)


@for_operator("POST")
def make_link(visit: Visit, person_id: int) -> HttpResponse:
    """Make a link that lets a person choose a password, or signs them in; it is shown once, to be handed over."""
    person = queries.get_person(person_id)
    kind = visit.request.POST.get("kind", "")
    if kind == "password":
        return _keep(
            visit, person, "password_link", actions.make_reset_link(visit.means, visit.actor, person_id=person.id)
        )
    if kind not in LANDINGS:
        raise Refusal(FIELD_INVALID, field="kind", rule=N_("password, or the console to land on"))
    secret = actions.sign_in_link(visit.means, console=kind, person_id=person.id, by=visit.actor)
    return _keep(visit, person, "sign_in_link", secret)


def _keep(visit: Visit, person: PersonView, name: str, secret: str) -> HttpResponse:
    url = absolute(visit.request, reverse(name, args=[secret]))
    shown_once.keep(visit.request, visit.means, LINK, url=url, who=person.display_name, kind=name)
    return HttpResponseRedirect(reverse("operator_people"))
