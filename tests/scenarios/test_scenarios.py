"""What is decided, told by data files: ads, a viewer, what is remembered of them, and what comes out of it.

One file is one scenario; ``says`` is its sentence. Times in a file are milliseconds from the moment of the request;
what is left out is as in ``tests.delivering``. Every reason, and every term of a grant, has one at least.
"""

import json
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from attise.kernel.limits import DAY_MS
from attise.records.decision import NoAd
from attise.records.drops import ORDER, name_of
from attise.records.feed import ViewerContext
from attise.records.targeting import Targeting
from attise.records.terms import Terms
from attise.serving.delivery.decide import decide_slots
from attise.serving.delivery.memory import EXPOSURE, ViewerMemory
from attise.serving.delivery.policy import SANDBOX, UserValue
from tests import machine_code
from tests.delivering import WIRE_MS, a_request, a_state, an_ad, envelopes_of
from tests.snapshot_records import NOON_MS, a_standard_ad_record

FILES = sorted(Path(__file__).parent.glob("*.json"))
NEUTRAL = replace(SANDBOX, user_value=UserValue(0.0, 0.35, 0.0, 50_000.0))
USUAL = (0.01, 0.35, 0.2, 0.04, 0.03, 0.0)
"""Rates at which a viewer is as pleased with an ad as without it: prices are then of the offers alone."""
TIMES = ("starts_at_ms", "ends_at_ms")
DAYPARTS = {"none": bytes(42)}
FIELDS = {
    *("says", "ads", "viewer", "memory", "request", "slots", "beside", "stopped", "rooms", "pace", "entry", "rates"),
    *("drawn", "policy", "totals_age_ms", "expect"),
}


def load(path):
    scenario = json.loads(path.read_text())
    assert set(scenario) <= FIELDS, path.name
    return scenario


def at_now(fields):
    """Return fields with their times, told from the moment of the request, as epochs."""
    return {name: NOON_MS + value if name in TIMES and value is not None else value for name, value in fields.items()}


def the_ad(told):
    group = at_now(told.get("group", {}))
    if "targeting" in group:
        group["targeting"] = msgspec.convert(group["targeting"], Targeting)
    if "dayparting" in group:
        group["dayparting"] = DAYPARTS[group["dayparting"]]
    grant = at_now(told.get("grant", {}))
    if "terms" in grant:
        grant["terms"] = msgspec.convert(grant["terms"], Terms)
    ad = an_ad(told["ad_id"], group=group, grant=grant, post=told.get("post", {}))
    return a_standard_ad_record(told["ad_id"], group=ad.group) if told.get("standard") else ad


def the_memory(told):
    if told is None:
        return None
    fields = dict(told)
    shown = fields.pop("shown", [])
    exposures = np.zeros(len(shown), EXPOSURE)
    for row, one in zip(exposures, shown, strict=True):
        for name in ("ad_id", "adgroup_id", "campaign_id", "advertiser_id"):
            row[name] = one[name]
        row["at_ms"] = NOON_MS - one["ago_ms"]
        row["keep_until_ms"] = row["at_ms"] + 30 * DAY_MS
    kept = {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
    return ViewerMemory(exposures=exposures.tobytes(), **kept)


def numbers(told):
    return {int(key): value for key, value in told.items()}


def decided(scenario):
    ads = [the_ad(one) for one in scenario["ads"]]
    plenty = dict.fromkeys({one for ad in ads for one in envelopes_of(ad)}, 10**12)
    rates = dict.fromkeys((ad.ad_id for ad in ads), USUAL) | numbers(scenario.get("rates", {}))
    state = a_state(
        ads,
        rates=rates,
        drawn=numbers(scenario.get("drawn", {})),
        rooms=plenty | numbers(scenario.get("rooms", {})),
        pace=numbers(scenario.get("pace", {})),
        entry=numbers(scenario.get("entry", {})),
        policy=replace(NEUTRAL, **scenario.get("policy", {})),
        totals_at_ms=WIRE_MS - scenario.get("totals_age_ms", 0),
    )
    state.segments[0].clear_ads(scenario.get("stopped", []))
    facts = {"pseudonym": "v1", "age": 30, "country": "FR", "language": "fr", **scenario.get("viewer", {})}
    request = a_request(
        viewer=msgspec.convert(facts, ViewerContext),
        now_ms=NOON_MS,
        ids=tuple(range(100, 150)),
        **scenario.get("request", {}),
    )
    slots = tuple(scenario.get("slots", [3]))
    memory = the_memory(scenario.get("memory", {}))
    return decide_slots(request, state, memory, slots, beside=scenario.get("beside", 0))


@pytest.mark.parametrize("are_ready", [True, False], ids=["compiled", "numpy"])
@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_scenario_comes_out_as_it_is_told(path, are_ready, monkeypatch):
    machine_code.load()
    monkeypatch.setattr("attise.serving.kernels.are_ready", lambda: are_ready)
    scenario = load(path)
    decisions = decided(scenario)
    assert decided(scenario) == decisions
    for decision, told in zip(decisions, scenario["expect"], strict=True):
        assert (decision.winner and decision.winner.ad_id) == told["winner"]
        assert decision.no_ad == (NoAd(told["no_ad"]) if "no_ad" in told else None)
        assert decision.dropped_by_name == told["dropped"]
        assert [ghost.ad_id for ghost in decision.ghosts] == told.get("ghosts", [])
        assert decision.is_exploration == told.get("is_exploration", False)
        if "runner_up" in told:
            assert decision.runner_up.ad_id == told["runner_up"]
        if "price_ecpm" in told:
            assert decision.price_ecpm == pytest.approx(told["price_ecpm"], rel=1e-6)
        for name, value in told.get("claims", {}).items():
            found = getattr(decision.claims, name)
            wanted = tuple(value) if isinstance(value, list) else value
            assert found == (pytest.approx(wanted, abs=1) if name == "price_micros" else wanted)


def test_every_reason_and_every_term_of_a_grant_has_a_scenario():
    scenarios = [load(path) for path in FILES]
    assert len(scenarios) >= 40
    reasons = {name for one in scenarios for told in one["expect"] for name in told["dropped"]}
    assert reasons == {name_of(drop) for drop in ORDER}
    terms = {name for one in scenarios for ad in one["ads"] for name in ad.get("grant", {}).get("terms", {})}
    assert terms == set(Terms.__struct_fields__)
    told = {told["no_ad"] for one in scenarios for told in one["expect"] if "no_ad" in told}
    assert told == {str(reason) for reason in NoAd} - {"seen_enough"}
    assert len({one["says"] for one in scenarios}) == len(scenarios)
