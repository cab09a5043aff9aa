"""Reads of counters: plain values out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Case, F, Min, Sum, Value, When

from attise.ledger import storing
from attise.measurement.counters import folding
from attise.measurement.counters.models import Hour, State, Subject
from attise.measurement.counters.signals import SIGNALS
from attise.records.totals import PostCounts, PostTotals


@dataclass(frozen=True, slots=True)
class Counted:
    """One signal: what the feed brought, and what ads did."""

    organic: int = 0
    paid: int = 0

    @property
    def total(self) -> int:
        """What everybody sees: both together."""
        return self.organic + self.paid


@dataclass(frozen=True, slots=True)
class CountsView:
    """Every signal of a subject, or of several together."""

    organic: dict[str, int] = field(default_factory=dict)
    paid: dict[str, int] = field(default_factory=dict)

    def of(self, signal: str) -> Counted:
        """Return one signal, 0 where nothing was counted."""
        return Counted(self.organic.get(signal, 0), self.paid.get(signal, 0))


@dataclass(frozen=True, slots=True)
class HourView:
    """One hour of a subject."""

    hour_ms: int
    counts: CountsView


NOTHING = CountsView()


def list_counts(subject_ids: Iterable[int]) -> dict[int, CountsView]:
    """Return the counters of posts, standard ads or profiles, by id; none of those that have none. One statement."""
    found: dict[int, CountsView] = {}
    rows = storing.read(Subject, ("subject_id", "is_paid", *SIGNALS), column="subject_id", values=list(subject_ids))
    for subject_id, is_paid, *counts in rows:
        view = found.setdefault(subject_id, CountsView())
        (view.paid if is_paid else view.organic).update(zip(SIGNALS, counts, strict=True))
    return found


def counts_of(subject_id: int) -> CountsView:
    """Return the counters of a post, a standard ad or a profile. Cost: one statement."""
    return list_counts([subject_id]).get(subject_id, NOTHING)


def views_by_ads(subject_ids: Iterable[int]) -> dict[int, int]:
    """Return the views that ads brought posts, by id; those that nothing was counted of are left out. One statement."""
    found: dict[int, int] = {}
    rows = Subject.objects.filter(subject_id__in=list(subject_ids)).values_list("subject_id", "is_paid", "views")
    for subject_id, is_paid, views in rows:
        found[subject_id] = found.get(subject_id, 0) + (views if is_paid else 0)
    return found


class Reported(NamedTuple):
    """How often viewers reported a post: where the feed showed it, and where an ad did."""

    post_id: int
    organic: int
    paid: int

    @property
    def total(self) -> int:
        """Both together."""
        return self.organic + self.paid


def list_reported() -> list[Reported]:
    """Return every post that was ever reported, by rising id. Cost: one statement, over these rows alone."""
    found: dict[int, list[int]] = {}
    rows = Subject.objects.filter(kind="post", reports__gt=0).order_by("subject_id")
    for post_id, is_paid, reports in rows.values_list("subject_id", "is_paid", "reports"):
        found.setdefault(post_id, [0, 0])[is_paid] = reports
    return [Reported(post_id, *parts) for post_id, parts in found.items()]


def count_organic_impressions() -> int:
    """Return the impressions that the feed brought to all posts. Cost: one statement, over all subjects."""
    return Subject.objects.filter(is_paid=False, kind="post").aggregate(sum=Sum("impressions"))["sum"] or 0


def counts_of_creator(creator_id: int) -> CountsView:
    """Return the counters of all that is a creator's, their profile included. Cost: one statement, over these rows."""
    view = CountsView()
    rows = Subject.objects.filter(creator_id=creator_id).values("is_paid").annotate(**sums_of_signals()).order_by()
    for row in rows:
        (view.paid if row["is_paid"] else view.organic).update({name: int(row[f"sum_{name}"]) for name in SIGNALS})
    return view


