"""``attise explain [DECISION]``: a decision in words, and what stood against one ad; without one, the newest."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from attise.doors.cli.opening import data_option, open_for_command
from attise.kernel.clock import to_datetime
from attise.kernel.house import House

if TYPE_CHECKING:
    from collections.abc import Iterator

    from attise.measurement.ingest.sqlite_log import SqliteLog
    from attise.records.decision import Decision

NEWEST: Final = 10
"""Decisions that are listed where none is asked for."""
LOOKED_AT: Final = 2_000
"""Positions of the log that are looked through for them, from its end."""
STRIDE: Final = 100


@click.command()
@click.argument("decision", type=click.IntRange(min=1), required=False)
@click.option("--ad", "ad_id", type=click.IntRange(min=1), help="Why this ad did not win, or did.")
@click.option("--language", type=click.Choice(["fr", "en"]), help="Both, where none is named.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@data_option
def explain(decision: int | None, *, ad_id: int | None, language: str | None, as_json: bool, data: Path | None) -> None:
    """Say a decision in words. With --ad, say every reason against one ad, on what may run now.

    A decision's number is listed by this command without one, and stands in answers of the feed (decision_id), under
    the last ads that a viewer saw, and in the address of "Why this ad?".
    """
    process = open_for_command(data)
    if decision is None:
        if ad_id is not None:
            raise click.UsageError("--ad needs a decision: give its number, or leave --ad out to list the newest.")
        _list(process.house, as_json=as_json)
        return
    found = _find(process.house, decision)
    if found is None:
        raise click.ClickException(
            f"No decision has the number {decision} here. It may be older than 30 days, or of another house. "
            "`attise explain` alone lists the newest."
        )
    words = _words(process.house, found, ad_id)
    if as_json:
        click.echo(json.dumps({"decision_id": str(decision), "words": words}, ensure_ascii=False))
        return
    for name, text in words.items():
        if language in {None, name}:
            click.echo(text)


def _list(house: House, *, as_json: bool) -> None:
    """Print the newest decisions, a line each."""
    from attise.measurement.ingest.sqlite_log import SqliteLog

    log = SqliteLog(house.folder, may_write=False)
    try:
        newest = list(islice(_newest_first(log), NEWEST))
    finally:
        log.close()
    if as_json:
        rows = [
            {
                "decision_id": str(one.decision_id),
                "decided_at": to_datetime(one.decided_at_ms).isoformat(),
                "ad_id": None if one.winner is None else str(one.winner.ad_id),
            }
            for one in newest
        ]
        click.echo(json.dumps({"decisions": rows}))
        return
    if not newest:
        click.echo("No decision in the log yet: open the feed, or ask POST /v1/feed.")
        return
    click.echo(f"{'decision':<20}  {'decided at (UTC)':<19}  came to")
    for one in newest:
        told = f"ad {one.winner.ad_id}" if one.winner is not None else f"no ad: {one.no_ad}"
        click.echo(f"{one.decision_id:<20}  {to_datetime(one.decided_at_ms):%Y-%m-%d %H:%M:%S}  {told}")
    click.echo("Say one in words: attise explain NUMBER")


def _newest_first(log: SqliteLog) -> Iterator[Decision]:
    from attise.measurement.ingest.log import EntryKind
    from attise.records.decision import decode_decision

    end = log.end()
    for upto in range(end, max(end - LOOKED_AT, 0), -STRIDE):
        for batch in reversed(log.read(max(upto - STRIDE, 0), limit=STRIDE)):
            if batch.position > upto:
                continue  # positions do not rise by one everywhere: this one was told already
            for entry in reversed(batch.entries):
                if entry.kind == EntryKind.DECISION:
                    yield decode_decision(entry.body)


def _find(house: House, decision_id: int) -> Any:
    from attise.measurement.ingest.log import EntryKind
    from attise.measurement.ingest.sqlite_log import SqliteLog
    from attise.records.decision import decode_decision

    log = SqliteLog(house.folder, may_write=False)
    try:
        body = log.find(EntryKind.DECISION, decision_id)
    finally:
        log.close()
    return None if body is None else decode_decision(body)


def _words(house: House, decision: Any, ad_id: int | None) -> dict[str, str]:
    """Return by language what is said: of the slot, or of one ad in it."""
    from attise.serving.delivery.words import in_words, sentences_of_ad

    if ad_id is None:
        return in_words(decision)
    from attise.doors.cli.explain_state import state_now
    from attise.serving.delivery.explain import explain_decision

    explained = explain_decision(decision, ad_id, state_now(house))
    return {language: " ".join(sentences_of_ad(explained, language)) for language in ("fr", "en")}
