"""What arrived of a pixel as a file: what the page's filters keep of it, the newest first."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from attise.doors.consoles import csv_file
from attise.doors.consoles.advertiser.events import asking, told
from attise.doors.consoles.advertiser.events.told import Told
from attise.doors.consoles.gate import for_member
from attise.doors.consoles.visit import AdvertiserVisit
from attise.kernel.clock import to_datetime
from attise.management.accounts.rules import Permission
from attise.management.pixels import queries
from attise.measurement.conversions import queries as conversions
from attise.measurement.conversions.queries import Wish

MOST_ROWS = 20_000
PART = 500
"""Rows read at a time."""


@for_member(Permission.EXPORT, "GET")
def export(visit: AdvertiserVisit, pixel_id: int) -> HttpResponseBase:
    """Give what arrived of a pixel or an app as a file: what the filters keep, the newest first."""
    pixel = queries.get_source(visit.advertiser.id, pixel_id)
    zone = ZoneInfo(visit.advertiser.timezone)
    form = visit.request.GET.get("format", "")
    header = [
        *(_("Time"), _("Event"), _("As sent"), _("Event id"), _("Told by"), _("Merged"), _("Value"), _("Currency")),
        *(_("Status"), pgettext("noun", "Ad"), _("Why")),
    ]
    return csv_file.answer(
        pgettext("file name", "events"),
        header,
        _lines(visit, asking.wish_of(visit, pixel), zone, form),
        form=form,
        day=to_datetime(visit.means.clock.world_ms()).astimezone(zone).date(),
    )


def _lines(visit: AdvertiserVisit, wish: Wish, zone: ZoneInfo, form: str) -> Iterator[list[str]]:
    """Yield every event, a part at a time; past the most that a file holds, say so."""
    after: int | None = None
    for _part in range(MOST_ROWS // PART):
        views = conversions.list_latest(visit.advertiser.id, wish=wish, after=after, limit=PART + 1)
        yield from (_line(one, zone, form) for one in told.of_conversions(views[:PART]))
        if len(views) <= PART:
            return
        after = views[PART - 1].id
    yield [_("The file ends here, the list goes on: narrow it down by event or status for the rest.")]


def _line(one: Told, zone: ZoneInfo, form: str) -> list[str]:
    has_ad = bool(one.url)
    return [
        to_datetime(one.at_ms).astimezone(zone).isoformat(timespec="seconds"),
        *(one.event, one.sent, one.event_id, one.source, one.merged),
        csv_file.amount(one.value_micros, one.currency, form=form) if one.currency else "",
        *(one.currency, str(told.STATUS_WORDS[one.key])),
        *((one.said, "") if has_ad else ("", one.said)),
    ]
