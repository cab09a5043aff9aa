"""``attise explain DECISION``: a decision in words, and what stood against one ad."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from attise.doors.cli.opening import data_option, open_for_command
from attise.kernel.house import House


@click.command()
@click.argument("decision", type=click.IntRange(min=1))
@click.option("--ad", "ad_id", type=click.IntRange(min=1), help="Why this ad did not win, or did.")
@click.option("--language", type=click.Choice(["fr", "en"]), help="Both, where none is named.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@data_option
def explain(decision: int, *, ad_id: int | None, language: str | None, as_json: bool, data: Path | None) -> None:
    """Say a decision in words. With --ad, say every reason against one ad, on what may run now."""
    process = open_for_command(data)
    found = _find(process.house, decision)
    if found is None:
        raise click.ClickException(
            f"No decision has the number {decision} here. It may be older than 30 days, or of another house."
        )
    words = _words(process.house, found, ad_id)
    if as_json:
        click.echo(json.dumps({"decision_id": str(decision), "words": words}, ensure_ascii=False))
        return
    for name, text in words.items():
        if language in {None, name}:
            click.echo(text)


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
