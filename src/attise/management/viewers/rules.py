"""The name that logs know a viewer by. Pure."""

from __future__ import annotations

import hmac

from attise.kernel.seal import encode

KEY_BYTES = 32
PSEUDONYM_BYTES = 16


def pseudonym_of(key: bytes, viewer_id: int) -> str:
    """Return what logs, facts and decisions carry in place of a viewer.

    Why a key per viewer: once it is destroyed nobody can tell any more whose the rows were, not even who holds every
    other secret of the house.
    """
    return encode(hmac.digest(key, b"viewer/%d" % viewer_id, "sha256")[:PSEUDONYM_BYTES])
