"""Who may open a page: one decorator for each kind of page, and clean answers for everybody else.

A page gives a view a visit. Whoever is not signed in is sent to sign in and comes back; whoever lacks the console gets
a 403 that says who can give it; what does not exist and what is another's are one 404; any other refusal that a view
did not put into its form becomes a page with the next step.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from attise.doors.consoles import telling, words
from attise.doors.consoles.visit import (
    AdvertiserVisit,
    CreatorVisit,
    Visit,
    advertiser_visit,
    knowing,
    visit_of,
)
from attise.kernel.errors import Kind, Refusal, Refusals
from attise.management.accounts import queries as accounts
from attise.management.accounts.queries.sanctions import check_not_suspended_creator
from attise.management.accounts.rules import Permission, who_can

NEXT = "suite"
"""The parameter of the sign-in page that says where to go afterwards."""

Rest = ParamSpec("Rest")
Answer = Callable[..., HttpResponse]


class Closed(Exception):  # noqa: N818 - an answer, not an error
    """The page exists and is not open to this person; ``who_can`` says, in words, who can open it."""

    def __init__(self, who_can: str) -> None:
        """Keep the words."""
        self.who_can = who_can
        super().__init__(who_can)


def for_anyone(*methods: str) -> Callable[[Answer], Answer]:
    """Open a page to everybody; the view is given the request itself."""

    def decorate(view: Answer) -> Answer:
        @wraps(view)
        def page(request: HttpRequest, **rest: Any) -> HttpResponse:
            return _answer(request, methods, lambda: view(request, **rest))

        return page

    return decorate


def for_person(*methods: str) -> Callable[[Callable[Concatenate[Visit, Rest], HttpResponse]], Answer]:
    """Open a page to whoever is signed in."""

    def decorate(view: Callable[Concatenate[Visit, Rest], HttpResponse]) -> Answer:
        @wraps(view)
        def page(request: HttpRequest, *args: Rest.args, **rest: Rest.kwargs) -> HttpResponse:
            return _answer(request, methods, lambda: view(_signed_in(request), *args, **rest))

        return page

    return decorate


def for_creator(*methods: str) -> Callable[[Callable[Concatenate[CreatorVisit, Rest], HttpResponse]], Answer]:
    """Open a page to creators, each for their own account."""

    def decorate(view: Callable[Concatenate[CreatorVisit, Rest], HttpResponse]) -> Answer:
        @wraps(view)
        def page(request: HttpRequest, *args: Rest.args, **rest: Rest.kwargs) -> HttpResponse:
            def answer() -> HttpResponse:
                visit = _signed_in(request)
                if visit.creator is None:
                    check_not_suspended_creator(visit.person.id)
                    raise Closed(_("the operator of this installation, who opens creator accounts"))
                narrower = knowing(visit, CreatorVisit(request, visit.person, visit.creator))
                return view(narrower, *args, **rest)

            return _answer(request, methods, answer)

        return page

    return decorate


def for_member(
    permission: Permission | None, *methods: str, act: Permission | None = None
) -> Callable[[Callable[Concatenate[AdvertiserVisit, Rest], HttpResponse]], Answer]:
    """Open a page to members whose role has the permission (None: to every member); dates are the advertiser's.

    ``act`` is the permission that any method but GET needs on top.
    """

    def decorate(view: Callable[Concatenate[AdvertiserVisit, Rest], HttpResponse]) -> Answer:
        @wraps(view)
        def page(request: HttpRequest, *args: Rest.args, **rest: Rest.kwargs) -> HttpResponse:
            def answer() -> HttpResponse:
                visit = _member(_signed_in(request))
                for needed in (permission, act if request.method != "GET" else None):
                    if needed is not None and not visit.can(needed):
                        raise Closed(_who_opens(visit, needed))
                with timezone.override(ZoneInfo(visit.advertiser.timezone)):
                    return view(visit, *args, **rest)

            return _answer(request, methods, answer)

        return page

    return decorate


def for_operator(*methods: str) -> Callable[[Callable[Concatenate[Visit, Rest], HttpResponse]], Answer]:
    """Open a page to the operators of the installation."""

    def decorate(view: Callable[Concatenate[Visit, Rest], HttpResponse]) -> Answer:
        @wraps(view)
        def page(request: HttpRequest, *args: Rest.args, **rest: Rest.kwargs) -> HttpResponse:
            def answer() -> HttpResponse:
                visit = _signed_in(request)
                if not visit.person.is_operator:
                    raise Closed(_("the operator of this installation"))
                return view(visit, *args, **rest)

            return _answer(request, methods, answer)

        return page

    return decorate


class _SignInFirst(Exception):  # noqa: N818 - an answer, not an error
    """Nobody is signed in."""


def _signed_in(request: HttpRequest) -> Visit:
    visit = visit_of(request)
    if visit is None:
        raise _SignInFirst
    return visit


def _member(visit: Visit) -> AdvertiserVisit:
    try:
        found = advertiser_visit(visit)
    except LookupError:
        raise Http404 from None
    if found is None:
        raise Closed(_("an administrator of a Business Center, by an invitation"))
    return found


def _who_opens(visit: AdvertiserVisit, permission: Permission) -> str:
    """Return who in the Business Center can do it, by name where they are few."""
    admins = accounts.list_members(visit.center_id, 1, 3, role="ADMIN")
    if "admin" in who_can(permission) and 0 < admins.total <= len(admins.items):
        names = words.listed([member.display_name for member in admins.items])
        return _("%(names)s, who administers %(business_center)s") % {
            "names": names,
            "business_center": visit.membership.business_center_name,
        }
    return _("an administrator of %(business_center)s") % {"business_center": visit.membership.business_center_name}


def _answer(request: HttpRequest, methods: tuple[str, ...], view: Callable[[], HttpResponse]) -> HttpResponse:
    """Return the answer of a view, or what stands in its place."""
    allowed = methods or ("GET",)
    if request.method == "HEAD":
        request.method = "GET"  # the same answer, whose body the server leaves out; never mistaken for a POST
    if request.method not in allowed:
        return HttpResponseNotAllowed(allowed)
    try:
        response = view()
    except _SignInFirst:
        response = go_to(request, sign_in_address(request))
    except Closed as closed:
        response = render(request, "403.html", {"who_can": closed.who_can}, status=403)
    except (Refusal, Refusals) as refused:
        response = refused_page(request, refused)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def go_to(request: HttpRequest, address: str) -> HttpResponse:
    """Send the browser to another page; a script that asked for a part of a page is told to go there itself."""
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response.headers["HX-Redirect"] = address
        return response
    return HttpResponseRedirect(address)


def sign_in_address(request: HttpRequest) -> str:
    """Return the sign-in page that leads back here; a form that was sent is not sent again."""
    if request.headers.get("HX-Request"):
        back = request.headers.get("HX-Current-URL", "")
        back = "/" + back.partition("://")[2].partition("/")[2]
    else:
        back = request.get_full_path() if request.method == "GET" else ""
    return reverse("sign_in") + ("?" + urlencode({NEXT: back}) if is_ours(request, back) and back != "/" else "")


def is_ours(request: HttpRequest, address: str) -> bool:
    """Tell whether an address is a path of this site, and so safe to go to."""
    ours = url_has_allowed_host_and_scheme(address, allowed_hosts=None, require_https=request.is_secure())
    return address.startswith("/") and ours


def refused_page(request: HttpRequest, refused: Refusal | Refusals) -> HttpResponse:
    """Say a refusal that no form on the page could say, with the way back."""
    first = next((one for one in telling.items_of(refused) if one.reason.kind is Kind.ABSENT), None)
    if first is not None:
        raise Http404
    first = telling.items_of(refused)[0]
    context = {
        "message": telling.sentence(first),
        "next_step": telling.next_step(first),
        "back": _referring(request),
        "code": first.code,
    }
    response = render(request, "consoles/refused.html", context, status=telling.STATUSES[first.reason.kind])
    if "retry_after_s" in first.params:
        response.headers["Retry-After"] = str(first.params["retry_after_s"])
    return response


def _referring(request: HttpRequest) -> str:
    """Return the page of ours that this came from, else the first page."""
    came_from = request.headers.get("Referer", "")
    scheme_and_host = f"{request.scheme}://{request.get_host()}"
    path = came_from.removeprefix(scheme_and_host) if came_from.startswith(scheme_and_host + "/") else "/"
    return path if is_ours(request, path) and path != request.get_full_path() else "/"
