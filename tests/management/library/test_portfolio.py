"""An advertiser makes sets of buttons."""

from __future__ import annotations

import pytest

from attise.kernel.limits import PORTFOLIOS
from attise.management.library import actions, queries, rules
from attise.management.library.models import Portfolio
from attise.management.library.rules import PortfolioItem
from attise.records.lookups import call_to_actions
from tests.refusals import refusals_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def create(means, host, advertiser):
    def create(*items, advertiser_id=advertiser):
        contents = [PortfolioItem(content, tuple(ids)) for content, *ids in items]
        return actions.create_portfolio(means, host, advertiser_id=advertiser_id, contents=contents)

    return create


def test_a_set_keeps_its_order_and_knows_its_buttons(create, advertiser):
    made = create((" Acheter ", 3019), ("", 3012, 3020))
    assert [item.content for item in made.items] == ["Acheter", ""]
    assert made.calls == ("SHOP_NOW", "LEARN_MORE", "SIGN_UP")
    assert queries.get_portfolio(advertiser, made.id) == made


def test_what_is_wrong_is_told_together_and_nothing_is_made(create):
    assert refusals_of(create) == [("contents", "field_required")]
    told = refusals_of(create, ("x\0", 3001), ("", 9), ("",), ("", 3001))
    assert told == [
        ("contents[0].content", "text_characters"),
        ("contents[1].call_ids[0]", "call_to_action_id_unknown"),
        ("contents[2].call_ids", "field_required"),
        ("contents[3].call_ids[0]", "call_to_action_twice"),
    ]
    assert refusals_of(create, ("", 3001), advertiser_id=1) == [("advertiser_id", "not_found")]
    assert not Portfolio.objects.exists()


def test_anothers_set_does_not_exist(create, rival):
    made = create(("", 3001))
    assert refusals_of(queries.get_portfolio, rival, made.id) == [("portfolio_id", "not_found")]
    assert refusals_of(queries.get_portfolio, rival, 2**70) == [("portfolio_id", "not_found")]
    assert queries.list_portfolios(rival, ids=[made.id]).items == []


def test_sets_are_listed_newest_first(create, advertiser):
    first, second = create(("", 3001)), create(("", 3002))
    page = queries.list_portfolios(advertiser, page_size=1)
    assert (page.items, page.total) == ([second], 2)
    assert queries.list_portfolios(advertiser, ids=[first.id, 2**70]).items == [first]
    assert queries.list_portfolios(advertiser, ids=[]).items == []


def test_there_are_so_many_sets(create, advertiser):
    Portfolio.objects.bulk_create(
        Portfolio(id=place, advertiser_id=advertiser, contents=[], created_at_ms=0) for place in range(PORTFOLIOS)
    )
    assert refusals_of(create, ("", 3001)) == [(None, "portfolios_too_many")]


@pytest.mark.parametrize("kind", ["", "WEBSITE", "APP_IOS", "LEAD_GENERATION", "EXTERNAL_OR_DISPLAY", "SOMETHING_NEW"])
def test_every_suggested_button_exists_once(kind):
    codes = rules.recommended_calls(kind)
    assert len(set(codes)) == len(codes)
    assert all(call_to_actions.find(code) for code in codes)
