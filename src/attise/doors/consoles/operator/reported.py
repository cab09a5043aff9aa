"""Posts and comments that viewers reported, and the operator's page of any post: its counts, and whether it stays."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from attise.doors.consoles import comments, frame, pictures, promoted, telling, three_counts, words
from attise.doors.consoles.gate import for_operator
from attise.doors.consoles.operator import reported_ads, reported_comments
from attise.doors.consoles.visit import Visit
from attise.doors.site.reported import ReportedPost, get_reported, page_reported
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.ids import parse_id
from attise.management.accounts import queries as accounts
from attise.management.posts import queries as posts
from attise.management.posts.rules import REASON_CHARACTERS
from attise.management.posts.views import PostView
from attise.management.review import actions, queries
from attise.management.review.rules import HIDDEN, KEPT, REMOVED

SHOWN: Final = 50
RULINGS: Final[dict[str, tuple[Promise, Promise]]] = {
    KEPT: (
        pgettext_lazy("ruling", "Keep"),
        gettext_lazy("It breaks no rule. It waits again with its next report."),
    ),
    HIDDEN: (
        pgettext_lazy("ruling", "Limit"),
        gettext_lazy("Nobody is shown it any more; its creator still sees it. Its ads stop."),
    ),
    REMOVED: (
        pgettext_lazy("ruling", "Remove"),
        gettext_lazy("It disappears everywhere and its links are dead. Its ads stop."),
    ),
}
RULED: Final[dict[str, Promise]] = {
    KEPT: pgettext_lazy("ruling", "Kept"),
    HIDDEN: pgettext_lazy("ruling", "Limited"),
    REMOVED: pgettext_lazy("ruling", "Removed"),
}
_PER: Final = 1_000


@for_operator("GET")
def reported_posts(visit: Visit) -> HttpResponse:
    """List what was reported since anybody looked, the most reports first."""
    return _list(visit, {})


def list_again(visit: Visit, refused: dict[int, dict[str, str]], *, status: int) -> HttpResponse:
    """Show the list with a decision on an ad as it was sent, and what is wrong with it."""
    return _list(visit, {}, refused, status=status)


def _list(
    visit: Visit,
    refused: dict[int, dict[str, str]],
    refused_ads: dict[int, dict[str, str]] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    page = page_reported(after=parse_id(visit.request.GET.get("apres", "")), limit=SHOWN)
    context = {
        "rows": [_row(visit, one) for one in page.items],
        "next": page.after,
        "comments": reported_comments.rows_of(refused),
        "note_most": REASON_CHARACTERS,
        **reported_ads.context_of(visit, refused_ads or {}),
    }
    return frame.page(visit, "operator/reported.html", "reported_posts", context, status=status)


@for_operator("POST")
def decide_comment(visit: Visit, post_id: int, comment_id: int) -> HttpResponse:
    """Keep or hide a comment at the reports that were seen; what is refused is said at its row."""
    if not posts.find_comments(post_id, [comment_id]):
        raise Http404
    given = visit.request.POST
    verdict, note = given.get("verdict", ""), given.get("note", "")
    try:
        actions.rule_on_comment(
            visit.means,
            visit.actor,
            post_id=post_id,
            comment_id=comment_id,
            reports=parse_id(given.get("reports", "")) or 0,
            verdict=verdict,
            note=note,
        )
    except (Refusal, Refusals) as refused:
        items = telling.items_of(refused)
        said = {"note": note, "error": " ".join(telling.sentence(item) for item in items)}
        return _list(visit, {comment_id: said}, status=telling.worst_status(items))
    messages.success(visit.request, reported_comments.RULED[verdict])
    return HttpResponseRedirect(f"{reverse('reported_posts')}#comments")


@for_operator("GET")
def post(visit: Visit, post_id: int) -> HttpResponse:
    """Show a post with its three counts, what was reported and decided, and the decision to take."""
    return _show(visit, _found(post_id))


@for_operator("GET")
def export_counts(visit: Visit, post_id: int) -> HttpResponseBase:
    """Answer what the counts of a post are counted from, as CSV."""
    form = "fr" if get_language() == "fr" else "intl"
    return three_counts.export(_found(post_id).id, form=form, day=three_counts.day_of(visit.means.clock.world_ms()))


@for_operator("POST")
def decide(visit: Visit, post_id: int) -> HttpResponse:
    """Keep, limit or remove the post at the reports that were seen; what is refused is said in the form."""
    shown, given = _found(post_id), visit.request.POST
    verdict, note = given.get("verdict", ""), given.get("note", "")
    try:
        actions.rule_on_post(
            visit.means,
            visit.actor,
            house=settings.HOUSE,
            post_id=shown.id,
            reports=parse_id(given.get("reports", "")) or 0,
            verdict=verdict,
            note=note,
        )
    except (Refusal, Refusals) as refused:
        items = telling.items_of(refused)
        told = {f"{item.field}_error": telling.sentence(item) for item in items}
        return _show(visit, shown, verdict=verdict, note=note, status=telling.worst_status(items), **told)
    messages.success(visit.request, RULED[verdict])
    return HttpResponseRedirect(reverse("reported_posts"))


def _found(post_id: int) -> PostView:
    found = posts.find_post(post_id)
    if found is None:
        raise Http404
    return found


def _row(visit: Visit, one: ReportedPost) -> dict[str, Any]:
    return {
        "one": one,
        "name": pictures.first_line(one.post),
        "cover_url": pictures.cover_of(visit.means, one.post),
        "state": "" if one.post.state == "live" else words.POST_STATES[one.post.state],
        "ruled": "" if one.ruling is None else RULED[one.ruling.verdict],
        "per_thousand": round(one.total * _PER / one.views) if one.views else None,
    }


def _show(visit: Visit, shown: PostView, *, verdict: str = "", note: str = "", status: int = 200, **errors: str) -> Any:
    rulings = queries.page_rulings(post_id=shown.id, limit=SHOWN).items
    who = accounts.names_of_actors({ruling.reviewer for ruling in rulings})
    context = {
        "post": shown,
        "name": pictures.first_line(shown),
        "player": pictures.player_of(visit.means, shown),
        "format": words.FORMATS[shown.format],
        "state": words.POST_STATES.get(shown.state, ""),
        "visibility": _("Only in ads") if shown.ads_only else words.VISIBILITIES[shown.visibility],
        "reported": get_reported(shown),
        "rulings": [{"view": one, "said": RULED[one.verdict], "who": who.get(one.reviewer, "")} for one in rulings],
        "choices": [
            {"value": value, "label": label, "detail": detail, "checked": value == verdict}
            for value, (label, detail) in RULINGS.items()
        ],
        "note": note,
        "note_most": REASON_CHARACTERS,
        "comments": comments.comments_of(shown.id),
        "export_url": reverse("export_operator_counts", args=[shown.id]),
        **three_counts.of(shown.id),
        **promoted.of(shown, now_ms=visit.means.clock.world_ms(), zone=get_current_timezone_name()),
        **errors,
    }
    return frame.page(visit, "operator/post.html", "reported_posts", context, status=status)
