"""Telling every refusal at once: who has three fields to mend should hear of three, not of one, three times."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeVar

from attise.kernel.errors import FIELD_UNKNOWN, Refusal, Refusals

Taken = ParamSpec("Taken")
Given = TypeVar("Given")


class Gather:
    """Collects the refusals of several checks, in the order of the checks.

    Call ``take`` once per check, then ``tell`` before using any of the results.
    """

    def __init__(self) -> None:
        """Start with nothing to tell."""
        self.found: list[Refusal] = []

    def take(self, check: Callable[Taken, Given], *args: Taken.args, **kwargs: Taken.kwargs) -> Given:
        """Return what ``check`` returns; if it refuses, keep the refusal and go on.

        A refused check has no result: what is returned then may not be used, and ``tell`` makes sure of it.
        """
        try:
            return check(*args, **kwargs)
        except Refusal as refusal:
            self.found.append(refusal)
        except Refusals as several:
            self.found.extend(several.items)
        return None  # type: ignore[return-value]  # never reaches its reader: ``tell`` raises first

    def add(self, refusal: Refusal) -> None:
        """Keep a refusal that was found otherwise."""
        self.found.append(refusal)

    def tell(self) -> None:
        """Raise what was found: the refusal itself if it is alone, else all of them together."""
        if len(self.found) == 1:
            raise self.found[0]
        if self.found:
            raise Refusals(self.found)


def clean_facts(facts: Mapping[str, Any], cleaners: Mapping[str, Callable[[Any], Any]]) -> dict[str, Any]:
    """Return each fact as its cleaner leaves it; refuse all that are wrong, and all that have no cleaner, together."""
    gather = Gather()
    clean: dict[str, Any] = {}
    for name, value in facts.items():
        cleaner = cleaners.get(name)
        if cleaner is None:
            gather.add(Refusal(FIELD_UNKNOWN, field=name))
        else:
            clean[name] = gather.take(cleaner, value)
    gather.tell()
    return clean
