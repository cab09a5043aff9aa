"""What the ad settings of a post show: whether it may be promoted, by whom, until when, and what happened."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import segno
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from attise.doors.consoles import grants, pictures, shown_once, words
from attise.doors.consoles.creator.grant_form import GrantForm, chosen_days
from attise.doors.consoles.visit import CreatorVisit
from attise.doors.site import formats
from attise.kernel.clock import to_datetime
from attise.management.accounts import queries as accounts
from attise.management.authorizations import queries, rules
from attise.management.authorizations.views import AuthorizationView, HistoryView
from attise.management.campaigns.queries import running_on_creator
from attise.management.policy.queries import get_policy
from attise.management.policy.rules import Policy
from attise.management.posts.views import PostView

GRANTS_TOLD = 5
"""Grants whose history the page tells; a post seldom has more."""
CODE = "code:"
"""The name under which a code waits for the page that shows it once."""


def panel_of(visit: CreatorVisit, post: PostView, form: GrantForm | None) -> dict[str, Any]:
    """Return what the panel shows: its state, the live grants, the past ones, and the sheet of a new one.

    Without a form that came back, the sheet asks again what the newest grant asked: no terms are lost unnoticed.
    """
    now = visit.means.clock.world_ms()
    found = queries.list_of_posts(visit.means, post_ids=[post.id])[post.id]
    running = running_on_creator(visit.means, creator_id=visit.account.id)
    cards = [grants.card(view, now, running.get(view.id)) for view in found]
    live = [one for one in cards if one.is_live]
    policy = get_policy()
    if form is None:
        form = GrantForm.again(found[0]) if found else GrantForm()
    return {
        "state": _state_of(post, has_live=bool(live)),
        "unavailable": grants.refusal_of(post),
        "live": [_live_row(one, now, policy) for one in live],
        "past": [one for one in cards if not one.is_live],
        "has_unbound": any(not one.is_bound for one in live),
        "form": form,
        "durations": grants.duration_options(now, grants.proposed_days(policy, chosen_days(form)), policy.grant_days),
        "history": _history(visit, found),
    }


def _state_of(post: PostView, *, has_live: bool) -> str:
    """Return which of its faces the panel shows."""
    if has_live:
        return "on"
    if rules.is_carousel_duet(post):
        return "ineligible"
    reason = rules.refusal_of_post(post)
    if reason is None:
        return "off"
    return "private" if reason.code == "not_public_video" else "unavailable"


def _live_row(one: grants.GrantCard, now_ms: int, policy: Policy) -> dict[str, Any]:
    from_ms = one.view.ends_at_ms if one.view.ends_at_ms is not None else now_ms
    return {
        "card": one,
        "terms": grants.terms_in_words(one.view.terms, is_own=True),
        "extensions": grants.duration_options(from_ms, policy.default_grant_days, policy.grant_days),
    }


def _history(visit: CreatorVisit, found: list[AuthorizationView]) -> list[dict[str, Any]]:
    """Return what happened to the post's newest grants, newest first, in words."""
    rows = [(view, entry) for view in found[:GRANTS_TOLD] for entry in queries.list_history(view.id)]
    rows.sort(key=lambda row: (row[1].at_ms, row[0].id, row[1].number), reverse=True)
    named = {int(entry.body["advertiser_id"]) for _view, entry in rows if "advertiser_id" in entry.body}
    names = {str(one.id): one.name for one in accounts.list_advertisers(named)} if named else {}
    return [
        {
            "at_ms": entry.at_ms,
            "what": words.HISTORY[entry.verb],
            "detail": _detail(entry, names),
            "code": view.code_mask,
            "who": _who(visit, entry.actor),
        }
        for view, entry in rows
    ]


def _detail(entry: HistoryView, names: dict[str, str]) -> str:
    """Return what an entry says beside its verb: for whom, or until when."""
    if "advertiser_id" in entry.body:
        return names.get(str(entry.body["advertiser_id"]), "")
    end = entry.body.get("ends_at_ms") or entry.body.get("at_ms")
    return _("until %(date)s") % {"date": day_of(end)} if isinstance(end, int) else ""


def _who(visit: CreatorVisit, actor: str) -> str:
    """Return who did it, as the creator may know them."""
    if actor == str(visit.actor):
        return pgettext("creator", "You")
    kind = actor.partition(":")[0]
    return {"clock": _("The clock"), "host": _("The host"), "command": _("The operator")}.get(kind, "")


def fresh_code(visit: CreatorVisit, post: PostView) -> dict[str, Any] | None:
    """Return the code that was just made, with what helps to hand it over; the second time there is none."""
    kept = shown_once.take(visit.request, visit.means, CODE + str(post.id))
    if kept is None:
        return None
    code, until_ms = kept["code"], kept["until_ms"]
    return {"code": code, "until_ms": until_ms, "sign": _sign(code), "mail": _mail(post, code, until_ms)}


def _sign(code: str) -> SafeString:
    """Return a code as a sign to scan, drawn here."""
    svg: str = segno.make(code, error="m").svg_inline(omitsize=True, border=0, svgclass=None, lineclass=None)
    return mark_safe(svg)  # noqa: S308 - made from our own code by our own drawing


def _mail(post: PostView, code: str, until_ms: int) -> str:
    """Return a link that opens a letter with the code in it, to whomever the creator chooses."""
    body = _(
        "Hello,\n\nHere is the video code of my post “%(post)s”:\n\n%(code)s\n\nWith it you can show the post as a "
        "Spark Ad until %(date)s. Paste it in Spark Ads posts, Add a code or request access."
    ) % {"post": pictures.first_line(post), "code": code, "date": day_of(until_ms)}
    return f"mailto:?subject={quote(_('Video code of my post'))}&body={quote(body)}"


def day_of(epoch_ms: int) -> str:
    """Return the day of a moment, as sentences say it."""
    return formats.day(to_datetime(epoch_ms).date(), formats.language_of(get_language()))
