"""An operator who looks at a login's consoles: whose pages are shown, and that nothing is done there.

One layer that every page and every form of the site passes. While a look lasts, whoever asks is its person for reading:
every other method is refused before any door hears of it, and so is whatever a page would write while it is read. The
two exceptions are the operator's own: the end of the look, and signing out, which ends it first. Once it is over, the
browser is the operator's again under a new key; forms that were opened meanwhile are dead, for they bear the old one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from attise.doors.site.failures import is_dialect, is_native, native_error
from attise.doors.site.means import means
from attise.kernel.actor import Actor
from attise.kernel.errors import Refusal
from attise.kernel.limits import MINUTE_MS
from attise.management.accounts import actions, queries
from attise.management.accounts.errors import LOOK_ONLY
from attise.management.accounts.views import LookView

LOOK: Final = "attise-look"
"""Where the session of the operator keeps which look is under way."""
END, SIGN_OUT = "end_look", "sign_out"
CLOSED: Final = frozenset(
    {"viewer_export", "sign_in_link", "password_link", "invitation", "portal_auth", "creator_auth"}
)
"""Pages of no console: a person's whole file, and links that grant something to whoever follows them."""
_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_WRITES: Final = re.compile(
    r"\s*(?:INSERT|UPDATE|DELETE|REPLACE|MERGE|TRUNCATE|ALTER|DROP|CREATE|COPY|CALL|DO)\b"
    r"|\s*WITH\b.*\b(?:INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM)\b",
    re.IGNORECASE | re.DOTALL,
)


class LookingMiddleware:
    """Shows an operator what a person sees, and refuses what they may not do as them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the doors."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request. The two APIs look at no session: whoever calls them is known by their credential."""
        if is_native(request) or is_dialect(request) or LOOK not in request.session:
            return self.get_response(request)
        name = _name_of(request)
        look = _running(request)
        if look is None:
            finish(request)
            if name == SIGN_OUT:
                return self.get_response(request)
            messages.info(request, _("The look is over. You are in your own console again."))
            return HttpResponseRedirect(reverse("operator_accounts"))
        if request.method == "POST" and name in {END, SIGN_OUT}:
            finish(request)
            return self.get_response(request)
        if request.method not in _READS or name in CLOSED:
            return _refuse(request)
        request.look = look  # type: ignore[attr-defined]  # pages say whose they are
        request.look_minutes = max(1, -(-(look.until_wire_ms - means().clock.wire_ms()) // MINUTE_MS))  # type: ignore[attr-defined]
        request.user = _row_of(look.person_id)  # type: ignore[assignment]
        with connection.execute_wrapper(_read_only):
            response = self.get_response(request)
        response.headers["Cache-Control"] = "no-store"
        return response


def begin(request: HttpRequest, look: LookView) -> None:
    """Have a browser look from its next request on, under a new key."""
    request.session[LOOK] = str(look.id)
    request.session.cycle_key()
    rotate_token(request)


def finish(request: HttpRequest) -> None:
    """End what a browser looks at, if it does: the session is the operator's own again, under a new key."""
    look_id, operator_id = request.session.pop(LOOK, ""), request.session.get(SESSION_KEY, "")
    if str(look_id).isdigit() and str(operator_id).isdigit():
        actions.end_look(means(), Actor("person", int(operator_id)), look_id=int(look_id))
    request.session.cycle_key()
    rotate_token(request)


def _running(request: HttpRequest) -> LookView | None:
    """Return the look of the browser, while it lasts and its operator is one."""
    look_id, user = str(request.session[LOOK]), request.user
    if not (look_id.isdigit() and user.is_authenticated and user.pk is not None):
        return None
    return queries.find_look(means(), look_id=int(look_id), operator_id=int(user.pk))


def _row_of(person_id: int) -> AbstractBaseUser:
    from django.contrib.auth.backends import ModelBackend

    row = ModelBackend().get_user(person_id)
    if row is None:
        raise AssertionError("whose pages are looked at is there")
    return row


def _name_of(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).url_name or ""
    except Resolver404:
        return ""


def _read_only(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Run a statement that reads. Raises: ``look_only`` for any other."""
    if _WRITES.match(sql):
        raise Refusal(LOOK_ONLY)
    return execute(sql, params, many, context)


def _refuse(request: HttpRequest) -> HttpResponse:
    said, then = _(LOOK_ONLY.message), _(LOOK_ONLY.next_step)
    if request.headers.get("Tus-Resumable") or "application/json" in request.headers.get("Accept", ""):
        return native_error(request, 403, LOOK_ONLY.code, said, next_step=then)
    return render(request, "look_only.html", {"said": said, "then": then}, status=403)
