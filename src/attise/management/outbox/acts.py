"""How rooms look acts up in their histories: one meaning of *who, what, on what, when* for all of them."""

from __future__ import annotations

from django.db.models import Q

from attise.kernel.acts import ActsWish


def of_actor(actor: str | None, column: str = "actor") -> Q:
    """Return those of one actor, ``person:12``, or of all of a kind, ``person``."""
    if actor is None:
        return Q()
    alone = Q(**{column: actor})
    return alone if ":" in actor else alone | Q(**{f"{column}__startswith": f"{actor}:"})


def in_span(wish: ActsWish) -> Q:
    """Return those of the moments asked for, beneath the id asked for."""
    bounds = {"at_ms__gte": wish.from_ms, "at_ms__lt": wish.to_ms, "id__lt": wish.after}
    return Q(**{name: bound for name, bound in bounds.items() if bound is not None})
