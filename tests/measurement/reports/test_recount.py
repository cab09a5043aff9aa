"""``attise verify reports``: what reports say is what was charged, at any moment, and the first difference is named."""

from __future__ import annotations

import pytest
from django.db.models import F

from attise.measurement.attribution.models import AdHour
from attise.measurement.reports.actions import roll_up
from attise.measurement.reports.recount import recount
from attise.measurement.reports.rollups.manifest import FOLDER
from tests.measurement.attribution.happened import ADVERTISER, ad_claims, claims, event, lived, open_budget
from tests.measurement.reports.facing import Facing

pytestmark = pytest.mark.django_db(transaction=True)


def found(facing: Facing) -> str | None:
    return recount(facing.house, payer_of=lambda advertiser_id: f"advertiser:{advertiser_id}").difference


def test_reports_add_up_wherever_the_worker_stands(means, facing):
    assert found(facing) is None
    lived(means, facing, many=30)
    assert found(facing) is None, "nothing is exported"
    facing.export()
    assert found(facing) is None, "nothing is rolled up"
    roll_up(means, facing.house)
    assert found(facing) is None
    more = claims(means, ad_claims((1, 2)))
    facing.settle(event(means, "impression", more, after_s=1))
    assert found(facing) is None, "some of each"
    facing.export()
    roll_up(means, facing.house)
    verdict = recount(facing.house, payer_of=lambda advertiser_id: f"advertiser:{advertiser_id}")
    assert (verdict.difference, verdict.ads) == (None, 2)
    assert verdict.spent_micros > 0


def test_what_was_touched_is_named(means, facing):
    envelopes = open_budget(means)
    facing.settle(event(means, "impression", claims(means, ad_claims(envelopes)), after_s=1))
    facing.export()
    roll_up(means, facing.house)
    assert found(facing) is None
    AdHour.objects.update(spent_micros=F("spent_micros") + 1)
    assert "12345 micros in reports, 12346 charged" in (found(facing) or "")
    AdHour.objects.update(spent_micros=F("spent_micros") - 1, clicks=1)
    assert found(facing) == "clicks of ad 901: 0 in reports, 1 counted"
    AdHour.objects.update(clicks=0)
    other = recount(facing.house, payer_of=lambda advertiser_id: f"other:{advertiser_id}").difference
    assert other is not None
    assert other.startswith(f"advertiser:{ADVERTISER} in EUR in the hour")
    folder = facing.folder / FOLDER
    (days,) = folder.glob("days-*.parquet")
    (hours,) = folder.glob("hours-*.parquet")
    envelopes = open_budget(means)
    facing.settle(event(means, "impression", claims(means, ad_claims(envelopes)), after_s=1))
    before = days.read_bytes()
    assert hours.exists()
    facing.export()
    roll_up(means, facing.house, anew=True)
    next(folder.glob("days-*-2.parquet")).write_bytes(before)
    assert found(facing) == "the roll-up days differs from that of hours"
