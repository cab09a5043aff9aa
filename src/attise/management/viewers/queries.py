"""Reads of viewers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

import msgspec

from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.paging import Page
from attise.kernel.parts import in_parts
from attise.kernel.text import is_storable
from attise.management.viewers import models as rows
from attise.management.viewers.views import ViewerView, viewer_view
from attise.records.viewer import Viewer

_RECORDS: Final = msgspec.json.Decoder(Viewer)
RECORDS_AT_ONCE: Final = 1_000


def find_viewer(viewer_id: int) -> ViewerView | None:
    """Return a viewer, or None: never made, or erased."""
    row = rows.Viewer.objects.filter(id=viewer_id).first()
    return None if row is None else viewer_view(row)


def get_viewer(viewer_id: int) -> ViewerView:
    """Return a viewer. Raises: ``not_found``."""
    found = find_viewer(viewer_id)
    if found is None:
        raise Refusal(NOT_FOUND, field="viewer_id")
    return found


def get_record(viewer_id: int) -> Viewer:
    """Return the record of a viewer that serving reads. Raises: ``not_found``."""
    found = find_record(viewer_id)
    if found is None:
        raise Refusal(NOT_FOUND, field="viewer_id")
    return found


def find_record(viewer_id: int) -> Viewer | None:
    """Return the record of a viewer that serving reads, or None: never made, or erased."""
    text = rows.Viewer.objects.filter(id=viewer_id).values_list("record", flat=True).first()
    return None if text is None else msgspec.json.decode(text, type=Viewer)


def sample_records(most: int) -> tuple[list[Viewer], int]:
    """Return the records of up to ``most`` viewers, drawn whatever they are like, and how many viewers there are.

    Pseudonyms are hashes under keys of chance: the first in their order are as good a draw as any, and the same ones
    until somebody comes or goes, so that asking twice tells nothing more. Cost: two statements, on an index: the sample
    reads its beginning, the count all of it.
    """
    texts = rows.Viewer.objects.order_by("pseudonym").values_list("record", flat=True)[:most]
    return [_RECORDS.decode(text) for text in texts], rows.Viewer.objects.count()


def records_of(viewer_ids: Iterable[int]) -> dict[int, Viewer]:
    """Return the records of those of some viewers who are there, by viewer. Cost: one statement for each thousand."""
    found: dict[int, Viewer] = {}
    for some in in_parts(sorted(set(viewer_ids)), RECORDS_AT_ONCE):
        texts = rows.Viewer.objects.filter(id__in=some).values_list("id", "record")
        found |= {viewer_id: _RECORDS.decode(text) for viewer_id, text in texts}
    return found


def find_viewer_by_external_id(external_id: str) -> ViewerView | None:
    """Return the viewer whom the host knows by this name, or None."""
    row = rows.Viewer.objects.filter(external_id=external_id).first() if is_storable(external_id) else None
    return None if row is None else viewer_view(row)


def find_viewer_of_person(person_id: int) -> ViewerView | None:
    """Return a person's own viewer, or None."""
    row = rows.Viewer.objects.filter(person_id=person_id).first()
    return None if row is None else viewer_view(row)


def known_pseudonyms(pseudonyms: Collection[str]) -> set[str]:
    """Return those of some pseudonyms under which viewers are there: neither never made nor erased. One statement."""
    found = rows.Viewer.objects.filter(pseudonym__in=set(pseudonyms))
    return set(found.values_list("pseudonym", flat=True))


def persons_of(viewer_ids: Iterable[int]) -> dict[int, int]:
    """Return the persons of this installation whose viewers these are, by viewer. Cost: one statement."""
    found = rows.Viewer.objects.filter(id__in=set(viewer_ids), person_id__isnull=False)
    return dict(found.values_list("id", "person_id"))


def may_be_known(pseudonyms: Iterable[str]) -> set[str]:
    """Return those of whom something may be derived: by their consent; their age is looked at later. One statement."""
    found = rows.Viewer.objects.filter(pseudonym__in=set(pseudonyms), profiling_consent=True, birth_date__isnull=False)
    return set(found.values_list("pseudonym", flat=True))


def get_profile_place() -> tuple[int, int]:
    """Return up to where profiles were derived from the log. Cost: one keyed read."""
    return rows.ProfilePlace.objects.values_list("position", "entries").get(id=1)


def find_evidence(viewer_id: int) -> bytes:
    """Return what a viewer's profile rests on, a closed box here; empty: there is no profile. Cost: one keyed read."""
    found = rows.Profile.objects.filter(viewer_id=viewer_id).values_list("evidence", flat=True).first()
    return b"" if found is None else bytes(found)


def list_viewers(*, after: int | None = None, limit: int = 50) -> Page[ViewerView]:
    """Return viewers, newest first."""
    listed = rows.Viewer.objects.order_by("-id")
    if after is not None:
        listed = listed.filter(id__lt=after)
    found = list(listed[: limit + 1])
    items = [viewer_view(row) for row in found[:limit]]
    return Page(items, items[-1].id if len(found) > limit else None)
