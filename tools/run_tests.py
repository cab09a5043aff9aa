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
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = {"postgresql": "PostgreSQL", "chromium": "Chromium"}
PARTS = {
    "sqlite": ["tests"],
    "postgres": [
        "tests/management",
        "tests/doors/marketing_api",
        "tests/doors/native_api",
        "tests/doors/worker",
        "tests/doors/edge/test_changes.py",
        "--ignore=tests/management/posts/media",  # no row in it
        "--ignore=tests/management/egress",  # as above
    ],
}


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


def run_pytest(name: str, paths: list[str], environment: dict[str, str], extra: list[str]) -> bool:
    """Run one part and say how it went."""
    begin = time.monotonic()
    print(f"== tests: {name} ==", flush=True)
    command = [sys.executable, "-m", "pytest", *paths, "-n", "2", "--dist", "loadfile", "-q", *extra]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    counted = ""
    for line in process.stdout or ():
        print(line, end="", flush=True)
        if re.search(r"\b\d+ passed", line):
            counted = line.strip()
    ok = process.wait() == 0
    print(f"== {name}: {counted or 'no test ran'} ({time.monotonic() - begin:.0f} s) ==", flush=True)
    return ok and bool(counted)


def main() -> int:
    """Install, start, run, sum up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", action="store_true", help="run the storms and matrices too")
    parser.add_argument("--part", choices=sorted(PARTS), help="run one part alone")
    chosen = parser.parse_args()
    needed = missing_packages()
    if needed:
        install(needed)
    extra = ["-m", ""] if chosen.long else []
    base = {key: value for key, value in os.environ.items() if not key.startswith("ATTISE_")}
    results = {}
    if chosen.part in {None, "sqlite"}:
        results["sqlite"] = run_pytest("sqlite", PARTS["sqlite"], base, extra)
    if chosen.part in {None, "postgres"}:
        with postgres() as url:
            results["postgres"] = run_pytest("postgres", PARTS["postgres"], {**base, "ATTISE_DATABASE_URL": url}, extra)
    failed = [name for name, ok in results.items() if not ok]
    print(f"make test: {'failed: ' + ', '.join(failed) if failed else 'all parts passed'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
