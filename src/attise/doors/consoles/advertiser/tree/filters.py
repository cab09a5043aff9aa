"""What an address asks of a table: part of a name, a status, an objective, what is above, a period, a page.

The whole state of a table is in its address: reloaded, shared or gone back to, it is the same table. Words in addresses
are French, as addresses are; a value that is none of them asks for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from attise.doors.consoles import paging, periods, words
from attise.doors.consoles.advertiser.tree.breakdown import BREAKDOWNS
from attise.doors.consoles.advertiser.tree.levels import Level
from attise.kernel.ids import parse_id
from attise.management.campaigns import status

NAME_CHARACTERS = 100
BEFORE: Final = "avant"
"""The word that asks for the days before."""

STATUSES: Final[dict[str, tuple[str, Promise]]] = {
    "en-diffusion": (status.DELIVERY_OK, pgettext_lazy("filter", "Running")),
    "en-pause": (status.DISABLED, pgettext_lazy("filter", "Paused")),
    "bloquees": (status.NOT_DELIVERY, pgettext_lazy("filter", "Waiting or blocked")),
    "terminees": (status.TIME_DONE, pgettext_lazy("filter", "Ended")),
    "supprimees": (status.DELETED, pgettext_lazy("filter", "Deleted")),
}
"""By the word of the address: the room's coarse status, and what it is called."""
OBJECTIVES: Final[dict[str, str]] = {
    "notoriete": "REACH",
    "vues": "VIDEO_VIEWS",
    "interactions": "ENGAGEMENT",
    "trafic": "TRAFFIC",
    "conversions": "WEB_CONVERSIONS",
    "leads": "LEAD_GENERATION",
    "installations": "APP_PROMOTION",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked of a table."""

    level: Level
    name: str = ""
    status: str = ""
    """A word of ``STATUSES``, or empty."""
    objective: str = ""
    campaign_id: int | None = None
    """Ad groups and ads of this campaign alone."""
    adgroup_id: int | None = None
    """Ads of this ad group alone."""
    page: int = 1
    period: str = periods.DEFAULT
    """Over which days results are told: a word of ``period.PERIODS``."""
    breakdown: str = ""
    """What rows are broken down by: a word of ``breakdown.BREAKDOWNS``, or empty."""
    is_compared: bool = False
    """Whether results are told beside those of as many days before."""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out but what was deleted."""
        return bool(self.name or self.status or self.objective or self.campaign_id or self.adgroup_id)

    @property
    def asked(self) -> dict[str, str]:
        """What the address says but for the page; only what is asked."""
        said = {
            "q": self.name,
            "statut": self.status,
            "objectif": self.objective,
            "campagne": str(self.campaign_id or ""),
            "groupe": str(self.adgroup_id or ""),
            "periode": "" if self.period == periods.DEFAULT else self.period,
            "ventilation": self.breakdown,
            "comparer": BEFORE if self.is_compared else "",
        }
        return {name: value for name, value in said.items() if value}

    @property
    def query(self) -> str:
        """The address's query, with its question mark; empty for a table as it opens."""
        kept = {**self.asked, **({"page": str(self.page)} if self.page > 1 else {})}
        return "?" + urlencode(kept) if kept else ""

    def at(self, page: int) -> Filters:
        """Return the same filters on another page."""
        return replace(self, page=page)

    def without(self, name: str) -> Filters:
        """Return the filters without one, from the first page."""
        return replace(self, **{name: None if name.endswith("_id") else ""}, page=1)


def read(given: QueryDict, level: Level) -> Filters:
    """Return what a query asks; what cannot be understood asks for nothing."""
    wanted, objective = given.get("statut", ""), given.get("objectif", "")
    return Filters(
        level=level,
        name=given.get("q", "").strip()[:NAME_CHARACTERS],
        status=wanted if wanted in STATUSES else "",
        objective=objective if objective in OBJECTIVES else "",
        campaign_id=parse_id(given.get("campagne", "")) if level is not Level.CAMPAIGN else None,
        adgroup_id=parse_id(given.get("groupe", "")) if level is Level.AD else None,
        period=periods.read(given.get("periode", "")),
        breakdown=given.get("ventilation", "") if given.get("ventilation", "") in BREAKDOWNS else "",
        is_compared=given.get("comparer") == BEFORE,
        page=min(parse_id(given.get("page", "")) or 1, paging.LARGEST_PAGE),
    )


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, with the address without it."""

    label: str
    value: str
    url: str


def chips(filters: Filters, *, campaign: str = "", adgroup: str = "") -> list[Chip]:
    """Return the filters that are on; ``campaign`` and ``adgroup`` are the names of what is above."""
    found: list[Chip] = []

    def add(name: str, label: str, value: str) -> None:
        found.append(Chip(label, value, filters.without(name).query or "?"))

    if filters.name:
        add("name", _("Name"), filters.name)
    if filters.status:
        add("status", _("Status"), str(STATUSES[filters.status][1]))
    if filters.objective:
        add("objective", _("Objective"), str(words.OBJECTIVES[OBJECTIVES[filters.objective]]))
    if filters.campaign_id is not None:
        add("campaign_id", _("Campaign"), campaign)
    if filters.adgroup_id is not None:
        add("adgroup_id", _("Ad group"), adgroup)
    return found
