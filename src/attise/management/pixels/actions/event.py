"""An advertiser says what a pixel looks for, changes it, or stops looking for it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.gather import Gather
from attise.kernel.limits import NAME_CHARACTERS, PIXEL_EVENTS
from attise.kernel.means import Means
from attise.kernel.text import clean_text
from attise.management.outbox.actions import unit, verb
from attise.management.pixels import queries, rules
from attise.management.pixels.errors import EVENT_NAME_TAKEN, NO_EVENTS, TOO_MANY_EVENTS
from attise.management.pixels.models import Event, Pixel
from attise.management.pixels.rules import EventDraft
from attise.management.pixels.views import EventView, view_event

log = logging.getLogger(__name__)


@verb
def create_events(
    means: Means, actor: Actor, *, advertiser_id: int, pixel_id: int, drafts: Sequence[EventDraft]
) -> list[EventView]:
    """Have a pixel look for more events: all of them, or none.

    Raises: ``not_found``; ``pixel_events_none``, ``pixel_events_too_many``, ``pixel_event_name_taken``, what
    ``rules.clean_event`` refuses.
    """
    queries.get_pixel(advertiser_id, pixel_id)
    if not drafts:
        raise Refusal(NO_EVENTS, field="events")
    if len(drafts) > PIXEL_EVENTS:
        raise Refusal(TOO_MANY_EVENTS, field="events", limit=PIXEL_EVENTS, got=len(drafts))
    gather = Gather()
    clean = [gather.take(rules.clean_event, draft, f"events[{place}]") for place, draft in enumerate(drafts)]
    gather.tell()
    now_ms = means.clock.world_ms()
    with unit(means):
        _touch(advertiser_id, pixel_id, now_ms)
        _check_room(pixel_id, clean)
        rows = [_row(means, pixel_id, draft, now_ms) for draft in clean]
        Event.objects.bulk_create(rows)
    log.info("%s events added to pixel %s by %s", len(rows), pixel_id, actor)
    return [view_event(row) for row in rows]


@verb
def update_event(
    means: Means,
    actor: Actor,
    *,
    advertiser_id: int,
    event_id: int,
    name: str | None = None,
    currency: str = "",
    value: str = "",
) -> EventView:
    """Change an event's name or what it is worth; without currency and value, its worth stays.

    Raises: ``not_found``, ``pixel_event_name_taken``, ``pixel_event_value``, ``pixel_event_value_currency``.
    """
    event = queries.get_event(advertiser_id, event_id)
    gather = Gather()
    micros = gather.take(rules.micros_of, currency, value)
    clean = event.name if name is None else gather.take(clean_text, name, field="name", limit=NAME_CHARACTERS)
    gather.tell()
    with unit(means):
        _touch(advertiser_id, event.pixel_id, means.clock.world_ms())
        if Event.objects.filter(pixel_id=event.pixel_id, name=clean).exclude(id=event_id).exists():
            raise Refusal(EVENT_NAME_TAKEN, field="name", name=clean)
        worth = {} if micros is None else {"currency": currency, "value_micros": micros}
        if not Event.objects.filter(id=event_id).update(name=clean, **worth):
            raise Refusal(NOT_FOUND, field="event_id")
    log.info("event %s changed by %s", event_id, actor)
    return queries.get_event(advertiser_id, event_id)


@verb
def delete_event(means: Means, actor: Actor, *, advertiser_id: int, event_id: int) -> None:
    """Stop looking for an event. Raises: ``not_found``, also the second time."""
    event = queries.get_event(advertiser_id, event_id)
    with unit(means):
        _touch(advertiser_id, event.pixel_id, means.clock.world_ms())
        deleted, _ = Event.objects.filter(id=event_id).delete()
        if not deleted:
            raise Refusal(NOT_FOUND, field="event_id")
    log.info("event %s deleted by %s", event_id, actor)


def _touch(advertiser_id: int, pixel_id: int, now_ms: int) -> None:
    """Move the pixel's time of change, which also makes two changes of its events wait for each other."""
    Pixel.objects.filter(advertiser_id=advertiser_id, id=pixel_id).update(modified_at_ms=now_ms)


def _check_room(pixel_id: int, drafts: Sequence[EventDraft]) -> None:
    """Refuse events that are too many, or whose name is taken or given twice."""
    names = set(Event.objects.filter(pixel_id=pixel_id).values_list("name", flat=True))
    got = len(names) + len(drafts)
    if got > PIXEL_EVENTS:
        raise Refusal(TOO_MANY_EVENTS, field="events", limit=PIXEL_EVENTS, got=got)
    gather = Gather()
    for place, draft in enumerate(drafts):
        if draft.name in names:
            gather.add(Refusal(EVENT_NAME_TAKEN, field=f"events[{place}].name", name=draft.name))
        names.add(draft.name)
    gather.tell()


def _row(means: Means, pixel_id: int, draft: EventDraft, now_ms: int) -> Event:
    return Event(
        id=means.ids.next(),
        pixel_id=pixel_id,
        name=draft.name,
        event_type=draft.event_type,
        code=draft.code,
        counts_every_time=draft.counts_every_time,
        currency=draft.currency,
        value_micros=rules.micros_of(draft.currency, draft.value),
        rules=[asdict(rule) for rule in draft.rules],
        created_at_ms=now_ms,
    )
