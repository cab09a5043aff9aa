"""What was settled is told as facts: each once, complete up to the watermark, whatever becomes of the writer."""

import itertools

import msgspec
import pytest
from django.db.models import Sum

from attise.ledger import queries as books
from attise.measurement.attribution.models import AdHour, Outcome, Position
from attise.measurement.attribution.models import Step as OutcomeStep
from attise.measurement.attribution.reading import Reader
from attise.measurement.reports.actions import export, tidy
from attise.measurement.reports.folder import FOLDER
from attise.measurement.reports.models import File, Watermark
from attise.measurement.reports.queries import get_watermark, list_files
from attise.records.conversion import Source
from tests.measurement.attribution.converted import tell
from tests.measurement.attribution.happened import ADVERTISER, ad_claims, claims, event, lived, open_budget
from tests.measurement.reports.facing import VIEWER

pytestmark = pytest.mark.django_db(transaction=True)


def test_facts_say_what_hours_and_the_ledger_say(means, facing):
    lived(means, facing, many=40)
    assert facing.export() > 20
    signals = (
        "impressions",
        "views",
        "views_2s",
        "views_6s",
        "completions",
        "clicks",
        "comments",
        "shares",
        "watch_ms",
    )
    sums = ", ".join(f"sum({name})::BIGINT AS {name}" for name in (*signals, "doubted", "charged_micros"))
    told = facing.ask(f"SELECT ad_id, {sums} FROM facts GROUP BY ad_id ORDER BY ad_id")
    hours = AdHour.objects.values("ad_id").annotate(*[Sum(name) for name in (*signals, "doubted", "spent_micros")])
    assert told == [
        (row["ad_id"], *(row[f"{name}__sum"] for name in (*signals, "doubted", "spent_micros")))
        for row in hours.order_by("ad_id")
    ]
    spent = books.find_envelope("campaign:1", at_ms=means.clock.world_ms()).spent_micros
    assert sum(row[-1] for row in told) == spent > 0


def test_a_second_export_tells_only_what_came_since(means, facing):
    of = claims(means, ad_claims(open_budget(means)))
    facing.settle(event(means, "impression", of, after_s=1))
    assert (facing.export(), facing.export()) == (1, 0)
    facing.settle(event(means, "click", of, after_s=3), event(means, "impression", of, after_s=1, event_id="again"))
    assert facing.export() == 1
    assert facing.ask("SELECT impressions, clicks, charged_micros FROM facts ORDER BY position") == [
        (1, 0, 12_345),
        (0, 1, 0),
    ]
    assert Outcome.objects.get().counted


def test_what_was_known_at_the_decision_is_told_with_it(means, facing):
    of = claims(means, ad_claims(open_budget(means)), model_version=7)
    facing.decide(of)
    facing.settle(event(means, "view_2s", of, after_s=3, watch_ms=2_500))
    facing.export()
    names = (
        *("sort", "decision_id", "ad_id", "post_id", "is_spark", "viewer", "country", "age_group", "gender"),
        *("interests", "objective", "kind", "place", "videos_since_ad", "exposures", "p_click", "model_version"),
        *("impressions", "views", "views_2s", "watch_ms", "has_decision", "decided_at_ms"),
    )
    assert facing.ask(f"SELECT {', '.join(names)} FROM facts") == [
        (
            *("outcome", of.decision_id, 901, 700, True, "ann", "FR", "AGE_25_34", "FEMALE"),
            *("1001 1002", "TRAFFIC", "spark", 3, 4, 1, 0.01, 7, 1, 1, 1, 2_500, True, of.decided_at_ms),
        )
    ]


def test_of_somebody_who_did_not_agree_nothing_of_the_person_is_told(means, facing):
    of = claims(means, ad_claims(open_budget(means)))
    facing.decide(of, viewer=msgspec.structs.replace(VIEWER, may_profile=False, interests=()))
    facing.settle(event(means, "impression", of, after_s=1))
    facing.export()
    asked = "SELECT country, os, age_group, gender, device_price, interests FROM facts"
    assert facing.ask(asked) == [("FR", "android", "", "", -1, "")]


def test_a_decision_whose_record_was_lost_is_told_without_it(means, facing):
    of = claims(means, ad_claims(open_budget(means)))
    facing.settle(event(means, "impression", of, after_s=1))
    facing.export()
    assert facing.ask("SELECT has_decision, ad_id, charged_micros, country FROM facts") == [(False, 901, 12_345, "")]


def test_a_conversion_is_told_and_taken_back_when_its_credit_moves(means, facing, clock):
    of = claims(means, ad_claims(open_budget(means)))
    facing.decide(of)
    clock.advance(seconds=60)
    tell(facing, 1, of.decision_id, value_micros=5_000_000, currency="EUR")
    facing.settle()
    facing.export()
    facing.settle(event(means, "click", of, after_s=2))
    facing.export()
    asked = "SELECT conversions, value_micros, value_currency, touch, ad_id, is_paid, country FROM facts "
    assert facing.ask(asked + "WHERE sort = 'conversion' ORDER BY position, conversions") == [
        (1, 5_000_000, "EUR", "", 0, False, ""),
        (-1, -5_000_000, "EUR", "", 0, False, ""),
        (1, 5_000_000, "EUR", "click", 901, True, "FR"),
    ]
    total = "SELECT sum(conversions)::BIGINT, sum(value_micros)::BIGINT, any_value(advertiser_id) FROM facts"
    assert facing.ask(total + " WHERE sort = 'conversion'") == [(1, 5_000_000, ADVERTISER)]


