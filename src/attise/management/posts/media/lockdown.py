"""The walls that a child puts around itself before it touches a hostile file.

Runs in the child, first thing. Limits of the kernel hold whatever the media library does afterwards; the network is
taken away where the kernel lets an ordinary process do so, as one wall more: nothing here opens connections anyway.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal

from attise.management.posts.media.limits import ProcessLimits

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_KILL_MARGIN_S = 5


def apply(limits: ProcessLimits, *, parent: int) -> None:
    """Set the limits for this process and all that it becomes or starts. They cannot be raised again.

    ``parent`` is the process to die with.
    """
    _leave_the_network()
    _die_with(parent)
    os.nice(limits.nice)
    for kind, soft, hard in (
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_CPU, limits.cpu_s, limits.cpu_s + _KILL_MARGIN_S),
        (resource.RLIMIT_AS, limits.memory_bytes, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, limits.file_bytes, limits.file_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files, limits.open_files),
    ):
        ceiling = resource.getrlimit(kind)[1]
        if ceiling != resource.RLIM_INFINITY:
            soft, hard = min(soft, ceiling), min(hard, ceiling)  # noqa: PLW2901 - never ask for more than we have
        resource.setrlimit(kind, (soft, hard))


def _leave_the_network() -> None:
    """Move into an empty network, with the right to or by way of an own user space; a kernel that refuses is obeyed."""
    try:
        unshare = ctypes.CDLL(None).unshare
    except (OSError, AttributeError):
        return
    if unshare(_CLONE_NEWNET) != 0:
        unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _die_with(parent: int) -> None:
    """Ask the kernel to end this process with its parent, so that nobody's work goes on unwatched."""
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    except (OSError, AttributeError):
        return
    if os.getppid() != parent:
        os._exit(1)
