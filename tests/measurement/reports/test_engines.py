"""Which engine reports are asked of, and what its absence says to the operator."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from attise.kernel.errors import Outage
from attise.kernel.house import HouseError, Settings
from attise.measurement.reports import columnar, engine_needs, engines
from attise.measurement.reports.asking.answering import answer
from attise.measurement.reports.asking.asked import Asked

ON_SPARK = Settings.from_environ({"ATTISE_REPORT_ENGINE": "spark", "ATTISE_SPARK_MASTER": "spark://h:7077"})


def test_duckdb_is_the_engine_unless_another_is_asked_for():
    house = SimpleNamespace(folder=Path("/nowhere"), settings=Settings.from_environ({}))
    assert engines.engine_of(house) is columnar
    house.settings = ON_SPARK
    assert engines.engine_of(house).master == "spark://h:7077"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"ATTISE_REPORT_ENGINE": "presto"}, "duckdb or spark"),
        ({"ATTISE_SPARK_CORES": "0"}, "a whole number from 1"),
        ({"ATTISE_SPARK_CORES": "two"}, "a whole number from 1"),
    ],
)
def test_a_setting_that_is_none_is_told(said, told):
    with pytest.raises(HouseError, match=told):
        Settings.from_environ(said)


def test_what_is_missing_is_told_before_anything_is_served(monkeypatch, tmp_path):
    assert engine_needs.missing_for(replace(ON_SPARK, report_engine="duckdb")) == ()
    monkeypatch.setattr(engine_needs.importlib.util, "find_spec", lambda _name: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    packages, java = engine_needs.missing_for(ON_SPARK)
    assert "pip install 'attise[spark]'" in packages
    assert "no java on PATH" in java
    old = tmp_path / "java"
    old.write_text("#!/bin/sh\necho 'openjdk version \"1.8.0_402\"' >&2\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert "Java 17 or later; this is 8." in engine_needs.missing_for(ON_SPARK)[1]
    from attise.doors.cli import supervisor

    with pytest.raises(HouseError, match="attise\\[spark\\]"):
        supervisor._serve_on(None, SimpleNamespace(settings=ON_SPARK), "127.0.0.1", edges=1, ready=None)


def test_a_report_without_the_extra_is_an_outage_and_nothing_is_half_done(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    house = SimpleNamespace(folder=tmp_path, settings=ON_SPARK)
    asked = Asked(level="AUCTION_AD", advertiser_ids=(1,), dimensions=("ad_id",), is_lifetime=True)
    with pytest.raises(Outage, match="attise\\[spark\\]"):
        answer(house, asked, page=1, page_size=10)
