"""What was stopped after a backup was made is stopped again in what was restored from it.

A door, because stops are of every room. Each is the room's own verb, so that everything which follows from it follows
again: captions, limits, notices, other people's ads. What the backup does not hold cannot come back from it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from attise.kernel.actor import COMMAND
from attise.kernel.errors import Refusal
from attise.kernel.house import House
from attise.kernel.means import Means
from attise.records import stop as stops
from attise.records.change import ChangeKind
from attise.records.stop import Stop

HIDES: Final = frozenset({"hidden", "removed", "in_review"})
REASON: Final = "restored"
"""What an author reads of a post that was hidden before a restore, whose reason went with the days that are gone."""


def stop_again(means: Means, house: House, told: Iterable[Stop]) -> Counter[str]:
    """Stop what these lines say, in their order; returns how many of each kind there were, ``absent`` for what is not.

    Doing it twice does it once.
    """
    counted: Counter[str] = Counter()
    for one in told:
        act = ACTS.get(one.kind)
        if act is None:
            continue
        try:
            act(means, house, one)
        except Refusal:  # it came after the backup, or is stopped already
            counted["absent"] += 1
        else:
            counted["erased" if one.body.get("erased") else one.kind] += 1
    return counted


def _grant(means: Means, _house: House, one: Stop) -> None:
    from attise.management.authorizations.actions import revoke

    revoke(means, COMMAND, creator_id=int(one.body["creator_id"]), authorization_id=one.id, when="now")


def _post(means: Means, house: House, one: Stop) -> None:
    from attise.management.posts.actions import delete_post, edit_post, moderate_post
    from attise.management.posts.queries import get_post

    reason = str(one.body.get("reason", ""))
    if reason == "deleted":
        delete_post(means, COMMAND, house=house, post_id=one.id)
    elif reason in HIDES:
        moderate_post(means, COMMAND, house=house, post_id=one.id, state=reason, reason=REASON)
    elif reason == "not_public" and get_post(one.id).visibility == "public":
        edit_post(means, COMMAND, post_id=one.id, visibility="private")


def _creator(means: Means, _house: House, one: Stop) -> None:
    from attise.management.accounts.actions import retire_creator

    retire_creator(means, COMMAND, creator_id=one.id)


def _key(means: Means, _house: House, one: Stop) -> None:
    from attise.management.accounts.actions import revoke_host_key

    revoke_host_key(means, COMMAND, host_key_id=one.id)


def _viewer(means: Means, _house: House, one: Stop) -> None:
    from attise.doors.site.forgetting import forget_viewer
    from attise.management.viewers.actions import update_viewer

    if one.body.get("erased"):
        forget_viewer(means, viewer_id=one.id)
    else:
        update_viewer(means, viewer_id=one.id, profiling_consent=False)


def _token(means: Means, _house: House, one: Stop) -> None:
    from attise.management.accounts.actions.tokens import revoke_token, withdraw_token

    if one.kind == stops.TOKEN_REVOKED:
        revoke_token(means, token_id=one.id)
    else:
        withdraw_token(means, business_center_id=int(one.body["business_center_id"]), token_id=one.id)


def _creator_token(means: Means, _house: House, one: Stop) -> None:
    from attise.management.accounts.actions.creator_oauth import end_creator_token

    end_creator_token(means, token_id=one.id)


def _member(means: Means, _house: House, one: Stop) -> None:
    from attise.management.accounts.actions import remove_member

    remove_member(means, COMMAND, business_center_id=int(one.body["business_center_id"]), person_id=one.id)


def _all_ads(means: Means, _house: House, one: Stop) -> None:
    from attise.management.policy.actions import set_ads_stopped

    set_ads_stopped(means, COMMAND, stopped=one.kind == stops.ADS_STOPPED, note=REASON)


def _account(means: Means, _house: House, one: Stop) -> None:
    from attise.management.accounts.actions import restore_account, suspend_account

    subject = str(one.body["subject"])
    if one.kind == stops.ACCOUNT_SUSPENDED:
        suspend_account(means, COMMAND, subject=subject, subject_id=one.id, reason=REASON, strike=False)
    else:
        restore_account(means, COMMAND, subject=subject, subject_id=one.id, reason=REASON)


ACTS: Final[dict[str, Callable[[Means, House, Stop], None]]] = {
    ChangeKind.GRANT_STOPPED: _grant,
    ChangeKind.ACCOUNT_ACCESS_STOPPED: _grant,
    ChangeKind.POST_STOPPED: _post,
    ChangeKind.CREATOR_STOPPED: _creator,
    ChangeKind.KEY_STOPPED: _key,
    ChangeKind.VIEWER_CHANGED: _viewer,
    stops.TOKEN_REVOKED: _token,
    stops.TOKEN_WITHDRAWN: _token,
    stops.CREATOR_TOKEN_REVOKED: _creator_token,
    stops.MEMBER_REMOVED: _member,
    stops.ACCOUNT_SUSPENDED: _account,
    stops.ACCOUNT_RESTORED: _account,
    stops.ADS_STOPPED: _all_ads,
    stops.ADS_RESUMED: _all_ads,
}
