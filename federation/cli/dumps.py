"""`lienthong dumps`: the open data, made by hand and looked at.

In: the settings. Out: files in the folder of the open data; what they are, as lines or as JSON.
"""

import click
import msgspec

from federation import clock, config
from federation.catalogue import dumps as open_data
from federation.catalogue.dumps import Dump
from federation.cli import context, ending
from federation.cli.context import say, say_json


@click.group()
def dumps() -> None:
    """The open data: the whole catalogue as files."""


@dumps.command("make")
@click.option("--force", is_flag=True, help="even when nothing has changed since")
def make(force: bool) -> None:
    """Make the open data anew when something has changed since; the scheduler does so every night.

    Exit 3 when ISO 2709 could not hold every record; the other files have them.
    """
    with context.catalogue() as catalogue:
        made = open_data.make(catalogue, config.read(), force=force)
    if made is None:
        say("Nothing has changed since the open data was made.")
        return
    _tell(made)
    ending.leave(ending.PUT_ASIDE if any(file.left_out for file in made.files) else ending.DONE)


@dumps.command("list")
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def list_files(as_json: bool) -> None:
    """List the files of the open data."""
    found = open_data.current(open_data.folder(config.read()))
    if as_json:
        say_json(msgspec.to_builtins(found))
    elif found:
        _tell(found)
    else:
        say("There is no open data yet; `lienthong dumps make` makes it.")


def _tell(dump: Dump) -> None:
    say(f"{dump.records} records, as of {clock.local(dump.horizon)}, in {dump.seconds:.1f} s")
    for file in dump.files:
        missing = f", without {file.left_out} records that are too long for it" if file.left_out else ""
        say(f"{file.sha256}  {file.name}  {file.bytes:,} bytes{missing}")
