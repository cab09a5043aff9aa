"""The bench of reports is right whatever its speed: it sees a report that says otherwise than the facts."""

from __future__ import annotations

from attise.measurement.reports.rollups.kinds import DAYS
from attise.proving import reports


def test_what_is_measured_is_right_and_what_is_wrong_is_seen(monkeypatch, tmp_path):
    monkeypatch.setattr(reports, "PART", 1_500)
    monkeypatch.setattr(reports, "SCALES_QUICK", (6_000,))
    monkeypatch.setattr(reports, "ASKED_QUICK", 6)
    monkeypatch.setattr(reports, "_written", lambda _: {})
    raw, rollup = reports.run(quick=True)
    assert (raw.name, raw.ok, rollup.name, rollup.ok) == ("reports/raw", True, "reports/rollup", True)
    assert (raw.checks["same_sums"], rollup.checks["differing"]) == (1, 0)
    assert raw.ratio is not None
    for name in ("whole", "half"):
        (tmp_path / name).mkdir()
    whole, half = (reports.Grown(folder) for folder in (tmp_path / "whole", tmp_path / "half"))
    whole.grow(6_000)
    half.grow(3_000)
    assert reports._differing(whole) == 0
    (days,), fewer = (one.manifest.paths_of(DAYS.name, one.rollups) for one in (whole, half))
    assert len(fewer) == 2, "four parts became one, two have not yet"
    days.write_bytes(fewer[0].read_bytes())
    assert reports._differing(whole) > 100


def test_a_long_report_is_read_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(reports, "PART", 2_000)
    grown = reports.Grown(tmp_path)
    grown.grow(2_000)
    rows, before, after = reports._read_all(str(tmp_path), grown.days)
    assert 1_000 < rows <= 2_000
    assert after >= before > 0
