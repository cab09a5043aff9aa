"""``make test`` and ``make test-long``: what the tests need, then the tests, on both databases.

PostgreSQL and Chromium come from Debian's packages: installed when this runs as root, named in one line otherwise. The
server is a private one, on a free port of 127.0.0.1, in a temporary folder, ended with the run.
"""

from __future__ import annotations

import argparse
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = {"postgresql": "PostgreSQL", "chromium": "Chromium", "curl": "curl"}


@dataclass(frozen=True)
class Part:
    """Some tests on one of the databases."""

    marks: str
    """Which of the tests found, as pytest's ``-m`` says it."""
    paths: list[str]
    on_postgres: bool = False
    on_spark: bool = False


WITHOUT_ROWS = ["--ignore=tests/management/posts/media", "--ignore=tests/management/egress"]
ROOMS = ["tests/ledger", "tests/management", "tests/measurement", *WITHOUT_ROWS]
DOORS = ["tests/doors/marketing_api", "tests/doors/native_api"]
FLOWS = [
    *(f"tests/doors/marketing_api/test_{name}.py" for name in ("once", "spark_codes", "campaigns", "money")),
    *(f"tests/doors/native_api/test_{name}.py" for name in ("once", "losing", "bulk", "authorizations", "money")),
    "tests/doors/edge/test_changes.py",
    "tests/doors/edge/feed/test_reading.py",
    "tests/doors/edge/serving/test_loading.py",
    "tests/doors/worker",
]
"""What each door mainly does, and what asks the database by itself."""
PARTS = {
    "sqlite": Part("not long", ["tests"]),
    "postgres": Part("not long", [*ROOMS, *FLOWS], on_postgres=True),
}
LONG_PARTS = {
    "browser": Part("long and browser", ["tests"]),
    "storms": Part("long and not browser and not spark", ["tests"]),
    "postgres-doors": Part("", [*DOORS, *(f"--ignore={flow}" for flow in FLOWS)], on_postgres=True),
    "postgres-storms": Part("long", [*ROOMS, *FLOWS], on_postgres=True),
    "spark": Part("spark", ["tests/distributed"], on_spark=True),
}
"""What ``make test`` leaves out; any of them may be run alone."""

STUCK_S = 270
"""A test that runs for longer than its own limit (240 s) has every thread's place printed."""
BOUND_S = 35 * 60
"""For a part of ``make test``: several times what it takes on two quiet cores."""
BOUND_LONG_S = 90 * 60
MOST_AGAIN = 25
"""With more failures than that it is not the load."""


def postgres_folder() -> Path | None:
    """Return the newest PostgreSQL's folder of programs, 15 or later, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    return found[-1].parent if found and int(found[-1].parent.parent.name) >= 15 else None  # noqa: PLR2004


def missing_packages() -> list[str]:
    """Return the Debian packages that the tests need and that are not here."""
    missing = []
    if postgres_folder() is None:
        missing.append("postgresql")
    if shutil.which("chromium") is None and shutil.which("chromium-browser") is None:
        missing.append("chromium")
    if shutil.which("curl") is None:
        missing.append("curl")
    return missing


def install(packages: list[str]) -> None:
    """Install Debian packages when root; otherwise say the line to run, and fail."""
    line = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    names = " and ".join(PACKAGES[package] for package in packages)
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.exit(f"The tests need {names}. Run: sudo {line}")
    print(f"Installing {names} for the tests (once)...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in ("apt-get update -qq", line.replace("-y", "-y -qq")):
        result = subprocess.run(command.split(), env=environment, capture_output=True, text=True, check=False)
        if result.returncode != 0:
            sys.exit(f"{command} failed:\n{result.stdout[-2000:]}{result.stderr[-2000:]}")


@contextmanager
def postgres() -> Iterator[str]:
    """Run a private PostgreSQL for the time of the tests; yields its URL."""
    programs = postgres_folder()
    if programs is None:
        sys.exit("PostgreSQL 15 or later is not here although its package was installed.")
    folder = Path(tempfile.mkdtemp(prefix="attise-postgres-"))
    prefix: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        prefix = ["runuser", "-u", "postgres", "--"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"
    subprocess.run(
        [*prefix, str(programs / "initdb"), "-D", str(data), "-U", "attise", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True,
        capture_output=True,
        cwd=folder,
    )
    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off "
        "-c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
    )
    control = [*prefix, str(programs / "pg_ctl"), "-D", str(data), "-w"]
    subprocess.run(
        [*control, "-l", str(folder / "log"), "-o", options, "start"], check=True, capture_output=True, cwd=folder
    )
    try:
        yield f"postgresql://attise@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, capture_output=True, cwd=folder)
        shutil.rmtree(folder, ignore_errors=True)


def run_part(name: str, part: Part) -> bool:
    """Run one part on its database."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ATTISE_")}
    extra = ["-m", part.marks]
    bound_s = BOUND_S if name in PARTS else BOUND_LONG_S
    if name not in PARTS:  # a long machine may run for longer, and printing where a thread stands has ended its process
        extra += ["-o", "faulthandler_timeout=0"]
    if part.on_spark:
        kept = {name: os.environ[name] for name in ("ATTISE_RECORD",) if name in os.environ}
        return run_pytest(name, part.paths, environment | kept, extra, bound_s, python=spark_python())
    if not part.on_postgres:
        return run_pytest(name, part.paths, environment, extra, bound_s)
    with postgres() as url:
        return run_pytest(name, part.paths, {**environment, "ATTISE_DATABASE_URL": url}, extra, bound_s)


