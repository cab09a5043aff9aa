"""One open book: every verb of the ledger writes through it, alone or among many."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connection

from attise.kernel.errors import Refusal
from attise.kernel.means import Means
from attise.ledger import storing
from attise.ledger.book import Book
from attise.ledger.models import Head
from attise.records.lookups import currencies


@dataclass
class _Open:
    """A book that is open, and where in the caller's transaction it was opened."""

    book: Book
    savepoints: tuple[object, ...]
    is_broken: bool = False


_open: ContextVar[tuple[_Open, ...]] = ContextVar("attise_ledger_books", default=())


@contextmanager
def batch(means: Means, currency: str) -> Iterator[Book]:
    """Open the book of a currency, or join the one that is open; it is sealed at the end of the outermost.

    In the caller's transaction, whose end releases the lock on the currency. What a refused verb would have written is
    not in the book, so that a caller may go on after it. Queries do not see what is not sealed yet.
    Raises: AssertionError outside a transaction, in a savepoint that the open book was not opened in, when a book of a
    later currency is open (two such callers could wait for each other), and KeyError for an unknown currency.
    Cost: a statement to open, nine at most to seal, whatever is written.
    """
    currencies.get(currency)
    if not connection.in_atomic_block:
        raise AssertionError("the ledger writes in the transaction of its caller")
    savepoints = tuple(connection.savepoint_ids)
    others = _open.get()
    joined = next((one for one in others if one.book.currency == currency), None)
    if joined is not None:
        if joined.savepoints != savepoints:
            raise AssertionError("an open book is joined where it was opened: a savepoint would not undo what is in it")
        try:
            yield joined.book
        except Refusal:
            raise
        except BaseException:
            joined.is_broken = True
            raise
        return
    if any(one.book.currency > currency for one in others):
        raise AssertionError("books are opened in the order of their currencies")
    here = _Open(_begin(means, currency), savepoints)
    mark = _open.set((*others, here))
    try:
        yield here.book
        if here.is_broken:
            raise AssertionError("a book in which something failed is not sealed")
        here.book.seal()
    finally:
        _open.reset(mark)


def open_books() -> list[Book]:
    """Return the books that are open here, in the order of their currencies."""
    return [one.book for one in _open.get()]


def _begin(means: Means, currency: str) -> Book:
    """Lock the head of a currency, made at its first use."""
    head = storing.lock(Head, ("number", "hash"), column="currency", value=currency)
    if head is None:
        storing.insert_absent(Head, [(currency, 0, "")], key="currency")
        head = storing.lock(Head, ("number", "hash"), column="currency", value=currency)
    if head is None:
        raise AssertionError(f"the head of {currency} is missing")
    number, head_hash = head
    return Book(means, currency, number=number, head_hash=head_hash)
