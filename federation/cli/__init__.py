"""The command `lienthong`: what an operator types, each command a thin shell around pipeline and catalogue.

A command is a module of its name, or where it is many a room of its name that begins with `command`; `COMMANDS` tells
the few that live with another. Beside them stands what several need: `context`, `ending`, `progress`, `options`,
`passwords`, `tables`.
"""

import gc
import os
import sys
from importlib import import_module
from io import TextIOWrapper
from typing import Final

import click

from federation import log
from federation.cli import ending
from federation.errors import UsageError
from federation.memory import give_memory_back
from federation.pipeline.stages.thinkers import get_ready

#: objects after which this process looks for cycles; Python's own number is 700
COLLECT_EVERY: Final = 2_000
LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

#: commands that may have thousands of records to think about; the process that others will be made from loads beside us
LARGE: Final = ("import",)
#: command -> where it is; a command loads what it needs and not what the others need
COMMANDS: Final = {
    "init": "house:init",
    "run": "house:run_stages",
    "status": "house:status",
    "check": "house:check",
    "settings": "house:settings",
    "db": "house:db",
    "members": "members:members",
    "areas": "areas:areas",
    "sources": "sources.command:sources",
    "targets": "targets.command:targets",
    "harvest": "harvest.command:harvest",
    "notices": "notices:notices",
    "import": "imports:import_files",
    "export": "export:export",
    "dumps": "dumps:dumps",
    "search": "records.command:search",
    "records": "records.command:records",
    "clusters": "clusters.command:clusters",
    "sets": "sets:sets",
    "index": "index:index",
    "languages": "languages:languages",
    "serve": "serve.command:serve",
    "z3950": "z3950:z3950",
    "demo": "demo.command:demo",
}


class Commands(click.Group):
    """The commands by name, each found when it is asked for."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Name the commands in the order of the help."""
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Give a command; None when there is none of this name."""
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name].partition(":")
        command: click.Command = getattr(import_module(f"federation.cli.{module}"), attribute)
        return command

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was typed."""
        if args and args[0] in LARGE:
            get_ready()
        found = super().resolve_command(context, args)
        gc.freeze()  # what was loaded stays: there is no garbage to look for in it
        return found


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lienthong")
def cli() -> None:
    """Lienthong: one union catalogue out of many libraries."""
    level = os.environ.get("LIENTHONG_LOG_LEVEL") or "WARNING"
    if level.upper() not in LEVELS:
        raise UsageError("log-level", f"must be one of {', '.join(LEVELS)}", f"LIENTHONG_LOG_LEVEL={level}")
    log.start(level.upper())


def main() -> None:
    """Run the command line; errors an operator can mend are one line, and the exit code tells what happened."""
    # Long work makes many objects that live a moment, and few cycles to look for; but what hangs on these is large.
    gc.set_threshold(COLLECT_EVERY)
    give_memory_back()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal of another encoding, or a file name that is no text, must not end a command.
            stream.reconfigure(errors="backslashreplace")
    try:
        cli.main(prog_name="lienthong", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("lienthong: stopped; what was kept stays", err=True)
        sys.exit(ending.FAILED)
    except click.ClickException as error:
        error.show()
        sys.exit(ending.USAGE)
    except ending.TOLD as error:
        click.echo(f"lienthong: {ending.told(error)}", err=True)
        sys.exit(ending.exit_code(error))
