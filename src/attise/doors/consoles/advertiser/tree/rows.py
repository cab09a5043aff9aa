"""What a table shows of each campaign, ad group or ad: true columns alone, the cause of a stop, and the next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from attise.doors.consoles import periods, pictures, telling, words
from attise.doors.consoles.advertiser.measures import MEASURES
from attise.doors.consoles.advertiser.tree import said
from attise.doors.consoles.advertiser.tree.breakdown import Parts
from attise.doors.consoles.advertiser.tree.levels import Level
from attise.doors.consoles.advertiser.tree.said import Said
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site import formats
from attise.doors.site.charts import Change
from attise.kernel.errors import Refusal
from attise.kernel.means import Means
from attise.management.accounts.rules import Permission
from attise.management.campaigns.queries.beneath import NOTHING, Beneath
from attise.management.campaigns.rules import budgets
from attise.management.campaigns.views import AdGroupView, AdView, CampaignView
from attise.measurement.attribution.figures import NO_FIGURES, Figures, list_figures

AnyView = CampaignView | AdGroupView | AdView
SPARK, STANDARD = "spark", "standard"


@dataclass(frozen=True, slots=True)
class Budget:
    """A budget as a cell shows it."""

    micros: int | None
    currency: str
    per_day: bool
    is_mean: bool
    """Whether it is a mean over a week."""
    elsewhere: str
    """Whose budget it is, when it is not this one's."""
    can_edit: bool


class Changes(NamedTuple):
    """How figures differ from those of the days before; None: there was nothing then."""

    results: Change | None
    cost_per_result: Change | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table."""

    level: Level
    view: AnyView
    said: Said
    url: str
    is_on: bool
    can_switch: bool
    cover_url: str | None
    tags: tuple[str, ...]
    """``spark``, ``standard``, or both."""
    detail: str
    """Who or what is beneath, or above."""
    creator: str
    """The one creator whose posts are shown, empty when there are several or none."""
    note: str
    """The first thing in the way, or what else the status leaves out."""
    fix_url: str
    fix: str
    budget: Budget | None
    spent_micros: int | None
    spent_when: str
    currency: str
    starts_at_ms: int | None
    ends_at_ms: int | None
    objective: str
    figures: Figures = NO_FIGURES
    """What it came to in the period that is asked."""
    before: Figures | None = None
    """What it came to in as many days before; None: that is not asked."""
    parts: Parts | None = None
    """The same broken down; None: that is not asked, or nothing was counted."""

    @property
    def changes(self) -> Changes:
        """How its results and what one cost differ from the days before."""
        return changes_of(self.figures, self.before)

    @property
    def id(self) -> int:
        """The object's id."""
        return self.view.id

    @property
    def name(self) -> str:
        """The object's name."""
        return self.view.name

    @property
    def is_bad(self) -> bool:
        """Whether somebody has something to do before it runs."""
        return self.said.key in said.BAD


def of_campaign(visit: AdvertiserVisit, view: CampaignView, beneath: Beneath = NOTHING) -> Row:
    """Return the row of a campaign."""
    url = reverse("campaign", args=[view.id])
    status, note = _status_of_campaign(view, beneath, visit.means.clock.world_ms())
    fix_url, fix = _fix(url, beneath.newest, status, note)
    return Row(
        level=Level.CAMPAIGN,
        view=view,
        said=status,
        url=url,
        is_on=view.operation_status == "ENABLE",
        can_switch=_can_switch(visit, view) and status.key != said.ENDED,
        cover_url=_cover(visit.means, beneath.newest),
        tags=_tags(beneath.newest),
        detail=_beneath_words(beneath),
        creator=_creator(beneath.newest),
        note=note,
        fix_url=fix_url,
        fix=fix,
        budget=_budget(visit, view, beneath),
        spent_micros=view.spent_micros,
        spent_when=_when(view.budget_mode),
        currency=view.currency,
        starts_at_ms=beneath.starts_at_ms,
        ends_at_ms=beneath.ends_at_ms,
        objective=str(words.OBJECTIVES[view.objective_type]),
    )


