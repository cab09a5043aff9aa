"""Reads of this room: plain values, never rows.

``get_`` refuses with ``not_found``, ``find_`` answers None, ``list_`` answers several.
"""

from attise.management.accounts.queries.actors import name_of_actor
from attise.management.accounts.queries.business_centers import (
    find_advertiser,
    find_advertiser_by_key,
    find_business_center,
    find_oldest_business_center,
    get_advertiser,
    get_business_center,
    list_advertisers,
    list_advertisers_of_business_center,
    list_business_centers,
    page_advertisers,
    page_business_centers,
)
from attise.management.accounts.queries.creators import (
    existing_creators,
    find_creator,
    find_creator_by_handle,
    find_creator_of_person,
    get_creator,
    list_creators,
)
from attise.management.accounts.queries.credentials import (
    check_app,
    find_app,
    find_creator_token,
    find_host_key,
    find_link,
    find_token,
    get_app,
    list_apps,
    list_host_keys,
    list_tokens_of_business_center,
)
from attise.management.accounts.queries.members import (
    get_member,
    list_invitations,
    list_members,
    memberships_of,
    roles_in,
)
from attise.management.accounts.queries.people import (
    all_people,
    find_first_operator,
    find_people,
    find_person,
    find_person_by_email,
    get_person,
    list_people,
)

__all__ = [
    "all_people",
    "check_app",
    "existing_creators",
    "find_advertiser",
    "find_advertiser_by_key",
    "find_app",
    "find_business_center",
    "find_creator",
    "find_creator_by_handle",
    "find_creator_of_person",
    "find_creator_token",
    "find_first_operator",
    "find_host_key",
    "find_link",
    "find_oldest_business_center",
    "find_people",
    "find_person",
    "find_person_by_email",
    "find_token",
    "get_advertiser",
    "get_app",
    "get_business_center",
    "get_creator",
    "get_member",
    "get_person",
    "list_advertisers",
    "list_advertisers_of_business_center",
    "list_apps",
    "list_business_centers",
    "list_creators",
    "list_host_keys",
    "list_invitations",
    "list_members",
    "list_people",
    "list_tokens_of_business_center",
    "memberships_of",
    "name_of_actor",
    "page_advertisers",
    "page_business_centers",
    "roles_in",
]
