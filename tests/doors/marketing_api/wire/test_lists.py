"""Pages of lists, several lists told as one, and fields that are kept."""

from __future__ import annotations

import pytest

from attise.doors.marketing_api.wire.lists import cut, joined, page_info, select
from attise.kernel.errors import Refusals


def part(rows):
    return lambda page, page_size: cut(rows, page, page_size)


@pytest.mark.parametrize("sizes", [(0,), (5,), (3, 4), (0, 4), (4, 0), (1, 2, 3), (7, 1, 9)])
@pytest.mark.parametrize("page_size", [1, 2, 3, 5, 100])
def test_several_lists_page_like_one(sizes, page_size):
    rows = [list(range(100 * place, 100 * place + size)) for place, size in enumerate(sizes)]
    whole = [row for each in rows for row in each]
    for page in range(1, len(whole) // page_size + 3):
        found, wanted = joined([part(each) for each in rows], page, page_size), cut(whole, page, page_size)
        assert found.items == wanted.items
        assert page_info(found) == page_info(wanted)


def test_an_empty_list_has_no_page():
    assert page_info(cut([], 1, 10)) == {"page": 1, "page_size": 10, "total_number": 0, "total_page": 0}


ROWS = [{"a": 1, "b": None, "c": 3}]


def test_all_fields_unless_some_are_asked_for():
    assert select(ROWS, known="abc", fields=None) == ROWS
    assert select(ROWS, known="abc", fields=["c", "a"]) == [{"a": 1, "c": 3}]


def test_nulls_are_dropped_when_asked():
    assert select(ROWS, known="abc", fields=None, without_nulls=True) == [{"a": 1, "c": 3}]


def test_a_stranger_is_named_even_when_the_list_is_empty():
    with pytest.raises(Refusals) as caught:
        select([], known="abc", fields=["a", "z", "x" * 500])
    assert [refusal.params["name"] for refusal in caught.value.items] == ["z", "x" * 60 + "…"]
