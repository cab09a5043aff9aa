"""A limit is opened, set, closed and reopened: management's words, in management's own transactions."""

from __future__ import annotations

from collections.abc import Callable

from attise.kernel.errors import NOT_FOUND
from attise.kernel.means import Means
from attise.kernel.money import LARGEST_MICROS
from attise.ledger.actions.accounts import open_payer
from attise.ledger.actions.batch import batch, open_books
from attise.ledger.book import Book, EnvelopeOnHand
from attise.ledger.errors import ENVELOPE_KEY_REUSED, LedgerRefused
from attise.ledger.models import Envelope
from attise.ledger.rules import Zone, period_of, periods_before
from attise.ledger.views import EnvelopeView
from attise.records.declared import clean_timezone


def open_envelope(
    means: Means,
    *,
    key: str,
    kind: str,
    payer: str,
    currency: str,
    timezone: str,
    limit_micros: int | None,
) -> EnvelopeView:
    """Open an envelope on a payer's charges, or return the one of this key as it is.

    ``kind`` is ``day``, ``week``, ``total`` or ``grant``; ``payer`` an account key, opened as a prepaid account if it
    is not there; ``timezone`` says where days begin. Raises: ``envelope_key_reused``, ``timezone_unknown``.
    """
    if kind == Envelope.Kind.BALANCE or kind not in Envelope.Kind.values:
        raise AssertionError(f"an envelope of kind {kind!r} is not opened by itself")
    _check_limit(limit_micros)
    zone = Zone(clean_timezone(timezone))
    with batch(means, currency) as book:
        account = open_payer(book, payer)
        found = book.shelves.find_envelope(key)
        if found is None and Envelope.objects.filter(key=key).exists():
            raise LedgerRefused(ENVELOPE_KEY_REUSED, field="key")
        if found is not None:
            if (found.kind, found.account_id) != (kind, account.id):
                raise LedgerRefused(ENVELOPE_KEY_REUSED, field="key")
            return found.view(now_ms=means.clock.world_ms())
        opened = EnvelopeOnHand(
            id=means.ids.next(),
            key=key,
            kind=kind,
            currency=currency,
            account_id=account.id,
            zone=zone,
            limit_micros=limit_micros,
            closed_at_ms=None,
            opened_at_ms=means.clock.world_ms(),
        )
        book.shelves.open_envelope(opened)
        return opened.view(now_ms=means.clock.world_ms())


def set_limit(means: Means, *, key: str, limit_micros: int | None) -> EnvelopeView:
    """Set the standing limit; it rules the period of this moment at once, never below what is spent there.

    The periods before keep the limits they had, so that what was decided yesterday and comes today finds its own.
    Raises: ``not_found``.
    """
    _check_limit(limit_micros)

    def change(book: Book, envelope: EnvelopeOnHand) -> None:
        if envelope.kind == Envelope.Kind.BALANCE:
            raise AssertionError("transfers set the limit of a balance")
        now_ms = means.clock.world_ms()
        for before in periods_before(envelope.kind, envelope.zone, now_ms):
            frozen = book.shelves.period(envelope.id, before)
            if not frozen.is_stored:
                book.shelves.changed(frozen)
        current = book.shelves.period(envelope.id, period_of(envelope.kind, envelope.zone, now_ms))
        envelope.limit_micros = limit_micros
        current.ask(limit_micros)
        book.shelves.changed(current)

    return _change(means, key, change)


def close_envelope(means: Means, *, key: str) -> EnvelopeView:
    """Close an envelope from this moment of wire time on; one that is closed stays closed since when it was.

    Events received up to 60 s later are still charged. Raises: ``not_found``.
    """

    def change(_book: Book, envelope: EnvelopeOnHand) -> None:
        if envelope.closed_at_ms is None:
            envelope.closed_at_ms = means.clock.wire_ms()

    return _change(means, key, change)


def reopen_envelope(means: Means, *, key: str) -> EnvelopeView:
    """Open an envelope again; what was received meanwhile stays free. Raises: ``not_found``."""

    def change(_book: Book, envelope: EnvelopeOnHand) -> None:
        envelope.closed_at_ms = None

    return _change(means, key, change)


def set_timezone(means: Means, *, payer: str, timezone: str) -> int:
    """Have another zone rule every envelope of a payer from its next local midnight on; returns how many.

    A date is one period whatever the zone, so that no change grants a day's budget twice. Raises: ``timezone_unknown``.
    """
    clean_timezone(timezone)
    kept = Envelope.objects.filter(account__key=payer).exclude(kind=Envelope.Kind.BALANCE)
    count = 0
    for currency in sorted(set(kept.values_list("currency", flat=True))):
        with batch(means, currency) as book:
            ids = list(kept.filter(currency=currency).values_list("id", flat=True))
            book.shelves.bring_envelopes(ids)
            for envelope in filter(None, map(book.shelves.envelope_of_id, ids)):
                envelope.zone = envelope.zone.changed(timezone, now_ms=means.clock.world_ms())
                book.shelves.changed(envelope)
            count += len(ids)
    return count


def _change(means: Means, key: str, change: Callable[[Book, EnvelopeOnHand], None]) -> EnvelopeView:
    """Do something to the envelope of a key, under the lock of its currency."""
    currency = next((book.currency for book in open_books() if book.shelves.has_envelope(key)), None)
    currency = currency or Envelope.objects.filter(key=key).values_list("currency", flat=True).first()
    if currency is None:
        raise LedgerRefused(NOT_FOUND, field="key")
    with batch(means, currency) as book:
        envelope = book.shelves.find_envelope(key)
        if envelope is None:
            raise AssertionError("an envelope does not change its currency")
        change(book, envelope)
        book.shelves.changed(envelope)
        return envelope.view(now_ms=means.clock.world_ms())


def _check_limit(limit_micros: int | None) -> None:
    if limit_micros is not None and not 0 <= limit_micros <= LARGEST_MICROS:
        raise AssertionError("a limit is not negative, nor beyond the largest amount")
