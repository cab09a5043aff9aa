"""A network between browser and site that breaks: after so many bytes nothing goes through until it is mended."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

_ABORT = struct.pack("ii", 1, 0)


class Network:
    """Passes connections on to a site; ``cut_after`` bytes of the browser's, every one is reset."""

    def __init__(self, site: str) -> None:
        there = urlsplit(site)
        self._site = (there.hostname, there.port)
        self._door = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._left: int | None = None
        self.sent_bytes = 0
        self.is_cut = threading.Event()
        self.address = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_after(self, count: int) -> None:
        self.sent_bytes, self._left = 0, count

    def mend(self) -> None:
        self._left = None
        self.is_cut.clear()

    def close(self) -> None:
        self._door.close()
        self._reset()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                browser, _ = self._door.accept()
                self._open.add(browser)
                if self.is_cut.is_set():
                    self._reset()
                    continue
                site = socket.create_connection(self._site)
                self._open.add(site)
                threading.Thread(target=self._pass_on, args=(browser, site, True), daemon=True).start()
                threading.Thread(target=self._pass_on, args=(site, browser, False), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, is_browser: bool) -> None:
        with suppress(OSError):
            while data := source.recv(16_384):
                if is_browser and not self._may(len(data)):
                    return
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def _may(self, count: int) -> bool:
        """Count what the browser sends; False when that is more than goes through."""
        self.sent_bytes += count
        if self._left is None or self.sent_bytes <= self._left:
            return True
        self.is_cut.set()
        self._reset()
        return False

    def _reset(self) -> None:
        for one in list(self._open):
            self._open.discard(one)
            with suppress(OSError):
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
                one.shutdown(socket.SHUT_RDWR)
                one.close()


@contextmanager
def network_to(site: str) -> Iterator[Network]:
    network = Network(site)
    try:
        yield network
    finally:
        network.close()
