"""Commands about the search index: build it anew, compare it with the catalogue.

In: the store. Out: an index that says the same; exit 1 when it does not.
"""

import click

from federation.cli import context, ending
from federation.cli.context import say
from federation.cli.progress import showing
from federation.pipeline.check import index_faults
from federation.pipeline.stages.publish import rebuild


@click.group()
def index() -> None:
    """The search index."""


@index.command("rebuild")
def rebuild_all() -> None:
    """Make the index anew beside the old one, and put it in its place."""
    with context.workplace(fresh_index=True) as place, showing() as show, place.database.alone():
        count = rebuild(place, show)
    say(f"{count} records indexed")


@index.command("check")
def check_all() -> None:
    """Compare the index with the catalogue; exit 1 when they differ."""
    with context.workplace() as place:
        faults = index_faults(place)
    for fault in faults:
        say(f"{fault.code}: {fault.what}: {', '.join(map(str, fault.ids))}")
    say("The index says what the catalogue says." if not faults else f"{len(faults)} kinds of faults.")
    ending.leave(ending.FAILED if faults else ending.DONE)