def list_hours(subject_id: int, *, from_ms: int, to_ms: int) -> list[HourView]:
    """Return the hours of a subject that begin in a span of world time, its end not meant; only those with counts."""
    rows = Hour.objects.filter(subject_id=subject_id, hour_ms__gte=from_ms, hour_ms__lt=to_ms).order_by("hour_ms")
    found: dict[int, CountsView] = {}
    for row in rows.values("hour_ms", "is_paid", *SIGNALS):
        view = found.setdefault(row["hour_ms"], CountsView())
        (view.paid if row["is_paid"] else view.organic).update({name: row[name] for name in SIGNALS})
    return [HourView(hour_ms, counts) for hour_ms, counts in found.items()]


def list_every_hour(subject_id: int, signals: Sequence[str]) -> list[tuple[int, bool, tuple[int, ...]]]:
    """Return all hours of a subject: when each begins, whether it is of ads, and some signals. Cost: one statement."""
    rows = Hour.objects.filter(subject_id=subject_id).order_by("hour_ms", "is_paid")
    return [
        (hour_ms, is_paid, tuple(counts))
        for hour_ms, is_paid, *counts in rows.values_list("hour_ms", "is_paid", *signals)
    ]


def list_organic_hours(
    subject_ids: Iterable[int], signals: Sequence[str], *, before_ms: int, from_ms: int = 0
) -> dict[int, list[tuple[int, tuple[int, ...]]]]:
    """Return the organic hours of subjects that begin between two moments, by id: beginnings, rising, and some signals.

    Cost: one statement.
    """
    return _hours_by_subject(subject_ids, signals, (from_ms, before_ms), is_paid=False)


def list_paid_hours(
    subject_ids: Iterable[int], signals: Sequence[str], *, from_ms: int, before_ms: int
) -> dict[int, list[tuple[int, tuple[int, ...]]]]:
    """Return the same of what ads did, whoever's. Cost: one statement."""
    return _hours_by_subject(subject_ids, signals, (from_ms, before_ms), is_paid=True)


def _hours_by_subject(
    subject_ids: Iterable[int], signals: Sequence[str], span: tuple[int, int], *, is_paid: bool
) -> dict[int, list[tuple[int, tuple[int, ...]]]]:
    rows = Hour.objects.filter(subject_id__in=list(subject_ids), is_paid=is_paid)
    rows = rows.filter(hour_ms__gte=span[0], hour_ms__lt=span[1])
    found: dict[int, list[tuple[int, tuple[int, ...]]]] = {}
    for subject_id, hour_ms, *counts in rows.order_by("hour_ms").values_list("subject_id", "hour_ms", *signals):
        found.setdefault(subject_id, []).append((hour_ms, tuple(counts)))
    return found


class Cuts(NamedTuple):
    """Where hours are parted: none of what is added up together lies on both sides of one. World time, whole hours."""

    recent_ms: int
    from_ms: int
    to_ms: int
    before_ms: int
    """What begins later is left out."""
    step_ms: int
    """From ``from_ms`` on there is a cut so often."""


def list_organic_views(subject_ids: Iterable[int], cuts: Cuts) -> dict[int, list[tuple[int, int]]]:
    """Return the organic views of subjects by id, hours between two cuts added up: where the first of them begins.

    Cost: one statement, a row for each subject and part.
    """
    rows = Hour.objects.filter(subject_id__in=list(subject_ids), is_paid=False, hour_ms__lt=cuts.before_ms)
    part = Case(
        When(hour_ms__lt=cuts.recent_ms, then=Value(-2)),
        When(hour_ms__lt=cuts.from_ms, then=Value(-1)),
        When(hour_ms__lt=cuts.to_ms, then=(F("hour_ms") - cuts.from_ms) / cuts.step_ms * 2),
        default=(F("hour_ms") - cuts.from_ms) / cuts.step_ms * 2 + 1,
        output_field=BigIntegerField(),
    )
    sums = rows.values("subject_id", part=part).annotate(at_ms=Min("hour_ms"), many=Sum("views"))
    found: dict[int, list[tuple[int, int]]] = {}
    for subject_id, at_ms, many in sums.values_list("subject_id", "at_ms", "many"):
        found.setdefault(subject_id, []).append((at_ms, int(many)))
    return found


