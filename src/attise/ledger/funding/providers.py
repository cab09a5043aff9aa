"""Which ways of bringing money a house has."""

from __future__ import annotations

from attise.kernel.house import Mode
from attise.ledger.funding.errors import PROVIDER_UNKNOWN, FundingRefused
from attise.ledger.funding.manual import ManualTransfer
from attise.ledger.funding.provider import Provider
from attise.ledger.funding.test_card import TestCard

NAMES = (ManualTransfer.name, TestCard.name)


def find_provider(name: str, mode: Mode) -> Provider:
    """Return the provider of a name; test cards are for a sandbox and a demo.

    Raises: ``funding_provider_unknown``.
    """
    here: dict[str, Provider] = {ManualTransfer.name: ManualTransfer()}
    if mode is not Mode.LIVE:
        here[TestCard.name] = TestCard()
    found = here.get(name)
    if found is None:
        raise FundingRefused(PROVIDER_UNKNOWN, field="provider", providers=", ".join(sorted(here)))
    return found
