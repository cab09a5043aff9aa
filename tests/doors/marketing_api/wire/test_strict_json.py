"""One reading for every JSON text, or none."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest

from attise.doors.marketing_api.wire import errors, strict_json
from attise.doors.marketing_api.wire.strict_json import NotStrictJson


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
        ('{"a": 1, "a": 2}', errors.RULE_DUPLICATE),
        ('{"a": {"b": 1, "b": 1}}', errors.RULE_DUPLICATE),
        ('{"a": NaN}', errors.RULE_NOT_A_NUMBER),
        ("[Infinity]", errors.RULE_NOT_A_NUMBER),
        ("[-Infinity]", errors.RULE_NOT_A_NUMBER),
        ("[" * 33 + "]" * 33, errors.RULE_DEPTH),
        ("[" * 500_000, errors.RULE_DEPTH),
        ('"\\ud800"', errors.RULE_SURROGATE),
        ('{"\\udc00": 1}', errors.RULE_SURROGATE),
        ('{"a": "b\\u0000"}', errors.RULE_NUL),
        ('{"a\\u0000": 1}', errors.RULE_NUL),
        ("\ufeff{}", errors.RULE_BOM),
        ("1" * 5_000, errors.RULE_NUMBER_SIZE),
        ("0." + "1" * 5_000, errors.RULE_NUMBER_SIZE),
        ("{'a': 1}", errors.RULE_JSON),
        ('{"a": 1,}', errors.RULE_JSON),
        ('{"a": 01}', errors.RULE_JSON),
        ('"a\nb"', errors.RULE_JSON),
        ('{"a": 1} x', errors.RULE_JSON),
        ("", errors.RULE_JSON),
    ],
)
def test_anything_else_is_refused_by_its_rule(text, rule):
    with pytest.raises(NotStrictJson) as caught:
        strict_json.parse(text)
    assert caught.value.rule == rule


@pytest.mark.parametrize(
    ("raw", "rule"),
    [(b"\xef\xbb\xbf{}", errors.RULE_BOM), (b'"\xff"', errors.RULE_UTF8), (b'"\xed\xa0\x80"', errors.RULE_UTF8)],
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
