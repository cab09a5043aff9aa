"""A host's own app around Attise: its people, its page, one call for the feed, and one for what happened there.

    attise serve --sandbox --data /tmp/house &        # prints its address
    ATTISE_URL=http://127.0.0.1:8000 ATTISE_HOST_KEY=$(attise token --json --data /tmp/house | jq -r .host_key) \
        python examples/host-app/server.py            # then open http://127.0.0.1:9000/?user=lea

The host key stays here: a page never has it. Everything a viewer must be told of an ad comes with the item.
"""

import json
import os
import sys
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

HOUSE = os.environ.get("ATTISE_URL", "http://127.0.0.1:8000")
KEY = os.environ.get("ATTISE_HOST_KEY", "")
PAGE = (Path(__file__).parent / "index.html").read_bytes()
BODY_BYTES = 256 * 1024
VIEWERS = {}  # what this app knows its people by -> the viewer's id


def call(method: str, path: str, body: dict | None = None) -> dict:
    """Call the native API and return its answer."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    request = urllib.request.Request(HOUSE + path, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def viewer_of(user: str) -> str:
    """Return the viewer of one of this app's people, declared when they first come: here an adult in France."""
    if user not in VIEWERS:
        found = call("GET", f"/v1/viewers?external_id={quote(user)}")["items"]
        said = {"external_id": user, "country": "FR", "language": "fr", "age": 30, "consent": {"profiling": False}}
        VIEWERS[user] = (found[0] if found else call("POST", "/v1/viewers", said))["viewer_id"]
    return VIEWERS[user]


class App(BaseHTTPRequestHandler):
    """The page, and its feed."""

    def do_GET(self) -> None:
        """Answer."""
        asked = urlsplit(self.path)
        user = parse_qs(asked.query).get("user", [""])[0][:100]
        if asked.path == "/":
            return self.send(200, "text/html; charset=utf-8", PAGE)
        if asked.path != "/feed" or not user:
            return self.send(404, "text/plain", b"nothing here")
        try:
            items = call("POST", "/v1/feed", {"viewer_id": viewer_of(user), "count": 10})
        except (urllib.error.URLError, TimeoutError) as error:
            return self.send(502, "text/plain", str(error).encode())
        return self.send(200, "application/json", json.dumps(items).encode())

    def do_POST(self) -> None:
        """Pass on what the page saw; each event bears the token of its item, which knows whose it is."""
        length = int(self.headers.get("Content-Length") or 0)
        if self.path != "/events" or not 0 < length <= BODY_BYTES:
            return self.send(404, "text/plain", b"nothing here")
        try:
            # Whose device it was is ours to say: else this server's own address would stand for everybody's.
            device = {"agent": self.headers.get("User-Agent", "")[:512], "address": self.client_address[0]}
            told = call("POST", "/v1/events", {"events": json.loads(self.rfile.read(length)), **device})
        except urllib.error.HTTPError as error:
            return self.send(error.code, "text/plain", str(error).encode())
        except ValueError:
            return self.send(400, "text/plain", b"no events")
        except OSError as error:
            return self.send(502, "text/plain", str(error).encode())
        return self.send(200, "application/json", json.dumps(told).encode())

    def send(self, status: int, kind: str, body: bytes) -> None:
        """Send an answer whole."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 9000
    server = ThreadingHTTPServer(("127.0.0.1", port), App)
    print(f"http://127.0.0.1:{server.server_port}/?user=lea", flush=True)
    server.serve_forever()
