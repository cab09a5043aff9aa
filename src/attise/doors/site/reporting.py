"""A server of an advertiser reports what happened: what both APIs do once they have read it.

Before: the door has found the pixel and asked whether the caller may speak for it. After: the log holds what was taken.
"""

from __future__ import annotations

from collections.abc import Sequence

from attise.doors.site import event_log
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.means import Means
from attise.management.pixels.views import PixelView
from attise.measurement.ingest.log import Entry, EntryKind
from attise.measurement.ingest.reported import PixelFacts, Receipt, Reported, receive
from attise.records import click_link
from attise.records.click_link import ClickLinks
from attise.records.conversion import Conversion, Source, encode_conversion

Outcome = Conversion | Refusals
"""What became of one event: kept, or all that is wrong with it."""


def report(means: Means, pixel: PixelView, told: Sequence[Reported | Refusals]) -> list[Outcome]:
    """Keep what a server reports, each event by itself, and return what became of each, in order.

    What was refused before stays refused. What was kept is durable. Raises: Outage; then nothing is known to be kept.
    """
    facts = PixelFacts(pixel.id, pixel.advertiser_id, pixel.matches_email, pixel.matches_phone)
    links = ClickLinks(means.secrets.key(click_link.PURPOSE))
    wire_ms, world_ms = means.clock.wire_ms(), means.clock.world_ms()
    outcomes: list[Outcome] = []
    for one, receipt_id in zip(told, means.ids.take(len(told)), strict=True):
        if isinstance(one, Refusals):
            outcomes.append(one)
            continue
        receipt = Receipt(receipt_id, Source.SERVER, wire_ms, world_ms)
        try:
            outcomes.append(receive(one, facts, receipt, decision_of=links.decision_of))
        except Refusal as refusal:
            outcomes.append(Refusals([refusal]))
        except Refusals as several:
            outcomes.append(several)
    kept = [one for one in outcomes if isinstance(one, Conversion)]
    event_log.append(means, [Entry(EntryKind.CONVERSION, one.id, encode_conversion(one)) for one in kept])
    return outcomes
