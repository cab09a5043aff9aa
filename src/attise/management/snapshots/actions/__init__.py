"""What happens here: deltas are made, whole snapshots are written, old ones of both go."""

from attise.management.snapshots.actions.follow import follow, is_told
from attise.management.snapshots.actions.sweep import sweep
from attise.management.snapshots.actions.write_file import folder_of, remove_files, write_file

__all__ = ["folder_of", "follow", "is_told", "remove_files", "sweep", "write_file"]
