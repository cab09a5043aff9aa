"""The data folder and the settings: where a house keeps its things, in which mode, and how it was asked to run.

A data folder is ``live``, ``sandbox`` or ``demo``, written at its creation; opening it in another mode is refused.
Settings come from the environment alone; command-line options are turned into the same values by the CLI.
"""

from __future__ import annotations

import enum
import fcntl
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from attise.kernel.secrets import Secrets

DEFAULT_DATA = "./var/attise"
BOOK = "house.json"
"""What makes a folder a house; it says in which mode."""
RESTORING = "restoring.json"
"""There while what was restored takes the place of what was there: neither is the house then."""
SERVED = "served"
"""Where a server's address is kept, in the folder of process files."""
REPORT_ENGINES = ("duckdb", "spark")
SPARK_MASTER, SPARK_CORES, SPARK_CORES_MOST = "local[2]", 2, 10_000
SOCKET_PATH_BYTES = 100
"""Unix socket addresses hold 108 bytes; longer folders keep their sockets elsewhere."""


class HouseError(Exception):
    """The house cannot be opened as asked; the text is for the operator."""


class Mode(enum.StrEnum):
    """What a data folder is for."""

    LIVE = "live"
    SANDBOX = "sandbox"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment asks for."""

    data: Path
    public_url: str | None = None
    database_url: str | None = None
    secrets_file: Path | None = None
    media_hosts: tuple[str, ...] = ()
    debug: bool = False
    sandbox_limits: bool = False
    """Whether guessing and rates are limited in a sandbox too, as in a live house."""
    speech_command: str = ""
    """The program that hears what is said in a video (``docs/how-to/preflight.md``); none when empty."""
    email_url: str = ""
    """Where digests are handed over, as in ``docs/how-to/email.md``; nothing is sent when empty."""
    report_engine: str = REPORT_ENGINES[0]
    """What reads and adds up roll-ups: ``duckdb``, or ``spark`` (``docs/how-to/outgrow-one-machine.md``)."""
    spark_master: str = SPARK_MASTER
    """Where Spark is, and below, how many cores of it each process that asks may take."""
    spark_cores: int = SPARK_CORES

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        """Read ``ATTISE_*``; refuses a public URL that is not one."""
        public = environ.get("ATTISE_PUBLIC_URL") or None
        if public is not None:
            parts = urlsplit(public)
            if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
                raise HouseError("ATTISE_PUBLIC_URL must be like https://ads.example.org, without a path.")
            public = public.rstrip("/")
        engine = environ.get("ATTISE_REPORT_ENGINE") or REPORT_ENGINES[0]
        if engine not in REPORT_ENGINES:
            raise HouseError(f"ATTISE_REPORT_ENGINE is {' or '.join(REPORT_ENGINES)}.")
        cores = environ.get("ATTISE_SPARK_CORES") or str(SPARK_CORES)
        if not (cores.isascii() and cores.isdigit() and 1 <= int(cores) <= SPARK_CORES_MOST):
            raise HouseError(f"ATTISE_SPARK_CORES is a whole number from 1 to {SPARK_CORES_MOST}.")
        secrets_file = environ.get("ATTISE_SECRETS_FILE")
        return cls(
            data=Path(environ.get("ATTISE_DATA") or DEFAULT_DATA).expanduser().absolute(),
            public_url=public,
            database_url=environ.get("ATTISE_DATABASE_URL") or None,
            secrets_file=Path(secrets_file) if secrets_file else None,
            media_hosts=tuple(
                host.strip() for host in environ.get("ATTISE_MEDIA_HOSTS", "").split(",") if host.strip()
            ),
            debug=environ.get("ATTISE_DEBUG", "") == "1",
            sandbox_limits=environ.get("ATTISE_SANDBOX_LIMITS", "") == "1",
            speech_command=environ.get("ATTISE_SPEECH_COMMAND", "").strip(),
            email_url=environ.get("ATTISE_EMAIL_URL", "").strip(),
            report_engine=engine,
            spark_master=environ.get("ATTISE_SPARK_MASTER") or SPARK_MASTER,
            spark_cores=int(cores),
        )

    @property
    def reports_on_spark(self) -> bool:
        """Whether reports are asked of Apache Spark."""
        return self.report_engine == "spark"

    @property
    def is_secure(self) -> bool:
        """Whether people reach this house over https."""
        return self.public_url is not None and self.public_url.startswith("https://")


class House:
    """An opened data folder: its mode, its paths, its secrets."""

    def __init__(self, settings: Settings, mode: Mode, seed: str, *, sealed_by: str = "") -> None:
        """Take what ``open_house`` read; use that instead. ``sealed_by`` is the fingerprint of the secrets it knows."""
        self.settings = settings
        self.mode = mode
        self.seed = seed
        self.folder = settings.data
        self.database = self.folder / "attise.sqlite3"
        self.media = self.folder / "media"
        self.uploads = self.folder / "uploads"
        secrets_file = settings.secrets_file or self.folder / "secrets.json"
        # The book remembers what the database file alone would tell: on a server, the data lie elsewhere.
        may_create = not sealed_by and not self.database.exists() and settings.secrets_file is None
        self.secrets = Secrets.open(secrets_file, may_create=may_create)
        if sealed_by not in {"", self.secrets.fingerprint}:
            raise HouseError(f"{secrets_file} is not what sealed the data of {self.folder}. Restore the file it was.")

    @property
    def has_limits(self) -> bool:
        """Whether guessers and the hasty are made to wait: everywhere but in a sandbox, and there when asked."""
        return self.mode is not Mode.SANDBOX or self.settings.sandbox_limits

    @property
    def _run_path(self) -> Path:
        folder = self.folder / "run"
        if len(os.fsencode(folder / "site.sock")) > SOCKET_PATH_BYTES:
            digest = self.secrets.key("run-folder").hex()[:16]
            folder = Path(tempfile.gettempdir()) / f"attise-{os.getuid()}-{digest}"
        return folder

    @property
    def run(self) -> Path:
        """A 0700 folder for sockets and process files; elsewhere when the data folder's path is too long for one."""
        folder = self._run_path
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
        if status.st_uid != os.getuid():
            raise HouseError(f"{folder} belongs to someone else.")
        if status.st_mode & 0o077:
            folder.chmod(0o700)
        return folder

    @property
    def served_at(self) -> str | None:
        """Where the server of this house is reached at this moment; None when none serves it."""
        with suppress(FileNotFoundError), (self._run_path / SERVED).open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:  # its server lives, and holds it
                return file.read().strip() or None
        return None

    @contextmanager
    def telling_where(self, address: str) -> Iterator[None]:
        """Let commands beside this server find its ``address``, until the block or this process ends, however it does.

        Only whoever holds the serve lock may tell. The file is locked before it has its name, so that nobody finds it
        without its owner.
        """
        path = self.run / SERVED
        draft = path.with_name(f".{SERVED}.{os.getpid()}")
        with draft.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(f"{address}\n")
            file.flush()
            draft.replace(path)
            try:
                yield
            finally:
                path.unlink(missing_ok=True)

    @contextmanager
    def serve_lock(self) -> Iterator[int]:
        """Hold the one lock of ``serve``; a second server on this folder is refused.

        Released by the kernel once this process, and every child that was given the descriptor yielded, have ended.
        """
        with (self.folder / "serve.lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.seek(0)
                holder, address = file.read().strip() or "unknown", self.served_at
                where = f" at {address}" if address else ""
                raise HouseError(
                    f"Another server (process {holder}) already serves {self.folder}{where}. Stop it first, or use "
                    "--data."
                ) from None
            file.seek(0)
            file.truncate()
            file.write(str(os.getpid()))
            file.flush()
            yield file.fileno()


def is_house(settings: Settings) -> bool:
    """Tell whether the data folder holds a house, without making or opening one. Raises: HouseError, if unreadable."""
    try:
        (settings.data / BOOK).stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise _unusable(settings, error) from error
    return True


def sealed_by(settings: Settings) -> str | None:
    """Return the fingerprint of what sealed the house of a data folder; None where there is no house that says so."""
    try:
        return str(json.loads((settings.data / BOOK).read_text()).get("secrets")) or None
    except (OSError, ValueError, AttributeError):
        return None


def open_house(settings: Settings, *, mode: Mode | None = None) -> House:
    """Open the data folder, creating it in ``mode`` (``live`` when none is asked) if it is not there.

    Raises: HouseError when it exists in another mode than the one asked, cannot be written, or was sealed by other
    secrets; SecretsError when those cannot be read.
    """
    path = settings.data / BOOK
    if (settings.data / RESTORING).exists():
        raise HouseError(
            f"A restore of {settings.data} was cut short. Finish it with the same command: attise restore FILE --force"
        )
    try:
        for folder in (settings.data, settings.data / "media", settings.data / "uploads"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _create(path, mode or Mode.LIVE)
        book = json.loads(path.read_text())
        found = Mode(book["mode"])
    except OSError as error:
        raise _unusable(settings, error) from error
    except (ValueError, KeyError, TypeError) as error:
        raise HouseError(f"{path} is damaged: {error}") from error
    if mode is not None and mode is not found:
        raise HouseError(
            f"The data folder {settings.data} is a {found} one and cannot be opened as {mode}. Use another --data."
        )
    sealed_by = str(book.get("secrets", ""))
    house = House(settings, found, str(book.get("seed", "")), sealed_by=sealed_by)
    if not sealed_by:
        _write(path, {**book, "secrets": house.secrets.fingerprint})
    return house


def _unusable(settings: Settings, error: OSError) -> HouseError:
    return HouseError(f"The data folder {settings.data} cannot be used: {error.strerror}.")


def _create(path: Path, mode: Mode) -> None:
    """Write the book of a new folder; when two commands come at once, the first one's stays."""
    seed = "" if mode is Mode.LIVE else f"attise-{mode}"
    draft = _draft(path, {"version": 1, "mode": mode.value, "seed": seed})
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _write(path: Path, book: Mapping[str, object]) -> None:
    """Write the book anew; whoever reads meanwhile finds it whole, as it was or as it is."""
    _draft(path, book).replace(path)


def _draft(path: Path, book: Mapping[str, object]) -> Path:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("w") as file:
        file.write(json.dumps(book) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return draft
