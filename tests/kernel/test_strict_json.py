"""One reading for every JSON text, or none."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest

from attise.kernel import strict_json
from attise.kernel.strict_json import NotStrictJson


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1, "b": [true, null, "é"]}', {"a": 1, "b": [True, None, "é"]}),
        ('[\n  "7001",\n  "7002"\n]', ["7001", "7002"]),
        ('{"n": 1.50}', {"n": Decimal("1.50")}),
        ('{"n": 1e3}', {"n": Decimal("1e3")}),
        ('"\\ud83d\\ude00"', "😀"),
        ('{"a": {"a": 1}}', {"a": {"a": 1}}),
        ("[" * 32 + "]" * 32, None),
        ('"' + "[" * 100 + '"', "[" * 100),
    ],
)
def test_plain_json_is_read(text, value):
    read = strict_json.parse(text)
    assert value is None or read == value


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('{"a": 1, "a": 2}', strict_json.RULE_DUPLICATE),
        ('{"a": {"b": 1, "b": 1}}', strict_json.RULE_DUPLICATE),
        ('{"a": NaN}', strict_json.RULE_NOT_A_NUMBER),
        ("[Infinity]", strict_json.RULE_NOT_A_NUMBER),
        ("[-Infinity]", strict_json.RULE_NOT_A_NUMBER),
        ("[" * 33 + "]" * 33, strict_json.RULE_DEPTH),
        ("[" * 500_000, strict_json.RULE_DEPTH),
        ('"\\ud800"', strict_json.RULE_SURROGATE),
        ('{"\\udc00": 1}', strict_json.RULE_SURROGATE),
        ('{"a": "b\\u0000"}', strict_json.RULE_NUL),
        ('{"a\\u0000": 1}', strict_json.RULE_NUL),
        ("\ufeff{}", strict_json.RULE_BOM),
        ("1" * 5_000, strict_json.RULE_NUMBER_SIZE),
        ("0." + "1" * 5_000, strict_json.RULE_NUMBER_SIZE),
        ("{'a': 1}", strict_json.RULE_JSON),
        ('{"a": 1,}', strict_json.RULE_JSON),
        ('{"a": 01}', strict_json.RULE_JSON),
        ('"a\nb"', strict_json.RULE_JSON),
        ('{"a": 1} x', strict_json.RULE_JSON),
        ("", strict_json.RULE_JSON),
    ],
)
def test_anything_else_is_refused_by_its_rule(text, rule):
    with pytest.raises(NotStrictJson) as caught:
        strict_json.parse(text)
    assert caught.value.rule == rule


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        (b"\xef\xbb\xbf{}", strict_json.RULE_BOM),
        (b'"\xff"', strict_json.RULE_UTF8),
        (b'"\xed\xa0\x80"', strict_json.RULE_UTF8),
    ],
)
def test_a_body_is_utf8_without_a_mark(raw, rule):
    with pytest.raises(NotStrictJson) as caught:
        strict_json.decode(raw)
    assert caught.value.rule == rule


@pytest.mark.parametrize("hostile", ['"\\"' * 250_000, '"' * 999_999, "\\" * 1_000_000, '{"a":"' + "\\u0041" * 150_000])
def test_no_text_costs_more_than_a_few_passes(hostile):
    start = time.process_time()
    with pytest.raises(NotStrictJson):
        strict_json.parse(hostile)
    assert time.process_time() - start < 2
