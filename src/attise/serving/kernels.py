"""The one door to numba: what is compiled, when it is ready, and where the machine code is kept.

Nothing waits for compilation. A room keeps its kernels in modules of their own that nothing imports at start, and
names them in ``MODULES``; until ``use`` has loaded all of them, ``are_ready`` is False and every room answers by numpy,
with the same answers. A child process compiles once into a folder (``python -m attise.serving.kernels FOLDER``);
loading what it left takes some seconds, in any thread, and every process of the machine shares it.
"""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any, Final, TypeVar, cast

MODULES: Final = (
    "attise.serving.targeting.compiled",
    "attise.serving.prediction.compiled",
    "attise.serving.delivery.compiled.shared",
    "attise.serving.delivery.compiled.searching",
    "attise.serving.delivery.compiled.drawing",
    "attise.serving.delivery.compiled.weighing",
    "attise.serving.delivery.compiled.awarding",
    "attise.serving.delivery.compiled.holding",
    "attise.serving.delivery.compiled.recounting",
    "attise.serving.feed.compiled",
)
"""Where kernels are; importing one compiles them, or loads them from the folder."""
HOME: Final = "kernels-"
"""Begins the name of the folder of what some sources became."""
MARK: Final = "ready"
"""The file that says that such a folder holds every kernel."""
PACKAGES: Final = ("serving", "records")
"""Whose sources machine code is of: numbers and rows of others are folded into it, and no compiler sees them change."""

Function = TypeVar("Function", bound=Callable[..., Any])


class _State:
    """What this process has loaded."""

    def __init__(self) -> None:
        self.are_ready = False
        self.loaded: dict[str, ModuleType] = {}
        self.lock = Lock()


_state: Final = _State()


def kernel(*signatures: Any, is_quick: bool = False, is_rule: bool = False) -> Callable[[Function], Function]:
    """Compile a function for these signatures at once, or load it; it lets the interpreter's lock go while it runs.

    One that is quick keeps it: who lets it go has to wait for it, half a millisecond where another thread computes.
    A rule is called by other kernels alone, and becomes a part of them: it has no door from Python.
    Only modules of ``MODULES`` use it. Division by zero gives infinities, as numpy's; indices are not checked.
    """
    import numba

    options: dict[str, Any] = {"no_cpython_wrapper": is_rule, "no_cfunc_wrapper": True}
    return cast(
        "Callable[[Function], Function]",
        numba.njit(list(signatures), cache=True, nogil=not is_quick, error_model="numpy", boundscheck=False, **options),
    )


def are_ready() -> bool:
    """Tell whether the kernels are loaded in this process."""
    return _state.are_ready


def find(name: str) -> Any:
    """Return a module of ``MODULES`` once all are loaded, None until then. Cost: a look-up; an import costs ten."""
    return _state.loaded.get(name) if are_ready() else None


def use(folder: Path | None = None, *, compiles: bool = False) -> bool:
    """Load every kernel from where a child compiled them; returns whether they are ready.

    Args: folder: of the data folder, in which machine code lies by the sources it is of; None: beside the sources, by
    the time of each, as tests and benchmarks do (what other files fold into a kernel is not seen to change). compiles:
    also compile what is not there, which takes some ten seconds; else an incomplete folder changes nothing.
    Cost: some seconds when they are there, mostly of importing numba. Threads go on by numpy meanwhile.
    """
    with _state.lock:
        if _state.are_ready:
            return True
        home = None if folder is None else folder / f"{HOME}{fingerprint()}"
        if home is not None:
            if not compiles and not (home / MARK).exists():
                return False
            from numba.core import config

            home.mkdir(parents=True, exist_ok=True)
            config.CACHE_DIR = str(home)  # type: ignore[attr-defined]  # made when numba is imported
        loaded = {name: importlib.import_module(name) for name in MODULES}
        if home is not None and compiles:
            _forget_all_but(home)
            (home / MARK).touch()
        _state.loaded = loaded
        _state.are_ready = True
        return True


def keep_in(folder: Path) -> None:
    """Have what this process compiles kept in a folder, for the next one: of kernels that are none of ``MODULES``."""
    from numba.core import config

    home = folder / f"{HOME}{fingerprint()}"
    home.mkdir(parents=True, exist_ok=True)
    config.CACHE_DIR = str(home)  # type: ignore[attr-defined]  # made when numba is imported


def compile_command(folder: Path) -> list[str]:
    """Return the command of the child that compiles into a folder; it ends by itself, and may be killed at any time."""
    return [sys.executable, "-m", "attise.serving.kernels", str(folder)]


@cache
def fingerprint() -> str:
    """Return what machine code is of: these sources, this numba, this interpreter. Cost: reading a hundred files."""
    found = blake2b(f"{version('numba')} {version('llvmlite')} {sys.version}".encode(), digest_size=8)
    for package in PACKAGES:
        for path in sorted((Path(__file__).parents[1] / package).rglob("*.py")):
            found.update(str(path).encode())
            found.update(path.read_bytes())
    return found.hexdigest()


def _forget_all_but(home: Path) -> None:
    """Remove what other sources became: a release's machine code is of no use to the next."""
    for other in home.parent.glob(f"{HOME}*"):
        if other != home:
            shutil.rmtree(other, ignore_errors=True)


if __name__ == "__main__":
    # Run as a module this file is a second copy of itself, and the kernels import the first.
    from attise.serving.kernels import use as load

    load(Path(sys.argv[1]), compiles=True)
