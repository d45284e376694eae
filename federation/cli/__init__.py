"""The command `lienthong`: what an operator types, each command a thin shell around pipeline and catalogue."""

import ctypes
import gc
import os
import sys
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from typing import Final

import click

from federation import log
from federation.cli import context
from federation.errors import UsageError

LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


#: malloc.h of glibc
M_ARENA_MAX: Final = -8
#: command -> where it is; a command loads what it needs and not what the others need
COMMANDS: Final = {
    "init": "house:init",
    "run": "house:run_stages",
    "status": "house:status",
    "check": "house:check",
    "settings": "house:settings",
    "db": "house:db",
    "members": "members:members",
    "sources": "sources:sources",
    "harvest": "harvest:harvest",
    "import": "imports:import_files",
    "export": "export:export",
    "search": "records:search",
    "records": "records:records",
    "clusters": "clusters:clusters",
    "index": "index:index",
    "serve": "serve:serve",
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


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lienthong")
def cli() -> None:
    """Lienthong: one union catalogue out of many libraries."""
    level = os.environ.get("LIENTHONG_LOG_LEVEL") or "WARNING"
    if level.upper() not in LEVELS:
        raise UsageError("log-level", f"must be one of {', '.join(LEVELS)}", f"LIENTHONG_LOG_LEVEL={level}")
    log.start(level.upper())


def _spare_memory() -> None:
    # Long work makes many objects that live a moment, and hardly a cycle to look for.
    gc.set_threshold(100_000)
    # glibc gives each thread a heap of its own, which keeps what it once had: a third of an import's memory.
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


def main() -> None:
    """Run the command line; errors an operator can mend are one line, and the exit code tells what happened."""
    _spare_memory()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal of another encoding, or a file name that is no text, must not end a command.
            stream.reconfigure(errors="backslashreplace")
    try:
        cli.main(prog_name="lienthong", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("lienthong: stopped; what was kept stays", err=True)
        sys.exit(context.FAILED)
    except click.ClickException as error:
        error.show()
        sys.exit(context.USAGE)
    except context.TOLD as error:
        click.echo(f"lienthong: {context.told(error)}", err=True)
        sys.exit(context.exit_code(error))
