"""What pages of money are shown with: a creator who earned, a brand that spent and was invoiced, payouts that wait."""

from __future__ import annotations

from attise.kernel.actor import COMMAND
from attise.ledger.funding import ManualTransfer
from attise.management.accounts.models import Advertiser, Creator
from attise.management.authorizations.models import Authorization
from attise.management.billing import actions as billing
from attise.management.earnings import actions as earnings
from attise.management.invoices.actions import issue_month, state_issuer
from attise.records.terms import Terms
from tests.browser.town import Town
from tests.earning import EURO, an_invoice, charge

SPENT_IN = "2026-09"
IBAN = "FR76 3000 6000 0112 3456 7890 189"


def spent(town: Town) -> list[str]:
    """Let the brand spend on the creator's post on three days, some of it matured; returns the keys of charges."""
    brand, lea = Advertiser.objects.get(id=town.advertiser.id), Creator.objects.get(id=town.creator.id)
    post = town.a_post("Sérum C, un mois après, sans filtre")
    grant, code = town.a_grant(post, days=365, terms=Terms(share_ppm=300_000, currency="EUR"))
    town.applied(code)
    billing.fund_advertiser(
        town.means,
        COMMAND,
        advertiser_id=brand.id,
        amount_micros=2_000 * EURO,
        provider=ManualTransfer(),
        said="VIR 2026-09",
    )
    number = Authorization.objects.values_list("id", flat=True).get(id=grant.id)
    keys = charge(town.means, brand, lea, 200 * EURO, 41_250_004, grant=number)
    town.clock.advance(days=31)
    keys += charge(town.means, brand, lea, 63 * EURO, 12 * EURO, grant=number)
    town.clock.advance(days=1)
    keys += charge(town.means, brand, lea, 9 * EURO)
    billing.give_back(
        town.means, COMMAND, advertiser_id=brand.id, charge_keys=keys[3:4], reason="invalid_traffic", note="bots"
    )
    return keys


def billed(town: Town) -> str:
    """Return the billing page of a brand with papers."""
    spent(town)
    brand = Advertiser.objects.get(id=town.advertiser.id)
    an_invoice(town.means, brand)
    an_invoice(town.means, brand, kind="credit_note")
    return "/ads/facturation"


def a_paper(town: Town) -> str:
    """Return the page of an invoice."""
    invoice = an_invoice(town.means, Advertiser.objects.get(id=town.advertiser.id))
    return f"/ads/facturation/factures/{invoice.id}"


def stated(town: Town) -> str:
    """Return the page of a brand's month."""
    spent(town)
    return f"/ads/facturation/releves/{SPENT_IN}"


def stated_grant(town: Town) -> str:
    """Return the page of what one grant cost a brand in a month."""
    number = _spent_by(town)
    return f"/ads/facturation/releves/{SPENT_IN}/autorisations/{number}"


def earned_month(town: Town) -> str:
    """Return the page of a creator's month."""
    spent(town)
    return f"/creation/revenus/releves/{SPENT_IN}"


def earned_grant(town: Town) -> str:
    """Return the page of what one grant brought in a month."""
    number = _spent_by(town)
    return f"/creation/revenus/releves/{SPENT_IN}/autorisations/{number}"


def _spent_by(town: Town) -> int:
    """Let the brand spend; returns the grant that it spent by."""
    spent(town)
    return Authorization.objects.filter(creator_id=town.creator.id).values_list("id", flat=True).latest("id")


def earned(town: Town) -> str:
    """Return the page of a creator who earned and can be paid."""
    spent(town)
    earnings.name_account(town.means, COMMAND, creator_id=town.creator.id, holder="Léa Martin", number=IBAN)
    return "/creation/revenus"


def asked(town: Town) -> str:
    """Return the page of a creator who was paid once and asks again."""
    earned(town)
    ask = {"creator_id": town.creator.id, "currency": "EUR"}
    first = earnings.ask_payout(town.means, COMMAND, amount_micros=40 * EURO, **ask)
    earnings.approve_payout(town.means, COMMAND, payout_id=first.id)
    earnings.mark_paid(town.means, COMMAND, payout_id=first.id, reference="VIR 2026-12")
    earnings.ask_payout(town.means, COMMAND, **ask)
    return "/creation/revenus"


def finances(town: Town) -> str:
    """Return the operator's page with a payout that waits and papers."""
    asked(town)
    state_issuer(town.means, COMMAND, name="Maison Vidéo SAS", address="1 rue des Prés\n75001 Paris")
    issue_month(town.means, COMMAND, advertiser_id=town.advertiser.id, period=SPENT_IN)
    return "/operateur/finances"
