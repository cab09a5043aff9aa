"""A server of an advertiser reports what happened: what both APIs do once they have read it.

Before: the door has found the pixel or the app and asked whether the caller may speak for it. After: the log holds what
was taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from attise.doors.site import event_log
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.house import Mode
from attise.kernel.limits import REFUSED_OF_REQUEST
from attise.kernel.means import Means
from attise.management.pixels.views import MobileAppView, PixelView
from attise.measurement.conversions import queries as conversions
from attise.measurement.conversions.rules import is_same
from attise.measurement.ingest.log import Entry, EntryKind
from attise.measurement.ingest.origins import Origins
from attise.measurement.ingest.reported import PixelFacts, Receipt, Reported, receive, refused
from attise.records import click_link
from attise.records.click_link import ClickLinks
from attise.records.conversion import Conversion, RefusedEvent, Source, encode_conversion, encode_refused


@dataclass(frozen=True, slots=True)
class Kept:
    """One event that the log holds."""

    conversion: Conversion
    is_duplicate: bool
    """Whether it is known to have been told before, within 48 hours: it counts once, and may complete the other."""


Outcome = Kept | Refusals
"""What became of one event: kept, or all that is wrong with it."""


def report(means: Means, source: PixelView | MobileAppView, told: Sequence[Reported | Refusals]) -> list[Outcome]:
    """Keep what a server reports of pages or of an app, each event by itself, and return what became of each, in order.

    What was refused before stays refused. What was kept is durable. Raises: Outage; then nothing is known to be kept.
    """
    facts = _facts_of(source)
    links = ClickLinks(means.secrets.key(click_link.PURPOSE))
    origins = Origins(means.secrets, is_live=settings.HOUSE.mode is Mode.LIVE)
    wire_ms, world_ms = means.clock.wire_ms(), means.clock.world_ms()
    received: list[Conversion | Refusals] = []
    mistaken: list[RefusedEvent] = []
    for one, receipt_id in zip(told, means.ids.take(len(told)), strict=True):
        if isinstance(one, Refusals):
            received.append(one)
            continue
        origin = origins.of(one.agent, one.address, world_ms=world_ms)
        receipt = Receipt(
            *(receipt_id, Source.SERVER, wire_ms, world_ms),
            *(origin.agent, origin.block, origin.doubt, origin.doubt_rule),
        )
        try:
            received.append(receive(one, facts, receipt, decision_of=links.decision_of))
        except Refusal as refusal:
            received.append(Refusals([refusal]))
        except Refusals as several:
            received.append(several)
        last = received[-1]
        if isinstance(last, Refusals):
            mistaken.append(refused(one, facts, receipt, last.items[0]))
    kept = [one for one in received if isinstance(one, Conversion)]
    times = conversions.settled_times({one.key for one in kept if one.event_id})
    entries = [Entry(EntryKind.CONVERSION, one.id, encode_conversion(one)) for one in kept]
    entries += [Entry(EntryKind.REFUSED, one.id, encode_refused(one)) for one in mistaken[:REFUSED_OF_REQUEST]]
    event_log.append(means, entries)
    return [one if isinstance(one, Refusals) else Kept(one, _is_known(one, times)) for one in received]


def _facts_of(source: PixelView | MobileAppView) -> PixelFacts:
    """Return what receipt needs to know. An app has no tag: its servers answer for what they send."""
    if isinstance(source, MobileAppView):
        return PixelFacts(source.id, source.advertiser_id, matches_email=False, matches_phone=False)
    return PixelFacts(
        source.id, source.advertiser_id, source.matches_email, source.matches_phone, is_paused=source.is_paused
    )


def _is_known(one: Conversion, times: dict[bytes, list[int]]) -> bool:
    """Tell whether one was told before, and remember it for those after it in the same request."""
    if one.is_test:
        return False
    before = times.setdefault(one.key, [])
    if any(is_same(at_ms, one.at_ms) for at_ms in before):
        return True
    before.append(one.at_ms)
    return False