def of_adgroup(visit: AdvertiserVisit, view: AdGroupView, beneath: Beneath = NOTHING) -> Row:
    """Return the row of an ad group."""
    url = reverse("adgroup", args=[view.id])
    status, note = _status_above(said.of(view.secondary_status), beneath, visit.means.clock.world_ms())
    fix_url, fix = _fix(url, beneath.newest, status, note)
    return Row(
        level=Level.ADGROUP,
        view=view,
        said=status,
        url=url,
        is_on=view.operation_status == "ENABLE",
        can_switch=_can_switch(visit, view) and status.key != said.ENDED,
        cover_url=_cover(visit.means, beneath.newest),
        tags=_tags(beneath.newest),
        detail=view.campaign_name,
        creator=_creator(beneath.newest),
        note=note,
        fix_url=fix_url,
        fix=fix,
        budget=_budget(visit, view),
        spent_micros=view.spent_micros,
        spent_when=_when(view.budget_mode),
        currency=view.currency,
        starts_at_ms=view.starts_at_ms,
        ends_at_ms=view.ends_at_ms,
        objective=str(words.OBJECTIVES[view.objective_type]),
    )


def of_ad(visit: AdvertiserVisit, view: AdView) -> Row:
    """Return the row of an ad."""
    url = reverse("ad", args=[view.id])
    status = said.of_ad(view, visit.means.clock.world_ms())
    note = _note_of(status, view.warnings if status.key == "auth_ending" else view.blockers)
    fix_url, fix = _fix(url, [view], status, note)
    return Row(
        level=Level.AD,
        view=view,
        said=status,
        url=url,
        is_on=view.operation_status == "ENABLE",
        can_switch=_can_switch(visit, view) and status.key != said.ENDED,
        cover_url=_cover(visit.means, [view]),
        tags=_tags([view]),
        detail=_creator([view]) or view.display_name,
        creator=_creator([view]),
        note=note,
        fix_url=fix_url,
        fix=fix,
        budget=None,
        spent_micros=None,
        spent_when="",
        currency="",
        starts_at_ms=None,
        ends_at_ms=None,
        objective=str(words.OBJECTIVES[view.objective_type]),
    )


# ---- status, and why


def _status_of_campaign(view: CampaignView, beneath: Beneath, now_ms: int) -> tuple[Said, str]:
    status = said.of(view.secondary_status)
    if status.key == "active" and not beneath.adgroups:
        return Said("draft", _("No ad group yet")), ""
    if status.key == "active" and not beneath.ads:
        return Said("draft", _("No ad yet")), ""
    return _status_above(status, beneath, now_ms)


def _status_above(status: Said, beneath: Beneath, now_ms: int) -> tuple[Said, str]:
    """Return the status of what has ads beneath it: the worst of theirs once none runs, else its own with a count."""
    if status.key != "active" or not beneath.newest:
        return status, ""
    theirs = [said.of_ad(ad, now_ms) for ad in beneath.newest]
    running = [one for one in theirs if one.key in said.RUNNING]
    seen, is_all = len(theirs), beneath.ads == len(theirs)
    if not running and is_all:
        worst = min(range(seen), key=lambda place: said.rank(theirs[place]))
        return theirs[worst], _note_of(theirs[worst], beneath.newest[worst].blockers)
    blocked = sum(one.key in said.BLOCKED for one in theirs)
    if not blocked:
        is_ending = is_all and all(one.key == "auth_ending" for one in running)
        return (Said("auth_ending") if is_ending else status), ""
    if is_all:
        words_of = ngettext("%(blocked)s ad of %(seen)s is blocked", "%(blocked)s ads of %(seen)s are blocked", blocked)
    else:
        words_of = ngettext(
            "%(blocked)s of the %(seen)s newest ads is blocked",
            "%(blocked)s of the %(seen)s newest ads are blocked",
            blocked,
        )
    return status, words_of % {"blocked": blocked, "seen": seen}


def _note_of(status: Said, refusals: Sequence[Refusal]) -> str:
    """Return the first thing in the way that the row does not say already, and how many more there are."""
    loud = said.loud(refusals)
    if not loud or status.key not in said.BLOCKED | {"auth_ending"}:
        return ""
    first = telling.sentence(loud[0])
    more = len(loud) - 1
    if not more:
        return first
    return ngettext("%(first)s (and %(more)s other cause)", "%(first)s (and %(more)s other causes)", more) % {
        "first": first,
        "more": more,
    }


def _fix(url: str, ads: Sequence[AdView], status: Said, note: str) -> tuple[str, str]:
    """Return where the next step is taken, and what its link says; ``url`` is the object's own page."""
    if status.key == "draft":
        return f"{url}#beneath", _("See what to do")
    if status.key not in said.ASKS and (not note or status.key == "review"):
        return "", ""
    if len(ads) == 1 and status.key in said.BLOCKED:
        found = next((one for one in said.causes(said.loud(ads[0].blockers), view=ads[0]) if one.url), None)
        if found is not None:
            return found.url, str(found.action)
    return f"{url}#suite", _("See what to do")


