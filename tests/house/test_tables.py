"""What imports do not show: foreign keys, plain SQL's tables, and what the edge brings into memory."""

import ast
import subprocess
import sys
from pathlib import Path

from django.apps import apps

from attise.records import tables

SOURCE = Path(__file__).resolve().parents[2] / "src" / "attise"
ORDER = ["ledger", "outbox", "processes", "attempts", "idempotency", "accounts", "viewers", "posts", "library"]
ORDER += [
    "authorizations",
    "earnings",
    "pixels",
    "campaigns",
    "review",
    "invoices",
    "saved_reports",
    "snapshots",
    "counters",
    "conversions",
]
ORDER += ["attribution", "reports"]


def our_models():
    return [model for model in apps.get_models() if model.__module__.startswith("attise.")]


def test_foreign_keys_point_down_and_leave_no_name_behind():
    for model in our_models():
        for field in model._meta.get_fields():
            if not getattr(field, "many_to_one", False) and not getattr(field, "one_to_one", False):
                continue
            if field.auto_created or not field.related_model.__module__.startswith("attise."):
                continue
            here, there = model._meta.app_label, field.related_model._meta.app_label
            assert ORDER.index(there) <= ORDER.index(here), f"{model.__name__}.{field.name} points up"
            if here != there:
                assert field.remote_field.related_name == "+", f"{model.__name__}.{field.name} leaves a name behind"


def test_the_tables_of_plain_sql_are_those_of_the_models():
    by_table = {model._meta.db_table: model for model in apps.get_models()}
    for table, columns in tables.ALL:
        known = {field.column for field in by_table[table]._meta.concrete_fields}
        assert set(columns) <= known, table


def test_every_statement_of_plain_sql_names_a_known_table():
    names = {table for table, _ in tables.ALL}
    for statement in tables.SELECTS.values():
        assert any(f"FROM {name}" in statement for name in names), statement


def test_no_signal_and_no_model_by_name_between_rooms():
    for path in SOURCE.rglob("*.py"):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert node.module not in {"django.dispatch", "django.db.models.signals"}, path
            if isinstance(node, ast.Attribute):
                assert node.attr != "get_model" or "apps" not in ast.unparse(node.value), path


def test_the_edge_brings_no_django_into_memory():
    code = (
        "import sys, attise.doors.edge, pkgutil, importlib\n"
        "for found in pkgutil.walk_packages(attise.doors.edge.__path__, 'attise.doors.edge.'):\n"
        "    if not found.name.endswith('__main__'):\n"
        "        importlib.import_module(found.name)\n"
        "print([name for name in sys.modules if name.split('.')[0] == 'django'])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
