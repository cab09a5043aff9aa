"""What a draft says, in words: the blocks of its last page."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from msgspec.structs import replace

from attise.doors.consoles import grants, pictures, words
from attise.doors.consoles.advertiser.assistant import audience_form, goals, plan
from attise.doors.consoles.advertiser.assistant.choosing import STANDARD, Chosen
from attise.doors.consoles.advertiser.assistant.objective_form import PLATFORMS, app_of
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site import formats
from attise.kernel.clock import to_datetime
from attise.kernel.ids import parse_id
from attise.management.pixels.views import MobileAppView
from attise.records.lookups import behaviours, call_to_actions, interests, languages, regions

Lines = list[tuple[str | Promise, str]]


def blocks_of(visit: AdvertiserVisit, body: dict[str, Any], chosen: Chosen | None) -> dict[str, Lines]:
    """Return what a draft says, by the word of the step that asked."""
    app = app_of(visit.advertiser.id, body) if goals.leads_to_app(body) else None
    return {
        "objectif": _objective(body, app),
        "audience": _audience(visit, body, app),
        "publication": _shown(body, chosen),
        "annonce": _ad(visit, body, chosen, app),
    }


def _objective(body: dict[str, Any], app: MobileAppView | None) -> Lines:
    goal = goals.goal_of(body)
    lines: Lines = [
        (_("Name"), body.get("name", "")),
        (_("Objective"), str(words.OBJECTIVES.get(body.get("objective", ""), ""))),
        (_("Optimized for"), str(words.GOALS[goal.name])),
        (_("Billed"), str(words.BILLED[goal.billing])),
    ]
    event = body.get("event", "").partition(":")[2] if goal.needs_event else ""
    if goal.name == goals.IN_APP:
        event = body.get("app_event", "")
    if goal.name == goals.LEADS:
        event = goals.LEAD_EVENT
    if event in words.EVENTS:
        lines.append((_("What counts as a result"), str(words.EVENTS[event])))
    if app is not None:
        lines.append((_("App"), f"{app.name} · {PLATFORMS[app.platform]}"))
    return lines


def _audience(visit: AdvertiserVisit, body: dict[str, Any], app: MobileAppView | None) -> Lines:
    language = formats.language_of(get_language())
    money = plan.money_of(body, visit.advertiser.currency)
    country = regions.by_id(parse_id(str(body.get("country", ""))) or 0)
    spoken = languages.find(body.get("language", ""))
    ages = ", ".join(audience_form.AGES[one] for one in body.get("ages", []) if one in audience_form.AGES)
    system = body.get("system", "") if app is None else app.platform
    lines: Lines = [
        (_("Where"), "" if country is None else words.named(country)),
        (_("Who"), str(audience_form.GENDERS.get(body.get("gender", ""), ""))),
        (_("Ages"), ages or _("All adults")),
        (_("Language"), _("All languages") if spoken is None else words.named(spoken)),
        (_("Devices"), str(audience_form.SYSTEMS.get(system, ""))),
    ]
    for name, table in (("interests", interests), ("behaviours", behaviours)):
        rows = [table.find(one) for one in body.get(name) or ()]
        if rows:
            label = _("Interests") if name == "interests" else _("What they did in the last 15 days")
            lines.append((label, words.listed([words.named(row) for row in rows if row is not None])))
    days = formats.integer(money.days, language) if money.days else formats.NO_DATA
    bid = plan.bid_of(body, visit.advertiser.currency)
    return [
        *lines,
        (_("Budget"), formats.money_per_day(money.budget_micros, visit.advertiser.currency, language)),
        (_("Days"), days),
        (
            _("Bid at most"),
            _("Set for you") if bid is None else formats.money(bid, visit.advertiser.currency, language),
        ),
    ]


def _shown(body: dict[str, Any], chosen: Chosen | None) -> Lines:
    if chosen is None:
        return [(pgettext("noun", "Post"), "")]
    if chosen.post is not None:
        line = f"{pictures.first_line(chosen.post)} · @{chosen.post.creator_handle}"
        lines: Lines = [(pgettext("noun", "Post"), line), *_terms(chosen)]
        if chosen.is_private:
            kept = (
                _("Only shown in ads") if body.get("ads_only") else _("Private now: it becomes public when you send.")
            )
            lines.append((_("Visibility"), kept))
        return lines
    name = "" if chosen.video is None else chosen.video.file_name
    lines = [(_("Imported video"), name)]
    if chosen.kind == STANDARD or chosen.account is None:
        return [*lines, (_("Delivered"), _("As a standard ad, under your name, with counters of its own"))]
    seen = _("Only shown in ads") if body.get("dark") else _("On the profile too, once the ad is approved")
    return [*lines, (_("Published on the account"), f"@{chosen.account.handle}"), (_("Visibility"), seen)]


def _terms(chosen: Chosen) -> Lines:
    """Return what the creator asks of the ad and when the grant ends; of what is paid, whether the budget holds it.

    A share is a part of each charge (``measurement.attribution.billing``), a fee a charge of its own, when the first ad
    is switched on (``management.authorizations.fees``).
    """
    grant = None if chosen.usable is None else chosen.usable.authorization
    if grant is None:
        return []
    language, cap_micros = formats.language_of(get_language()), grant.terms.spend_cap_micros
    lines: Lines = [*grants.terms_in_words(replace(grant.terms, spend_cap_micros=None))]
    if cap_micros is not None:
        cap = formats.money(cap_micros, grant.terms.currency or "EUR", language, short=True)
        lines.append((_("Cap set by the creator"), cap))
    if grant.terms.share_ppm:
        lines.append((_("How it is paid"), _("Out of what the ads cost: within the budget, nothing comes on top.")))
    if grant.terms.fee_micros:
        words = _("From your balance when your first ad on it starts: on top of the budget, once.")
        lines.append((_("How it is paid"), words))
    if grant.ends_at_ms is not None:
        lines.append(
            (_("Authorized until"), formats.day_and_clock(timezone.localtime(to_datetime(grant.ends_at_ms)), language))
        )
    return lines


def _ad(visit: AdvertiserVisit, body: dict[str, Any], chosen: Chosen | None, app: MobileAppView | None) -> Lines:
    button = call_to_actions.find(str(body.get("call_to_action", "")))
    link = "" if plan.leads_elsewhere(body) else body.get("landing_page_url", "")
    lines: Lines = []
    if chosen is not None and chosen.video is not None:
        lines = [(_("Text"), body.get("ad_text", ""))]
        if chosen.kind == STANDARD:
            lines.insert(0, (_("Name that viewers see"), body.get("display_name", "")))
    return [
        *lines,
        (_("Button"), "" if button is None else words.named(button)),
        (_("Link"), (app.download_url if app is not None else link) or formats.NO_DATA),
        (_("Payer"), visit.advertiser.name),
    ]