def list_hours_of(
    subject_ids: Iterable[int], signals: Sequence[str], *, from_ms: int
) -> list[tuple[int, int, tuple[int, ...]]]:
    """Return the hours of subjects since a moment, organic and paid together: subject, beginning, some signals.

    The newest first. Cost: one statement.
    """
    rows = Hour.objects.filter(subject_id__in=list(subject_ids), hour_ms__gte=from_ms).order_by("-hour_ms")
    sums = rows.values("subject_id", "hour_ms").annotate(**{f"sum_{name}": Sum(name) for name in signals})
    return [(row["subject_id"], row["hour_ms"], tuple(int(row[f"sum_{name}"]) for name in signals)) for row in sums]


def list_post_totals(post_ids: Iterable[int]) -> list[PostTotals]:
    """Return what decisions learn of posts, by rising id; none of those without counters. Cost: one statement."""
    found = list_counts(post_ids)
    return [PostTotals(one, _post_counts(found[one].organic), _post_counts(found[one].paid)) for one in sorted(found)]


def list_on(person: str, kind: str, object_ids: Iterable[int]) -> set[int]:
    """Return those of some objects that a person likes, saves or follows. Cost: one statement."""
    rows = State.objects.filter(person=person, kind=kind, object_id__in=list(object_ids), is_on=True)
    return set(rows.values_list("object_id", flat=True))


def list_followed(person: str, *, limit: int) -> list[int]:
    """Return the creators whom a person follows, those whose accounts are newest first. Cost: one statement."""
    rows = State.objects.filter(person=person, kind="follow", is_on=True).order_by("-object_id")
    return list(rows.values_list("object_id", flat=True)[:limit])


class StateOf(NamedTuple):
    """How a person stands to an object."""

    kind: str
    object_id: int
    is_on: bool


def list_states_of(person: str, *, limit: int) -> list[StateOf]:
    """Return what a person likes, saves and follows, or no more; of too many, the objects made last. One statement."""
    rows = State.objects.filter(person=person).order_by("-object_id", "kind")
    return [StateOf(*row) for row in rows.values_list("kind", "object_id", "is_on")[:limit]]


def iterate_subjects() -> Iterator[tuple[tuple[int, bool], tuple[int, ...]]]:
    """Yield all counters by subject and part, in the order of ``SIGNALS``."""
    for subject_id, is_paid, *counts in Subject.objects.values_list("subject_id", "is_paid", *SIGNALS).iterator():
        yield (subject_id, is_paid), tuple(counts)


def iterate_hours() -> Iterator[tuple[tuple[int, bool, int], tuple[int, ...]]]:
    """Yield all counters by subject, part and hour, as above."""
    rows = Hour.objects.values_list("subject_id", "is_paid", "hour_ms", *SIGNALS)
    for subject_id, is_paid, hour_ms, *counts in rows.iterator():
        yield (subject_id, is_paid, hour_ms), tuple(counts)


def iterate_states() -> Iterator[tuple[tuple[str, str, int], tuple[bool, folding.State]]]:
    """Yield all states by person, kind and object, with whether they say so themselves."""
    rows = State.objects.values_list("person", "kind", "object_id", "is_on", "body")
    for person, kind, object_id, is_on, body in rows.iterator():
        yield (person, kind, object_id), (is_on, folding.decode_state(bytes(body)))


def sums_of_signals() -> dict[str, Any]:
    """Return the sum of every signal, as ``sum_`` and its name; for this room alone."""
    return {f"sum_{name}": Sum(name) for name in SIGNALS}


def _post_counts(counts: dict[str, int]) -> PostCounts:
    return PostCounts(**{name: counts.get(name, 0) for name in PostCounts.__struct_fields__})
