"""Nothing waits for compilation: a child compiles into a folder, and whoever comes later loads from it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from attise.serving import kernels
from tests import machine_code

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def folder():
    """A folder that a child compiled into."""
    return machine_code.compiled()


def run(command, source=ROOT / "src"):
    environment = {**os.environ, "PYTHONPATH": str(source)}
    ended = subprocess.run(command, env=environment, cwd=ROOT, check=False, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.split()


def ask(script):
    return run([sys.executable, "-c", f"from pathlib import Path\nfrom attise.serving import kernels\n{script}"])


def test_every_room_s_kernels_are_loaded_before_anything_is_answered_by_them():
    source = ROOT / "src"
    files = [*source.glob("attise/serving/*/compiled.py"), *source.glob("attise/serving/*/compiled/[!_]*.py")]
    assert set(kernels.MODULES) == {".".join(file.relative_to(source).with_suffix("").parts) for file in files}


def test_importing_serving_brings_no_compiler():
    script = (
        "import sys\n"
        "import attise.serving.targeting.retrieve, attise.serving.targeting.index_file\n"
        "import attise.serving.prediction.predictor\n"
        "print('numba' in sys.modules, 'llvmlite' in sys.modules, 'django' in sys.modules, kernels.are_ready())"
    )
    assert ask(script) == ["False", "False", "False", "False"]


def test_a_folder_without_everything_changes_nothing(tmp_path):
    assert ask(f"print(kernels.use(Path({str(tmp_path)!r})), kernels.are_ready())") == ["False", "False"]
    assert list(tmp_path.iterdir()) == []


def test_what_a_child_compiled_is_loaded_by_others_and_not_compiled_again(folder):
    before = {file: file.stat().st_mtime_ns for file in folder.rglob("*.nb?")}
    assert before
    assert ask(f"print(kernels.use(Path({str(folder)!r})), kernels.are_ready())") == ["True", "True"]
    assert {file: file.stat().st_mtime_ns for file in folder.rglob("*.nb?")} == before


@pytest.fixture
def changed(tmp_path):
    """Sources of which one, that no kernel is in, was changed."""
    copy = tmp_path / "src" / "attise"
    shutil.copytree(ROOT / "src" / "attise", copy, ignore=shutil.ignore_patterns("__pycache__", "static", "doors"))
    with (copy / "serving" / "targeting" / "codes.py").open("a") as file:
        file.write("# another release\n")
    return copy.parent


def test_what_other_sources_became_is_not_used(folder, changed):
    script = f"from pathlib import Path\nfrom attise.serving import kernels\nprint(kernels.use(Path({str(folder)!r})))"
    assert run([sys.executable, "-c", script], source=changed) == ["False"]


@pytest.mark.long
def test_sources_that_changed_are_compiled_anew_and_what_they_were_is_forgotten(folder, changed, tmp_path):
    kept = tmp_path / "kernels"
    shutil.copytree(folder, kept)
    (before,) = kept.glob(f"{kernels.HOME}*")
    run(kernels.compile_command(kept), source=changed)
    (after,) = kept.glob(f"{kernels.HOME}*")
    assert before != after
    assert (after / kernels.MARK).exists()


def test_the_compiled_search_is_used_once_it_is_ready_and_numpy_until_then(folder):
    script = (
        "from attise.serving.targeting.retrieve import _scan\n"
        "print(_scan().__module__)\n"
        f"kernels.use(Path({str(folder)!r}))\n"
        "print(_scan().__module__)"
    )
    assert ask(script) == ["attise.serving.targeting.numpy_scan", "attise.serving.targeting.compiled_scan"]
