"""The command `lienthong`: what an operator types, each command a thin shell around pipeline and catalogue."""

import os
import sys

import click

from federation import log
from federation.cli import clusters, context, harvest, house, index, members, records, serve, sources
from federation.cli.demo.command import demo


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lienthong")
def cli() -> None:
    """Lienthong: one union catalogue out of many libraries."""
    log.start(os.environ.get("LIENTHONG_LOG_LEVEL", "WARNING"))


for command in (
    *house.COMMANDS,
    members.members,
    sources.sources,
    *harvest.COMMANDS,
    *records.COMMANDS,
    clusters.clusters,
    index.index,
    serve.serve,
    demo,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line; errors an operator can mend are one line, and the exit code tells what happened."""
    try:
        cli.main(prog_name="lienthong", standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(context.FAILED)
    except click.ClickException as error:
        error.show()
        sys.exit(context.USAGE)
    except context.TOLD as error:
        click.echo(f"lienthong: {error}", err=True)
        sys.exit(context.exit_code(error))
