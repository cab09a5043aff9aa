"""Reads of the journal: parts of every room's history, merged by their ids, which are in the order of acts."""

from __future__ import annotations

from attise.kernel.acts import ActsWish
from attise.kernel.paging import Page
from attise.ledger import queries as books
from attise.ledger.views import TransferView
from attise.management.accounts.payer import advertiser_of
from attise.management.authorizations import queries as grants
from attise.management.campaigns import queries as campaigns
from attise.management.journal.rules import AUTHORIZATION, LEVELS, NOTICED, TRANSFER, kinds_of
from attise.management.journal.views import JournalEntry
from attise.management.outbox import queries as outbox
from attise.management.outbox.queries import NoticeView


def page_journal(
    *,
    object_kind: str | None = None,
    action: str | None = None,
    actor: str | None = None,
    object_id: int | None = None,
    from_ms: int | None = None,
    to_ms: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> Page[JournalEntry]:
    """Return acts of the whole house, newest first, after an id; what is None is not asked.

    ``actor`` is ``person:12``, or ``person`` for all people; ``from_ms`` is included, ``to_ms`` is not (world time).
    Cost: at most 5 queries, none in a room where such an act cannot be.
    """
    kinds = kinds_of(object_kind, action)
    wish = ActsWish(
        actor=actor,
        actions=None if action is None else (action,),
        object_id=object_id,
        from_ms=from_ms,
        to_ms=to_ms,
        after=after,
        limit=limit + 1,
    )
    found = [*_of_campaigns(wish, kinds), *_of_notices(wish, kinds)]
    if AUTHORIZATION in kinds:
        found += _of_grants(wish)
    if TRANSFER in kinds:
        found += [_of_transfer(view) for view in books.list_acts(wish)]
    found.sort(key=lambda entry: entry.id, reverse=True)
    return Page(found[:limit], found[limit - 1].id if len(found) > limit else None)


def _of_campaigns(wish: ActsWish, kinds: frozenset[str]) -> list[JournalEntry]:
    levels = [level for level in LEVELS if level in kinds]
    if not levels:
        return []
    return [
        JournalEntry(
            id=view.id,
            at_ms=view.at_ms,
            actor=view.actor,
            origin=view.origin,
            object_kind=view.level,
            object_id=view.object_id,
            action=view.verb,
            before=view.before,
            after=view.after,
            advertiser_id=advertiser_id,
        )
        for advertiser_id, view in campaigns.list_acts(wish, levels=levels)
    ]


def _of_grants(wish: ActsWish) -> list[JournalEntry]:
    return [
        JournalEntry(
            id=entry_id,
            at_ms=view.at_ms,
            actor=view.actor,
            origin=view.origin,
            object_kind=AUTHORIZATION,
            object_id=authorization_id,
            action=view.verb,
            before={},
            after=view.body,
            advertiser_id=_number(view.body.get("advertiser_id")),
        )
        for entry_id, authorization_id, view in grants.list_acts(wish)
    ]


def _of_notices(wish: ActsWish, kinds: frozenset[str]) -> list[JournalEntry]:
    told = {notice: kind for kind, notices in NOTICED.items() if kind in kinds for notice in notices}
    return [_of_notice(view, told[view.kind]) for view in outbox.list_acts(wish, kinds=told)] if told else []


def _of_notice(view: NoticeView, kind: str) -> JournalEntry:
    body = {name: value for name, value in view.body.items() if name != "by"}
    return JournalEntry(
        id=view.id,
        at_ms=view.at_ms,
        actor=str(view.body.get("by", "")),
        origin="",
        object_kind=kind,
        object_id=view.object_id,
        action=view.kind,
        before={},
        after=body,
    )


def _of_transfer(view: TransferView) -> JournalEntry:
    moved = [{"account": account, "amount_micros": micros} for account, micros in view.entries]
    mine = [advertiser for account, _ in view.entries if (advertiser := advertiser_of(account)) is not None]
    return JournalEntry(
        id=view.id,
        at_ms=view.at_ms,
        actor=view.actor,
        origin="",
        object_kind=TRANSFER,
        object_id=view.id,
        action=view.reason,
        before={},
        after={"currency": view.currency, "entries": moved, "memo": view.memo},
        advertiser_id=mine[0] if mine else None,
    )


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdigit()) else None
