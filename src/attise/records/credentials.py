"""How credentials are spelled, and how they are kept.

A credential is a prefix that says its kind, then 160 random bits as 40 hexadecimal digits. It has one spelling: what is
looked up is the SHA-256 of the text itself, so that any other text, were it to mean the same bits, is another text.
The house keeps the hash alone.
"""

from __future__ import annotations

import enum
import hashlib
import hmac
import re

from attise.kernel.chance import Chance

RANDOM_BYTES = 20
LONGEST = 64
"""Characters; longer texts are no credential and are not looked at."""


class CredentialKind(enum.StrEnum):
    """What a credential opens; the value is its prefix."""

    ACCESS_TOKEN = "aat"  # noqa: S105 - a prefix
    HOST_KEY = "ahk"
    APP_SECRET = "aas"  # noqa: S105 - a prefix
    OAUTH_CODE = "aac"
    CREATOR_CODE = "acc"
    CREATOR_TOKEN = "act"  # noqa: S105 - a prefix
    CREATOR_REFRESH = "acr"
    LINK = "alk"


_SPELLING = {kind: re.compile(rf"{kind.value}_[0-9a-f]{{{2 * RANDOM_BYTES}}}") for kind in CredentialKind}


def make_credential(chance: Chance, kind: CredentialKind) -> str:
    """Return a new credential; shown once, by whoever asked for it."""
    return f"{kind.value}_{chance.token(RANDOM_BYTES).hex()}"


def is_spelled(text: str, kind: CredentialKind) -> bool:
    """Tell whether a text can be a credential of this kind at all; no look-up is owed to any other."""
    return len(text) <= LONGEST and _SPELLING[kind].fullmatch(text) is not None


def hash_of(text: str) -> str:
    """Return what the house keeps of a credential: 64 hexadecimal digits.

    Why no salt and no slow hash: nobody can try 2**160 texts.
    """
    return hashlib.sha256(text.encode()).hexdigest()


def is_same(text: str, kept: str) -> bool:
    """Tell, in constant time, whether a credential is the one kept."""
    return hmac.compare_digest(hash_of(text), kept)
