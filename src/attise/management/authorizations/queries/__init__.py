"""Reads of grants: plain values out. Cost is said where a list is asked for."""

from attise.management.authorizations.queries.access import get_access_request, list_accounts
from attise.management.authorizations.queries.grants import (
    advertisers_owning,
    get_authorization,
    get_holders,
    handles_of,
    holders_ever,
    list_authorizations,
    list_of_posts,
    list_open_at,
    posts_of_grants,
    view_of,
)
from attise.management.authorizations.queries.history import list_acts, list_history
from attise.management.authorizations.queries.identities import find_identity, list_identities
from attise.management.authorizations.queries.library import find_bound, find_bound_post, list_bound_posts, preview_code
from attise.management.authorizations.queries.requests import (
    find_post_requests,
    get_post_request,
    list_post_requests,
)
from attise.management.authorizations.queries.usable import find_identity_posts, find_usable, list_identity_posts

__all__ = [
    "advertisers_owning",
    "find_bound",
    "find_bound_post",
    "find_identity",
    "find_identity_posts",
    "find_post_requests",
    "find_usable",
    "get_access_request",
    "get_authorization",
    "get_holders",
    "get_post_request",
    "handles_of",
    "holders_ever",
    "list_accounts",
    "list_acts",
    "list_authorizations",
    "list_bound_posts",
    "list_history",
    "list_identities",
    "list_identity_posts",
    "list_of_posts",
    "list_open_at",
    "list_post_requests",
    "posts_of_grants",
    "preview_code",
    "view_of",
]
