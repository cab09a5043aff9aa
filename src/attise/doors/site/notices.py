"""What people are told, in words: notices of rooms become sentences with their day."""

from __future__ import annotations

from typing import Any, Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from attise.doors.site import formats
from attise.kernel.clock import to_datetime
from attise.management.accounts import queries as accounts
from attise.management.authorizations import queries as grants
from attise.management.campaigns.rules.review import sentence_of
from attise.management.inbox.rules import Audience
from attise.management.outbox import queries as outbox
from attise.management.outbox.queries import NoticeView
from attise.management.posts import queries as posts

POST_STATES: Final[dict[str, Promise]] = {
    "live": pgettext_lazy("post", "Online"),
    "processing": pgettext_lazy("post", "Being prepared"),
    "in_review": pgettext_lazy("post", "In review"),
    "hidden": pgettext_lazy("post", "Hidden"),
    "removed": pgettext_lazy("post", "Removed"),
    "deleted": pgettext_lazy("post", "Deleted"),
}
ACTORS: Final[dict[str, Promise]] = {
    "host": gettext_lazy("The host"),
    "token": gettext_lazy("An access key"),
    "command": gettext_lazy("The command line"),
    "clock": gettext_lazy("The clock"),
}
"""Who acts in the journal, when it is nobody by name."""
TITLE_SHOWN: Final = 60
"""Characters of a post's caption in a sentence."""


def shown_email(email: str) -> str:
    """Return an e-mail address as a page shows it; one that no mail reaches is not one."""
    return "" if email.endswith(".invalid") else email


def told(*audiences: Audience, limit: int) -> list[dict[str, Any]]:
    """Return the newest notices of one reader or several, newest first, as ``{at_ms, text, who}``.

    ``who`` is who did it, as an operator may know them; empty where the notice does not say.
    """
    notices = [
        notice
        for audience, audience_id in audiences
        for notice in outbox.list_notices(audience, audience_id, limit=limit).items
    ]
    notices.sort(key=lambda notice: notice.id, reverse=True)
    names = _names(notices)
    sentences = [(notice, _in_words(notice, names)) for notice in notices[:limit]]
    return [
        {"at_ms": notice.at_ms, "text": text, "who": _who(_actor_of(notice), names)}
        for notice, text in sentences
        if text
    ]


def in_words(notices: list[NoticeView]) -> list[str]:
    """Return notices as sentences, in their order; empty for one that pages do not tell."""
    names = _names(notices)
    return [_in_words(notice, names) for notice in notices]


def _actor_of(notice: NoticeView) -> str:
    return str(notice.body.get("by", ""))


def _who(actor: str, names: dict[str, str]) -> str:
    """Return who acted: a person by their name, the others by what they are."""
    kind, _, person_id = actor.partition(":")
    if kind == "person":
        return names.get(f"who:{person_id}", "")
    return str(ACTORS.get(kind, ""))


def _names(notices: list[NoticeView]) -> dict[str, str]:
    """Return the names of advertisers, creators and people that the notices speak of, by id."""
    advertisers = {int(one.body["advertiser_id"]) for one in notices if "advertiser_id" in one.body}
    names = {str(one.id): one.name for one in accounts.list_advertisers(advertisers)} if advertisers else {}
    for notice in notices:
        if "creator_id" in notice.body:
            creator = accounts.find_creator(int(notice.body["creator_id"]))
            names[str(notice.body["creator_id"])] = f"@{creator.handle}" if creator else ""
    people = {notice.object_id for notice in notices if notice.kind in _ABOUT_PEOPLE}
    actors = [_actor_of(notice).partition(":") for notice in notices]
    people |= {int(person_id) for kind, _, person_id in actors if kind == "person" and person_id}
    for person in accounts.find_people(people):
        names[f"who:{person.id}"] = person.display_name
        email = shown_email(person.email)
        names[str(person.id)] = f"{person.display_name} ({email})" if email else person.display_name
    return names | _names_of_grants({one.object_id for one in notices if one.kind in ABOUT_GRANTS})


