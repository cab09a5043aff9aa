"""Every refusal at once, in the order of the checks."""

import pytest

from attise.kernel.errors import FIELD_REQUIRED, NOT_FOUND, Refusal, Refusals
from attise.kernel.gather import Gather, clean_facts


def refuse(field: str) -> str:
    raise Refusal(FIELD_REQUIRED, field=field)


def refuse_two(*fields: str) -> str:
    raise Refusals([Refusal(FIELD_REQUIRED, field=field) for field in fields])


def test_what_is_right_is_returned_and_nothing_is_told():
    gather = Gather()
    assert gather.take(str.upper, "a") == "A"
    assert gather.take(int, "12", base=3) == 5
    gather.tell()


def test_a_refusal_that_is_alone_stays_itself():
    gather = Gather()
    gather.take(refuse, "name")
    with pytest.raises(Refusal) as told:
        gather.tell()
    assert told.value.field == "name"


def test_several_are_told_together_in_order_those_of_inner_checks_too():
    gather = Gather()
    gather.take(refuse, "a")
    gather.take(refuse_two, "b", "c")
    gather.add(Refusal(NOT_FOUND, field="d"))
    with pytest.raises(Refusals) as told:
        gather.tell()
    assert [one.field for one in told.value.items] == ["a", "b", "c", "d"]


def test_a_bug_in_a_check_is_not_kept_for_later():
    with pytest.raises(ZeroDivisionError):
        Gather().take(lambda: 1 // 0)


def test_a_fact_without_rule_is_not_taken():
    with pytest.raises(Refusals) as told:
        clean_facts({"a": "x", "state": "admin", "b": "y"}, {"a": refuse, "b": str.upper})
    assert [(one.field, one.code) for one in told.value.items] == [("x", "field_required"), ("state", "field_unknown")]
    assert clean_facts({"b": "y"}, {"a": refuse, "b": str.upper}) == {"b": "Y"}
