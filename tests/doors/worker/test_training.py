"""What people did comes back as better predictions: events, facts, training, and the model that edges decide on."""

from __future__ import annotations

import random
import shutil

import numpy as np
import pytest
from django.conf import settings

from attise.doors.edge.serving.making import find_model, piece_of
from attise.doors.worker import training
from attise.doors.worker.train import FactFile, Learned, TrainingJob, train
from attise.doors.worker.training import Training
from attise.measurement.ingest.log import Entry, EntryKind
from attise.measurement.reports.columnar import write_facts
from attise.measurement.reports.folder import folder_of, name_of
from attise.measurement.reports.learning import CONVERTED_WITHIN_MS, list_told
from attise.measurement.reports.models import File
from attise.measurement.reports.queries import list_files
from attise.records.conversion import Conversion, Source, encode_conversion, key_of
from attise.records.decision import encode_decision
from attise.records.fact import CONVERSION, OUTCOME, Fact
from attise.records.feed import ViewerContext
from attise.serving.prediction.heads import CLICK, CONVERT
from attise.serving.prediction.model import FOLDER as MODELS
from attise.serving.prediction.predictor import Predictor
from attise.serving.prediction.thompson import MOST_SHARE
from attise.serving.training.facts import COLUMNS, facts_of
from tests.measurement.attribution.happened import ADVERTISER, CREATOR, POST, ad_claims, claims, event, open_budget
from tests.measurement.reports.facing import Facing, decision_of
from tests.snapshot_records import a_creative_record, a_group_record, a_post_record, an_ad_record

IMPRESSIONS = 900
TRUTH = {911: (0.01, 0.1), 912: (0.04, 0.1), 913: (0.15, 0.03), 914: (0.15, 0.5)}
"""How likely each ad is clicked, and a click converts."""
SLOTS_LOG2 = 12


@pytest.fixture
def world(means, clock, tmp_path):
    """A thousand people see each of four ads, and do what they do; all of it comes back, late conversions last."""
    facing, chance = Facing(means, tmp_path), random.Random(4)
    facing.results = {800 + ad_id % 10: "SHOPPING" for ad_id in TRUTH}
    envelopes = open_budget(means)
    decisions, sent, bought = [], [], []
    for number in range(IMPRESSIONS):
        clock.advance(seconds=1)
        for ad_id, (click, convert) in TRUTH.items():
            # The original post is one for all of them, so nothing but the ad itself tells them apart.
            ad = ad_claims(envelopes, ad_id=ad_id, billing_event="CPC", is_spark=True, pixel_id=7)
            of = claims(means, ad, viewer=f"p{number}-{ad_id}")
            decisions.append(Entry(EntryKind.DECISION, of.decision_id, encode_decision(decision_of(of))))
            does = chance.random() < click
            sent.append(event(means, "click" if does else "impression", of, after_s=2))
            if does and chance.random() < convert:
                bought.append(of.decision_id)
    facing.log.append(decisions, at_ms=clock.wire_ms())
    facing.settle(*sent)
    facing.export()
    clock.advance(seconds=3_600)
    tell(facing, bought)
    facing.settle()
    facing.export()
    clock.advance(seconds=CONVERTED_WITHIN_MS / 1_000)
    facing.settle(event(means, "impression", claims(means, ad_claims(envelopes, ad_id=990), viewer="later"), after_s=1))
    facing.export()
    yield facing
    facing.close()


def tell(facing: Facing, decision_ids: list[int]) -> None:
    at_ms = facing.means.clock.world_ms()
    told = [
        Conversion(
            key=key_of(7, "CompletePayment", str(id_), receipt_id=id_),
            id=id_,
            pixel_id=7,
            advertiser_id=ADVERTISER,
            event="CompletePayment",
            event_id=str(id_),
            source=Source.SERVER,
            at_ms=at_ms,
            received_ms=facing.means.clock.wire_ms(),
            received_at_ms=at_ms,
            decision_id=decision_id,
            has_consent=True,
        )
        for id_, decision_id in enumerate(decision_ids, start=1)
    ]
    entries = [Entry(EntryKind.CONVERSION, one.id, encode_conversion(one)) for one in told]
    facing.log.append(entries, at_ms=facing.means.clock.wire_ms())


def job(facing: Facing, *, most_rows: int = 1_000_000, ripe_to: int | None = None) -> TrainingJob:
    files = list_files()
    return TrainingJob(
        models=str(facing.folder / MODELS),
        kernels=str(facing.folder / "kernels"),
        files=tuple(
            FactFile(
                str(facing.folder / "facts" / one.name),
                one.to_position,
                one.rows,
                ripe_to is None or one.to_position <= ripe_to,
            )
            for one in files
        ),
        slots_log2=SLOTS_LOG2,
        most_rows=most_rows,
    )


