"""Links to media: management makes them, the edge opens them; nobody else can.

``/media/<expiry>.<signature>/<key>/<name>``: the key is 128 random bits that only the house knows, the signature binds
key, name and expiry. A link to private or ads-only media is made only for someone who may see it, and dies by itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from attise.kernel.seal import Signer, decode, encode_many

PREFIX = "/media/"
PURPOSE = "media"
_PATH = re.compile(
    r"/media/(?P<expiry>[0-9]{10,11})\.(?P<signature>[A-Za-z0-9_-]{22})/(?P<key>[a-z0-9]{26})/(?P<name>[a-z]{1,12}\.[a-z0-9]{2,4})"
)


@dataclass(frozen=True, slots=True)
class MediaLink:
    """An opened link: which file, until when (epoch seconds, wire time)."""

    key: str
    name: str
    expires_s: int


class MediaLinks:
    """Makes and opens links under one key."""

    def __init__(self, key: bytes) -> None:
        """Use the ``media`` key of the house's secrets."""
        self._signer = Signer(key)

    def make(self, key: str, name: str, *, expires_s: int) -> str:
        """Return the path of file ``name`` under media ``key`` until ``expires_s`` (epoch seconds, wire time)."""
        return self.make_all([(key, name)], expires_s=expires_s)[0]

    def make_all(self, files: Sequence[tuple[str, str]], *, expires_s: int) -> list[str]:
        """Return the paths of several files, each a key and a name. Cost: some 2 µs each."""
        places = [f"{key}/{name}" for key, name in files]
        signatures = self._signer.sign_all([f"{place}/{expires_s}".encode() for place in places])
        begin = f"{PREFIX}{expires_s}."
        return [f"{begin}{signature}/{place}" for signature, place in zip(encode_many(signatures), places, strict=True)]

    def open(self, path: str, *, now_s: int) -> MediaLink | None:
        """Return the link of a path, or None when it is not ours, changed, or past its end."""
        match = _PATH.fullmatch(path)
        if match is None:
            return None
        link = MediaLink(match["key"], match["name"], int(match["expiry"]))
        signature = decode(match["signature"])
        payload = f"{link.key}/{link.name}/{link.expires_s}".encode()
        if signature is None or not self._signer.holds(payload, signature):
            return None
        return link if now_s < link.expires_s else None
