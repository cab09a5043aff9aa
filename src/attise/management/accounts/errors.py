"""What this room refuses, and what to do then."""

from __future__ import annotations

from attise.kernel.errors import N_, Kind, Reason

# People and sign-in.
EMAIL_INVALID = Reason(
    "email_invalid",
    N_("This is not an e-mail address."),
    N_("Give an address such as name@example.org."),
)
EMAIL_TAKEN = Reason(
    "email_taken",
    N_("Somebody already has this e-mail address here."),
    N_("Sign in with it, or give another address."),
    Kind.CONFLICT,
)
SIGN_IN_REFUSED = Reason(
    "sign_in_refused",
    N_("This e-mail address and password do not go together."),
    N_("Check both, or ask the operator for a link to choose a new password."),
    Kind.UNAUTHENTICATED,
)
PASSWORD_TOO_SHORT = Reason(
    "password_too_short",
    N_("This password is too short: at least %(least)s characters are asked."),
    N_("Add words; length protects better than signs."),
)
PASSWORD_TOO_LONG = Reason(
    "password_too_long",
    N_("This password is too long: at most %(limit)s characters are taken."),
    N_("Shorten it."),
)
PASSWORD_COMMON = Reason(
    "password_common",
    N_("This password is one of those that are tried first."),
    N_("Choose one that nobody else would."),
)
PASSWORD_UNREADABLE = Reason(
    "password_unreadable",
    N_("This password holds something that is not a character."),
    N_("Type it again."),
)
NOBODY_YET = Reason(
    "nobody_yet",
    N_("Nobody has an account here yet."),
    N_("The first start of attise serve makes the first person; a sandbox stays without people, for programs alone."),
    Kind.ABSENT,
)
LINK_DEAD = Reason(
    "link_dead",
    N_("This link does not work: it was used, it is past its end, or it was never made."),
    N_("Ask for a new link."),
)
INVITATION_SIGN_IN_FIRST = Reason(
    "invitation_sign_in_first",
    N_("The invited e-mail address already has an account here."),
    N_("Sign in with it, then open the invitation again."),
    Kind.CONFLICT,
)
INVITATION_OTHER_PERSON = Reason(
    "invitation_other_person",
    N_("This invitation is for another e-mail address than the one you are signed in with."),
    N_("Sign in with the invited address, or ask for an invitation to yours."),
    Kind.CONFLICT,
)

PERSON_SUSPENDED = Reason(
    "person_suspended",
    N_("This login is suspended: %(why)s"),
    N_("Write to the operator of this installation."),
    Kind.FORBIDDEN,
)
ALREADY_SUSPENDED = Reason(
    "account_suspended_already",
    N_("This account is suspended already."),
    N_("Nothing to do."),
    Kind.CONFLICT,
)
ALREADY_RESTORED = Reason(
    "account_not_suspended",
    N_("This account is not suspended."),
    N_("Nothing to do."),
    Kind.CONFLICT,
)
LAST_OPERATOR = Reason(
    "last_operator",
    N_("The last operator cannot be suspended: nobody could restore anybody."),
    N_("Make another operator first."),
    Kind.CONFLICT,
)
CREATOR_SUSPENDED = Reason(
    "creator_suspended",
    N_("This creator account is suspended: %(why)s"),
    N_("Nothing can be done with it until the operator of this installation restores it."),
    Kind.CONFLICT,
)