def test_a_value_that_the_server_adds_is_told_too(means, facing, clock):
    tell(facing, 1, 0)
    facing.settle()
    facing.export()
    tell(facing, 2, 0, source=Source.SERVER, value_micros=7_000_000, currency="EUR")
    facing.settle()
    assert facing.export() == 2
    asked = "SELECT sum(conversions)::BIGINT, sum(value_micros)::BIGINT FROM facts"
    assert facing.ask(asked) == [(1, 7_000_000)]


def test_the_watermark_says_up_to_when(means, facing, clock):
    from attise.measurement.attribution.actions import publish_totals

    of = claims(means, ad_claims(open_budget(means)))
    facing.settle(event(means, "impression", of, after_s=1))
    counted_to_ms = clock.wire_ms()
    publish_totals(means, counted_to_ms=counted_to_ms)
    assert get_watermark().counted_to_ms == 0
    facing.export()
    mark = get_watermark()
    assert (mark.counted_to_ms, mark.position, mark.facts) == (counted_to_ms, Position.objects.get().position, 1)
    assert mark.complete_to_ms == counted_to_ms + clock.world_ms() - clock.wire_ms()
    clock.advance(seconds=30)
    publish_totals(means, counted_to_ms=clock.wire_ms())
    facing.export()
    assert get_watermark().counted_to_ms == counted_to_ms + 30_000
    assert File.objects.count() == 1


def test_half_a_batch_of_the_log_is_told_once_it_is_settled(means, facing, monkeypatch):
    monkeypatch.setattr(Reader.cut, "__kwdefaults__", {"limit": 3, "upto": None})
    envelopes = open_budget(means)
    facing.append([event(means, "impression", claims(means, ad_claims(envelopes)), after_s=1) for _ in range(8)])
    told = 0
    while not facing.settler.settle(means).is_end:
        told += facing.export()
    told += facing.export()
    assert facing.ask("SELECT count(*), sum(impressions)::BIGINT FROM facts") == [(8, 8)]
    assert told == 8


def test_a_large_backlog_is_told_in_several_files(means, facing, monkeypatch):
    monkeypatch.setitem(export.__globals__, "EXPORT_STEPS", 10)
    envelopes = open_budget(means)
    for _ in range(7):
        facing.append([event(means, "impression", claims(means, ad_claims(envelopes)), after_s=1) for _ in range(5)])
        facing.settle()
    assert facing.export() == 35
    files = list_files()
    assert [one.rows for one in files] == [10, 10, 10, 5]
    assert all(one.to_position == other.from_position for one, other in itertools.pairwise(files))


def test_what_is_told_is_let_go_of_and_small_files_become_one(means, facing, clock):
    envelopes = open_budget(means)
    for number in range(4):
        facing.settle(event(means, "impression", claims(means, ad_claims(envelopes), viewer=f"p{number}"), after_s=1))
        facing.export()
    folder = facing.folder / FOLDER
    (folder / ".facts-1-2.parquet.part").write_bytes(b"left by somebody who was killed")
    tidy(means, facing.house)
    assert not OutcomeStep.objects.exists()
    assert len(list_files()) == 4, "the day is not over"
    clock.advance(seconds=86_400)
    tidy(means, facing.house)
    assert [one.rows for one in list_files()] == [4]
    assert facing.ask("SELECT sum(impressions)::BIGINT, count(DISTINCT viewer) FROM facts") == [(4, 4)]
    assert len(list(folder.glob("*.parquet"))) == 5, "somebody may be reading the parts"
    clock.advance(seconds=601)
    tidy(means, facing.house)
    assert [path.name for path in folder.glob("*.parquet")] == [list_files()[0].name]
    assert not list(folder.glob(".*.part"))


def test_outcomes_stay_as_long_as_the_log_may_be_recounted(means, facing, clock):
    of = claims(means, ad_claims(open_budget(means)))
    facing.settle(event(means, "impression", of, after_s=1))
    facing.export()
    clock.advance(seconds=30 * 86_400)
    tidy(means, facing.house)
    assert Outcome.objects.exists()
    clock.advance(seconds=3 * 86_400)
    tidy(means, facing.house)
    assert not Outcome.objects.exists()
    assert facing.ask("SELECT sum(impressions)::BIGINT FROM facts") == [(1,)]


def test_a_file_of_an_older_release_lacks_columns_and_is_read_all_the_same(means, facing, monkeypatch):
    from attise.measurement.reports import columnar
    from attise.records import fact

    older = {name: kind for name, kind in fact.COLUMNS.items() if name not in {"objective", "clicks"}}
    of = claims(means, ad_claims(open_budget(means)))
    facing.decide(of)
    facing.settle(event(means, "impression", of, after_s=1))
    with monkeypatch.context() as patch:
        patch.setattr(columnar, "COLUMNS", older)
        patch.setattr(columnar.msgspec.structs, "astuple", lambda one: tuple(getattr(one, name) for name in older))
        facing.export()
    facing.settle(event(means, "click", of, after_s=3))
    facing.export()
    assert facing.ask("SELECT impressions, clicks, objective FROM facts ORDER BY position") == [
        (1, None, None),
        (0, 1, "TRAFFIC"),
    ]


def test_a_watermark_that_was_put_back_tells_it_all_again_under_the_same_name(means, facing):
    """As when a database is restored from a copy of before."""
    of = claims(means, ad_claims(open_budget(means)))
    facing.settle(event(means, "impression", of, after_s=1))
    before = Watermark.objects.values().get()
    facing.export()
    Watermark.objects.update(**before)
    File.objects.all().delete()
    assert facing.export() == 1
    assert facing.ask("SELECT sum(impressions)::BIGINT FROM facts") == [(1,)]
    assert len(list((facing.folder / FOLDER).glob("*.parquet"))) == 1
