"""How each kind of value is read, from a query, from JSON inside a query, and from a body."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

import msgspec
import pytest

from attise.doors.marketing_api.wire.compile import object_shape, shape_of
from attise.doors.marketing_api.wire.kinds import Between, Day, Id, Items, Length, QuotedId, Time
from attise.kernel.errors import Refusal

PAGE = Annotated[int, Between(1, 50)]
NAME = Annotated[str, Length(1, 10)]
IDS = Annotated[list[Id], Items(1, 3)]
KIND = Literal["VIDEO", "CAROUSEL"]
DAYS = Literal[7, 30, 60, 365]


class Filtering(msgspec.Struct, frozen=True, kw_only=True):
    keyword: str | None = None
    ids: IDS | None = None
    kinds: list[KIND] | None = None
    start_date: Day | None = None
    end_date: Day | None = None


def from_text(hint, text):
    return shape_of(hint).from_text(text, "field")


def from_body(hint, value):
    return shape_of(hint).from_json(value, "field", lenient=False)


@pytest.mark.parametrize(
    ("hint", "text", "value"),
    [
        (PAGE, "1", 1),
        (PAGE, "50", 50),
        (PAGE, "007", 7),
        (bool, "true", True),
        (bool, "True", True),
        (bool, "1", True),
        (bool, "false", False),
        (bool, "False", False),
        (bool, "0", False),
        (Id, "1790000000000000001", 1790000000000000001),
        (Id, "0", 0),
        (Id, "9223372036854775807", 2**63 - 1),
        (QuotedId, '"0"', 0),
        (QuotedId, "12", 12),
        (NAME, "été", "été"),
        (KIND, "VIDEO", "VIDEO"),
        (DAYS, "30", 30),
        (IDS, '["1","2"]', [1, 2]),
        (IDS, ' [\n  "1" ,\n "2"\n] ', [1, 2]),
        (IDS, "[1, 2]", [1, 2]),
        (IDS, "55", [55]),
        (IDS, '"55"', [55]),
        (list[KIND], "VIDEO", ["VIDEO"]),
        (list[KIND], "[]", []),
        (Time, "2026-11-22 08:30:00", 1795336200000),
        (Day, "2026-11-22", dt.date(2026, 11, 22)),
        (int | None, "3", 3),
    ],
)
def test_a_query_value_is_read(hint, text, value):
    assert from_text(hint, text) == value


@pytest.mark.parametrize(
    ("hint", "text"),
    [
        *[(PAGE, text) for text in ("0", "51", "1e3", "1.0", "+1", "-1", "NaN", " 1", "1 ", "٣", "", "1_0", "0x1")],
        *[(bool, text) for text in ("TRUE", "yes", "2", "", "tru", "None")],
        *[(Id, text) for text in ("", "abc", "-1", "1.0", "1e3", "01", "9223372036854775808", "1" * 400, "١", '"1"')],
        *[(NAME, text) for text in ("", "a" * 11)],
        *[(KIND, text) for text in ("video", "", "VIDEO ")],
        *[(DAYS, text) for text in ("8", "30.0", "030")],
        *[(IDS, text) for text in ("[]", '["1","2","3","4"]', "[1,", "[true]", "[1.0]", "[null]", '[["1"]]', "1,2")],
        *[(Time, text) for text in ("2026-11-22", "2026-11-22T08:30:00", "2026-02-30 00:00:00", "2026-1-1 0:0:0")],
        *[(Day, text) for text in ("2026-13-01", "22/11/2026", "2026-11-22 00:00:00")],
    ],
)
def test_a_query_value_that_is_not_one_is_refused_naming_its_field(hint, text):
    with pytest.raises(Refusal) as caught:
        from_text(hint, text)
    assert caught.value.field == "field"


@pytest.mark.parametrize(
    ("hint", "value", "read"),
    [
        (PAGE, 5, 5),
        (bool, True, True),
        (Id, "1", 1),
        (IDS, ["1"], [1]),
        (DAYS, 30, 30),
        (NAME, "a", "a"),
        (Time, "2026-11-22 08:30:00", 1795336200000),
    ],
)
def test_a_body_value_is_read(hint, value, read):
    assert from_body(hint, value) == read


@pytest.mark.parametrize(
    ("hint", "value"),
    [
        *[(PAGE, value) for value in (True, "5", Decimal("5.0"), None, [], 51)],
        *[(bool, value) for value in (1, 0, "true", None)],
        *[(Id, value) for value in (1, True, Decimal(1), [], {}, "x")],
        *[(IDS, value) for value in ("1", {"0": "1"}, [1])],
        *[(DAYS, value) for value in (True, "30", Decimal("30.0"), 8)],
        *[(NAME, value) for value in (1, [], {})],
        *[(Filtering, value) for value in ([], "{}", 1)],
    ],
)
def test_a_body_value_of_another_type_is_refused(hint, value):
    with pytest.raises(Refusal) as caught:
        from_body(hint, value)
    assert caught.value.field == "field"


def test_an_object_ignores_what_it_does_not_know_and_nulls():
    read = from_text(Filtering, '{"keyword": "x", "lifetime": true, "ids": null}')
    assert read == Filtering(keyword="x")


def test_a_bare_value_inside_an_object_of_a_query_is_a_list_of_one():
    assert from_text(Filtering, '{"ids": 5, "kinds": "VIDEO"}') == Filtering(ids=[5], kinds=["VIDEO"])


def test_days_without_quotes_are_taken_for_days():
    read = from_text(Filtering, '{"start_date":2026-12-21,"end_date":2026-11-22}')
    assert (read.start_date, read.end_date) == (dt.date(2026, 12, 21), dt.date(2026, 11, 22))


@pytest.mark.parametrize("text", ["{", '{"a":2026-12-}', "[]", "x", "null", '"{}"', '{"keyword": 1 2}'])
def test_a_broken_object_is_refused(text):
    with pytest.raises(Refusal) as caught:
        from_text(Filtering, text)
    assert caught.value.field == "field"


def test_a_field_within_an_object_is_named_by_its_path():
    with pytest.raises(Refusal) as caught:
        from_text(Filtering, '{"kinds": ["AUDIO"]}')
    assert caught.value.field == "field.kinds"


class Outer(msgspec.Struct, frozen=True, kw_only=True):
    class Inner(msgspec.Struct, frozen=True, kw_only=True):
        name: str
        type: str | None = None

    bc_id: Id
    inner: Inner
    note: str = ""


Outer.__annotations__["inner"] = Outer.Inner


def test_what_is_missing_is_told_by_path_deep_down():
    shape = object_shape(Outer)
    assert list(shape.missing({}, "")) == ["bc_id", "inner"]
    assert list(shape.missing({"bc_id": "", "inner": {}}, "")) == ["bc_id", "inner.name"]
    assert list(shape.missing({"bc_id": "1", "inner": {"name": "x"}}, "")) == []


def test_an_annotation_without_spelling_is_a_mistake_of_ours():
    with pytest.raises(TypeError):
        shape_of(float)
