"""A real cluster of Apache Spark on loopback: one master and two workers, each a process of its own."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.doors.rig import until

MASTER, WORKER = "org.apache.spark.deploy.master.Master", "org.apache.spark.deploy.worker.Worker"
WORKERS = 2
PR_SET_PDEATHSIG = 1
PATIENCE_S = 180


@dataclass(frozen=True)
class Standalone:
    """A running cluster."""

    url: str
    page: str

    def state(self) -> dict[str, Any]:
        """What its master says of itself."""
        with urllib.request.urlopen(f"{self.page}/json/", timeout=30) as answer:
            return json.load(answer)

    def applications(self) -> list[str]:
        """Return the names of all that asked it for cores, since it began."""
        state = self.state()
        return [one["name"] for one in (*state["activeapps"], *state["completedapps"])]


@contextmanager
def standalone(folder: Path, port: int | None = None) -> Iterator[Standalone]:
    """Run a cluster, at a port of one's own if one is told; its processes are ended by their ids with the block."""
    import pyspark

    home = Path(pyspark.__file__).parent
    environment = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_DAEMON_MEMORY": "256m"}
    port, page = port or free_port(), free_port()
    cluster = Standalone(f"spark://127.0.0.1:{port}", f"http://127.0.0.1:{page}")
    run = [str(home / "bin" / "spark-class")]
    at = ["--host", "127.0.0.1"]
    commands = [[*run, MASTER, *at, "--port", str(port), "--webui-port", str(page)]]
    for number in range(WORKERS):
        work = ["--work-dir", str(folder / f"work-{number}"), "--webui-port", "0", "--cores", "1", "--memory", "1g"]
        commands.append([*run, WORKER, *at, *work, cluster.url])
    processes = []
    try:
        for number, command in enumerate(commands):
            with (folder / f"spark-{number}.log").open("wb") as log:
                processes.append(
                    subprocess.Popen(
                        command,
                        env=environment,
                        stdout=log,
                        stderr=subprocess.STDOUT,
                        start_new_session=True,
                        preexec_fn=_end_with_the_tests,  # noqa: PLW1509 - it takes no lock
                    )
                )
        _wait(cluster)
        yield cluster
    finally:
        for process in reversed(processes):  # with its executors, which are of its session
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in processes:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _end_with_the_tests() -> None:
    """Have the kernel end this process when the one that started it is gone, however it went."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _wait(cluster: Standalone) -> None:
    def is_whole() -> bool:
        with suppress(OSError, ValueError):
            return cluster.state()["aliveworkers"] == WORKERS
        return False

    until(is_whole, "a cluster with its workers", patience_s=PATIENCE_S)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
