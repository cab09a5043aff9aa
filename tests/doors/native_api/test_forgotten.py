"""A viewer is erased: every table is searched for them, and nothing leads back; what was counted stays counted."""

from __future__ import annotations

from hashlib import sha256

import pytest

from attise.management.viewers.models import Viewer
from attise.measurement.attribution import paces
from attise.measurement.attribution.actions import sweep
from attise.measurement.attribution.recount import recount
from attise.measurement.attribution.recount_conversions import recount_conversions
from attise.measurement.conversions.models import Conversion
from attise.measurement.conversions.queries import list_latest
from attise.measurement.counters.queries import counts_of
from attise.measurement.ingest.log import Entry, EntryKind
from attise.records.conversion import Conversion as Told
from attise.records.conversion import Source, encode_conversion, key_of
from tests.measurement.attribution.happened import ADVERTISER, POST, Happened, ad_claims, claims, event, open_budget
from tests.searching import tables_of

pytestmark = pytest.mark.django_db(transaction=True)
EMAIL = sha256(b"lea@example.org").digest()
COUNTED_UNDER = {"counters_state", "attribution_outcome"}
"""Tables of what was counted: they hold the pseudonym, under a key that is gone, so that counts can be told anew."""


def purchase(means, decision_id: int) -> Told:
    at_ms = means.clock.world_ms()
    return Told(
        key=key_of(7, "Purchase", "order-1", receipt_id=1),
        id=1,
        pixel_id=7,
        advertiser_id=ADVERTISER,
        event="Purchase",
        event_id="order-1",
        source=Source.SERVER,
        at_ms=at_ms,
        received_ms=at_ms,
        received_at_ms=at_ms,
        click_id="the-click",
        decision_id=decision_id,
        emails=(EMAIL,),
        page_host="boutique.example",
        has_consent=True,
    )


def test_whoever_is_erased_is_in_no_table_and_what_was_counted_stays(host, means, clock, tmp_path):
    viewer_id = host.post("/v1/viewers", {"external_id": "user-1042", "birth_date": "2001-06-30"}).json()["viewer_id"]
    row = Viewer.objects.get(id=viewer_id)
    of = claims(means, ad_claims(open_budget(means)), viewer=row.pseudonym)
    happened = Happened(means, tmp_path)
    happened.append([event(means, type_, of, after_s=9) for type_ in ("impression", "view_6s", "like", "click")])
    clock.advance(seconds=60)
    told = purchase(means, of.decision_id)
    happened.log.append([Entry(EntryKind.CONVERSION, 1, encode_conversion(told))], at_ms=clock.wire_ms())
    happened.settle()
    named = tables_of(row.pseudonym, row.external_id, bytes(row.key), EMAIL, "the-click")
    assert {*COUNTED_UNDER, "viewers_viewer", "conversions_touch", "conversions_matchkey"} <= named

    before, credited = counts_of(POST), list_latest(ADVERTISER)
    assert host.delete(f"/v1/viewers/{viewer_id}").status_code == 200
    clock.advance(seconds=paces.LIFE_MS / 1_000 + 1)
    sweep(means, limit=100)  # how fast events came, bucket by bucket, is kept for some minutes
    assert tables_of(row.pseudonym) == COUNTED_UNDER
    assert tables_of(row.external_id, bytes(row.key), EMAIL, "the-click") == set()
    assert (counts_of(POST), list_latest(ADVERTISER)) == (before, credited)
    assert credited[0].touch == "click"
    assert Conversion.objects.get().is_final
    by_log = recount_conversions(means, happened.log, whose=happened.whose, known=lambda _: set())
    assert (by_log.difference, by_log.events) == (None, 1)
    assert recount(happened.log, whose=happened.whose).difference is None
    happened.close()
