"""Acts of the journal in words: who, what, on what; for its page and for its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from attise.doors.consoles import words
from attise.doors.consoles.advertiser.tree.changes import VERBS, Change, changes_of
from attise.doors.site import formats, notices
from attise.management.accounts import queries as accounts
from attise.management.authorizations import queries as grants
from attise.management.campaigns import queries as campaigns
from attise.management.journal.rules import AUTHORIZATION, LEVELS, NOTICED, TRANSFER
from attise.management.journal.views import JournalEntry
from attise.management.outbox.queries import NoticeView

KINDS: Final[dict[str, Promise]] = {
    "campaign": pgettext_lazy("journal", "Campaign"),
    "adgroup": pgettext_lazy("journal", "Ad group"),
    "ad": pgettext_lazy("journal", "Ad"),
    AUTHORIZATION: pgettext_lazy("journal", "Authorization"),
    TRANSFER: pgettext_lazy("journal", "Money"),
    "person": pgettext_lazy("journal", "Person"),
    "invitation": pgettext_lazy("journal", "Invitation"),
    "creator": pgettext_lazy("journal", "Creator"),
    "payout": pgettext_lazy("journal", "Payout"),
    "post": pgettext_lazy("journal", "Reported post"),
    "reported_ad": pgettext_lazy("journal", "Reported ad"),
    "paper": pgettext_lazy("journal", "Invoice"),
    "host_key": pgettext_lazy("journal", "Host key"),
    "export": pgettext_lazy("journal", "Export"),
    "account": pgettext_lazy("journal", "Account"),
    "setting": pgettext_lazy("journal", "Setting"),
}
ACTORS: Final[dict[str, Promise]] = {"person": _("People"), **words.ACTORS}
MOVES: Final[dict[str, Promise]] = {
    "funding": pgettext_lazy("history", "Money added"),
    "refund": pgettext_lazy("history", "Money returned"),
    "transfer": pgettext_lazy("history", "Money moved"),
    "invalid_traffic": pgettext_lazy("history", "Given back: invalid traffic"),
    "billing_error": pgettext_lazy("history", "Given back: billing error"),
    "payout_set_aside": pgettext_lazy("history", "Money set aside for a payout"),
    "payout_sent": pgettext_lazy("history", "Money paid to a creator"),
    "payout_came_back": pgettext_lazy("history", "Money of a payout came back"),
}
NOTICES: Final[dict[str, Promise]] = {
    "person_made": pgettext_lazy("history", "Account made"),
    "sign_in_link_made": pgettext_lazy("history", "Sign-in link made"),
    "password_reset_asked": pgettext_lazy("history", "Password forgotten"),
    "reset_link_made": pgettext_lazy("history", "Password link made"),
    "password_changed": pgettext_lazy("history", "Password changed"),
    "member_joined": pgettext_lazy("history", "Member joined"),
    "member_changed": pgettext_lazy("history", "Role changed"),
    "member_removed": pgettext_lazy("history", "Member left"),
    "member_invited": pgettext_lazy("history", "Member invited"),
    "look_begun": pgettext_lazy("history", "Look begun"),
    "look_ended": pgettext_lazy("history", "Look ended"),
    "creator_entrusted": pgettext_lazy("history", "Creator account handed over"),
    "creator_retired": pgettext_lazy("history", "Creator account closed"),
    "post_ruled": pgettext_lazy("history", "Decided on"),
    "ad_ruled": pgettext_lazy("history", "Decided on"),
    "issuer_stated": pgettext_lazy("history", "Issuer of invoices stated"),
    "invoice_issued": pgettext_lazy("history", "Invoice issued"),
    "credit_note_issued": pgettext_lazy("history", "Corrective invoice issued"),
    "payout_account_named": pgettext_lazy("history", "Payout account named"),
    "payout_asked": pgettext_lazy("history", "Payout asked for"),
    "payout_held": pgettext_lazy("history", "Payout held"),
    "payout_approved": pgettext_lazy("history", "Payout approved"),
    "payout_refused": pgettext_lazy("history", "Payout refused"),
    "payout_paid": pgettext_lazy("history", "Payout paid"),
    "payout_failed": pgettext_lazy("history", "Payout failed"),
    "payout_withdrawn": pgettext_lazy("history", "Payout withdrawn"),
    "host_key_made": pgettext_lazy("history", "Key made"),
    "host_key_revoked": pgettext_lazy("history", "Key revoked"),
    "people_exported": pgettext_lazy("history", "People exported"),
    "journal_exported": pgettext_lazy("history", "Journal exported"),
    "account_suspended": pgettext_lazy("history", "Account suspended"),
    "account_restored": pgettext_lazy("history", "Account restored"),
    "setting_changed": pgettext_lazy("history", "Setting changed"),
    "ads_stopped": pgettext_lazy("history", "Every ad stopped"),
    "ads_resumed": pgettext_lazy("history", "Ads let run again"),
}
SAID: Final[dict[str, Promise]] = {**VERBS, **words.HISTORY, **MOVES, **NOTICES}
"""What is done, by the words of histories."""


SELF_TOLD: Final = frozenset({"created", "switched_on", "switched_off", "deleted"})
"""Of these, what changed says nothing more."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act as people read it."""

    entry: JournalEntry
    who: str
    kind: str
    name: str
    """Of the object; empty where it has none."""
    what: str
    changes: tuple[Change, ...]
    sentence: str
    """What a notice says of it; empty for the rest."""


