"""Papers on money: monthly invoices and credit notes of advertisers, and statements of anybody's ledger accounts.

Owns issuers (who invoices: this house, as its operator states it), series (the last number of each), and invoices,
which are never changed: the database refuses it. A statement owns nothing: it is what the ledger says of a span of
local days.

An *invoice* holds what was charged to an advertiser, a *credit note* what was given back to it. Each covers what no
earlier paper of the advertiser has covered, up to the end of its month: what settled late is in the next one, told
apart. So all papers together are the ledger, to the micro, whatever came when. Numbers are without gaps within a series
of a year: the number is taken last, on a locked row, in the transaction that writes the paper.

Doors: ``actions``, ``queries``, ``statements``, ``verify``. Announces notices to advertisers:
``invoice_issued``; to the operator the same with who did it.
"""
