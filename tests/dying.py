"""A child that kills itself at a chosen step, for the scripts ``killed.py`` that ``killing`` runs beside tests."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

IsStep = Callable[[FrameType, str, Any], bool]
"""Tells of what a profile hears (frame, event, argument) whether something could be left half done there."""


def in_database(frame: FrameType, event: str, _arg: Any) -> bool:
    """Tell whether a statement or a commit begins, or a commit has ended."""
    if "django/db/backends" not in frame.f_code.co_filename:
        return False
    name = frame.f_code.co_name
    return (
        name == "_commit" if event == "return" else event == "call" and name in {"_execute", "_executemany", "_commit"}
    )


def kill_at(step: int, is_step: IsStep = in_database) -> None:
    """Have this process killed, by force, at its ``step``-th step from now on."""
    seen = 0

    def watch(frame: FrameType, event: str, arg: Any) -> None:
        nonlocal seen
        if is_step(frame, event, arg):
            seen += 1
            if seen == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(watch)
