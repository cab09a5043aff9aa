"""The open book of one currency: rows on hand, what is written into it, and how it is sealed.

``actions.batch`` opens and seals it; the verbs beside it read and write it. Everything is judged in memory, in the
order in which it is asked, and written with a handful of bulk statements and one hash at the end, however many charges
it took.
"""

from attise.ledger.book.book import Book
from attise.ledger.book.on_hand import AccountOnHand, EnvelopeOnHand, PeriodOnHand

__all__ = ["AccountOnHand", "Book", "EnvelopeOnHand", "PeriodOnHand"]