def predicted(facing: Facing) -> dict[int, np.ndarray]:
    """Rates of each ad for somebody new, as an edge has them from the newest model."""
    model = find_model(facing.folder / MODELS)
    ads = [
        an_ad_record(
            ad_id,
            creative=a_creative_record(ad_id),
            group=a_group_record(800 + ad_id % 10, campaign_id=810, advertiser_id=ADVERTISER, category="sport"),
            post=a_post_record(POST, creator_id=CREATOR),
        )
        for ad_id in TRUTH
    ]
    piece = piece_of([(1, ad) for ad in ads], model)
    viewer = ViewerContext("new", age=30, gender="FEMALE", country="FR", region="FR-IDF", language="fr", os="android")
    many = len(ads)
    found = Predictor(model, (piece.table,)).predict(
        viewer,
        now_ms=facing.means.clock.world_ms(),
        segment=np.zeros(many, np.int64),
        place=np.arange(many),
        index=3,
        gap=4,
        exposures=np.ones(many, np.int32),
        since_ms=np.full(many, 60_000),
    )
    return dict(zip(piece.table.ad_ids.tolist(), found.mean, strict=True))


@pytest.mark.django_db(transaction=True)
def test_ads_that_differ_are_predicted_as_they_are(world):
    cold = predicted(world)
    assert len({round(float(rates[CLICK]), 6) for rates in cold.values()}) == 1, "nothing is known of any of them"

    # What may still be clicked waits; a backlog takes several turns; nothing is learned from twice.
    first = list_files()[0].to_position
    assert train(job(world, ripe_to=first)) == Learned(first, 1, True)
    last = list_files()[-1].to_position
    assert train(job(world, most_rows=1)) == Learned(last, 2, True)
    assert train(job(world)) == Learned(last, 2, True)

    rates = predicted(world)
    for ad_id, (click, _) in TRUTH.items():
        assert rates[ad_id][CLICK] == pytest.approx(click, rel=0.4, abs=0.02), ad_id
    assert rates[911][CLICK] < 0.7 * rates[912][CLICK] < 0.3 * rates[913][CLICK]
    assert rates[914][CONVERT] > 2 * rates[913][CONVERT], "few clicks: each is drawn to its campaign's"
    expected = sum(float(rates[ad_id][CLICK]) for ad_id in TRUTH) * IMPRESSIONS
    ((clicks, bought),) = world.ask("SELECT sum(clicks)::BIGINT, sum(conversions)::BIGINT FROM facts")
    assert expected == pytest.approx(clicks, rel=0.15), "predictions stay calibrated"
    of_clicks = sum(float(rates[ad_id][CLICK] * rates[ad_id][CONVERT]) for ad_id in TRUTH) * IMPRESSIONS
    assert of_clicks == pytest.approx(bought, rel=0.35)
    # No draw won any of these, by what decisions said: twice as many requests may explore with what was learned.
    assert find_model(world.folder / MODELS).header.explore_share == 2 * MOST_SHARE


def a_fact(position: int, decision_id: int, **said) -> Fact:
    values = {"sort": OUTCOME, "has_decision": True, "decided_at_ms": decision_id, "ad_id": 5, **said}
    return Fact(position=position, decision_id=decision_id, **values)


def columns_of(folder, *facts: Fact, after: int = 0, upto: int = 100):
    path = folder / name_of(0, 100)
    write_facts(path, facts)
    return list_told([path], after=after, upto=upto)


def test_facts_have_the_columns_that_training_takes(tmp_path):
    columns = columns_of(tmp_path, a_fact(1, 10, impressions=1, interests="1001 1002"), a_fact(1, 11, impressions=1))
    assert columns.keys() <= COLUMNS
    assert columns["viewer_interests.starts"].tolist() == [0, 2, 2]
    assert len(facts_of(columns)) == 2


def test_what_a_draw_won_is_told_with_the_version_that_decided(tmp_path):
    columns = columns_of(
        tmp_path,
        a_fact(1, 10, impressions=1, is_exploration=True, model_version=7),
        a_fact(1, 11, impressions=1, model_version=8),
        a_fact(2, 11, clicks=1, model_version=8),
    )
    assert columns["is_exploration"].tolist() == [1, 0]
    assert columns["model_version"].tolist() == [7, 8]


