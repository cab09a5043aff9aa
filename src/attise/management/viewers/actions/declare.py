"""A viewer is declared, or what is declared of them changes; the record that serving reads follows in the same unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction

from attise.kernel.clock import to_datetime
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.limits import EXTERNAL_ID_CHARACTERS
from attise.kernel.means import Means
from attise.kernel.text import clean_text
from attise.management.accounts.queries import existing_creators
from attise.management.outbox.actions import unit, verb
from attise.management.viewers.errors import EXTERNAL_ID_TAKEN, VIEWER_OF_PERSON_EXISTS
from attise.management.viewers.models import Viewer
from attise.management.viewers.owned import owned_by
from attise.management.viewers.profiling import begin_anew, choose, may_be_profiled, purge
from attise.management.viewers.queries import find_viewer_of_person
from attise.management.viewers.rules import KEY_BYTES, pseudonym_of
from attise.management.viewers.views import ViewerView, record_text, viewer_view
from attise.records.change import ChangeKind
from attise.records.declared import clean_region, country_of_region
from attise.records.viewer_facts import CREATOR_UNKNOWN, clean_follows, clean_viewer, cleaners_of


class ViewerFacts(TypedDict, total=False):
    """What may be declared of a viewer. Absent: unknown at first, unchanged later. None or empty: unknown again."""

    external_id: str | None
    birth_date: dt.date | str | None
    age: int | None
    """Whole years; kept as the latest birth date that makes it. Not together with ``birth_date``."""
    gender: str | None
    country: str | None
    region: str | None
    language: str | None
    os: str | None
    device_price: int | None
    interests: Iterable[str] | None
    """Slugs or decimal ids."""
    follows: Iterable[int] | None
    """Creator ids."""
    profiling_consent: bool | None
    """Anything but True is a refusal."""


@verb
def create_viewer(means: Means, *, person_id: int | None = None, **facts: Unpack[ViewerFacts]) -> ViewerView:
    """Declare a viewer. What is not said is unknown; consent that is not given is refused.

    Raises: ``external_id_taken``, and the rules of the facts, together.
    """
    clean = _clean(means, facts)
    with unit(means) as work:
        viewer_id, key = means.ids.next(), means.chance.token(KEY_BYTES)
        row = Viewer(
            id=viewer_id,
            person_id=person_id,
            key=key,
            pseudonym=pseudonym_of(key, viewer_id),
            created_at_ms=means.clock.world_ms(),
        )
        _apply(means, row, clean)
        _save_once(row)
        work.change(ChangeKind.VIEWER_CHANGED, row.id)
    return viewer_view(row)


@verb
def update_viewer(means: Means, *, viewer_id: int, **facts: Unpack[ViewerFacts]) -> ViewerView:
    """Change what is declared of a viewer; decisions are told at once, so that a withdrawn consent binds the next one.

    Raises: ``not_found`` and the refusals of ``create_viewer``.
    """
    clean = _clean(means, facts)
    with unit(means) as work:
        row = Viewer.objects.select_for_update(no_key=True).filter(id=viewer_id).first()
        if row is None:
            raise Refusal(NOT_FOUND, field="viewer_id")
        granted_before = row.profiling_consent
        _apply(means, row, clean)
        _save_once(row)
        is_withdrawn = granted_before and not row.profiling_consent
        work.change(ChangeKind.VIEWER_CHANGED, row.id, **({"withdrawn": True} if is_withdrawn else {}))
    return viewer_view(row)


def viewer_of_person(means: Means, *, person_id: int) -> ViewerView:
    """Return a person's own viewer, made now if they have none; two calls at once make one."""
    found = find_viewer_of_person(person_id)
    if found is not None:
        return found
    try:
        return create_viewer(means, person_id=person_id)
    except Refusal as refusal:
        found = find_viewer_of_person(person_id)
        if refusal.reason is VIEWER_OF_PERSON_EXISTS and found is not None:
            return found
        raise


@verb
def refresh_owned(means: Means, *, viewer_id: int) -> None:
    """Write a person's record anew if they act for other creators or advertisers than it says; else change nothing.

    Raises: ``not_found``.
    """
    with unit(means) as work:
        row = Viewer.objects.select_for_update(no_key=True).filter(id=viewer_id).first()
        if row is None:
            raise Refusal(NOT_FOUND, field="viewer_id")
        record = record_text(row, owns=owned_by(row.person_id))
        if record != row.record:
            row.record = record
            row.save(update_fields=["record"])
            work.change(ChangeKind.VIEWER_CHANGED, row.id)


def _clean(means: Means, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts that are there in their one spelling, as columns; refuse all that are wrong together."""
    cleaners = cleaners_of(to_datetime(means.clock.world_ms()).date())
    cleaners["external_id"] = lambda value: None if value is None else _clean_external_id(value)
    cleaners["follows"] = lambda values: _clean_follows(values or ())
    return clean_viewer(facts, cleaners)


def _clean_external_id(value: str) -> str:
    return clean_text(value, field="external_id", limit=EXTERNAL_ID_CHARACTERS)


def _clean_follows(values: Iterable[int]) -> list[int]:
    follows = clean_follows(values)
    missing = set(follows) - existing_creators(follows)
    if missing:
        raise Refusal(CREATOR_UNKNOWN, field="follows", creator_id=min(missing))
    return follows


def _apply(means: Means, row: Viewer, clean: dict[str, Any]) -> None:
    """Put clean facts on a row, keep them consistent with one another, and write its record anew."""
    now_ms = means.clock.world_ms()
    granted_before, may_before = row.profiling_consent, _may_be_profiled(row, now_ms)
    for name, value in clean.items():
        if name == "interests":
            choose(row, value, now_ms=now_ms)
        else:
            setattr(row, name, value)
    if row.region:
        # Checked on the whole: one of the two may have come today, the other a year ago.
        clean_region(row.region, country=row.country)
        row.country = row.country or country_of_region(row.region)
    if not row.profiling_consent:
        row.consented_at_ms = None
    elif not granted_before:
        row.consented_at_ms = now_ms
    may_now = _may_be_profiled(row, now_ms)
    if may_now and not may_before:
        # What was done while nobody knew that they are of age, or before they agreed, never says anything of them.
        begin_anew(row, now_ms=now_ms)
    elif granted_before and not may_now:
        purge(row)
    row.record = record_text(row, owns=owned_by(row.person_id))


def _may_be_profiled(row: Viewer, at_ms: int) -> bool:
    return may_be_profiled(consent=row.profiling_consent, birth_date=row.birth_date, at_ms=at_ms)


def _save_once(row: Viewer) -> None:
    """Save a viewer whose names nobody else has; the database decides between two that come at once."""
    try:
        with transaction.atomic():
            row.save(force_insert=row._state.adding)  # noqa: SLF001 - a documented attribute; spares an UPDATE
    except IntegrityError:
        taken = row.person_id is not None and Viewer.objects.filter(person_id=row.person_id).exclude(id=row.id).exists()
        if taken:
            raise Refusal(VIEWER_OF_PERSON_EXISTS, field="person_id") from None
        raise Refusal(EXTERNAL_ID_TAKEN, field="external_id") from None