def spark_python() -> str:
    """Return the interpreter of an environment that has Apache Spark beside all that this one has; made if need be.

    Four hundred megabytes for one part of the tests: so it is not in the environment that everybody makes.
    """
    if shutil.which("java") is None:
        sys.exit("The part spark needs Java 17: apt install openjdk-17-jre-headless")
    folder, lock = ROOT / ".venv-spark", ROOT / "requirements-spark.lock"
    python, stamp = folder / "bin" / "python", folder / ".installed"
    if not stamp.exists() or stamp.stat().st_mtime < lock.stat().st_mtime:
        print("Installing Apache Spark into .venv-spark (once)...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        (packages,) = folder.glob("lib/python3.*/site-packages")
        (packages / "attise.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
        install = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            str(lock),
        ]
        subprocess.run([str(python), *install], check=True)
        stamp.touch()
    return str(python)


def run_pytest(
    name: str,
    paths: list[str],
    environment: dict[str, str],
    extra: list[str],
    bound_s: float,
    *,
    python: str = sys.executable,
) -> bool:
    """Run one part and say how it went.

    What failed beside other tests is run once more with nothing beside it: a test that waits for real processes may
    fail because two others had the cores. Both outcomes are printed; what fails alone too has failed.
    """
    print(f"== tests: {name} ==", flush=True)
    begin = time.monotonic()
    # In their own order: by default files of many tests come first, and the few that drive a browser for minutes last.
    spread = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    ok, counted, failed = _run([*paths, *spread, *extra], environment, bound_s, python)
    if not ok and counted and 0 < len(failed) <= MOST_AGAIN:
        print(f"== {name}: {len(failed)} failed beside others; each once more, alone ==", flush=True)
        ok, again, still = _run([*failed, *extra], environment, bound_s, python)
        counted += f"; alone: {again or 'none ran'}"
        for test in failed:
            print(f"   {'failed alone too' if test in still else 'passed alone'}: {test}", flush=True)
    print(f"== {name}: {counted or 'no test ran'} ({time.monotonic() - begin:.0f} s) ==", flush=True)
    return ok and bool(counted)


def _run(arguments: list[str], environment: dict[str, str], bound_s: float, python: str) -> tuple[bool, str, list[str]]:
    """Run pytest for ``bound_s`` seconds at most; return whether all passed, the counts, and what failed."""
    command = [python, "-m", "pytest", "-q", "-o", f"faulthandler_timeout={STUCK_S}", *arguments]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    bound = threading.Timer(bound_s, _give_up, [process, bound_s])
    bound.start()
    counted, failed = "", []
    for line in process.stdout or ():
        print(line, end="", flush=True)
        if re.search(r"\b\d+ (passed|failed)\b", line):
            counted = line.strip().strip("= ")
        if found := re.match(r"(?:FAILED|ERROR) (\S+::.*?)(?: - .*)?$", line):
            failed.append(found[1])
    code = process.wait()
    bound.cancel()
    return code == 0, counted, failed


def _give_up(process: subprocess.Popen[str], bound_s: float) -> None:
    """End a run that takes longer than any run should, and all that it started."""
    print(f"== not finished after {bound_s:.0f} s: ended ==", flush=True)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def main() -> int:
    """Install, start, run, sum up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", action="store_true", help="run the storms and matrices that make test leaves out")
    parser.add_argument("--part", choices=[*PARTS, *LONG_PARTS], help="run one part alone")
    chosen = parser.parse_args()
    needed = missing_packages()
    if needed:
        install(needed)
    parts = LONG_PARTS if chosen.long else PARTS
    if chosen.part is not None:
        parts = {chosen.part: {**PARTS, **LONG_PARTS}[chosen.part]}
    results = {name: run_part(name, part) for name, part in parts.items()}
    failed = [name for name, ok in results.items() if not ok]
    said = f"failed: {', '.join(failed)}" if failed else "all parts passed"
    print(f"{'make test-long' if chosen.long else 'make test'}: {said}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
