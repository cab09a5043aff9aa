"""People of the installation: finding one, making an account, links to sign in or to choose a password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from attise.doors.consoles import frame, shown_once, telling, words
from attise.doors.consoles.access.forms import email_field
from attise.doors.consoles.access.session import LANDINGS
from attise.doors.consoles.address import absolute
from attise.doors.consoles.gate import for_operator
from attise.doors.consoles.visit import Visit
from attise.kernel.actor import Actor
from attise.kernel.errors import FIELD_INVALID, N_, Refusal, Refusals
from attise.kernel.limits import HANDLE_CHARACTERS, NAME_CHARACTERS, RESET_LINK_LIFE_MS
from attise.kernel.means import Means
from attise.management.accounts import actions, queries
from attise.management.accounts.views import PersonView
from attise.management.outbox import queries as outbox
from attise.management.outbox.actions import unit, verb
from attise.management.viewers import actions as viewers

LINK = "person-link"
WAITING = 50


class PersonForm(forms.Form):
    """A new person: they choose their password through the link that the page gives."""

    display_name = forms.CharField(
        label=_("Name"),
        max_length=NAME_CHARACTERS,
        error_messages={"required": _("This field is required.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = email_field()
    handle = forms.CharField(
        label=_("Creator handle"),
        help_text=_("Only for somebody who publishes. It is given once and never changes."),
        max_length=HANDLE_CHARACTERS + 1,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["email"].widget.attrs["autocomplete"] = "off"


@for_operator("GET")
def people(visit: Visit) -> HttpResponse:
    """Find a person by e-mail; those who asked for a link come first."""
    return _show(visit, PersonForm())


def _show(visit: Visit, form: PersonForm, *, status: int = 200) -> HttpResponse:
    email = visit.request.GET.get("email", "").strip()[:300]
    found = queries.find_person_by_email(email) if email else None
    fresh = shown_once.take(visit.request, visit.means, LINK) if visit.request.method == "GET" else None
    context = {
        "email": email,
        "found": None if found is None else _row(found),
        "searched": bool(email),
        "waiting": waiting_for_link(),
        "form": form,
        "fresh": fresh,
    }
    return frame.page(visit, "operator/people.html", "operator_people", context, status=status)


def _row(person: PersonView) -> dict[str, Any]:
    creator = queries.find_creator_of_person(person.id)
    held = ["viewer"]
    if creator is not None:
        held.append("creator")
    memberships = queries.memberships_of(person.id)
    if memberships:
        held.append("advertiser")
    if person.is_operator:
        held.append("operator")
    return {
        "person": person,
        "creator": creator,
        "initials": words.initials(person.display_name),
        "memberships": [(one.business_center_name, words.role_name(one.roles)) for one in memberships],
        "consoles": held,
    }


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
def make_person(visit: Visit) -> HttpResponse:
    """Make an account, with its viewer, and its creator when a handle is given; the link to begin is shown once."""
    form = PersonForm(visit.request.POST)
    if not form.is_valid():
        return _show(visit, form, status=422)
    given = form.cleaned_data
    try:
        person, secret = _make(visit.means, visit.actor, **given)
    except (Refusal, Refusals) as refused:
        return _show(visit, form, status=telling.put_into(form, refused))
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
    return _keep(visit, person, "sign_in_link", _sign_in_link(visit.means, visit.actor, kind, person.id))


@verb
def _sign_in_link(means: Means, actor: Actor, console: str, person_id: int) -> str:
    """Make a link and tell of it, in one unit."""
    with unit(means) as work:
        work.notice("operator", 0, "sign_in_link_made", person_id, by=str(actor))
        return actions.sign_in_link(means, console=console, person_id=person_id)


def _keep(visit: Visit, person: PersonView, name: str, secret: str) -> HttpResponse:
    url = absolute(visit.request, reverse(name, args=[secret]))
    shown_once.keep(visit.request, visit.means, LINK, url=url, who=person.display_name, kind=name)
    return HttpResponseRedirect(reverse("operator_people"))
