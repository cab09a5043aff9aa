"""Send a video piece by piece, by tus 1.0, over a network that breaks, and publish it as a creator's post.

``ATTISE_URL`` and ``ATTISE_HOST_KEY`` say where and as which host. Where the upload is stands beside the file, in
``FILE.upload``: started again after anything, it goes on at the byte that was reached. Python's own library alone.

    python examples/send_a_video.py CREATOR_ID clip.mp4 "A caption"
"""

import base64
import json
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

PIECE_BYTES = 4 * 1024 * 1024
WAITS_S = [float(part) for part in os.environ.get("WAITS_S", "1 2 4 8 15 30 60").split()]
NOT_FOUND, TRY_AGAIN = 404, {408, 409, 423, 429, 502, 503, 504}


def ask(method: str, address: str, body: bytes | None = None, **headers: object) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of an answer; status 0: nobody answered."""
    sent = {"Authorization": f"Bearer {os.environ['ATTISE_HOST_KEY']}", "Tus-Resumable": "1.0.0"}
    sent |= {name.replace("_", "-"): str(value) for name, value in headers.items()}
    try:
        request = urllib.request.Request(address, body, sent, method=method)  # noqa: S310 - of the house that was named
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()
    except OSError:
        return 0, {}, b""


def begin(house: str, creator_id: str, size: int) -> str:
    """Announce the file; return where it is sent to."""
    whose = f"creator_id {base64.b64encode(creator_id.encode()).decode()}"
    status, headers, said = ask("POST", f"{house}/v1/uploads", b"", Upload_Length=size, Upload_Metadata=whose)
    if status != 201:  # noqa: PLR2004 - created
        sys.exit(f"{status or 'Nobody answers'}: {said.decode()}")
    return headers["Location"]


def send(house: str, creator_id: str, file: Path) -> str:
    """Send what is missing of the file, from any moment on; return the upload's id."""
    kept, size, failures = Path(f"{file}.upload"), file.stat().st_size, 0
    while True:
        address = kept.read_text() if kept.exists() else ""
        status, headers, said = ask("HEAD", address) if address else (NOT_FOUND, {}, b"")
        if status == NOT_FOUND:  # never begun, or kept for a day and let go of
            address = begin(house, creator_id, size)
            kept.write_text(address)
            status, headers = 200, {"Upload-Offset": "0"}
        at = int(headers.get("Upload-Offset", 0))
        while status in {200, 204} and at < size:
            with file.open("rb") as opened:
                opened.seek(at)
                piece = opened.read(PIECE_BYTES)
            kind = "application/offset+octet-stream"
            status, headers, said = ask("PATCH", address, piece, Upload_Offset=at, Content_Type=kind)
            if status == 204:  # noqa: PLR2004 - kept
                at, failures = int(headers["Upload-Offset"]), 0
                print(f"{at} of {size} bytes", flush=True)
        if status in {200, 204}:
            return address.rsplit("/", 1)[1]
        if (status and status not in TRY_AGAIN) or failures == len(WAITS_S):
            sys.exit(f"{status or 'Nobody answers'}: {said.decode()}\nStart again to go on where it stopped.")
        time.sleep(WAITS_S[failures])
        failures += 1


def main() -> None:
    """Send, publish, and let go of the note beside the file."""
    creator_id, file, caption = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    house = os.environ["ATTISE_URL"].rstrip("/")
    draft = {"creator_id": creator_id, "caption": caption, "upload_id": send(house, creator_id, file)}
    status, _, said = ask("POST", f"{house}/v1/posts", json.dumps(draft).encode(), Content_Type="application/json")
    if status not in {200, 201}:
        sys.exit(f"{status or 'Nobody answers'}: {said.decode()}")
    Path(f"{file}.upload").unlink()
    print(f"published as post {json.loads(said)['post_id']}")


if __name__ == "__main__":
    main()
