"""Whoever opens a unit of work is a verb, so that a transaction which loses to another is done again."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import attise

ROOT = Path(attise.__file__).parent
AST_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def openers(tree: ast.AST, around: ast.AST | None = None) -> Iterator[tuple[ast.AST | None, int]]:
    """Yield each call of ``unit`` as the innermost function around it and its line."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "unit":
            yield around, node.lineno
        yield from openers(node, node if isinstance(node, AST_FUNCTION) else around)


def is_verb(function: ast.AST | None) -> bool:
    decorators = getattr(function, "decorator_list", [])
    return any(isinstance(one, ast.Name) and one.id == "verb" for one in decorators)


def test_every_function_that_opens_a_unit_is_a_verb():
    """Put ``@verb`` above it (``management.outbox.actions``), on a function that does nothing else that stays."""
    seen, found = 0, []
    for path in sorted(ROOT.rglob("*.py")):
        for function, line in openers(ast.parse(path.read_text())):
            seen += 1
            if not is_verb(function):
                found.append(f"{path.relative_to(ROOT)}:{line}")
    assert seen > 50
    assert found == []


def test_a_unit_outside_of_a_verb_is_found():
    planted = "def act(means):\n    with unit(means):\n        pass\n"
    [(function, line)] = openers(ast.parse(planted))
    assert line == 2
    assert not is_verb(function)
    [(function, _)] = openers(ast.parse(f"@verb\n{planted}"))
    assert is_verb(function)
