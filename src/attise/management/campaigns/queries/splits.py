"""Reads of split tests: what is compared, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import F, Q

from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.paging import Page
from attise.management.accounts.queries import get_advertiser
from attise.management.campaigns.models import Ad, AdGroup, Campaign, SplitTest, Switch
from attise.management.campaigns.rules.splitting import ADGROUP, ALIKE, CAMPAIGN, differing, state_of
from attise.management.campaigns.views import SplitSide, SplitView

_KINDS = (Ad.Kind.SPARK, Ad.Kind.PUSH, Ad.Kind.STANDARD)
_BESIDE = frozenset({"starts_at_ms"})
"""Of those that a test makes alike, what differs by itself: who is made later begins later."""


def page_splits(*, advertiser_id: int, after: int | None = None, limit: int = 50) -> Page[SplitView]:
    """Return part of an advertiser's split tests, newest first. Raises: ``not_found``. Cost: at most seven queries."""
    rows = SplitTest.objects.filter(advertiser_id=get_advertiser(advertiser_id).id).order_by("-id")
    found = list((rows if after is None else rows.filter(id__lt=after))[: limit + 1])
    return Page(views_of(found[:limit]), found[limit - 1].id if len(found) > limit else None)


def get_split(*, advertiser_id: int, split_id: int) -> SplitView:
    """Return one of them. Raises: ``not_found``. Cost: as above."""
    rows = list(SplitTest.objects.filter(advertiser_id=advertiser_id, id=split_id))
    if not rows:
        raise Refusal(NOT_FOUND, field="split_id")
    return views_of(rows)[0]


def ads_of_side(split: SplitView, side: int) -> list[int]:
    """Return the ads of a side (0 or 1) of a test, those that were deleted too. Cost: one query."""
    column = "adgroup_id" if split.level == ADGROUP else "adgroup__campaign_id"
    rows = Ad.objects.filter(**{column: split.sides[side].object_id}).order_by("id")
    return list(rows.values_list("id", flat=True))


def list_launched(
    *, advertiser_id: int | None = None, over_since_ms: int, limit: int, after: tuple[int, int] | None = None
) -> list[SplitView]:
    """Return the tests that run, or that ended since a moment (world time), of an advertiser or of all.

    The newest first, those of one advertiser together; ``after``: those older than one, by when it began and its id.
    Cost: one query, and six for each advertiser.
    """
    rows = SplitTest.objects.filter(starts_at_ms__isnull=False)
    rows = rows.filter(Q(ended_at_ms__isnull=True) | Q(ended_at_ms__gte=over_since_ms)).order_by("-starts_at_ms", "-id")
    if after is not None:
        began_ms, split_id = after
        rows = rows.filter(Q(starts_at_ms__lt=began_ms) | Q(starts_at_ms=began_ms, id__lt=split_id))
    found = list((rows if advertiser_id is None else rows.filter(advertiser_id=advertiser_id))[:limit])
    owners = dict.fromkeys(row.advertiser_id for row in found)
    return [view for owner in owners for view in views_of(row for row in found if row.advertiser_id == owner)]


def views_of(found: Iterable[SplitTest]) -> list[SplitView]:
    """Return the views of rows of one advertiser; for this room alone."""
    rows = list(found)
    if not rows:
        return []
    currency = get_advertiser(rows[0].advertiser_id).currency
    facts = {level: _facts(level, _ids(rows, level)) for level in (ADGROUP, CAMPAIGN)}
    ads = {level: _ads(level, _ids(rows, level)) for level in (ADGROUP, CAMPAIGN)}
    views = []
    for row in rows:
        sides = [facts[row.level][one] for one in (row.first_id, row.second_id)]
        first, second = (_side(one, ads[row.level].get(one["id"], [])) for one in sides)
        views.append(
            SplitView(
                row.id,
                row.advertiser_id,
                currency,
                row.name,
                row.level,
                (first, second),
                row.days,
                state_of(row.starts_at_ms, row.ended_at_ms).value,
                row.created_at_ms,
                row.starts_at_ms,
                row.ends_at_ms if row.ended_at_ms is None else row.ended_at_ms,
                tuple(one for one in differing(row.level, *sides) if one not in _BESIDE),
            )
        )
    return views


def _ids(rows: Sequence[SplitTest], level: str) -> set[int]:
    return {one for row in rows if row.level == level for one in (row.first_id, row.second_id)}


def _facts(level: str, ids: set[int]) -> dict[int, dict[str, object]]:
    if not ids:
        return {}
    own = ("id", "name", "operation_status", "deleted_at_ms", *ALIKE[level])
    if level == ADGROUP:
        # What is above a side is not switched on by a launch: it must be on already.
        groups = AdGroup.objects.filter(id__in=ids).values(*own, above=F("campaign__operation_status"))
        return {row["id"]: row for row in groups}
    return {row["id"]: {**row, "above": Switch.ENABLE} for row in Campaign.objects.filter(id__in=ids).values(*own)}


def _ads(level: str, ids: set[int]) -> dict[int, list[tuple[str, bool]]]:
    """Return of each side its ads that are not deleted: their kinds, and whether they may run."""
    if not ids:
        return {}
    column = "adgroup_id" if level == ADGROUP else "adgroup__campaign_id"
    rows = Ad.objects.filter(**{f"{column}__in": ids}, deleted_at_ms__isnull=True, adgroup__deleted_at_ms__isnull=True)
    found: dict[int, list[tuple[str, bool]]] = {}
    for side, kind, review, switch, word in rows.values_list(
        column, "kind", "review", "operation_status", "creator_word"
    ):
        runs = review == Ad.Review.APPROVED and switch == Switch.ENABLE
        found.setdefault(side, []).append((kind, runs and word in {Ad.Word.NOT_NEEDED, Ad.Word.APPROVED}))
    return found


def _side(facts: dict[str, object], ads: list[tuple[str, bool]]) -> SplitSide:
    kinds = {kind for kind, _ in ads}
    return SplitSide(
        int(str(facts["id"])),
        str(facts["name"]),
        tuple(kind.value for kind in _KINDS if kind.value in kinds),
        any(may for _, may in ads) and facts["above"] == Switch.ENABLE,
        facts["operation_status"] == Switch.ENABLE,
        facts["deleted_at_ms"] is not None,
    )
