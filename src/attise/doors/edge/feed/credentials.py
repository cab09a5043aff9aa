"""Who asks: a host, by its key, for anybody; or a viewer's own browser, by a ticket, for that viewer alone.

Step 1 of *a feed request is decided*. A key is looked up once, by its hash, and remembered until a change says that it
stopped; while the database is away, known keys go on, because organic items do.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from attise.doors.edge.feed.errors import CREDENTIAL_REQUIRED, TICKET_INVALID
from attise.kernel.clock import Clock
from attise.kernel.errors import Refusal
from attise.records.change import Change, ChangeKind
from attise.records.credentials import CredentialKind, hash_of, is_spelled
from attise.records.native_errors import KEY_INVALID
from attise.records.ticket import Tickets

KEYS = 1_000
"""Keys that are remembered; a host has a few."""
_BEARER = re.compile(r"[Bb]earer ([\x21-\x7e]{1,512})")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a host (``viewer_id`` None), or a viewer."""

    viewer_id: int | None
    key_id: int = 0
    """Of the host's key."""


class Credentials:
    """Opens what an Authorization header holds. Heeds changes; see ``changes.Listener``."""

    def __init__(self, find_key: Callable[[str], Awaitable[int | None]], tickets: Tickets, clock: Clock) -> None:
        """Look keys up by ``find_key``, which takes a hash and may raise Outage."""
        self._find_key = find_key
        self._tickets = tickets
        self._clock = clock
        self._keys: OrderedDict[str, int] = OrderedDict()
        """By the text of the header, as it came: hashing it again for each request would tell nothing new."""
        self._stopped: dict[int, int] = {}
        """By key, the version of its stop: a look-up under way while the change was heeded may not bring it back."""
        self._age = 0

    def known(self, header: str) -> Caller | None:
        """Return who asks, when the header is that of a known host. Cost: one look-up in memory."""
        key_id = self._keys.get(header)
        return None if key_id is None else Caller(None, key_id)

    def at_once(self, header: bytes) -> Caller | None:
        """Return who asks, by a key that is known or a ticket that holds; None where that needs more than a look."""
        text = header.decode("latin-1")
        known = self.known(text)
        if known is not None:
            return known
        match = _BEARER.fullmatch(text)
        if match is None or match[1].startswith(CredentialKind.HOST_KEY.value):
            return None
        ticket = self._tickets.open(match[1], now_ms=self._clock.wire_ms())
        return None if ticket is None else Caller(ticket.viewer_id)

    async def open(self, header: str) -> Caller:
        """Return who asks. Raises: ``credential_required``, ``host_key_invalid``, ``ticket_invalid``; Outage."""
        known = self.known(header)
        if known is not None:
            return known
        if not header:
            raise Refusal(CREDENTIAL_REQUIRED)
        match = _BEARER.fullmatch(header)
        text = match[1] if match else ""
        if text.startswith(CredentialKind.HOST_KEY.value) or not text:
            return Caller(None, await self._key(header, text))
        return self.open_ticket(text)

    def open_ticket(self, text: str) -> Caller:
        """Return the viewer of a ticket. Raises: ``ticket_invalid``."""
        ticket = self._tickets.open(text, now_ms=self._clock.wire_ms())
        if ticket is None:
            raise Refusal(TICKET_INVALID)
        return Caller(ticket.viewer_id)

    def heed(self, changes: Sequence[Change]) -> None:
        """Forget the keys that stopped."""
        stopped = {change.object_id: change.version for change in changes if change.kind is ChangeKind.KEY_STOPPED}
        if stopped:
            self._stopped |= stopped
            for header, key_id in list(self._keys.items()):
                if key_id in stopped:
                    self._keys.pop(header, None)

    def forget(self) -> None:
        """Forget every key, and do not remember those that are being looked up."""
        self._age += 1
        self._keys.clear()

    async def _key(self, header: str, text: str) -> int:
        """Return the id of a live key, and remember it."""
        if not is_spelled(text, CredentialKind.HOST_KEY):
            raise Refusal(KEY_INVALID)
        age = self._age
        key_id = await self._find_key(hash_of(text))
        if key_id is None or key_id in self._stopped:
            raise Refusal(KEY_INVALID)
        if age == self._age:
            self._keys[header] = key_id
            if key_id in self._stopped:  # heeded between the two lines above, by another thread
                self._keys.pop(header, None)
            while len(self._keys) > KEYS:
                self._keys.popitem(last=False)
        return key_id
