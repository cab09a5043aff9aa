"""The one door to numba: what is compiled, when it is ready, and where the machine code is kept.

Nothing waits for compilation. A room keeps its kernels in a module of their own that nothing imports at start, and
names it in ``MODULES``; until ``use`` has loaded all of them, ``are_ready`` is False and every room answers by numpy,
with the same answers. A child process compiles once into a folder (``python -m attise.serving.kernels FOLDER``);
loading what it left takes some seconds, in any thread, and every process of the machine shares it.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from hashlib import blake2b
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any, Final, TypeVar, cast

MODULES: Final = (
    "attise.serving.targeting.compiled",
    "attise.serving.prediction.compiled",
    "attise.serving.delivery.compiled",
    "attise.serving.feed.compiled",
)
"""Where kernels are; importing one compiles them, or loads them from the folder."""
MARK: Final = "ready-"
"""Begins the name of the file that says that a folder holds every kernel of these sources."""

Function = TypeVar("Function", bound=Callable[..., Any])


class _State:
    """What this process has loaded."""

    def __init__(self) -> None:
        self.are_ready = False
        self.lock = Lock()


_state: Final = _State()


def kernel(*signatures: Any) -> Callable[[Function], Function]:
    """Compile a function for these signatures at once, or load it; it lets the interpreter's lock go while it runs.

    Only modules of ``MODULES`` use it. Division by zero gives infinities, as numpy's; indices are not checked.
    """
    import numba

    return cast(
        "Callable[[Function], Function]",
        numba.njit(list(signatures), cache=True, nogil=True, error_model="numpy", boundscheck=False),
    )


def are_ready() -> bool:
    """Tell whether the kernels are loaded in this process."""
    return _state.are_ready


def use(folder: Path | None = None, *, compiles: bool = False) -> bool:
    """Load every kernel from where a child compiled them; returns whether they are ready.

    Args: folder: of the data folder; None: beside the sources, as tests and benchmarks do. compiles: also compile what
    is not there, which takes some ten seconds; else an incomplete folder changes nothing.
    Cost: some seconds when they are there, mostly of importing numba. Threads go on by numpy meanwhile.
    """
    with _state.lock:
        if _state.are_ready:
            return True
        if not compiles and folder is not None and not (folder / _mark_name()).exists():
            return False
        if folder is not None:
            from numba.core import config

            folder.mkdir(parents=True, exist_ok=True)
            config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]  # made when numba is imported
        for name in MODULES:
            importlib.import_module(name)
        if folder is not None:
            (folder / _mark_name()).touch()
        _state.are_ready = True
        return True


def compile_command(folder: Path) -> list[str]:
    """Return the command of the child that compiles into a folder; it ends by itself, and may be killed at any time."""
    return [sys.executable, "-m", "attise.serving.kernels", str(folder)]


def _mark_name() -> str:
    """Return the name of the mark of these sources, this numba and this interpreter."""
    found = blake2b(f"{version('numba')} {version('llvmlite')} {sys.version}".encode(), digest_size=8)
    for name in MODULES:
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            raise AssertionError(f"{name} is named as a module of kernels and is not there")
        found.update(Path(spec.origin).read_bytes())
    return MARK + found.hexdigest()


if __name__ == "__main__":
    # Run as a module this file is a second copy of itself, and the kernels import the first.
    from attise.serving.kernels import use as load

    load(Path(sys.argv[1]), compiles=True)
