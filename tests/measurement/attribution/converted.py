"""What pages tell after clicks, and what that comes to."""

from __future__ import annotations

import msgspec

from attise.kernel.limits import DAY_MS, HOUR_MS
from attise.measurement.attribution.actions import publish_totals
from attise.measurement.attribution.figures import list_figures
from attise.measurement.attribution.models import Totals
from attise.measurement.ingest.log import Entry, EntryKind
from attise.records.conversion import Conversion, Source, encode_conversion, key_of
from attise.records.token import Claims
from attise.records.totals import GroupTotals
from tests.measurement.attribution.happened import ADVERTISER, SPARK_AD, Happened, ad_claims, claims, event

GROUP, OTHER_GROUP = 801, 802
"""Of the Spark ad, and of the standard one."""


def tell(happened: Happened, id_: int, decision_id: int, event_id: str = "order-1", **said) -> None:
    """Have a tag or a server tell of a purchase, or of something else."""
    at_ms = said.pop("at_ms", happened.means.clock.world_ms())
    source, name = said.pop("source", Source.BROWSER), said.pop("event", "Purchase")
    told = Conversion(
        key=key_of(7, name, event_id, receipt_id=id_),
        id=id_,
        pixel_id=7,
        advertiser_id=said.pop("advertiser_id", ADVERTISER),
        event=name,
        event_id=event_id,
        source=source,
        at_ms=at_ms,
        received_ms=at_ms,
        received_at_ms=at_ms,
        decision_id=decision_id,
        has_consent=True,
        **said,
    )
    happened.log.append(
        [Entry(EntryKind.CONVERSION, id_, encode_conversion(told))], at_ms=happened.means.clock.wire_ms()
    )


def tell_of(happened: Happened, id_: int, of: Claims | None = None, name: str = "Purchase", **said) -> None:
    """Have the tag tell of something, each with an id of its own, after the click of a decision or none."""
    event_id = said.pop("event_id", str(id_))
    tell(happened, id_, 0 if of is None else of.decision_id, event_id, event=name, **said)


def click(happened: Happened, envelopes, *, ad_id: int = SPARK_AD, person: str = "ann", **said):
    of = claims(happened.means, ad_claims(envelopes, ad_id=ad_id, **said), viewer=person)
    happened.settle(event(happened.means, "impression", of, after_s=1), event(happened.means, "click", of, after_s=2))
    return of


def group_totals(means, adgroup_id: int = GROUP) -> GroupTotals:
    while publish_totals(means, counted_to_ms=0):
        pass
    body = Totals.objects.get(object_id=adgroup_id).body
    return msgspec.msgpack.Decoder(GroupTotals).decode(bytes(body))


def figures(means, ad_id: int = SPARK_AD):
    now_ms = means.clock.world_ms()
    found = list_figures(ADVERTISER, level="ad", ids=[ad_id], from_ms=now_ms - DAY_MS, to_ms=now_ms + HOUR_MS)
    return found.get(ad_id)
