"""Who may do what: the whole table, and what no combination of roles may break."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.management.accounts import rules
from attise.management.accounts.models import Member
from attise.management.accounts.rules import Permission, Roles, can, is_known, is_last_admin, permissions_of

every_roles = st.builds(
    Roles,
    st.sampled_from(rules.ROLES),
    st.sampled_from(rules.ADVERTISER_ROLES),
    st.sampled_from(rules.FINANCE_ROLES),
)

READS = {"read", "export", "connect_apps"}
EDITS = READS | {"edit_campaigns", "edit_library", "apply_codes", "request_access"}
TABLE = {
    "admin": {permission.value for permission in Permission},
    "campaign_operator": EDITS,
    "analyst": READS,
    "finance": {"read_billing", "manage_billing"},
}


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("permission", list(Permission))
def test_each_role_has_exactly_its_rights(name, permission):
    assert can(rules.NAMED[name], permission) == (permission.value in TABLE[name])


def test_somebody_who_is_no_member_has_no_right():
    assert not any(can(None, permission) for permission in Permission)


def test_a_page_can_tell_whom_to_ask():
    assert rules.who_can(Permission.MANAGE_MEMBERS) == ("admin",)
    assert rules.who_can(Permission.MANAGE_BILLING) == ("admin", "finance")
    assert rules.who_can(Permission.APPLY_CODES) == ("admin", "campaign_operator")


def test_the_words_of_rules_are_those_of_the_tables():
    assert set(rules.ROLES) == set(Member.Role.values)
    assert set(rules.ADVERTISER_ROLES) == set(Member.AdvertiserRole.values)
    assert set(rules.FINANCE_ROLES) == set(Member.FinanceRole.values)


@given(every_roles)
def test_rights_add_up_and_never_take_away(roles):
    apart = permissions_of(Roles(roles.role, roles.advertiser_role)) | permissions_of(
        Roles(roles.role, "", roles.finance_role)
    )
    assert permissions_of(roles) == apart


@given(every_roles)
def test_only_an_administrator_manages_members_tokens_and_advertisers(roles):
    for permission in (Permission.MANAGE_MEMBERS, Permission.MANAGE_TOKENS, Permission.CREATE_ADVERTISERS):
        assert can(roles, permission) == (roles.role == "ADMIN")


@given(every_roles)
def test_billing_is_never_an_advertiser_role_s(roles):
    if roles.role != "ADMIN" and roles.finance_role == "":
        assert not can(roles, Permission.READ_BILLING)
        assert not can(roles, Permission.MANAGE_BILLING)


@given(every_roles)
def test_a_role_that_is_taken_gives_something_to_do(roles):
    assert is_known(roles) == bool(permissions_of(roles))


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12))
def test_no_other_word_is_a_role(role, advertiser_role, finance_role):
    roles = Roles(role, advertiser_role, finance_role)
    exist = role in rules.ROLES and advertiser_role in rules.ADVERTISER_ROLES and finance_role in rules.FINANCE_ROLES
    assert is_known(roles) <= exist


@given(every_roles, st.lists(every_roles))
def test_who_remains_can_always_administer(leaving, others):
    """If the rule lets somebody go and there was an administrator, there is one afterwards."""
    had_one = any(roles.role == "ADMIN" for roles in [leaving, *others])
    if had_one and not is_last_admin(leaving, others):
        assert any(roles.role == "ADMIN" for roles in others)
