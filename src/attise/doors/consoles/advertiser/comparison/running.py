"""The comparisons of an advertiser's first page: those that run or ended lately, and where they stand."""

from __future__ import annotations

from typing import Any, Final

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from attise.doors.consoles.advertiser.comparison import told
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site import formats
from attise.doors.site.split_results import OVER_MS, results_of
from attise.management.campaigns.queries import list_launched

SHOWN: Final = 4


def lines(visit: AdvertiserVisit) -> list[dict[str, Any]]:
    """Return a line for each. Cost: eight statements, one where there is none."""
    since_ms = visit.means.clock.world_ms() - OVER_MS
    splits = list_launched(advertiser_id=visit.advertiser.id, over_since_ms=since_ms, limit=SHOWN)
    found = results_of(splits) if splits else {}
    language = formats.language_of(get_language())
    made = []
    for split in splits:
        look, word = told.STATES[split.state]
        result, names = found[split.id].result, told.names_of(split)
        made.append(
            {
                "split": split,
                "status": look,
                "state": word,
                "sides": _("%(first)s against %(second)s") % {"first": names[0], "second": names[1]},
                "stands": _("First figures come within some minutes.")
                if result is None
                else told.standing(split, result, language),
                "url": reverse("split_test", args=[split.id]),
            }
        )
    return made
