"""``attise facts``: up to when what happened stands in files, and what was learned from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from attise.doors.cli.opening import data_option, open_for_command
from attise.kernel.clock import rfc3339


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@data_option
def facts(data: Path | None, *, as_json: bool) -> None:
    """Say up to when facts are complete, where they lie, which model was learned from them, and how much it tries."""
    process = open_for_command(data)
    from attise.measurement.reports.folder import FOLDER
    from attise.measurement.reports.queries import get_watermark, list_files
    from attise.serving.prediction.model import FOLDER as MODELS
    from attise.serving.prediction.model import ModelUnreadable, find_newest, read_model

    mark, files = get_watermark(), list_files()
    told: dict[str, Any] = {
        "complete_to": rfc3339(mark.complete_to_ms) if mark.complete_to_ms else None,
        "folder": str(process.house.folder / FOLDER),
        "files": len(files),
        "facts": sum(one.rows for one in files),
        "size_bytes": sum(one.size_bytes for one in files),
        "model": 0,
        "learned_to": None,
        "learned_from": 0,
        "explore_share": None,
    }
    newest = find_newest(process.house.folder / MODELS)
    if newest is not None:
        try:
            header = read_model(newest).header
        except ModelUnreadable as unreadable:
            raise click.ClickException(str(unreadable)) from None
        told |= {"model": header.version, "learned_to": rfc3339(header.made_at_ms), "learned_from": header.rows}
        told["explore_share"] = round(header.explore_share, 4)
    if as_json:
        click.echo(json.dumps(told))
        return
    for name, value in told.items():
        click.echo(f"{name:<15}{'-' if value is None else value}")
