"""Conversions are written once, completed by their copies and credited, in whatever order all of it comes."""

from __future__ import annotations

import random
from functools import partial

import pytest
from django.db import transaction

from attise.kernel.limits import CONVERSION_LIFE_MS, DAY_MS
from attise.measurement.conversions import actions, queries
from attise.measurement.conversions.actions import sweep
from attise.measurement.conversions.models import Conversion, MatchKey, Touch
from attise.measurement.conversions.rules import Windows
from attise.records.conversion import Content, Source
from tests.measurement.conversions.builders import BRAND, NOW_MS, PIXEL, RIVAL, conversion, digest, touch

pytestmark = pytest.mark.django_db
SERVER = {"source": Source.SERVER}
settle = partial(actions.settle, results_of=lambda groups: dict.fromkeys(groups, "SHOPPING"))
LEA, ZOE = digest("lea"), digest("zoe")


def rows() -> list[Conversion]:
    return list(Conversion.objects.order_by("id"))


def credited() -> dict[int, tuple[int, str]]:
    return {row.id: (row.credited_decision_id, row.touch) for row in rows()}


class TestOnce:
    def test_the_same_name_counts_once_within_two_days(self):
        told = settle(
            [
                conversion(1, event_id="a"),
                conversion(2, event_id="a", ago=-1.9),
                conversion(3, event_id="a", ago=-2.1),
                conversion(4, event_id="b"),
                conversion(5, "Lead", event_id="a"),
                conversion(6, event_id="a", pixel_id=8),
            ]
        )
        assert (told.written, told.copies) == (5, 1)
        assert [row.id for row in rows()] == [1, 3, 4, 5, 6]
        assert rows()[0].copies == 1

    def test_and_again_in_a_later_batch(self):
        settle([conversion(1, event_id="a")])
        told = settle([conversion(2, event_id="a"), conversion(3, event_id="a", ago=3)])
        assert (told.written, told.copies) == (1, 1)

    def test_a_batch_that_is_told_again_changes_nothing(self):
        batch = [conversion(1, event_id="a"), conversion(2, event_id="a", **SERVER), conversion(3)]
        settle(batch)
        before = list(Conversion.objects.order_by("id").values())
        told = settle([batch[0], batch[2]])
        assert (told.written, told.copies) == (0, 0)
        assert list(Conversion.objects.order_by("id").values()) == before

    def test_without_a_name_each_counts(self):
        assert settle([conversion(1), conversion(2)]).written == 2

    def test_neither_a_test_nor_a_doubted_one_stands_in_the_way_of_a_good_one(self):
        settle([conversion(1, event_id="a", is_test=True), conversion(2, event_id="a", doubt="declared_bot")])
        settle([conversion(3, event_id="a")])
        assert [row.standing for row in rows()] == ["test", "doubted", "good"]

    @pytest.mark.django_db(transaction=True)
    def test_a_transaction_is_asked_for(self):
        with pytest.raises(AssertionError):
            settle([conversion(1)])


class TestCopies:
    def test_page_and_server_complete_each_other_within_five_minutes(self):
        settle([touch_less := conversion(1, event_id="a", browser_id=digest("b"))], [touch(4, clicked=1)])
        assert touch_less.value_micros == -1
        told = settle(
            [
                conversion(
                    *(2, "Purchase"),
                    event_id="a",
                    ago=-4 / 1440,
                    emails=(LEA,),
                    decision_id=4,
                    click_id="c",
                    value_micros=5_000_000,
                    currency="EUR",
                    contents=(Content("mug"),),
                    **SERVER,
                )
            ]
        )
        assert (told.copies, told.completed, told.credited) == (1, 1, 1)
        (row,) = rows()
        assert (row.value_micros, row.currency, row.contents[0]["id"]) == (5_000_000, "EUR", "mug")
        assert (row.told_by_both, row.decision_id, row.credited_decision_id) == (True, 4, 4)
        assert {(one.kind, bytes(one.value)) for one in MatchKey.objects.all()} == {
            *(("browser", digest("b")), ("email", LEA))
        }

    @pytest.mark.parametrize("more", [{"ago": -6 / 1440, **SERVER}, {"ago": -1 / 1440}])
    def test_a_later_copy_or_one_of_the_same_source_adds_nothing(self, more):
        settle([conversion(1, event_id="a")])
        told = settle([conversion(2, event_id="a", value_micros=5, currency="EUR", emails=(LEA,), **more)])
        assert (told.copies, told.completed) == (1, 0)
        assert (rows()[0].value_micros, MatchKey.objects.count()) == (-1, 0)

    def test_what_the_first_said_stays(self):
        settle([conversion(1, event_id="a", value_micros=7, currency="EUR")])
        settle([conversion(2, event_id="a", value_micros=5, currency="USD", **SERVER)])
        assert (rows()[0].value_micros, rows()[0].currency) == (7, "EUR")

    @pytest.mark.parametrize("refused_first", [True, False])
    @pytest.mark.parametrize("at_once", [True, False])
    def test_whoever_refused_to_one_of_the_two_is_matched_by_neither(self, refused_first, at_once):
        agreed = conversion(1, event_id="a", emails=(LEA,), decision_id=4)
        refused = conversion(2, event_id="a", has_consent=False, **SERVER)
        settle([conversion(3, emails=(LEA,))], [touch(4, clicked=1)])
        told = [refused, agreed] if refused_first else [agreed, refused]
        for part in [told] if at_once else [[one] for one in told]:
            settle(part)
        assert [(row.has_consent, row.decision_id) for row in rows()][:1] == [(False, 0)]
        assert {row.credited_decision_id for row in rows()} == {0}
        assert list(MatchKey.objects.values_list("conversion_id", flat=True)) == [3]


