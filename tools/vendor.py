"""Bring the pages' third-party files into the tree, and prove that they are what was chosen.

``vendor.json`` beside the files names each package, its exact version, which of its files are taken and the SHA-384 of
each. ``refresh`` (the default) packs every package again with npm, refuses a file that is not the one pinned and writes
the rest; ``check`` compares the committed files with their hashes and needs no network.
To move to another version: edit it in ``vendor.json``, empty its hashes, refresh, look at the pages, commit.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "src/attise/doors/site/static/attise/vendor"
BOOK = "vendor.json"


def digest(content: bytes) -> str:
    """Return the SHA-384 of some bytes as a browser's integrity attribute spells it."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


def differences(folder: Path = FOLDER) -> list[str]:
    """Return what is wrong with the committed files, in words; nothing when all is well."""
    book = json.loads((folder / BOOK).read_text())
    wrong = []
    known = {BOOK}
    for package in book["packages"]:
        for file in package["files"]:
            known.add(file["name"])
            path = folder / file["name"]
            if not path.is_file():
                wrong.append(f"{file['name']} is missing")
            elif digest(path.read_bytes()) != file["sha384"]:
                wrong.append(f"{file['name']} is not the file of {package['name']} {package['version']}")
    wrong.extend(f"{path.name} is not in {BOOK}" for path in sorted(folder.iterdir()) if path.name not in known)
    return wrong


def refresh(folder: Path = FOLDER) -> None:
    """Pack every package at its version, prove its files against their hashes, and write them."""
    book = json.loads((folder / BOOK).read_text())
    for package in book["packages"]:
        content = _pack(f"{package['name']}@{package['version']}")
        for file in package["files"]:
            body = content[f"package/{file['from']}"]
            if file["sha384"] and file["sha384"] != digest(body):
                raise SystemExit(f"{file['name']}: {package['name']} {package['version']} is not what was pinned")
            (folder / file["name"]).write_bytes(body)
            file["sha384"] = digest(body)
    (folder / BOOK).write_text(json.dumps(book, indent=2) + "\n")


def _pack(spec: str) -> dict[str, bytes]:
    """Return the files of one package at one version, by their path in it."""
    with tempfile.TemporaryDirectory() as folder:
        answer = subprocess.run(
            ["npm", "pack", spec, "--json", "--pack-destination", folder], check=True, capture_output=True, text=True
        )
        described: list[dict[str, Any]] = json.loads(answer.stdout)
        archive = next(Path(folder).glob("*.tgz"))
        if digest_sha512(archive) != described[0]["integrity"]:
            raise SystemExit(f"{spec}: the archive does not have the integrity that npm tells")
        with tarfile.open(archive) as tar:
            return {
                member.name: file.read()
                for member in tar.getmembers()
                if member.isfile() and (file := tar.extractfile(member)) is not None
            }


def digest_sha512(path: Path) -> str:
    """Return the SHA-512 of a file as npm spells it."""
    return "sha512-" + base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()


def main() -> int:
    """Run the command of the command line; 1 when the files are not as told."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("command", nargs="?", choices=("refresh", "check"), default="refresh")
    if parser.parse_args().command == "refresh":
        refresh()
    wrong = differences()
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
