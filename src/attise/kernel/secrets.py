"""One master secret for a data folder, and the keys derived from it by purpose.

``secrets.json`` (mode 0600) is made with the house; ``ATTISE_SECRETS_FILE`` names a file of one's own. Every key
is HKDF-SHA-256 of the master with its purpose, so that no key tells anything of another, and losing the file is losing
them all: it is never made again silently where data already exist.
"""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MASTER_BYTES = 32


class SecretsError(Exception):
    """The secrets file is missing where it must not be, unreadable, or open to others."""


class Secrets:
    """The keys of one data folder, by purpose."""

    def __init__(self, master: bytes) -> None:
        """Keep the master; 32 bytes."""
        if len(master) != MASTER_BYTES:
            raise SecretsError("the master secret has not 32 bytes")
        self._master = master
        self._keys: dict[str, bytes] = {}

    def key(self, purpose: str) -> bytes:
        """Return the 32-byte key of ``purpose``, such as ``code-lookup`` or ``media``."""
        found = self._keys.get(purpose)
        if found is None:
            kdf = HKDF(algorithm=SHA256(), length=32, salt=b"attise/1", info=purpose.encode())
            found = self._keys[purpose] = kdf.derive(self._master)
        return found

    @property
    def fingerprint(self) -> str:
        """What tells these secrets from others and nothing else of them."""
        return self.key("fingerprint").hex()[:16]

    def __repr__(self) -> str:
        """Say nothing."""
        return "Secrets(***)"

    @classmethod
    def open(cls, path: Path, *, may_create: bool) -> Secrets:
        """Read the file, or make it when ``may_create`` (an empty data folder).

        Raises: SecretsError, with a sentence for the operator.
        """
        if not path.exists():
            if not may_create:
                raise SecretsError(
                    f"{path} is missing. Restore it from a backup: a new one could open nothing that was sealed "
                    f"before. (For a new house: attise secrets new {path})"
                )
            path.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):  # another command was first: then theirs is the one
                cls.write_new(path)
        if path.stat().st_mode & 0o077:
            raise SecretsError(f"{path} can be read by others. Run: chmod 600 {path}")
        try:
            return cls(bytes.fromhex(json.loads(path.read_text())["master"]))
        except (ValueError, KeyError, TypeError) as error:
            raise SecretsError(f"{path} is not a secrets file of Attise: {error}") from error

    @staticmethod
    def write_new(path: Path, master: bytes | None = None) -> None:
        """Write a new master into a file that only its owner reads, whole or not at all, in a folder that is there.

        ``master``: of a house that is run by a seed and thrown away, so that keyed hashes fall alike; None: by chance.
        Raises: FileExistsError, when there is a file already, which stays as it is; OSError.
        """
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # 0600, and nobody else's
        draft = Path(name)
        try:
            with os.fdopen(handle, "w") as file:
                json.dump({"version": 1, "master": (master or secrets.token_bytes(MASTER_BYTES)).hex()}, file)
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, path)  # which never replaces what is there
        finally:
            draft.unlink()
