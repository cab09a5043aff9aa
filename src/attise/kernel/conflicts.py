"""What a database says when two transactions stood in each other's way, and one of them was undone for it.

Whatever the driver: nothing is imported, the marks that drivers leave on their errors are read. A connection that was
cut is none of these: nobody knows what became of its transaction.
"""

from __future__ import annotations

SERIALIZATION_FAILURE = "40001"
DEADLOCK_DETECTED = "40P01"
SQLITE_BUSY = 5
SQLITE_LOCKED = 6
_CODE_BITS = 0xFF
"""The rest of a code of SQLite says which kind of busy it was."""


def is_conflict(error: BaseException) -> bool:
    """Tell whether an error, or what it was raised from, says that a transaction lost to another and was undone.

    PostgreSQL: a deadlock or a serialization failure. SQLite: a lock that was not given within the wait.
    """
    at: BaseException | None = error
    while at is not None:
        if getattr(at, "sqlstate", None) in {SERIALIZATION_FAILURE, DEADLOCK_DETECTED}:
            return True
        code = getattr(at, "sqlite_errorcode", None)
        if isinstance(code, int) and code & _CODE_BITS in {SQLITE_BUSY, SQLITE_LOCKED}:
            return True
        at = at.__cause__
    return False
