"""The command `lienthong`: what an operator types, each command a thin shell around pipeline and catalogue."""

import os
import sys
from io import TextIOWrapper
from typing import Final

import click

from federation import log
from federation.cli import (
    clusters,
    context,
    export,
    harvest,
    house,
    imports,
    index,
    members,
    records,
    serve,
    sources,
)
from federation.cli.demo.command import demo
from federation.errors import UsageError

LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lienthong")
def cli() -> None:
    """Lienthong: one union catalogue out of many libraries."""
    level = os.environ.get("LIENTHONG_LOG_LEVEL") or "WARNING"
    if level.upper() not in LEVELS:
        raise UsageError("log-level", f"must be one of {', '.join(LEVELS)}", f"LIENTHONG_LOG_LEVEL={level}")
    log.start(level.upper())


for command in (
    *house.COMMANDS,
    members.members,
    sources.sources,
    *harvest.COMMANDS,
    imports.import_files,
    export.export,
    *records.COMMANDS,
    clusters.clusters,
    index.index,
    serve.serve,
    demo,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line; errors an operator can mend are one line, and the exit code tells what happened."""
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
