"""What happens in this room, one module per thing that happens.

Each verb is one transaction. Doors check a member's permission (``rules``); here, what must always hold is checked.
"""

from attise.management.accounts.actions.advertisers import create_advertiser, update_advertiser
from attise.management.accounts.actions.apps import change_app, create_app, renew_app_secret
from attise.management.accounts.actions.bundle import TokenBundle, token_bundle
from attise.management.accounts.actions.business_centers import create_business_center
from attise.management.accounts.actions.creators import create_creator, retire_creator, update_creator
from attise.management.accounts.actions.host_keys import make_host_key, revoke_host_key
from attise.management.accounts.actions.members import add_member, change_member, remove_member
from attise.management.accounts.actions.people import create_person, update_person
from attise.management.accounts.actions.tokens import issue_token, revoke_token, withdraw_token

__all__ = [
    "TokenBundle",
    "add_member",
    "change_app",
    "change_member",
    "create_advertiser",
    "create_app",
    "create_business_center",
    "create_creator",
    "create_person",
    "issue_token",
    "make_host_key",
    "remove_member",
    "renew_app_secret",
    "retire_creator",
    "revoke_host_key",
    "revoke_token",
    "token_bundle",
    "update_advertiser",
    "update_creator",
    "update_person",
    "withdraw_token",
]