# ---- cells


def _can_switch(visit: AdvertiserVisit, view: AnyView) -> bool:
    return visit.can(Permission.EDIT_CAMPAIGNS) and not view.is_deleted


def _budget(visit: AdvertiserVisit, view: CampaignView | AdGroupView, beneath: Beneath = NOTHING) -> Budget:
    has_one = view.budget_micros is not None
    elsewhere = ""
    if not has_one:
        elsewhere = _budget_beneath(view, beneath) if isinstance(view, CampaignView) else _("Shared by the campaign")
    return Budget(
        micros=view.budget_micros,
        currency=view.currency,
        per_day=view.budget_mode in budgets.DAILY,
        is_mean=view.budget_mode == budgets.DYNAMIC_DAILY,
        elsewhere=elsewhere,
        can_edit=has_one and _can_switch(visit, view),
    )


def _budget_beneath(view: CampaignView, beneath: Beneath) -> str:
    """Return whose budget a campaign spends that has none: with its amount where it is one ad group's."""
    if beneath.budget_micros is None:
        return _("Set by ad group")
    language = formats.language_of(get_language())
    if beneath.budget_mode in budgets.DAILY:
        amount = formats.money_per_day(beneath.budget_micros, view.currency, language)
    else:
        amount = formats.money(beneath.budget_micros, view.currency, language, short=True)
    return _("%(amount)s, by its ad group") % {"amount": amount}


def _when(budget_mode: str) -> str:
    """Return what period the spend of a budget is of."""
    return _("today") if budget_mode in budgets.DAILY else _("in total")


def _cover(means: Means, ads: Sequence[AdView]) -> str | None:
    """Return the cover of the newest ad that has one to show."""
    covers = (pictures.cover_of(means, ad.post) for ad in ads if ad.post is not None)
    return next((cover for cover in covers if cover), None)


def _tags(ads: Sequence[AdView]) -> tuple[str, ...]:
    kinds = {STANDARD if ad.kind == "standard" else SPARK for ad in ads}
    return tuple(kind for kind in (SPARK, STANDARD) if kind in kinds)


def _creator(ads: Sequence[AdView]) -> str:
    """Return the one creator whose posts are shown, or an empty text."""
    handles = {ad.creator_handle for ad in ads if ad.creator_handle}
    return f"@{next(iter(handles))}" if len(handles) == 1 else ""


def _beneath_words(beneath: Beneath) -> str:
    """Return who is shown when it is one creator, else how many ads there are."""
    creator = _creator(beneath.newest)
    if creator and beneath.ads == len(beneath.newest):
        return creator
    if not beneath.ads:
        return ""
    return ngettext("%(count)s ad", "%(count)s ads", beneath.ads) % {"count": beneath.ads}


def of_views(visit: AdvertiserVisit, level: Level, views: Sequence[Any], beneath: dict[int, Beneath]) -> list[Row]:
    """Return the rows of a page of one level."""
    if level is Level.AD:
        return [of_ad(visit, view) for view in views]
    make = of_campaign if level is Level.CAMPAIGN else of_adgroup
    return [make(visit, view, beneath.get(view.id, NOTHING)) for view in views]


def with_figures(
    visit: AdvertiserVisit, level: Level, rows: list[Row], period: str, *, is_compared: bool = False
) -> list[Row]:
    """Return rows with what each came to in a period, and in the days before it. Cost: three queries, or six."""
    from_ms, to_ms = periods.bounds(visit.advertiser.timezone, visit.means.clock.world_ms(), period)
    ids = [row.id for row in rows]
    told = list_figures(visit.advertiser.id, level=level.value, ids=ids, from_ms=from_ms, to_ms=to_ms)
    rows = [replace(row, figures=told.get(row.id, row.figures)) for row in rows]
    before = periods.bounds_before(visit.advertiser.timezone, visit.means.clock.world_ms(), period)
    if not is_compared or before is None:
        return rows
    was = list_figures(visit.advertiser.id, level=level.value, ids=ids, from_ms=before[0], to_ms=before[1])
    return [replace(row, before=was.get(row.id, NO_FIGURES)) for row in rows]


def changes_of(now: Figures, before: Figures | None) -> Changes:
    """Return how figures differ from those of the days before; nothing where they are not compared."""
    if before is None:
        return Changes(None, None)
    language = formats.language_of(get_language())
    return Changes(*(MEASURES[word].change(now, before, language) for word in ("resultats", "cout-par-resultat")))
