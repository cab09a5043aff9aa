"""The documents tell the truth about the tree."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
PATH = re.compile(r"`((?:src|docs|tests|tools|examples|deploy|\.ci)/[A-Za-z0-9_./-]+)`")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_path_that_a_document_names_is_there(document):
    text = document.read_text()
    missing = [path for path in PATH.findall(text) if not (ROOT / path).exists()]
    missing += [link for link in LINK.findall(text) if not (document.parent / link).exists()]
    assert missing == []


def test_the_readme_names_the_two_commands_and_what_comes_next():
    text = (ROOT / "README.md").read_text()
    for name in ("make run", "make test", "docs/tour.md"):
        assert name in text


def test_each_dependency_has_its_line_of_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[\[<>=~!]", line)[0].lower() for line in wanted}
    page = (ROOT / "docs" / "decisions" / "0006-dependencies.md").read_text().lower()
    assert [name for name in sorted(names) if f"{name}" not in page] == []


def test_locks_name_no_registry():
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|--(extra-)?index-url|--find-links", text), lock.name


@pytest.mark.parametrize("story", sorted((ROOT / "docs" / "stories").glob("*.md")), ids=lambda path: path.stem)
def test_every_function_a_story_names_exists(story):
    for module, name in re.findall(r"`([a-z_.]+)\.([a-z_]+)\(\)`", story.read_text()):
        base = ROOT / "src" / "attise" / module.replace(".", "/")
        files = [base.with_suffix(".py"), base / "__init__.py", *base.glob("*.py")]
        assert any(
            re.search(rf"^\s*(?:async )?def {name}\b|^class {name}\b|\b{name}\b,?$", path.read_text(), re.MULTILINE)
            for path in files
            if path.exists()
        ), f"{module}.{name}"


def test_every_decision_has_a_number_of_its_own():
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
