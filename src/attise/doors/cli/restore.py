"""``attise restore FILE``: a house as it was when the backup was made, with everything that was stopped since."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Final

import click

from attise.doors.cli.backup_archive import DATABASE_DUMP, BackupError, Head, read_head, sync_folder, unpack
from attise.doors.cli.backup_postgresql import restore_postgresql
from attise.doors.cli.opening import data_option, settings_of
from attise.doors.cli.restore_swap import STAGE, Swap, alone, begin_swap, finish_swap, mark, swap_of
from attise.doors.cli.speaking import Progress, words_of_terminal
from attise.kernel.clock import rfc3339
from attise.kernel.errors import N_
from attise.kernel.house import RESTORING, Settings, is_house, sealed_by
from attise.kernel.secrets import Secrets
from attise.records.stop import FILE as STOPS
from attise.records.stop import Stop, read_stops

HELP = N_(
    "Put a house back as it was when FILE was made.\n\nWhat was revoked, erased or withdrawn since stays so: it is "
    "stopped again from the journal stops.jsonl of the house that is there, or of --journal. What comes of feeds that "
    "were answered before now is counted and costs nothing; attise unbilled lists it. Nobody may serve the house "
    "meanwhile. What was there before is kept beside it. Cut short, the same command finishes it."
)
HELP_FORCE = N_("Put it in the place of a house that is there.")
HELP_JOURNAL = N_("A stops.jsonl that was kept elsewhere; more than once for several.")
HELP_NO_JOURNAL = N_("Say that nothing was revoked or erased since: none is left, or none is needed.")
NO_JOURNAL = N_(
    "Nothing here says what was revoked or erased after %(made_at)s, when this backup was made. Name the stops.jsonl "
    "of the lost house with --journal, or say --no-journal: then what was stopped since lives again."
)
STARTS_LOST: Final = 1_000
"""More than there were between a backup and its restore: a sandbox takes its ids from how often it was started."""
_ = words_of_terminal()


@click.command(help=_(HELP))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help=_(HELP_FORCE))
@click.option(
    "--journal",
    "journals",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_(HELP_JOURNAL),
)
@click.option("--no-journal", is_flag=True, help=_(HELP_NO_JOURNAL))
@click.option("--json", "as_json", is_flag=True, help=_(N_("Print one line of JSON.")))
@data_option
def restore(
    file: Path, data: Path | None, *, force: bool, journals: tuple[Path, ...], no_journal: bool, as_json: bool
) -> None:
    """Restore a backup; see ``HELP``."""
    settings = settings_of(data)
    try:
        head = read_head(file.expanduser().absolute())
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        with alone(settings.data):
            told = _restore(settings, file, head, journals, force=force, no_journal=no_journal)
    except (BackupError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename or settings.data}: {error.strerror or error}") from None
    if as_json:
        click.echo(json.dumps(told))
        return
    for name, value in told.items():
        shown = ", ".join(f"{key} {count}" for key, count in value.items()) if isinstance(value, dict) else value
        click.echo(f"{name:<18}{shown if shown not in (None, '') else '-'}")
    click.echo(_(N_("Start it with attise serve, and recount it with attise verify.")), err=True)


def _restore(
    settings: Settings, file: Path, head: Head, journals: tuple[Path, ...], *, force: bool, no_journal: bool
) -> dict[str, object]:
    """Do it under the lock of whoever serves; returns what is told of it. Raises: BackupError, OSError, ValueError."""
    folder, stage = settings.data, settings.data / STAGE
    begun = swap_of(folder)
    if begun is not None:
        before = finish_swap(folder)
        _clear(stage)
        if begun.made_at_ms == head.made_at_ms:
            return _told(settings, head, Counter(), before, finished=True)
    if is_house(settings) and not force and not (folder / RESTORING).exists():
        raise BackupError(
            _(N_("There is a house in %(folder)s. Put the backup in its place with --force.")) % {"folder": folder}
        )
    _suits(settings, head)
    _clear(stage)
    stage.mkdir(mode=0o700)
    unpack(file, stage, Progress())
    _bring_secrets(settings, head, stage)
    missed = _missed(settings, head, stage, journals, no_journal=no_journal)
    if settings.database_url is not None:
        mark(folder, Swap(head.made_at_ms))
        restore_postgresql(settings.database_url, stage / DATABASE_DUMP)
        (stage / DATABASE_DUMP).unlink()
    counted = _live_again(replace(settings, data=stage), head, missed)
    sync_folder(stage)
    begin_swap(folder, made_at_ms=head.made_at_ms, label=rfc3339(head.made_at_ms)[:19].replace(":", ""))
    before = finish_swap(folder)
    _clear(stage)
    return _told(settings, head, counted, before, finished=False)


def _suits(settings: Settings, head: Head) -> None:
    """Refuse a backup of the other kind of database. Raises: BackupError."""
    asked = "sqlite" if settings.database_url is None else "postgresql"
    if head.database != asked:
        raise BackupError(
            _(N_("This backup is of a house on %(of)s, and ATTISE_DATABASE_URL asks for %(asked)s."))
            % {"of": head.database, "asked": asked}
        )


def _bring_secrets(settings: Settings, head: Head, stage: Path) -> None:
    """Have the secrets that sealed the backup in the stage, or where the environment says. Raises: BackupError."""
    own = stage / "secrets.json"
    if settings.secrets_file is None and not own.exists() and (settings.data / "secrets.json").exists():
        shutil.copyfile(settings.data / "secrets.json", own)
        own.chmod(0o600)
    path = settings.secrets_file or own
    if not path.exists() or Secrets.open(path, may_create=False).fingerprint != head.secrets:
        raise BackupError(
            _(
                N_(
                    "%(file)s is not what sealed this backup. Put the secrets.json that did there, or name it in "
                    "ATTISE_SECRETS_FILE."
                )
            )
            % {"file": path if settings.secrets_file else settings.data / "secrets.json"}
        )


def _missed(settings: Settings, head: Head, stage: Path, journals: tuple[Path, ...], *, no_journal: bool) -> list[Stop]:
    """Return what was stopped and the backup does not know, and have it in the journal of what is restored.

    Raises: BackupError where nobody knows.
    """
    is_same = sealed_by(settings) == head.secrets
    own = settings.data / STOPS
    sources = [*([own] if is_same and own.exists() else []), *journals]
    if not sources and not no_journal:  # a house begun anew with the same secrets knows of no stop either
        raise BackupError(_(NO_JOURNAL) % {"made_at": rfc3339(head.made_at_ms)})
    known, missed = {repr(one) for one in read_stops(stage / STOPS)}, []
    for one in (one for source in sources for one in read_stops(source)):
        if repr(one) not in known:
            known.add(repr(one))
            missed.append(one)
    return sorted(missed, key=lambda one: one.at_ms)


def _live_again(settings: Settings, head: Head, missed: list[Stop]) -> Counter[str]:
    """Open what was unpacked as the house it is, note the restore, and stop again what was stopped."""
    from attise.doors.cli.restore_stops import stop_again
    from attise.doors.site import means
    from attise.doors.site.setup import open_process, prepare, release_process
    from attise.records.stop import add_stops

    house = prepare(settings)
    from django.db import connections

    from attise.ledger.actions import note_restored
    from attise.management.processes.actions import skip_starts

    skip_starts(STARTS_LOST)
    process = open_process(house, "command")
    means.install(process)
    try:
        add_stops(settings.data, missed)
        note_restored(process.means, made_at_ms=head.made_at_ms)
        return stop_again(process.means, process.house, missed)
    finally:
        release_process(process)
        for connection in connections.all():
            if connection.vendor == "sqlite":
                with connection.cursor() as cursor:
                    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()


def _told(
    settings: Settings, head: Head, counted: Counter[str], before: Path | None, *, finished: bool
) -> dict[str, object]:
    return {
        "folder": str(settings.data),
        "made_at": rfc3339(head.made_at_ms),
        "release": head.release,
        "finished": finished,
        "stopped_again": dict(sorted(counted.items())),
        "before": None if before is None else str(before),
    }


def _clear(stage: Path) -> None:
    if stage.exists():
        shutil.rmtree(stage)
