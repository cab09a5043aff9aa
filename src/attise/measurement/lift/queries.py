"""Reads of lift: up to where the log is taken in, who is compared, and what they did in the feed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import msgspec
from django.db.models import Max, Min, Q

from attise.measurement.lift.kept import Kept
from attise.measurement.lift.models import Act, Exposure, Meeting, Place, SplitResult, Target


@dataclass(frozen=True, slots=True)
class Experiment:
    """One share that was held out of a campaign, and since when somebody is compared."""

    campaign_id: int
    holdout_ppm: int
    since_ms: int


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody who is compared, by pseudonym."""

    person: str
    is_held: bool
    first_at_ms: int


@dataclass(frozen=True, slots=True)
class ActView:
    """What one of them did in the feed, added up by post and signal."""

    person: str
    post_id: int
    signal: str
    step: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class TargetView:
    """A post that a campaign showed, or would have, and whose it is."""

    post_id: int
    creator_id: int


def get_place() -> int:
    """Return up to which position of the log all is taken in. Cost: one keyed read."""
    place: int = Place.objects.values_list("position", flat=True).get(id=1)
    return place


def find_experiment(campaign_id: int, holdout_ppm: int) -> Experiment | None:
    """Return since when a share is held out of a campaign; of 0, the last one that was. None: nobody is compared.

    Cost: a range of an index, of all who are compared.
    """
    rows = Exposure.objects.filter(campaign_id=campaign_id)
    if holdout_ppm:
        rows = rows.filter(holdout_ppm=holdout_ppm)
    sums = rows.values("holdout_ppm").annotate(since=Min("first_at_ms"), until=Max("last_at_ms"))
    found = sums.order_by("-until").values_list("holdout_ppm", "since").first()
    return None if found is None else Experiment(campaign_id, *found)


def list_people(campaign_id: int, holdout_ppm: int) -> list[PersonView]:
    """Return who is compared, in the order of their pseudonyms. Cost: a row for each of them."""
    rows = Exposure.objects.filter(campaign_id=campaign_id, holdout_ppm=holdout_ppm).order_by("person")
    return [PersonView(*row) for row in rows.values_list(*PersonView.__dataclass_fields__)]


def list_met(split_id: int) -> dict[str, int]:
    """Return the side of each whom a split test met, by pseudonym. Cost: a row for each of them."""
    return dict(Meeting.objects.filter(split_id=split_id).order_by("person").values_list("person", "side"))


def find_results(split_ids: Collection[int]) -> dict[int, Kept]:
    """Return what is kept of split tests, by test; none of what another release kept. Cost: one statement."""
    found = {}
    for split_id, body in SplitResult.objects.filter(split_id__in=list(split_ids)).values_list("split_id", "body"):
        try:
            found[split_id] = msgspec.msgpack.decode(bytes(body), type=Kept)
        except msgspec.MsgspecError:
            continue
    return found


def list_kept(split_ids: Collection[int]) -> dict[int, tuple[int, bool]]:
    """Return up to when what is kept of split tests tells, and whether it is final, by test. Cost: one statement."""
    rows = SplitResult.objects.filter(split_id__in=list(split_ids))
    return {
        split_id: (as_of_ms, final)
        for split_id, as_of_ms, final in rows.values_list("split_id", "as_of_ms", "is_final")
    }


def list_acts(campaign_id: int) -> list[ActView]:
    """Return what the people of a campaign did in the feed, in no order. Cost: a row for each act."""
    rows = Act.objects.filter(campaign_id=campaign_id)
    return [ActView(*row) for row in rows.values_list(*ActView.__dataclass_fields__)]


def list_targets(campaign_id: int) -> list[TargetView]:
    """Return what a campaign with a holdout showed, or would have. Cost: a row for each post."""
    rows = Target.objects.filter(campaign_id=campaign_id).order_by("post_id")
    return [TargetView(*row) for row in rows.values_list("post_id", "creator_id")]


def campaigns_of_post(post_id: int, *, of: Collection[int] | None = None) -> list[int]:
    """Return the campaigns with a holdout that showed a post, or would have; ``of``: of these alone. One statement."""
    which = Q(post_id=post_id) if of is None else Q(post_id=post_id, campaign_id__in=list(of))
    return list(Target.objects.filter(which).order_by("campaign_id").values_list("campaign_id", flat=True))
