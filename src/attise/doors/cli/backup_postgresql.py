"""A database on a PostgreSQL server, written and put back by PostgreSQL's own programs."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from attise.doors.cli.backup_archive import BackupError

VARIABLES: Final = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "options": "PGOPTIONS"}
"""Of what an address may say after its question mark."""


def dump_postgresql(url: str, target: Path) -> None:
    """Have ``pg_dump`` write the database as of one moment. Raises: BackupError."""
    run_postgresql(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}"], url)


def restore_postgresql(url: str, dump: Path) -> None:
    """Have ``pg_restore`` put the dump in the place of what the database holds, all or nothing. Raises: BackupError."""
    database = _variables_of(url)["PGDATABASE"]
    command = ["pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction"]
    run_postgresql([*command, "--exit-on-error", f"--dbname={database}", str(dump)], url)


def run_postgresql(command: list[str], url: str) -> None:
    """Run a program of PostgreSQL's; what it needs to know goes by its environment, where no list of processes shows.

    Raises: BackupError.
    """
    if shutil.which(command[0]) is None:
        raise BackupError(
            f"{command[0]} is not on the PATH. It comes with PostgreSQL's client: apt install postgresql-client. Its "
            "version must not be older than the server's."
        )
    environment = {**os.environ, **_variables_of(url)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupError(f"{command[0]} failed: {done.stderr.strip()[-2_000:]}")


def _variables_of(url: str) -> Mapping[str, str]:
    parts = urlsplit(url)
    found = {
        "PGHOST": unquote(parts.hostname or ""),
        "PGPORT": str(parts.port or ""),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
        **{VARIABLES[name]: value for name, value in parse_qsl(parts.query) if name in VARIABLES},
    }
    return {name: value for name, value in found.items() if value}
