"""Whom an advertiser's pages knew: by names that came along with a click, from then on, and by no others."""

from __future__ import annotations

from functools import partial

import pytest

from attise.kernel.limits import DAY_MS
from attise.measurement.conversions import actions
from attise.measurement.conversions.known import list_customers
from tests.measurement.conversions.builders import BRAND, NOW_MS, RIVAL, conversion, digest, touch

pytestmark = pytest.mark.django_db
settle = partial(actions.settle, results_of=lambda groups: dict.fromkeys(groups, "SHOPPING"))
LEA, ZOE = digest("lea"), digest("zoe")
BOUGHT = ("Purchase",)


def ago(days: float) -> int:
    return NOW_MS - round(days * DAY_MS)


def customers(*people: str, advertiser_id: int = BRAND):
    return list_customers(advertiser_id, people, events=BOUGHT)


def test_a_name_is_somebodys_once_it_came_along_with_their_click():
    settle(
        [
            conversion(1, "Pageview", ago=9, decision_id=4, emails=(LEA,)),
            conversion(2, ago=12, event_id="early", emails=(LEA,)),
            conversion(3, ago=2, event_id="late", emails=(LEA,)),
            conversion(4, "AddToCart", ago=1, emails=(LEA,)),
            conversion(5, ago=1, event_id="other", emails=(ZOE,)),
        ],
        [touch(4, clicked=9.1)],
    )
    found = customers("lea", "zoe", "")
    assert found.keys() == {"lea"}
    assert found["lea"].since_ms == ago(9)
    assert sorted(found["lea"].done) == [(ago(9), ago(12)), (ago(9), ago(2))]
    assert customers("lea", advertiser_id=RIVAL) == {}


def test_what_two_names_tell_is_one_thing_and_known_since_the_earlier():
    settle(
        [
            conversion(1, "Pageview", ago=9, decision_id=4, emails=(LEA,)),
            conversion(2, "Pageview", ago=5, decision_id=6, event_id="again", emails=(ZOE,)),
            conversion(3, ago=2, event_id="both", emails=(LEA, ZOE)),
        ],
        [touch(4, clicked=9.1), touch(6, clicked=5.1)],
    )
    assert customers("lea")["lea"].done == ((ago(9), ago(2)),)


def test_a_click_without_a_name_and_a_name_of_many_know_nobody():
    settle([conversion(1, "Pageview", ago=9, decision_id=4)], [touch(4, clicked=9.1)])
    assert customers("lea") == {}
    many = [f"p{number}" for number in range(6)]
    settle(
        [
            conversion(20 + place, "Pageview", ago=8, decision_id=30 + place, event_id=one, emails=(LEA,))
            for place, one in enumerate(many)
        ],
        [touch(30 + place, one, clicked=8.1) for place, one in enumerate(many)],
    )
    assert customers(*many) == {}
