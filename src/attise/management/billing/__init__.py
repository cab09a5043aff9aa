"""Advertisers' and Business Centers' money: funding, refunds, transfers between them, balances and statements.

Owns no row: what it says is in the ledger, under the account of an advertiser (``advertiser:ID``) or of a Business
Center (``business_center:ID``), each prepaid: neither falls below zero. Knows who may be named and in which currency,
and tells others what changed.

Doors: ``actions``, ``queries``. Announces ``advertiser_changed``, with the balance; notices ``funds_added`` and
``funds_returned`` to advertisers.
"""
