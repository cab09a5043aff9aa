"""The three levels: what they are called, and where their pages are."""

from __future__ import annotations

import enum
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Level(enum.StrEnum):
    """A level of the tree, as histories name it."""

    CAMPAIGN = "campaign"
    ADGROUP = "adgroup"
    AD = "ad"


class Words(NamedTuple):
    """What a level is called, and the names of its addresses."""

    one: Promise
    many: Promise
    list_name: str
    page_name: str
    file_name: str
    """Of an export; in French, as addresses are."""

    @property
    def export_name(self) -> str:
        """The address of the table as a file."""
        return f"{self.list_name}_export"

    @property
    def bulk_name(self) -> str:
        """The address of what is done to several."""
        return f"{self.list_name}_bulk"

    @property
    def switch_name(self) -> str:
        """The address of the switch of one."""
        return f"{self.page_name}_switch"

    @property
    def budget_name(self) -> str:
        """The address of the budget of one; ads have none."""
        return f"{self.page_name}_budget"


WORDS: Final[dict[Level, Words]] = {
    Level.CAMPAIGN: Words(_("Campaign"), _("Campaigns"), "campaigns", "campaign", "campagnes"),
    Level.ADGROUP: Words(_("Ad group"), _("Ad groups"), "adgroups", "adgroup", "groupes"),
    Level.AD: Words(pgettext_lazy("noun", "Ad"), pgettext_lazy("noun", "Ads"), "ads", "ad", "annonces"),
}
