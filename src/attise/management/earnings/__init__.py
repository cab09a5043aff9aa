"""Creators' money: what they earned, what of it has matured, and what was paid out to them.

Owns payouts, and the outside accounts that creators are paid on. What was earned is the ledger's: the account
``creator:ID``, one for each currency, which charges pay into and reversals take from. An earning *matures* thirty days
after its event; until then it is *accrued*. A payout is *asked* by the creator, or *held* where creator and advertiser
may be one; the operator approves it, which sets the money aside (``payable:ID``), or refuses it; then
it is *paid*, by the operator's word or a provider's, or *failed*, and the money is the creator's again.

Invariant: what was ever set aside or paid to a creator is not more than what had matured, whoever asks at once; it is
judged under the lock of the currency's book. What is given back afterwards may make what is owed negative; no payout is
made until it is not.

Doors: ``actions``, ``queries``. Announces notices to creators: ``payout_asked``, ``payout_approved``,
``payout_refused``, ``payout_paid``, ``payout_failed``; to the operator each of those with who did it.
"""
