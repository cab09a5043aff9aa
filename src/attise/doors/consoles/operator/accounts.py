"""Accounts that may be suspended: logins, creators, advertisers; what was done to each and why, with strikes."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from attise.doors.consoles import frame, telling, words
from attise.doors.consoles.gate import for_operator
from attise.doors.consoles.visit import Visit
from attise.doors.site.notices import shown_email
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.ids import parse_id
from attise.kernel.limits import LOOK_MS, MINUTE_MS
from attise.management.accounts import actions, queries
from attise.management.accounts.actions.suspend import REASON_CHARACTERS
from attise.management.accounts.rules import ADVERTISER, CREATOR, LOGIN
from attise.management.accounts.views import AccountView

SHOWN, HISTORY, KEYWORD_CHARACTERS = 50, 50, 100
SORTS: Final[dict[str, Promise]] = {
    CREATOR: gettext_lazy("Creators"),
    ADVERTISER: gettext_lazy("Advertisers"),
    LOGIN: gettext_lazy("Logins"),
}
STATES: Final[dict[str, tuple[str, Promise]]] = {
    "active": ("active", pgettext_lazy("account", "Open")),
    "suspended": ("post_unavailable", pgettext_lazy("account", "Suspended")),
    "gone": ("draft", pgettext_lazy("account", "Closed")),
}
MEANS: Final[dict[str, Promise]] = {
    CREATOR: gettext_lazy(
        "Their posts leave the feed and every ad stops on them within two seconds; their apps are refused, and they "
        "cannot publish. Authorizations, posts and earnings stay as they are, and go on once restored."
    ),
    ADVERTISER: gettext_lazy(
        "Its ads stop within two seconds and none can be launched. Members still read what there is; campaigns, "
        "budgets and balance stay as they are, and go on once restored."
    ),
    LOGIN: gettext_lazy(
        "They are signed out at once and told why when they sign in; keys that they granted are refused. What they may "
        "do is kept, and comes back once restored. Their creator account is another account: suspend it apart."
    ),
}
DONE: Final[dict[str, Promise]] = {
    "suspended": pgettext_lazy("account", "Suspended"),
    "restored": pgettext_lazy("account", "Restored"),
}


@for_operator("GET")
def accounts(visit: Visit) -> HttpResponse:
    """List accounts of one sort."""
    given = visit.request.GET
    sort = given.get("sorte", CREATOR)
    if sort not in SORTS:
        raise Http404
    keyword = given.get("q", "").strip()[:KEYWORD_CHARACTERS]
    page = queries.page_accounts(sort, keyword=keyword, after=parse_id(given.get("apres", "")), limit=SHOWN)
    query = {"sorte": sort, **({"q": keyword} if keyword else {})}
    context = {
        "rows": [_row(one) for one in page.items],
        "sort": sort,
        "keyword": keyword,
        "sorts": [
            {"label": label, "url": f"?{urlencode({**query, 'sorte': name})}", "current": name == sort}
            for name, label in SORTS.items()
        ],
        "next": "" if page.after is None else f"?{urlencode({**query, 'apres': page.after})}",
    }
    return frame.page(visit, "operator/accounts.html", "operator_accounts", context)


@for_operator("GET")
def account(visit: Visit, subject: str, subject_id: int) -> HttpResponse:
    """Show an account with what was done to it, and what may be done now."""
    return _show(visit, _found(subject, subject_id))


@for_operator("POST")
def sanction(visit: Visit, subject: str, subject_id: int) -> HttpResponse:
    """Suspend an account or restore it; what is refused is said beside its field."""
    found, given = _found(subject, subject_id), visit.request.POST
    reason, strike = given.get("reason", ""), given.get("strike") == "on"
    common = {"subject": subject, "subject_id": subject_id, "reason": reason}
    try:
        if given.get("act") == "restore":
            actions.restore_account(visit.means, visit.actor, **common)
            said = _("Restored: it is as it was.")
        else:
            actions.suspend_account(visit.means, visit.actor, strike=strike, **common)
            said = _("Suspended.")
    except (Refusal, Refusals) as refused:
        items = telling.items_of(refused)
        errors = {f"{item.field or 'act'}_error": telling.sentence(item) for item in items}
        return _show(visit, found, reason=reason, strike=strike, status=telling.worst_status(items), **errors)
    messages.success(visit.request, said)
    return HttpResponseRedirect(reverse("operator_account", args=[subject, subject_id]))


def show_look(visit: Visit, found: AccountView, reason: str, refused: Refusal | Refusals) -> HttpResponse:
    """Show a login whose pages may not be looked at, with why beside the field."""
    items = telling.items_of(refused)
    said = " ".join(f"{telling.sentence(item)} {telling.next_step(item)}".strip() for item in items)
    return _show(visit, found, look_reason=reason, look_error=said, status=telling.worst_status(items))


def _found(subject: str, subject_id: int) -> AccountView:
    found = queries.find_account(subject, subject_id) if subject in SORTS else None
    if found is None:
        raise Http404
    return found


def _is_operator(person_id: int) -> bool:
    person = queries.find_person(person_id)
    return person is not None and person.is_operator


def _row(one: AccountView) -> dict[str, Any]:
    look, label = STATES[one.state]
    detail = shown_email(one.detail) if one.subject == LOGIN else one.detail
    return {"one": one, "detail": detail, "look": look, "state": label, "initials": words.initials(one.name.strip("@"))}


def _show(
    visit: Visit, found: AccountView, *, reason: str = "", strike: bool = True, status: int = 200, **errors: str
) -> HttpResponse:
    done = queries.page_sanctions(subject=found.subject, subject_id=found.id, limit=HISTORY).items
    who = queries.names_of_actors({one.actor for one in done})
    context = {
        **_row(found),
        "sort": SORTS[found.subject],
        "back": f"{reverse('operator_accounts')}?{urlencode({'sorte': found.subject})}",
        "means": MEANS[found.subject],
        "done": [{"view": one, "said": DONE[one.verb], "who": who[one.actor]} for one in done],
        "reason": reason,
        "reason_most": REASON_CHARACTERS,
        "strike": strike,
        "may_look": found.subject == LOGIN and found.state == "active" and not _is_operator(found.id),
        "look_minutes": LOOK_MS // MINUTE_MS,
        **errors,
    }
    return frame.page(visit, "operator/account.html", "operator_accounts", context, status=status)
