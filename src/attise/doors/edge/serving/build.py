"""``python -m attise.doors.edge.serving.build``: makes the index of the newest snapshot, in a process of its own.

Gives way to everything that somebody waits for. Prints the name of the index that is there when it ends, made by it or
by another one that it waited for. May be killed anywhere: what bears its name is whole.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from attise.doors.edge.serving.files import alone

NICENESS = 10
NO_SNAPSHOT = 3
"""Exit code: there is no snapshot that can be read."""


def main() -> int:
    """Build, and print the index's name."""
    parser = argparse.ArgumentParser(prog="attise-index")
    parser.add_argument("snapshots", type=Path)
    parser.add_argument("models", type=Path)
    parser.add_argument("index", type=Path)
    asked = parser.parse_args()
    os.nice(NICENESS)
    with alone(asked.index):  # whoever waits has not yet taken the memory that building takes
        stem = build_newest(asked.snapshots, asked.models, asked.index)
    if stem is None:
        return NO_SNAPSHOT
    sys.stdout.write(f"{stem}\n")
    return 0


def build_newest(snapshots: Path, models: Path, index: Path) -> str | None:
    """Make the index of the newest snapshot under the newest model, unless it is there and whole; return its name.

    None: there is no snapshot that can be read. Under ``files.alone``. Cost: about 10 s and 1 GB for a million ads.
    """
    from attise.doors.edge.serving.files import is_there, kept_posts, map_index, stem_of, write_index
    from attise.doors.edge.serving.making import find_model, index_of
    from attise.records.snapshot.reader import find_newest
    from attise.serving.targeting.index_file import IndexUnreadable

    file, model = find_newest(snapshots), find_model(models)
    if file is None:
        return None
    stem = stem_of(file.header, model.version)
    if is_there(index, stem):
        try:
            map_index(index, stem, model)
        except IndexUnreadable as unreadable:
            sys.stderr.write(f"{unreadable}\n")
        else:
            return stem
    segment, table = index_of(file, model, kept_posts(index))
    write_index(index, stem, segment, table, model.header)
    return stem


if __name__ == "__main__":
    sys.exit(main())
