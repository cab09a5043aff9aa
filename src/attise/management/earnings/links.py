"""Whether a creator and whoever paid them may be one: then a payout waits for the operator's word.

What is compared: the person of the creator's login with who is or was a member of the Business Centers that paid;
accounts that an advertiser linked as its own; the number of the outside account with those of other creators.
"""

from __future__ import annotations

from attise.ledger import sums
from attise.management.accounts import queries as accounts
from attise.management.accounts.payer import advertiser_of, earner_of
from attise.management.accounts.views import CreatorView
from attise.management.authorizations import queries as grants
from attise.management.earnings.models import PayoutAccount
from attise.management.earnings.rules import SAME_OWNER, SHARED_ACCOUNT


def reasons_to_hold(creator: CreatorView, currency: str, account: PayoutAccount) -> list[tuple[str, str]]:
    """Return why a payout is to be held, each with the id of the advertiser or the creator it speaks of.

    Cost: six statements; one reads every earning of the creator.
    """
    payers = {advertiser_of(key) for key in sums.list_payers(earner_of(creator.id), currency)}
    mine = {
        advertiser.id
        for center_id in (accounts.list_centers_ever(creator.person_id) if creator.person_id else [])
        for advertiser in accounts.list_advertisers_of_business_center(center_id)
    }
    own = set(grants.advertisers_owning(creator.id))
    found = [(SAME_OWNER, str(one)) for one in sorted((mine | own) & {one for one in payers if one is not None})]
    others = PayoutAccount.objects.filter(fingerprint=account.fingerprint).exclude(creator_id=creator.id)
    return found + [(SHARED_ACCOUNT, str(one)) for one in sorted(set(others.values_list("creator_id", flat=True)))]