def _names_of_grants(grant_ids: set[int]) -> dict[str, str]:
    """Return how grants are called: by the post, or by the account, with its handle. Cost: 3 queries, none for none."""
    if not grant_ids:
        return {}
    handles, of = grants.handles_of(grant_ids), grants.posts_of_grants(grant_ids)
    titles = {post.id: _line_of(post.caption) for post in posts.find_posts(of.values()).values()}
    return {
        f"grant:{one}": _("“%(post)s” by @%(handle)s") % {"post": titles[of[one]], "handle": handle}
        if titles.get(of.get(one, 0))
        else (_("a video of @%(handle)s") if one in of else _("the account @%(handle)s")) % {"handle": handle}
        for one, handle in handles.items()
    }


def _line_of(caption: str) -> str:
    """Return the first words of a caption; empty where it has none."""
    line = next((line.strip() for line in caption.splitlines() if line.strip()), "")
    return line if len(line) <= TITLE_SHOWN else line[: TITLE_SHOWN - 1].rstrip() + "…"


ABOUT_GRANTS: Final = frozenset(
    {"authorization_ending", "authorization_expired", "authorization_extended", "authorization_revoked",
     "authorization_revocation_planned", "authorization_terms_changed", "account_access_ended"}
)  # fmt: skip
"""Notices whose object is a grant."""
_ABOUT_PEOPLE = frozenset(
    {"member_joined", "member_changed", "member_removed", "password_changed", "password_reset_asked",
     "reset_link_made", "sign_in_link_made", "person_made", "creator_entrusted", "look_begun", "look_ended"}
)  # fmt: skip


def _in_words(notice: NoticeView, names: dict[str, str]) -> str:
    """Return a notice as a sentence; empty for one that pages do not tell."""
    end = notice.body.get("ends_at_ms") or notice.body.get("at_ms")
    values = {
        "date": _day(end) if isinstance(end, int) else formats.NO_DATA,
        "name": names.get(str(notice.body.get("advertiser_id", "")), ""),
        "creator": names.get(str(notice.body.get("creator_id", "")), ""),
        "person": names.get(str(notice.object_id), ""),
        "key": str(notice.body.get("name", "")),
        "grant": names.get(f"grant:{notice.object_id}", ""),
        "amount": _amount(notice.body),
        "state": str(POST_STATES.get(str(notice.body.get("state", "")), "")),
        "reason": str(notice.body.get("reason", "")),
        "ad": str(notice.body.get("ad", "")),
        "number": str(notice.body.get("number", "")),
        "account": str(notice.body.get("account", "")),
        "note": str(notice.body.get("note", "")),
        "rule": _(sentence_of(rule)) if (rule := str(notice.body.get("rule", ""))) else "",
    }
    template = _sentences().get(notice.kind, "")
    return template % values if template else ""