# Business Centers, members, advertisers.
ROLES_UNKNOWN = Reason(
    "roles_unknown",
    N_("This is not a role: ADMIN, or STANDARD with an advertiser role or a finance role."),
    N_("Give ADMIN, or STANDARD with ADMIN, OPERATOR or ANALYST for advertisers, or MANAGER or ANALYST for finance."),
)
LAST_ADMIN = Reason(
    "last_admin",
    N_("The last administrator of a Business Center cannot leave it."),
    N_("Make another member an administrator first."),
    Kind.CONFLICT,
)
ALREADY_MEMBER = Reason(
    "already_member",
    N_("This person is already a member of the Business Center."),
    N_("Change their role instead."),
    Kind.CONFLICT,
)
CURRENCY_FIXED = Reason(
    "currency_fixed",
    N_("The currency of an advertiser is fixed when it is made."),
    N_("Make another advertiser in the other currency."),
)
TIMEZONE_CHANGED_LATELY = Reason(
    "timezone_changed_lately",
    N_("The time zone of an advertiser changes at most once in %(days)s days."),
    N_("Wait until then."),
    Kind.CONFLICT,
)
EXTERNAL_KEY_TAKEN = Reason(
    "external_key_taken",
    N_("Another advertiser already has this key."),
    N_("Use that advertiser, or another key."),
    Kind.CONFLICT,
)
PHONE_INVALID = Reason(
    "phone_invalid",
    N_("This is not a telephone number."),
    N_("Give digits, spaces, and a + before the country, such as +33 1 23 45 67 89."),
)

# Creators.
HANDLE_TAKEN = Reason(
    "handle_taken",
    N_("Somebody already has this handle."),
    N_("Choose another handle."),
    Kind.CONFLICT,
)
CREATOR_OF_PERSON_EXISTS = Reason(
    "creator_of_person_exists",
    N_("This person already has a creator account."),
    N_("Use that account."),
    Kind.CONFLICT,
)
CREATOR_HAS_PERSON = Reason(
    "creator_has_person",
    N_("Somebody signs in as this creator already."),
    N_("Use their account, or another creator."),
    Kind.CONFLICT,
)
CREATOR_GONE = Reason(
    "creator_gone",
    N_("This creator account is gone."),
    N_("Nothing more can be done with it."),
    Kind.CONFLICT,
)

# Apps, codes of OAuth, tokens. Numbers are the dialect's return codes.
APP_UNKNOWN = Reason(
    "app_unknown",
    N_("No app has this id."),
    N_("Check app_id: it is shown where the app was made."),
    number=40113,
)
APP_SECRET_WRONG = Reason(
    "app_secret_wrong",
    N_("The secret is not the one of this app."),
    N_("Check app_id and secret; make a new secret if it is lost."),
    Kind.UNAUTHENTICATED,
    number=40101,
)
APP_MISMATCH = Reason(
    "app_mismatch",
    N_("This was granted to another app."),
    N_("Send the app_id that it was granted to."),
    number=40113,
)
OAUTH_CODE_DEAD = Reason(
    "oauth_code_dead",
    N_("This authorization code was used, is past its end, or was never given."),
    N_("Send the person to the agreement page again to get a new code."),
    number=40110,
)
REFRESH_TOKEN_DEAD = Reason(
    "refresh_token_dead",
    N_("This refresh token was revoked or never given."),
    N_("Send the creator to the agreement page again."),
    number=40107,
)
REFRESH_TOKEN_EXPIRED = Reason(
    "refresh_token_expired",
    N_("This refresh token is past its end."),
    N_("Send the creator to the agreement page again."),
    number=40103,
)
REDIRECT_URI_UNKNOWN = Reason(
    "redirect_uri_unknown",
    N_("This redirect_uri is not on the list of the app."),
    N_("Send one of the app's addresses exactly as it was entered, or add this one to the app."),
)
SCOPE_UNKNOWN = Reason(
    "scope_unknown",
    N_("This scope is not known."),
    N_("Give whole numbers from the list of scopes, at least one."),
)
LIST_LENGTH = Reason(
    "list_length",
    N_("This list has %(got)s entries; %(least)s to %(limit)s are taken."),
    N_("Shorten or fill the list."),
)
LOOK_ONLY = Reason(
    "look_only",
    N_("You look at somebody’s pages as an operator: nothing can be done there."),
    N_("Go back to your own console, and act from there."),
    Kind.FORBIDDEN,
)
LOOK_AT_OPERATOR = Reason(
    "look_at_operator",
    N_("The pages of an operator, one’s own too, are not looked at by an operator."),
    N_("Ask them to show you."),
    Kind.CONFLICT,
)
LOOK_AT_SUSPENDED = Reason(
    "look_at_suspended",
    N_("This login is suspended: its person sees no pages."),
    N_("Restore it first."),
    Kind.CONFLICT,
)
