"""Money is whole micros: no float, no division with a remainder that nobody sees, no column that rounds."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

SOURCE = Path(__file__).resolve().parents[2] / "src" / "attise"
WITHOUT_MONEY = ("attise.measurement.circles.", "attise.measurement.scout.")
"""Rooms whose tables keep forecasts and scores, and nothing that is owed."""
ON_THE_WAY_OF_MONEY = [
    *sorted((SOURCE / "ledger").rglob("*.py")),
    *sorted((SOURCE / "management" / "billing").rglob("*.py")),
    *sorted((SOURCE / "management" / "earnings").rglob("*.py")),
    *sorted(path for path in (SOURCE / "management" / "invoices").rglob("*.py") if path.parent.name != "paper"),
    SOURCE / "management" / "authorizations" / "fees.py",
    SOURCE / "records" / "charge.py",
    SOURCE / "records" / "lookups" / "currencies.py",
    SOURCE / "management" / "campaigns" / "envelopes.py",
]


def faults_in(tree: ast.AST) -> list[str]:
    """Return where a float can come from: its literals, its name, true division, and what rounds."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            found.append(f"line {node.lineno}: {node.value}")
        if isinstance(node, ast.Name) and node.id in {"float", "round"}:
            found.append(f"line {node.lineno}: {node.id}")
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            found.append(f"line {node.lineno}: /")
    return found


@pytest.mark.parametrize("path", ON_THE_WAY_OF_MONEY, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_float_on_the_way_of_money(path):
    assert faults_in(ast.parse(path.read_text())) == []


@pytest.mark.parametrize("planted", ["a = 0.5", "a = b / 2", "a /= 2", "a = float(b)", "a = round(b)", "a: float = b"])
def test_a_planted_float_is_seen(planted):
    assert len(faults_in(ast.parse(planted))) >= 1


def test_every_column_of_money_is_a_whole_number_of_sixty_four_bits():
    columns = [
        (f"{model._meta.label}.{field.name}", type(field))
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.name.endswith("_micros")
    ]
    assert len(columns) > 5
    assert [name for name, kind in columns if kind is not models.BigIntegerField] == []
    rounding = (models.FloatField, models.DecimalField)
    assert [
        field
        for model in apps.get_models()
        if model.__module__.startswith("attise.") and not model.__module__.startswith(WITHOUT_MONEY)
        for field in model._meta.concrete_fields
        if isinstance(field, rounding)
    ] == []
