"""``attise backup FILE``: one file of all that a house is, made while it is served."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from attise import __version__
from attise.doors.cli.backup_archive import FORMAT, BackupError, Head, Packing
from attise.doors.cli.backup_postgresql import dump_postgresql
from attise.doors.cli.opening import data_option, open_for_command
from attise.doors.cli.speaking import Progress, words_of_terminal
from attise.doors.site.setup import Process
from attise.kernel.clock import rfc3339
from attise.kernel.errors import N_

HELP = N_(
    "Copy all of a house into FILE, while it is served or not.\n\nThe database, the log of events, facts, roll-ups, "
    "models and secrets, as of one moment; what people uploaded with --media. FILE is as secret as the house: whoever "
    "has it is you. It gets its name when it is whole. With PostgreSQL, pg_dump must be on the PATH."
)
HELP_MEDIA = N_("Also what people uploaded: videos, pictures.")
HELP_SECRETS = N_("Leave secrets.json out: keep it apart, a restore asks for it.")
HELP_FORCE = N_("Replace a FILE that is there.")
_ = words_of_terminal()


@click.command(help=_(HELP))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--media", "with_media", is_flag=True, help=_(HELP_MEDIA))
@click.option("--no-secrets", is_flag=True, help=_(HELP_SECRETS))
@click.option("--force", is_flag=True, help=_(HELP_FORCE))
@click.option("--json", "as_json", is_flag=True, help=_(N_("Print one line of JSON.")))
@data_option
def backup(file: Path, data: Path | None, *, with_media: bool, no_secrets: bool, force: bool, as_json: bool) -> None:
    """Make a backup; see ``HELP``."""
    file = file.expanduser().absolute()
    if file.exists() and not force:
        raise click.ClickException(
            _(N_("%(file)s exists and stays as it is. Replace it with --force.")) % {"file": file}
        )
    process = open_for_command(data)
    try:
        with _stage(file) as stage:
            head, size = _make(process, file, stage, with_media=with_media, with_secrets=not no_secrets)
    except BackupError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        said = {"file": file, "reason": error.strerror or str(error)}
        raise click.ClickException(_(N_("%(file)s cannot be written: %(reason)s.")) % said) from None
    told = {
        "file": str(file),
        "size_bytes": size,
        "made_at": rfc3339(head.made_at_ms),
        "release": head.release,
        "database": head.database,
        "settled_to": head.settled_to,
        "log_to": head.log_to,
        "secrets": head.holds_secrets,
        "media": head.holds_media,
    }
    if as_json:
        click.echo(json.dumps(told))
        return
    for name, value in told.items():
        click.echo(f"{name:<14}{value}")


def _make(process: Process, file: Path, stage: Path, *, with_media: bool, with_secrets: bool) -> tuple[Head, int]:
    """Copy, then pack; returns what it is of and the file's size. Raises: BackupError, OSError."""
    from attise.doors.cli.backup_copy import (
        copy_log,
        copy_sqlite,
        database_name,
        link_files,
        link_rollups,
        media_of,
        read_small,
    )
    from attise.management.outbox.queries import get_version
    from attise.measurement.attribution.queries import get_mark
    from attise.measurement.ingest.sqlite_log import SqliteLog

    house, told = process.house, Progress()
    made_at_ms, change = process.means.clock.wire_ms(), get_version()
    small = read_small(house, with_secrets=with_secrets)
    link_rollups(house, stage)
    link_files(house, stage)
    database = stage / database_name(house)
    settled_to = get_mark().position  # before the copy, which may say more
    if house.settings.database_url is None:
        copy_sqlite(house.database, database, told)
    else:
        dump_postgresql(house.settings.database_url, database)
    copy_log(house, stage, told)
    link_files(house, stage)
    head = Head(
        format=FORMAT,
        release=__version__,
        mode=house.mode.value,
        made_at_ms=made_at_ms,
        database="sqlite" if house.settings.database_url is None else "postgresql",
        secrets=house.secrets.fingerprint,
        holds_secrets="secrets.json" in small,
        holds_media=with_media,
        change=change,
        settled_to=settled_to,
        log_to=SqliteLog(stage, may_write=False).end(),
    )
    packing = Packing(file, head, told)
    try:
        for name, body in small.items():
            packing.add_bytes(name, body)
        for path in sorted(path for path in stage.rglob("*") if path.is_file() and path.name != "lock"):
            packing.add(path.relative_to(stage).as_posix(), path)
        for name, path in media_of(house) if with_media else ():
            packing.add(name, path)
        return head, packing.finish()
    except BaseException:
        packing.give_up()
        raise


@contextmanager
def _stage(file: Path) -> Iterator[Path]:
    """Make a folder beside the file for copies, and remove it, what a killed one left too. Raises: BackupError."""
    stage = file.with_name(f".{file.name}.copies")
    stage.mkdir(mode=0o700, exist_ok=True)
    with (stage / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(f"Another backup is writing {file}.") from None
        for left in stage.iterdir():
            if left.name != "lock":
                shutil.rmtree(left) if left.is_dir() else left.unlink()
        try:
            yield stage
        finally:
            shutil.rmtree(stage, ignore_errors=True)
