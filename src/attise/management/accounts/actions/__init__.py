"""What happens in this room, one module per thing that happens.

Each verb is one transaction. Doors check a member's permission (``rules``); here, what must always hold is checked.
"""

from attise.management.accounts.actions.advertisers import create_advertiser, hold_advertiser, update_advertiser
from attise.management.accounts.actions.apps import change_app, create_app, renew_app_secret
from attise.management.accounts.actions.bundle import TokenBundle, token_bundle
from attise.management.accounts.actions.business_centers import create_business_center
from attise.management.accounts.actions.creator_oauth import (
    CreatorTokenView,
    agree_creator,
    exchange_creator,
    refresh_creator,
    revoke_creator_token,
)
from attise.management.accounts.actions.creators import (
    create_creator,
    entrust_creator,
    hold_creator,
    retire_creator,
    update_creator,
)
from attise.management.accounts.actions.first_start import first_start, sign_in_link, sign_in_links
from attise.management.accounts.actions.host_keys import make_host_key, revoke_host_key
from attise.management.accounts.actions.invitations import accept_invitation, invite_member, withdraw_invitation
from attise.management.accounts.actions.links import follow_link, make_link
from attise.management.accounts.actions.look import begin_look, end_due_looks, end_look
from attise.management.accounts.actions.members import add_member, change_member, remove_member
from attise.management.accounts.actions.oauth import agree_oauth, check_redirect, exchange_oauth
from attise.management.accounts.actions.passwords import (
    change_password,
    make_reset_link,
    request_reset,
    reset_password,
    set_password,
)
from attise.management.accounts.actions.people import create_person, update_person
from attise.management.accounts.actions.sign_in import sign_in
from attise.management.accounts.actions.suspend import restore_account, suspend_account
from attise.management.accounts.actions.sweep import sweep
from attise.management.accounts.actions.tokens import issue_token, revoke_token, withdraw_token

__all__ = [
    "CreatorTokenView",
    "TokenBundle",
    "accept_invitation",
    "add_member",
    "agree_creator",
    "agree_oauth",
    "begin_look",
    "change_app",
    "change_member",
    "change_password",
    "check_redirect",
    "create_advertiser",
    "create_app",
    "create_business_center",
    "create_creator",
    "create_person",
    "end_due_looks",
    "end_look",
    "entrust_creator",
    "exchange_creator",
    "exchange_oauth",
    "first_start",
    "follow_link",
    "hold_advertiser",
    "hold_creator",
    "invite_member",
    "issue_token",
    "make_host_key",
    "make_link",
    "make_reset_link",
    "refresh_creator",
    "remove_member",
    "renew_app_secret",
    "request_reset",
    "reset_password",
    "restore_account",
    "retire_creator",
    "revoke_creator_token",
    "revoke_host_key",
    "revoke_token",
    "set_password",
    "sign_in",
    "sign_in_link",
    "sign_in_links",
    "suspend_account",
    "sweep",
    "token_bundle",
    "update_advertiser",
    "update_creator",
    "update_person",
    "withdraw_invitation",
    "withdraw_token",
]
