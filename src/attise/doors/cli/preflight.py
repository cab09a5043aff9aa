"""``attise preflight VIDEO``: what to look at again before a post becomes an ad. No house is needed."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import click

from attise.doors.cli.opening import no_data_option
from attise.doors.cli.preflight_drawing import drawn
from attise.doors.cli.speaking import language_of, tongue_of
from attise.kernel.errors import N_, Outage
from attise.kernel.house import Settings
from attise.kernel.limits import CAPTION_CHARACTERS
from attise.kernel.tongue import LANGUAGES, Language, Tongue
from attise.management.posts.media.errors import NOT_A_FILE, MediaRefused
from attise.management.posts.preflight.looking import look_over
from attise.management.posts.preflight.report import SIGNS, Report
from attise.management.posts.preflight.tips import TIPS

MISSING = N_("There is no file at this path."), N_("Check the path, then run the command again.")
"""What people are told of what is not there; to programs it is what is no file, as to the reader of files."""


@click.command()
@click.argument("video", type=click.Path(path_type=Path))
@click.option("--caption", default="", help="The words that will stand under the video.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Of the tips; else that of the terminal, en for JSON.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@no_data_option
def preflight(video: Path, *, caption: str, language: Language | None, as_json: bool) -> None:
    """Say what to look at again in a video before it becomes an ad: ten checks, a tip each.

    Nothing is stored, and nothing leaves the machine. Exit code 1 when the file is no video that is taken; whatever
    else is found is advice. $ATTISE_SPEECH_COMMAND may name a program that hears what is said.
    """
    if len(caption) > CAPTION_CHARACTERS:
        raise click.BadParameter(f"at most {CAPTION_CHARACTERS} characters", param_hint="--caption")
    tongue = tongue_of(language or ("en" if as_json else language_of(os.environ)))
    try:
        with tempfile.TemporaryDirectory(prefix="attise-preflight-") as folder:
            command = Settings.from_environ(os.environ).speech_command
            report = look_over(video, Path(folder), caption=caption, speech_command=command)
    except MediaRefused as refused:
        is_missing = refused.reason is NOT_A_FILE and not video.exists()
        _tell_refusal(refused, tongue, as_json=as_json, words=MISSING if is_missing else None)
    except Outage as outage:
        raise click.ClickException(str(outage)) from outage
    if as_json:
        click.echo(json.dumps(_told(report, tongue), ensure_ascii=False))
    else:
        click.echo(drawn(report, tongue))


def _tell_refusal(
    refused: MediaRefused, tongue: Tongue, *, as_json: bool, words: tuple[str, str] | None = None
) -> None:
    """Say which rule the file breaks, by other words where there are some, and leave with 1."""
    sentence, step = words or (refused.reason.message, refused.next_step)
    message, next_step = tongue.gettext(sentence) % refused.params, tongue.gettext(step)
    if as_json:
        error = {"code": refused.code, "message": message, "next": next_step}
        click.echo(json.dumps({"checks": [], "ready": f"0/{len(SIGNS)}", "error": error}, ensure_ascii=False))
    else:
        click.echo(f"{refused.code}: {message} {next_step}", err=True)
    raise click.exceptions.Exit(1)


def _told(report: Report, tongue: Tongue) -> dict[str, Any]:
    """Return a report as programs read it."""
    checks = [
        {
            "name": check.name,
            "verdict": check.verdict,
            "value": check.value,
            "threshold": check.threshold,
            "unit": check.unit,
            "at_s": check.at_s,
            "evidence": check.evidence,
            "tip": tongue.gettext(TIPS[check.tip]),
            "words": {one: tongue_of(one).gettext(TIPS[check.tip]) for one in LANGUAGES},
        }
        for check in report.checks
    ]
    return {
        "checks": checks,
        "ready": report.ready,
        "duration_s": report.duration_ms / 1_000,
        "watched_s": report.watched_ms / 1_000,
        "cuts_s": [cut / 1_000 for cut in report.cuts_ms],
        "speech": report.speech,
    }
