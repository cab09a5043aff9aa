"""What this room tells others: a viewer as a frozen value, and the record that serving reads."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import msgspec

from attise.management.viewers import models
from attise.management.viewers.hiding import Entry, HiddenBrand, brands_of
from attise.records import viewer as records


@dataclass(frozen=True, slots=True)
class Since:
    """An interest, and since when it stands."""

    interest: str
    """A decimal id."""
    since_ms: int | None
    """World time; None: it was not kept."""


@dataclass(frozen=True, slots=True)
class ViewerView:
    """A viewer's declared facts; empty or None is unknown."""

    id: int
    external_id: str | None
    person_id: int | None
    birth_date: dt.date | None
    gender: str
    country: str
    region: str
    language: str
    os: str
    device_price: int | None
    """Whole US dollars."""
    interests: tuple[str, ...]
    """Decimal ids of those that were chosen."""
    follows: tuple[int, ...]
    profiling_consent: bool
    consented_at_ms: int | None
    """World time of the consent that stands."""
    created_at_ms: int
    chosen: tuple[Since, ...] = ()
    """The same interests, each with since when it is chosen."""
    derived: tuple[Since, ...] = ()
    """Those that were derived from events, by id; empty without consent."""
    removed: tuple[Since, ...] = ()
    """Those that the viewer wants nobody to derive."""
    behaviours: tuple[records.Behaved, ...] = ()
    hidden: tuple[HiddenBrand, ...] = ()
    """Advertisers of whom the viewer hid something, the latest first."""


def viewer_view(row: models.Viewer) -> ViewerView:
    """Read a viewer off their row."""
    return ViewerView(
        id=row.id,
        external_id=row.external_id,
        person_id=row.person_id,
        birth_date=row.birth_date,
        gender=row.gender,
        country=row.country,
        region=row.region,
        language=row.language,
        os=row.os,
        device_price=row.device_price,
        interests=tuple(row.interests),
        follows=tuple(row.follows),
        profiling_consent=row.profiling_consent,
        consented_at_ms=row.consented_at_ms,
        created_at_ms=row.created_at_ms,
        chosen=tuple(Since(one, row.interests_since.get(one)) for one in row.interests),
        derived=_since(row.interests_derived),
        removed=_since(row.interests_removed),
        behaviours=behaviours_of(row),
        hidden=brands_of(entries_of(row)),
    )


def entries_of(row: models.Viewer) -> list[Entry]:
    """Return what a viewer hid, oldest first."""
    return [Entry(*one) for one in row.hidden]


def behaviours_of(row: models.Viewer) -> tuple[records.Behaved, ...]:
    """Return what was derived of a viewer's deeds."""
    return tuple(records.Behaved(*one) for one in row.behaviours)


def _since(kept: dict[str, int]) -> tuple[Since, ...]:
    return tuple(Since(one, kept[one]) for one in sorted(kept))


def record_text(row: models.Viewer, *, owns: tuple[int, ...] = ()) -> str:
    """Return the JSON of the one record that serving may read of a viewer; ``owns``: ``owned.owned_by``."""
    hidden = entries_of(row)
    record = records.Viewer(
        viewer_id=row.id,
        pseudonym=row.pseudonym,
        birth_date=None if row.birth_date is None else row.birth_date.isoformat(),
        gender=row.gender or None,
        country=row.country or None,
        region=row.region or None,
        language=row.language or None,
        os=row.os or None,
        device_price=row.device_price,
        interests=tuple(dict.fromkeys([*row.interests, *sorted(row.interests_derived)])),
        follows=tuple(row.follows),
        profiling_consent=row.profiling_consent,
        owns=owns,
        behaviours=behaviours_of(row),
        hidden_ads=tuple(one.ad_id for one in hidden if one.ad_id),
        hidden_advertisers=tuple(one.advertiser_id for one in hidden if not one.ad_id),
        hid_at_ms=max((one.since_ms for one in hidden), default=0),
    )
    return msgspec.json.encode(record).decode()
