"""A program of a benchmark: the management API and the native one over one connection to the public port."""

from __future__ import annotations

import http.client
import json
from pathlib import Path
from typing import Any


class Client:
    """One keep-alive connection to the public port."""

    def __init__(self, port: int, bundle: dict[str, str]) -> None:
        """Connect with the credentials of a bundle."""
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._token = {"Access-Token": bundle["access_token"]}
        self._key = {"Authorization": f"Bearer {bundle['host_key']}"}

    def dialect(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Call the dialect and return its envelope."""
        headers = dict(self._token)
        data = None
        if body is not None:
            data, headers["Content-Type"] = json.dumps(body), "application/json"
        return self._call("GET" if body is None else "POST", f"/open_api/v1.3/{path}", data, headers)

    def native(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Post JSON to the native API and return its answer."""
        return self._call("POST", path, json.dumps(body), {**self._key, "Content-Type": "application/json"})

    def publish(self, meta: dict[str, Any], file: Path) -> dict[str, Any]:
        """Publish a post with its file."""
        mark = "attise-bench-boundary"
        head = f'--{mark}\r\nContent-Disposition: form-data; name="meta"\r\n\r\n{json.dumps(meta)}\r\n'
        part = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n'
        data = head.encode() + part.encode() + file.read_bytes() + f"\r\n--{mark}--\r\n".encode()
        headers = {**self._key, "Content-Type": f"multipart/form-data; boundary={mark}"}
        return self._call("POST", "/v1/posts", data, headers)

    def _call(self, method: str, path: str, data: str | bytes | None, headers: dict[str, str]) -> dict[str, Any]:
        self._connection.request(method, path, data, headers)
        answer: dict[str, Any] = json.loads(self._connection.getresponse().read())
        return answer
