"""What the lines of a paper are: sums of the ledger by campaign and by fee."""

from __future__ import annotations

from collections import defaultdict

from attise.ledger import sums
from attise.ledger.sums import Moved, Named, Span
from attise.management.authorizations import queries as grants
from attise.management.campaigns import queries as campaigns
from attise.management.invoices.rules import Line


def list_lines(account_key: str, currency: str, span: Span, *, begins_ms: int, given_back: bool) -> list[Line]:
    """Return the lines of what an account was charged in a span, or was given back, the largest first.

    What lies before ``begins_ms`` (world time) is late, and told apart. Cost: five statements.
    Invariant: the lines sum to what the entries of the span sum to.
    """
    moved = sums.list_moved([account_key], currency, span, given_back=given_back)
    named = sums.name_envelopes(envelope for one in moved for envelope in one.envelopes)
    amounts: dict[tuple[str, str, bool], list[int]] = defaultdict(lambda: [0, 0])
    for one in moved:
        row = amounts[(*_subject(one, named), one.quarter_ms < begins_ms)]
        row[0] += one.amount_micros if given_back else -one.amount_micros
        row[1] += one.count
    ids = {kind: {int(number) for one, number, _ in amounts if one == kind and number} for kind in ("campaign", "fee")}
    names = campaigns.names_of({("campaign", number) for number in ids["campaign"]}) if ids["campaign"] else {}
    handles = grants.handles_of(ids["fee"]) if ids["fee"] else {}
    lines = [
        Line(kind, _name(kind, number, names, handles), number, count, micros, is_late)
        for (kind, number, is_late), (micros, count) in amounts.items()
    ]
    return sorted(lines, key=lambda line: (line.is_late, line.kind, -line.amount_micros, line.reference))


def _name(kind: str, number: str, names: dict[tuple[str, int], str], handles: dict[int, str]) -> str:
    """Return how a line is called: a campaign by its name, a fee by its creator."""
    if kind == "campaign":
        return names.get((kind, int(number)), "")
    handle = handles.get(int(number)) if kind == "fee" else None
    return f"@{handle}" if handle else ""


def _subject(moved: Moved, named: dict[int, Named]) -> tuple[str, str]:
    """Return what was paid for, as the envelopes of charges say."""
    for envelope in moved.envelopes:
        kind, _, rest = named[envelope].key.partition(":") if envelope in named else ("", "", "")
        if kind in {"campaign", "fee"}:
            return kind, rest.partition(":")[0]
    return "other", ""