def in_words(entries: Sequence[JournalEntry]) -> list[Act]:
    """Return acts in words. Cost: at most 10 queries, and one for each creator that is named."""
    who = accounts.names_of_actors({entry.actor for entry in entries})
    things = campaigns.names_of({(one.object_kind, one.object_id) for one in entries if one.object_kind in LEVELS})
    payers = {one.advertiser_id for one in entries if one.advertiser_id is not None}
    advertisers = {view.id: view for view in accounts.list_advertisers(payers)} if payers else {}
    things |= _grants({one.object_id for one in entries if one.object_kind == AUTHORIZATION})
    told = [_notice(entry) for entry in entries if entry.object_kind in NOTICED]
    sentences = dict(zip((one.id for one in told), notices.in_words(told), strict=True)) if told else {}
    acts = []
    for entry in entries:
        payer = advertisers.get(entry.advertiser_id or 0)
        owner = "" if payer is None else payer.name
        acts.append(
            Act(
                entry=entry,
                who=who[entry.actor],
                kind=str(KINDS[entry.object_kind]),
                name=_name(things.get((entry.object_kind, entry.object_id), ""), entry, owner),
                what=str(SAID.get(entry.action, entry.action)),
                changes=_changes(entry, "EUR" if payer is None else payer.currency),
                sentence=sentences.get(entry.id, "") or _moved(entry),
            )
        )
    return acts


def _grants(ids: set[int]) -> dict[tuple[str, int], str]:
    """Return whose grants these are, as things are named."""
    handles = grants.handles_of(ids) if ids else {}
    return {(AUTHORIZATION, number): f"@{handle}" for number, handle in handles.items()}


def _name(name: str, entry: JournalEntry, owner: str) -> str:
    """Return how a thing is called: money by its owner, a grant by its creator and who applied it."""
    parts = [name, owner] if entry.object_kind == AUTHORIZATION else [name or owner]
    return " · ".join(part for part in parts if part)


def _notice(entry: JournalEntry) -> NoticeView:
    return NoticeView(entry.id, entry.action, entry.object_id, entry.at_ms, entry.after)


def _changes(entry: JournalEntry, currency: str) -> tuple[Change, ...]:
    if entry.object_kind not in LEVELS or entry.action in SELF_TOLD:
        return ()
    return changes_of(entry.before, entry.after, currency)


def _moved(entry: JournalEntry) -> str:
    """Return the amount of a movement of money."""
    if entry.object_kind != TRANSFER:
        return ""
    most = max(abs(int(one["amount_micros"])) for one in entry.after["entries"])
    return formats.money(most, str(entry.after["currency"]), formats.language_of(get_language()))