def test_an_impression_without_a_click_is_a_negative_and_a_click_that_came_later_is_none(tmp_path):
    columns = columns_of(
        tmp_path,
        a_fact(1, 10, impressions=1, views=1, watch_ms=900),
        a_fact(1, 11, impressions=1, views_6s=1, watch_ms=7_000),
        a_fact(40, 11, clicks=1, likes=1, watch_ms=500),
        upto=20,
    )
    names = ("click", "view_6s", "complete", "engage", "negative", "convert", "watch_ms")
    told = list(zip(*(columns[name].tolist() for name in names), strict=True))
    assert told == [(0, 0, 0, 0, 0, -1, 900), (1, 1, 0, 1, 0, -1, 7_500)]
    assert len(facts_of(columns)) == 2


def test_each_impression_is_learned_in_one_stretch_alone(tmp_path):
    facts = [a_fact(position, position, impressions=1) for position in (1, 2, 3)] + [a_fact(3, 1, clicks=1)]
    stretches = [(0, 1), (1, 2), (2, 3)]
    seen = [columns_of(tmp_path, *facts, after=after, upto=upto)["decided_at_ms"].tolist() for after, upto in stretches]
    assert seen == [[1], [2], [3]]


BOUGHT = {"sort": CONVERSION, "is_result": True, "is_counted": True, "touch": "click"}
HOURS = 3_600_000


def test_what_came_of_a_click_is_told_once_a_day_later(tmp_path):
    facts = [
        *(a_fact(1, id_, impressions=1, clicks=1, received_at_ms=0) for id_ in (10, 11, 12, 13, 14)),
        a_fact(5, 10, conversions=1, conversion_id=1, received_at_ms=HOURS, **BOUGHT),
        a_fact(6, 10, conversions=1, conversion_id=2, received_at_ms=2 * HOURS, **BOUGHT),
        a_fact(5, 11, conversions=1, conversion_id=3, received_at_ms=HOURS, **BOUGHT),
        a_fact(6, 11, conversions=-1, conversion_id=3, received_at_ms=HOURS, **BOUGHT),
        a_fact(5, 12, conversions=1, conversion_id=4, received_at_ms=HOURS, **{**BOUGHT, "is_result": False}),
        a_fact(5, 13, conversions=1, conversion_id=5, received_at_ms=HOURS, **{**BOUGHT, "touch": "view"}),
        a_fact(8, 99, impressions=1, received_at_ms=27 * HOURS),
        a_fact(9, 14, conversions=1, conversion_id=6, received_at_ms=40 * HOURS, **BOUGHT),
    ]

    def told(**stretch):
        columns = columns_of(tmp_path, *facts, **stretch)
        rows = zip(*(columns[name].tolist() for name in ("is_late", "decided_at_ms", "convert")), strict=True)
        return [row[1:] for row in rows if row[0]]

    assert told(upto=6) == [], "it may still be told"
    assert told(after=6, upto=8) == [(10, 1), (11, 0), (12, 0), (13, 0), (14, 0)]
    assert told(after=8) == [(14, 1)], "later still"


def test_a_decision_whose_record_was_lost_is_not_learned_from(tmp_path):
    columns = columns_of(tmp_path, a_fact(1, 10, impressions=1, has_decision=False))
    assert len(columns["ad_id"]) == 0


@pytest.mark.django_db(transaction=True)
def test_the_worker_has_a_child_learn_what_is_due(means, clock, monkeypatch):
    house = settings.HOUSE
    monkeypatch.setitem(training.SLOTS_LOG2, house.mode, SLOTS_LOG2)
    worker = Training(house)
    assert worker.train() is None, "there is nothing"
    facts = [a_fact(1, id_, impressions=1, clicks=int(id_ % 7 == 0)) for id_ in range(1, 1_200)]
    path = folder_of(house) / name_of(0, 9)
    write_facts(path, facts)
    File.objects.create(
        from_position=0,
        to_position=9,
        rows=len(facts),
        size_bytes=1,
        written_at_ms=clock.wire_ms(),
        complete_to_ms=clock.world_ms(),
    )
    try:
        assert worker.train() is None, "its clicks may still come"
        clock.advance(seconds=training.RIPE_MS[house.mode] / 1_000)
        assert worker.train() == Learned(9, 1, True)
        assert worker.train() is None
        assert find_model(house.folder / MODELS).header.rows == len(facts)
    finally:
        path.unlink()
        shutil.rmtree(house.folder / MODELS, ignore_errors=True)