def _sentences() -> dict[str, str]:
    return {
        "code_redeemed": _("%(name)s can show your video as an ad until %(date)s."),
        "authorization_ending": _("The authorization of %(grant)s ends on %(date)s."),
        "authorization_expired": _("The authorization of %(grant)s ended on %(date)s."),
        "authorization_extended": _("The authorization of %(grant)s was extended until %(date)s."),
        "authorization_revoked": _(
            "The authorization of %(grant)s was revoked on %(date)s: ads that stood on it have stopped."
        ),
        "authorization_revocation_planned": _("The creator ends the authorization of %(grant)s on %(date)s."),
        "authorization_terms_changed": _("The creator changed the terms of the authorization of %(grant)s."),
        "account_access_granted": _("%(creator)s gave access to their account."),
        "account_access_refused": _("%(creator)s refused access to their account."),
        "account_access_ended": _("Access was ended: %(grant)s."),
        "post_asked_for": _("%(name)s asks to show one of your posts as an ad."),
        "post_request_accepted": _(
            "%(creator)s agreed to a post being your ad, until %(date)s. The boost can be launched."
        ),
        "post_request_refused": _("%(creator)s refused a post that you asked for."),
        "ad_approved": _("The ad “%(ad)s” was approved."),
        "ad_rejected": _("The ad “%(ad)s” was refused by the review."),
        "ad_removed": _("The ad “%(ad)s” was removed after reports. %(rule)s %(note)s"),
        "ad_ruled": _("The reported ad “%(ad)s” was decided on. %(note)s"),
        "ad_approved_by_creator": _("%(creator)s approved the ad “%(ad)s”."),
        "ad_refused_by_creator": _("%(creator)s refused the ad “%(ad)s”."),
        "ad_asks_your_word": _("%(name)s asks whether you approve an ad with your video."),
        "ad_started_on_post": _("%(name)s may show your video as an ad from now on."),
        "ad_stopped_on_post": _("%(name)s does not show your video as an ad any more."),
        "ad_to_review": _("An ad of %(name)s waits for a review."),
        "post_ready": _("Your video is ready."),
        "post_not_encoded": _("One of your videos could not be prepared. Publish it again as MP4."),
        "post_moderated": _("One of your posts is now: %(state)s. %(reason)s"),
        "post_ruled": _("A reported post was decided on, and is now: %(state)s. %(reason)s"),
        "funds_added": _("%(amount)s were added to the balance."),
        "funds_returned": _("%(amount)s were taken out of the balance and returned."),
        "charges_given_back": _("%(amount)s of charges were given back."),
        "earnings_taken_back": _("%(amount)s of earnings were taken back: the charges behind them did not count."),
        "issuer_stated": _("Invoices are issued by “%(key)s” from now on."),
        "invoice_issued": _("The invoice %(number)s of %(amount)s was issued."),
        "credit_note_issued": _("The corrective invoice %(number)s of %(amount)s was issued."),
        "payout_account_named": _("The account that payouts go to was named: %(account)s."),
        "payout_asked": _("A payout of %(amount)s was asked for."),
        "payout_held": _("A payout of %(amount)s waits for a check of the operator."),
        "payout_approved": _("A payout of %(amount)s was approved and is on its way."),
        "payout_refused": _("A payout of %(amount)s was refused: %(note)s"),
        "payout_paid": _("A payout of %(amount)s was paid."),
        "payout_failed": _("A payout of %(amount)s did not arrive: %(note)s"),
        "payout_withdrawn": _("A payout of %(amount)s was withdrawn."),
        "member_joined": _("%(person)s joined the Business Center."),
        "member_changed": _("The role of %(person)s was changed."),
        "member_removed": _("%(person)s left the Business Center."),
        "member_invited": _("An invitation was made."),
        "password_changed": _("%(person)s changed their password."),
        "password_reset_asked": _("%(person)s forgot their password and asks for a link."),
        "reset_link_made": _("A link to choose a password was made for %(person)s."),
        "sign_in_link_made": _("A sign-in link was made for %(person)s."),
        "person_made": _("An account was made for %(person)s."),
        "look_begun": _("An operator opened the pages of %(person)s, to read alone. %(note)s"),
        "look_ended": _("An operator closed the pages of %(person)s. %(note)s"),
        "creator_entrusted": _("%(person)s now signs in as %(creator)s."),
        "account_suspended": _("“%(key)s” was suspended. %(reason)s"),
        "account_restored": _("“%(key)s” was restored. %(reason)s"),
        "your_account_suspended": _("This account was suspended by the operator. %(reason)s"),
        "your_account_restored": _("This account was restored by the operator. %(reason)s"),
        "setting_changed": _("A setting of the house was changed. %(note)s"),
        "ads_stopped": _("Every ad was stopped. %(note)s"),
        "ads_resumed": _("Ads run again. %(note)s"),
        "people_exported": _("The list of people was exported."),
        "journal_exported": _("The journal was exported."),
        "creator_retired": _("A creator's account was closed."),
        "report_written": _("The file %(key)s is written: it waits among the reports for a day."),
        "report_failed": _("The file %(key)s could not be written. Ask for fewer days or rows, then again."),
        "host_key_made": _("The host key “%(key)s” was made."),
        "host_key_revoked": _("The host key “%(key)s” was revoked."),
    }


def _amount(body: dict[str, Any]) -> str:
    """Return the amount that a notice speaks of, with its currency; empty for one that speaks of none."""
    if "amount_micros" not in body:
        return ""
    return formats.money(int(body["amount_micros"]), str(body["currency"]), formats.language_of(get_language()))


def _day(epoch_ms: int) -> str:
    return formats.day(timezone.localtime(to_datetime(epoch_ms)).date(), formats.language_of(get_language()))
