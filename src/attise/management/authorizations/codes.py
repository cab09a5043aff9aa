"""Spark codes: how they are made, spelled, checked, masked, looked up and sealed.

``#`` and base64 (standard alphabet, padded) of version ‖ 144 random bits ‖ 128-bit keyed checksum. The checksum makes a
mistyped code malformed before any look-up; a second key makes the hash that finds the row; a third seals the copy that
the applying advertiser gets back.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass

from attise.kernel.chance import Chance
from attise.kernel.seal import NONCE_BYTES, Sealer
from attise.kernel.secrets import Secrets

VERSION = 1
RANDOM_BYTES = 18
CHECK_BYTES = 16
CODE_CHARACTERS = 1 + 4 * -(-(1 + RANDOM_BYTES + CHECK_BYTES) // 3)
LONGEST_PASTE = 4 * CODE_CHARACTERS
"""Longer texts are malformed before anything looks at them."""


@dataclass(frozen=True, slots=True)
class SparkCode:
    """A code with its one spelling; printing it shows the mask."""

    text: str

    @property
    def mask(self) -> str:
        """What may be shown later: ``#AQb3…9Qz=``."""
        return f"{self.text[:5]}…{self.text[-4:]}"

    def __repr__(self) -> str:
        """Show the mask, so that no log holds a code."""
        return f"SparkCode({self.mask})"


def make_code(secrets: Secrets, chance: Chance) -> SparkCode:
    """Return a new code."""
    payload = bytes([VERSION]) + chance.token(RANDOM_BYTES)
    return SparkCode("#" + base64.b64encode(payload + _check(secrets, payload)).decode())


def parse_code(secrets: Secrets, text: str) -> SparkCode | None:
    """Return the code of a pasted text, or None when it is malformed.

    Outer spaces are trimmed and a ``+`` that arrived as a space is repaired; any other spelling than the one that was
    shown is malformed, though it decodes to the same bytes. Cost: no look-up; constant time on the checksum.
    """
    if len(text) > LONGEST_PASTE:
        return None
    spelled = text.strip(" \t\r\n").replace(" ", "+")
    if len(spelled) != CODE_CHARACTERS or not spelled.startswith("#") or not spelled.isascii():
        return None
    try:
        raw = base64.b64decode(spelled[1:], validate=True)
    except (binascii.Error, ValueError):
        return None
    if base64.b64encode(raw).decode() != spelled[1:] or raw[0] != VERSION:
        return None
    payload, check = raw[: 1 + RANDOM_BYTES], raw[1 + RANDOM_BYTES :]
    return SparkCode(spelled) if hmac.compare_digest(check, _check(secrets, payload)) else None


def hash_code(secrets: Secrets, code: SparkCode) -> str:
    """Return the keyed hash that finds the row of a code."""
    return hmac.digest(secrets.key("code-lookup"), code.text.encode(), "sha256").hex()


def seal_code(secrets: Secrets, chance: Chance, code: SparkCode, *, advertiser_id: int) -> bytes:
    """Return the copy that one advertiser alone gets back."""
    sealer = Sealer(secrets.key("code-seal"), "code-seal")
    return sealer.seal(code.text.encode(), nonce=chance.token(NONCE_BYTES), context=str(advertiser_id).encode())


def open_code(secrets: Secrets, sealed: bytes, *, advertiser_id: int) -> str:
    """Return a code byte for byte as it was applied. A seal that does not open is a bug or a lost secret."""
    sealer = Sealer(secrets.key("code-seal"), "code-seal")
    plain = sealer.open(bytes(sealed), context=str(advertiser_id).encode())
    if plain is None:
        raise AssertionError("a sealed code does not open: were the secrets replaced?")
    return plain.decode()


def _check(secrets: Secrets, payload: bytes) -> bytes:
    return hmac.digest(secrets.key("code-check"), payload, "sha256")[:CHECK_BYTES]
