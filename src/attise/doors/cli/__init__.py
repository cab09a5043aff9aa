"""The ``attise`` command: one module per command, loaded when it is asked for, so that each starts quickly.

Every command takes ``--data DIR``. ``serve`` and ``world`` make a house where there is none; ``bench``, ``demo`` and
``drill`` make one of their own, which goes with them; ``lift``, ``preflight``, ``scout`` and ``secrets`` need none,
``restore`` brings one. All others need one, and work beside its running server.
"""

from __future__ import annotations

import importlib
import sys

import click

from attise import __version__
from attise.kernel.house import HouseError
from attise.kernel.secrets import SecretsError

COMMANDS = {
    "backup": "Copy all of a house into one file, while it is served.",
    "bench": "Measure what we promise, against a ceiling of the same run.",
    "demo": "Do the main job end to end in a house of its own, by a seed.",
    "drill": "Hurt a temporary house, and say whether what is promised was kept.",
    "explain": "Say a decision in words, and what stood against an ad.",
    "facts": "Say up to when facts are complete, where they lie, and which model was learned from them.",
    "fund": "Add a manual transfer to an advertiser's balance.",
    "give-back": "Give charges of an advertiser back.",
    "lift": "Say what an ad changed, from a table of viewers of any platform.",
    "login": "Print a one-time sign-in link.",
    "preflight": "Say what to look at again in a video before it becomes an ad.",
    "restore": "Put a house back as it was, with everything that was revoked or erased since.",
    "rollup": "Add up what happened for reports, or all of it anew.",
    "scout": "Say which posts deserve a boost, and by when, from files of any platform.",
    "secrets": "Make the secrets file of a production house.",
    "serve": "Serve everything on one port.",
    "token": "Make an advertiser's access token and a host key for the native API.",
    "unbilled": "List what cost nothing because the house was restored.",
    "verify": "Recount from what was stored, and say the first difference.",
    "world": "Build the example world if it is not there, then serve it.",
}


class _Lazy(click.Group):
    """A group whose commands are imported when they are run, not when help lists them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        module = importlib.import_module(f"attise.doors.cli.{name}")
        command: click.Command = getattr(module, name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as above
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="attise")
def cli() -> None:
    """Attise: a creator's living post becomes an ad, with the creator's grant."""


def main() -> int:
    """Run the command line; an operator's error is a sentence, never a traceback."""
    try:
        code = cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.exceptions.Abort:
        return 130
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except (HouseError, SecretsError) as error:
        click.echo(f"attise: {error}", err=True)
        return 2
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    return code if isinstance(code, int) else 0