class TestCredit:
    def test_by_the_click_whose_id_the_page_bore(self):
        told = settle([conversion(1, decision_id=4)], [touch(4, clicked=1), touch(5, "zoe", clicked=0.5)])
        assert told.credited == 1
        (row,) = rows()
        assert (row.credited_decision_id, row.touch, row.ad_id, row.adgroup_id) == (4, "click", 3_004, 300)
        assert (row.touch_at_ms, row.is_counted) == (NOW_MS - DAY_MS, True)

    def test_by_a_later_touch_of_the_person_who_clicked(self):
        settle([conversion(1, decision_id=4)], [touch(4, clicked=3), touch(5, clicked=1), touch(6, "zoe", clicked=0.5)])
        assert credited() == {1: (5, "click")}

    def test_by_a_view_of_the_person_known_by_an_older_click(self):
        settle([conversion(1, decision_id=4)], [touch(4, clicked=20), touch(5, seen=0.5)])
        assert credited() == {1: (5, "view")}

    @pytest.mark.parametrize("name", ["emails", "phones", "external_ids"])
    def test_by_a_name_that_a_clicked_page_had(self, name):
        settle([conversion(1, "Pageview", ago=2, decision_id=4, **{name: (LEA,)})], [touch(4, clicked=2.1)])
        settle([conversion(2, **{name: (LEA,)}, **SERVER), conversion(3, **{name: (ZOE,)})])
        assert credited() == {1: (4, "click"), 2: (4, "click"), 3: (0, "")}

    def test_by_the_browser(self):
        settle([conversion(1, "Pageview", ago=2, decision_id=4, browser_id=LEA)], [touch(4, "", clicked=2.1)])
        settle([conversion(2, browser_id=LEA), conversion(3, emails=(LEA,))])
        assert credited() == {1: (4, "click"), 2: (4, "click"), 3: (0, "")}

    def test_nothing_of_one_advertiser_s_pages_is_used_for_another_s(self):
        settle(
            [conversion(1, ago=1, decision_id=4, emails=(LEA,))],
            [touch(4, clicked=2), touch(5, clicked=1, advertiser_id=RIVAL)],
        )
        settle([conversion(2, emails=(LEA,), advertiser_id=RIVAL), conversion(3, advertiser_id=RIVAL, decision_id=4)])
        assert credited() == {1: (4, "click"), 2: (0, ""), 3: (0, "")}

    def test_without_consent_a_conversion_is_counted_and_matched_with_nobody(self):
        settle([conversion(1, decision_id=4, has_consent=False)], [touch(4, clicked=1)])
        assert credited() == {1: (0, "")}
        assert [one.total for one in queries.count_events([PIXEL], from_ms=0, to_ms=NOW_MS + 1)] == [1]

    def test_a_click_that_was_not_believed_leads_to_nobody(self):
        settle([conversion(1, decision_id=4)], [touch(4, seen=0.5), touch(5, clicked=0.4)])
        assert credited() == {1: (0, "")}

    def test_a_name_that_leads_to_many_people_is_nobody_s(self):
        for number in range(1, 7):
            settle(
                [conversion(number, "Pageview", ago=1, decision_id=number, external_ids=(LEA,))],
                [touch(number, f"p{number}", clicked=1.1)],
            )
        settle([conversion(20, external_ids=(LEA,))])
        assert credited()[20] == (0, "")
        assert credited()[3] == (3, "click")

    def test_where_the_ad_group_says_so_only_the_first_of_an_event_counts(self):
        once = touch(4, clicked=3, counts_once=True)
        settle([conversion(1, ago=1, decision_id=4), conversion(2, "Lead", ago=1, decision_id=4)], [once])
        settle([conversion(3, ago=2, decision_id=4)])
        assert {row.id: row.is_counted for row in rows()} == {1: False, 2: True, 3: True}
        assert {row.credited_decision_id for row in rows()} == {4}


