"""Sealing: small values that leave the house and come back unread and unchanged.

AES-256-GCM under one key per purpose; the purpose is bound as associated data, so that a sealed value of one kind never
opens as another. One spelling only: URL-safe base64 without padding, and a text that decodes to the same bytes but is
spelled otherwise is refused.
"""

from __future__ import annotations

import binascii
import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_PLAIN = bytes.maketrans(b"-_+/=", b"+/!!!")
"""Back again; what only the other alphabet has becomes what none has."""
_PADDING = (b"", b"", b"==", b"=")


def encode(raw: bytes) -> str:
    """Return the one spelling of some bytes."""
    return binascii.b2a_base64(raw, newline=False).translate(_URL_SAFE, b"=").decode("ascii")


def decode(text: str) -> bytes | None:
    """Return the bytes of their one spelling, or None."""
    rest = len(text) % 4
    if not text.isascii() or rest == 1:
        return None
    try:
        raw = binascii.a2b_base64(text.encode("ascii").translate(_PLAIN) + _PADDING[rest], strict_mode=True)
    except binascii.Error:
        return None
    # Bits that no byte has stand in the last sign alone.
    return raw if not rest or encode(raw[1 - rest :]) == text[-rest:] else None


class Sealer:
    """Seals and opens values of one purpose."""

    def __init__(self, key: bytes, purpose: str) -> None:
        """Use a 32-byte key and bind ``purpose`` to every value."""
        self._cipher = AESGCM(key)
        self._purpose = purpose.encode()

    def seal(self, plain: bytes, *, nonce: bytes, context: bytes = b"") -> bytes:
        """Return nonce + ciphertext + tag; ``nonce`` is 12 random bytes, never used twice."""
        if len(nonce) != NONCE_BYTES:
            raise ValueError("a nonce has 12 bytes")
        return nonce + self._cipher.encrypt(nonce, plain, self._purpose + b"\x00" + context)

    def open(self, sealed: bytes, *, context: bytes = b"") -> bytes | None:
        """Return what was sealed, or None when it is not ours, not of this purpose, or changed."""
        if len(sealed) < NONCE_BYTES + 16:
            return None
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._purpose + b"\x00" + context)
        except InvalidTag:
            return None


class Signer:
    """Signs texts of one purpose with a keyed hash."""

    def __init__(self, key: bytes, *, size: int = 16) -> None:
        """Keep ``size`` bytes of HMAC-SHA-256."""
        self._key = key
        self._size = size

    def sign(self, payload: bytes) -> bytes:
        """Return the signature of ``payload``."""
        return hmac.digest(self._key, payload, "sha256")[: self._size]

    def holds(self, payload: bytes, signature: bytes) -> bool:
        """Tell, in constant time, whether ``signature`` is that of ``payload``."""
        return hmac.compare_digest(self.sign(payload), signature)
