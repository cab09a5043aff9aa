"""A creator says where they are paid."""

from __future__ import annotations

import hmac

from attise.kernel.actor import Actor
from attise.kernel.means import Means
from attise.kernel.seal import NONCE_BYTES, Sealer
from attise.management.accounts import queries as accounts
from attise.management.earnings import rules
from attise.management.earnings.models import PayoutAccount
from attise.management.earnings.queries import SEAL
from attise.management.earnings.views import PayoutAccountView, account_view
from attise.management.outbox.actions import unit, verb

FINGERPRINT = "payout-account-fingerprint"


@verb
def name_account(means: Means, actor: Actor, *, creator_id: int, holder: str, number: str) -> PayoutAccountView:
    """Name the outside account that a creator is paid on from now on; payouts under way keep the one they have.

    Raises: ``not_found``, ``payout_account_wrong``, the rules of texts.
    """
    creator = accounts.get_creator(creator_id)
    holder, bare = rules.clean_holder(holder), rules.clean_number(number)
    sealed = Sealer(means.secrets.key(SEAL), SEAL).seal(
        bare.encode(), nonce=means.chance.token(NONCE_BYTES), context=str(creator.id).encode()
    )
    with unit(means) as work:
        row = PayoutAccount.objects.create(
            id=means.ids.next(),
            creator_id=creator.id,
            method=rules.MANUAL,
            holder=holder,
            sealed=sealed,
            mask=rules.mask_of(bare),
            fingerprint=hmac.new(means.secrets.key(FINGERPRINT), bare.encode(), "sha256").hexdigest(),
            created_at_ms=means.clock.world_ms(),
        )
        told = {"account": row.mask, "creator_id": str(creator.id)}
        work.notice("creator", creator.id, "payout_account_named", row.id, **told)
        work.notice("operator", 0, "payout_account_named", row.id, by=str(actor), **told)
    return account_view(row)
