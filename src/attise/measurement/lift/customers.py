"""What a campaign changed on its advertiser's pages, of those whom these knew before their ad won first. Pure.

A page knows somebody by a name that came along with a click. Who is shown the ad clicks more, and so is known more,
than who is held out: compared with everybody, the ad would seem to do it all. Who was known *before* is known alike in
both arms, and what they do is told under the names of before, ad or no ad. It is a part of a campaign's viewers, its
customers; of the others nothing is said. What they did there before narrows the interval, where it tells anything
(``covariates``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from attise.measurement.conversions.known import Customer
from attise.measurement.lift.arms import Floats
from attise.measurement.lift.queries import PersonView
from attise.measurement.lift.study import Study, study


@dataclass(frozen=True, slots=True)
class Customers:
    """What a campaign changed of what its customers did at least once."""

    did: Study
    known_part: float
    """Of all who are compared, the part whom the pages knew before: 0..1."""


def customers_of(
    people: Sequence[PersonView], known: Mapping[str, Customer], spent: Floats, *, held_part: float
) -> Customers:
    """Return what a campaign changed of its customers. ``spent``: on each of the people, float64[people]."""
    places, before, after = [], [], []
    for place, one in enumerate(people):
        customer = known.get(one.person)
        if customer is None or customer.since_ms >= one.first_at_ms:
            continue
        told = [at_ms for since_ms, at_ms in customer.done if since_ms < one.first_at_ms]
        places.append(place)
        before.append(sum(at_ms < one.first_at_ms for at_ms in told))
        after.append(sum(at_ms >= one.first_at_ms for at_ms in told))
    at = np.array(places, np.int64)
    is_held = np.array([people[place].is_held for place in places], bool)
    did = (np.array(after, np.float64) > 0).astype(np.float64)
    money = spent[at] if places else np.zeros(0)
    found = study(did, is_held, held_part=held_part, money=money, before=np.array(before, np.float64))
    return Customers(found, len(places) / len(people) if people else 0.0)