class TestOrder:
    TOUCHES = [
        touch(4, clicked=3, seen=3.1),
        touch(5, engaged=0.5, seen=0.6),
        touch(6, "zoe", clicked=20),
        touch(7, "zoe", seen=0.2),
        touch(8, "", clicked=1),
        touch(9, clicked=0.9, counts_once=True),
    ]
    CONVERSIONS = [
        conversion(11, "Pageview", ago=2.9, decision_id=4, emails=(LEA,), browser_id=digest("b1"), event_id="v"),
        conversion(12, "AddToCart", ago=0.4, emails=(LEA,), event_id="c"),
        conversion(13, "Purchase", ago=0.3, browser_id=digest("b1"), event_id="d"),
        conversion(14, "Pageview", ago=19.9, decision_id=6, phones=(ZOE,), event_id="e"),
        conversion(15, "Purchase", ago=0.1, phones=(ZOE,), event_id="f"),
        conversion(16, "Purchase", ago=0.05, decision_id=8, event_id="g"),
        conversion(17, "Purchase", ago=0.8, decision_id=9, event_id="h"),
        conversion(18, "Purchase", ago=0.7, decision_id=9, event_id="i"),
    ]

    @pytest.mark.parametrize("part", [0, *(pytest.param(one, marks=pytest.mark.long) for one in range(1, 10))])
    def test_any_order_and_any_batches_come_to_the_same(self, part):
        settle(self.CONVERSIONS, self.TOUCHES)
        expected = {row.event_id: self.result(row) for row in rows()}
        assert {one[1] for one in expected.values()} == {"click", "view"}
        chance = random.Random(part)
        for _ in range(50):
            for model in (MatchKey, Conversion, Touch):
                model.objects.all().delete()
            told = [*self.CONVERSIONS, *self.TOUCHES, *chance.sample(self.CONVERSIONS, 3)]
            chance.shuffle(told)
            while told:
                size = chance.randint(1, 6)
                batch, told = told[:size], told[size:]
                settle([one for one in batch if one in self.CONVERSIONS], [one for one in batch if one in self.TOUCHES])
            assert {row.event_id: self.result(row) for row in rows()} == expected

    @staticmethod
    def result(row: Conversion) -> tuple:
        return (row.credited_decision_id, row.touch, row.touch_at_ms, row.ad_id, row.is_counted)

    def test_a_recount_is_what_stands_and_other_windows_may_be_asked(self):
        settle(self.CONVERSIONS, self.TOUCHES)
        span = {"from_ms": NOW_MS - 30 * DAY_MS, "to_ms": NOW_MS + 1}
        again = queries.recount(BRAND, **span)
        assert {
            id_: (one.touched.decision_id, one.kind.value) if one else (0, "") for id_, one in again.items()
        } == credited()
        none = queries.recount(BRAND, windows=Windows(0, 0, 0), **span)
        assert set(none.values()) == {None}
        views = queries.recount(BRAND, windows=Windows(0, 0, 7), **span)
        assert {one.kind.value for one in views.values() if one} == {"view"}


def test_events_are_counted_by_pixel_and_name():
    settle(
        [
            conversion(1, "AddToCart"),
            conversion(2, "AddToCart", **SERVER),
            conversion(3, "Purchase", event_id="a", decision_id=4),
            conversion(4, "Purchase", event_id="a", **SERVER),
            conversion(5, "Purchase", is_test=True),
            conversion(6, "Purchase", doubt="declared_bot"),
            conversion(7, "Purchase", ago=3),
            conversion(8, "Lead", pixel_id=8),
        ],
        [touch(4, clicked=1)],
    )
    cart, bought = queries.count_events([PIXEL], from_ms=NOW_MS - DAY_MS, to_ms=NOW_MS + 1)
    assert (cart.event, cart.total, cart.browser, cart.server, cart.credited, cart.tests) == (
        "AddToCart",
        2,
        1,
        1,
        0,
        0,
    )
    assert (bought.event, bought.total, bought.browser, bought.server) == ("Purchase", 1, 1, 1)
    assert (bought.credited, bought.tests) == (1, 1)
    assert queries.count_events([99], from_ms=0, to_ms=NOW_MS + 1) == []


def test_what_was_settled_tells_a_door_what_is_a_duplicate():
    one = conversion(1, event_id="a")
    settle([one, conversion(2, event_id="b", is_test=True)])
    assert queries.settled_times([one.key, b"x" * 16]) == {one.key: [one.at_ms]}


def test_what_no_window_reaches_any_more_is_let_go(means, clock):
    old_id = (clock.wire_ms() - CONVERSION_LIFE_MS - 1) << 22
    new_id = clock.wire_ms() << 22
    settle(
        [conversion(1, ago=CONVERSION_LIFE_MS / DAY_MS + 1, emails=(LEA,)), conversion(2, emails=(LEA,))],
        [touch(old_id, clicked=1), touch(new_id, clicked=1)],
    )
    assert sweep(means) == 2
    assert [row.id for row in rows()] == [2]
    assert list(Touch.objects.values_list("decision_id", flat=True)) == [new_id]
    assert MatchKey.objects.count() == 1
    assert sweep(means) == 0


def test_touches_that_no_conversion_waits_for_cost_two_statements(django_assert_num_queries):
    touches = [touch(number, f"p{number}", seen=1) for number in range(1, 61)]
    with django_assert_num_queries(2), transaction.atomic(savepoint=False):
        settle((), [])
        settle((), touches)
