"""A process that a command starts by ``multiprocessing`` reads its file again: it must run nothing by that."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from attise.doors import cli

TOOL = Path(__file__).resolve().parents[3] / "tools" / "link_package.py"


@pytest.fixture
def run(monkeypatch):
    """Return the names under which the command ran."""
    ran: list[str] = []
    monkeypatch.setattr(cli, "main", lambda: ran.append("ran") or 0)
    return ran


@pytest.mark.parametrize(("name", "times"), [("__mp_main__", 0), ("__main__", 1)])
def test_the_installed_script_runs_where_it_is_called_alone(run, tmp_path, name, times):
    script = tmp_path / "attise"
    script.write_text(runpy.run_path(str(TOOL))["SCRIPT"].format(python="python"))
    _read(str(script), name)
    assert run == ["ran"] * times


@pytest.mark.parametrize(("name", "times"), [("__mp_main__", 0), ("__main__", 1)])
def test_so_does_the_module(run, name, times):
    _read(str(Path(cli.__file__).with_name("__main__.py")), name)
    assert run == ["ran"] * times


def _read(path: str, name: str) -> None:
    if name != "__main__":
        runpy.run_path(path, run_name=name)
        return
    with pytest.raises(SystemExit) as end:
        runpy.run_path(path, run_name=name)
    assert end.value.code == 0
