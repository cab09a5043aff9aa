"""Ads that bring something: shown, clicked, and what then happened on the brand's pages, through the real settle."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from attise.kernel.means import Means
from attise.management.campaigns.queries import results_of
from attise.measurement.ingest.log import Entry, EntryKind
from attise.records.conversion import (
    Conversion,
    RefusedEvent,
    Source,
    encode_conversion,
    encode_refused,
    key_of,
)
from attise.records.token import Claims
from tests.earning import an_envelope
from tests.measurement.attribution.happened import Happened, ad_claims, claims, event

_numbers = count(1)


class Converting(Happened):
    """A log of one brand's ads and pages."""

    def __init__(self, means: Means, folder: Path, advertiser, *, pixel_id: int = 7) -> None:
        """Settle what this advertiser's ads bring."""
        super().__init__(means, folder)
        self.advertiser = advertiser
        self.pixel_id = pixel_id

    def _results_of(self, adgroups):
        return results_of(adgroups)

    def click(self, ad, *, post_id: int = 0, creator_id: int = 0, person: str = "ann", price_micros=20_000) -> Claims:
        """Have an ad shown, paid for and clicked; returns its decision."""
        envelope = an_envelope(self.means, self.advertiser, f"campaign:{ad.campaign_id}", kind="day")
        said = ad_claims(
            (envelope,),
            ad_id=ad.id,
            adgroup_id=ad.adgroup_id,
            campaign_id=ad.campaign_id,
            advertiser_id=self.advertiser.id,
            price_micros=price_micros,
            currency=self.advertiser.currency,
            is_spark=bool(post_id),
        )
        of = claims(self.means, said, viewer=person, post_id=post_id, creator_id=creator_id)
        self.settle(event(self.means, "impression", of, after_s=1), event(self.means, "click", of, after_s=2))
        return of

    def tell(self, of: Claims | None, name: str = "Purchase", *, event_id: str = "", **said) -> Conversion:
        """Have the brand's page tell of something, after a click where there is one, and settle it."""
        id_ = said.pop("id", None) or self.means.ids.next()
        event_id = event_id or f"told-{next(_numbers)}"
        at_ms = self.means.clock.world_ms()
        values = {
            "source": Source.BROWSER,
            "at_ms": at_ms,
            "received_ms": self.means.clock.wire_ms(),
            "received_at_ms": at_ms,
            "decision_id": 0 if of is None else of.decision_id,
            "click_id": "" if of is None else "E.C.1",
            "has_consent": True,
            **said,
        }
        told = Conversion(
            key=key_of(self.pixel_id, name, event_id, receipt_id=id_),
            id=id_,
            pixel_id=self.pixel_id,
            advertiser_id=self.advertiser.id,
            event=name,
            event_id=event_id,
            **values,
        )
        entries = [Entry(EntryKind.CONVERSION, id_, encode_conversion(told))]
        self.log.append(entries, at_ms=self.means.clock.wire_ms())
        self.settle()
        return told

    def refuse(self, event: str, code: str, field: str = "") -> None:
        """Have an event of the brand's page be refused where it is received, and noted."""
        id_ = self.means.ids.next()
        told = RefusedEvent(
            *(id_, self.pixel_id, self.advertiser.id, event, "", Source.SERVER, code, field),
            received_at_ms=self.means.clock.world_ms(),
        )
        entries = [Entry(EntryKind.REFUSED, id_, encode_refused(told))]
        self.log.append(entries, at_ms=self.means.clock.wire_ms())
        self.settle()
