"""Everything a program needs to talk to this house, in one call: what ``attise token`` prints.

The same name finds the same advertiser. Each call makes a *new* app, a *new* access token and a *new* host key: secrets
are kept hashed, so those of an earlier call cannot be shown again, and replacing them would stop whoever uses them.
"""

from __future__ import annotations

from typing import TypedDict

from attise.kernel.actor import COMMAND
from attise.kernel.errors import Refusal
from attise.kernel.house import Mode
from attise.kernel.limits import NAME_CHARACTERS
from attise.kernel.means import Means
from attise.kernel.text import clean_text
from attise.management.accounts.actions.advertisers import create_advertiser
from attise.management.accounts.actions.apps import create_app
from attise.management.accounts.actions.business_centers import create_business_center
from attise.management.accounts.actions.host_keys import make_host_key
from attise.management.accounts.actions.tokens import issue_token
from attise.management.accounts.errors import EXTERNAL_KEY_TAKEN
from attise.management.accounts.queries import find_advertiser_by_key, find_oldest_business_center
from attise.management.accounts.views import AdvertiserView
from attise.management.outbox.actions import unit, verb

DEFAULT_NAME = "Attise"
"""The advertiser of the first start, and of a call that names none."""


class TokenBundle(TypedDict):
    """The six values, as text; ``access_token``, ``secret`` and ``host_key`` are shown here only."""

    access_token: str
    app_id: str
    secret: str
    advertiser_id: str
    bc_id: str
    host_key: str


def token_bundle(means: Means, mode: Mode, *, advertiser_name: str = DEFAULT_NAME) -> TokenBundle:
    """Return credentials for the advertiser of this name, making it and its Business Center if they are not there.

    In a sandbox or a demo a new advertiser is in euros and in Paris time, with its payer set. In a live house it takes
    after the Business Center that was there first. Raises: the rules of texts, for the name.
    """
    name = clean_text(advertiser_name, field="advertiser_name", limit=NAME_CHARACTERS)
    return _issue(means, find_or_make_advertiser(means, mode, name), name)


@verb
def _issue(means: Means, advertiser: AdvertiserView, name: str) -> TokenBundle:
    """Make an app, a token and a host key for an advertiser, in one unit."""
    with unit(means):
        app, secret = create_app(means, name=_named("App", name))
        _, token = issue_token(
            means, app_id=app.id, person_id=None, advertiser_ids=[advertiser.id], name=_named("attise token", name)
        )
        _, host_key = make_host_key(means, name=_named("attise token", name))
    return TokenBundle(
        access_token=token,
        app_id=str(app.id),
        secret=secret,
        advertiser_id=str(advertiser.id),
        bc_id=str(advertiser.business_center_id),
        host_key=host_key,
    )


def find_or_make_advertiser(means: Means, mode: Mode, name: str) -> AdvertiserView:
    """Return the advertiser of a name; of two calls at once, the second finds what the first made."""
    found = find_advertiser_by_key(name)
    if found is not None:
        return found
    try:
        return _make(means, mode, name)
    except Refusal as refusal:
        found = find_advertiser_by_key(name)
        if refusal.reason is EXTERNAL_KEY_TAKEN and found is not None:
            return found
        raise


@verb
def _make(means: Means, mode: Mode, name: str) -> AdvertiserView:
    with unit(means):
        center = find_oldest_business_center() or create_business_center(
            means,
            COMMAND,
            name=DEFAULT_NAME,
            company=DEFAULT_NAME,
            country="FR",
            currency="EUR",
            timezone="Europe/Paris",
        )
        is_live = mode is Mode.LIVE
        return create_advertiser(
            means,
            COMMAND,
            business_center_id=center.id,
            name=name,
            currency=center.currency if is_live else "EUR",
            timezone=center.timezone if is_live else "Europe/Paris",
            company=center.company if is_live else name,
            country=center.country if is_live else "FR",
            external_key=name,
        )


def _named(what: str, name: str) -> str:
    return f"{what}: {name}"[:NAME_CHARACTERS].strip()
