"""Commands with which a person decides what is one book: pin, take back, pull apart, list.

In: records as people name them (a number, an OAI identifier, `MEMBER:local-id`). Out: pins, and the catalogue as it is
with them, for the stages have run when a command returns.
"""

import getpass
from itertools import combinations
from typing import Final

import click

from federation.catalogue.catalogue import Catalogue
from federation.cli import context
from federation.cli.context import say, say_json
from federation.cli.progress import showing
from federation.errors import NotFound, UsageError
from federation.matching.pins import Said
from federation.pipeline.stages import pinning
from federation.pipeline.stages.walk import walk
from federation.pipeline.workplace import Workplace
from federation.store import pins, traces
from federation.store.traces import Trace

BY: Final = click.option("--by", default=getpass.getuser, help="who says so; otherwise the user of this machine")


def attach(group: click.Group) -> None:
    """Give a group these commands."""
    for command in (pin, unpin, split, list_pins):
        group.add_command(command)


@click.command()
@click.argument("said", type=click.Choice(["same", "different"]))
@click.argument("left")
@click.argument("right")
@BY
def pin(said: Said, left: str, right: str, by: str) -> None:
    """Say that two records are the same book, or different ones.

    A number stands for all records of the union record: `same` joins the two, `different` keeps all of the one apart
    from all of the other. What you say here wins over the rules, and stays.
    """
    with context.workplace() as place:
        ours, theirs = records(place, left), records(place, right)
        if {one.raw_id for one in ours} & {one.raw_id for one in theirs}:
            message = "name one and the same record; to part a union record name its records as MEMBER:local-id"
            raise UsageError("one-record", message, f"{left} and {right}")
        pairs = pinning.across(
            _ids(ours[:1] if said == "same" else ours), _ids(theirs[:1] if said == "same" else theirs)
        )
        pinning.pin(place, pairs, said, by)
        settle(place, [*ours, *theirs])


@click.command()
@click.argument("left")
@click.argument("right")
def unpin(left: str, right: str) -> None:
    """Take back what was said of two records; the rules decide again."""
    with context.workplace() as place:
        ours, theirs = records(place, left), records(place, right)
        undone = pinning.unpin(place, pinning.across(_ids(ours), _ids(theirs)))
        if not undone:
            raise NotFound(
                "pin-unknown", "nothing was said of them; `lienthong clusters pins` lists all", f"{left} and {right}"
            )
        settle(place, [*ours, *theirs])


@click.command()
@click.argument("record")
@BY
def split(record: str, by: str) -> None:
    """Pull a record out of its union record, or take a whole union record apart.

    MEMBER:local-id is kept apart from all records it stands with now; a number: all its records from each other.
    """
    with context.workplace() as place:
        found = records(place, record)
        standing = [one for one in found if one.cluster_id is not None]
        beside = _beside(place, standing)
        if len(found) == len(beside):  # a whole union record was named
            pairs = list(combinations(_ids(beside), 2))
        else:
            pairs = pinning.across(_ids(standing), _ids(beside))
        if not pairs:
            raise UsageError("record-alone", "stands alone already: there is nothing to part", record)
        pinning.pin(place, pairs, "different", by)
        settle(place, beside)


@click.command("pins")
@click.option("--json", "as_json", is_flag=True, help="as JSON, one pin a line")
def list_pins(as_json: bool) -> None:
    """List what people said of records."""
    with context.workplace() as place, place.database.read() as session:
        found = pins.every(session)
        names = pins.names(session, {raw for row in found for raw in (row.raw_a, row.raw_b)})
    for row in found:
        left, right = names[row.raw_a], names[row.raw_b]
        if as_json:
            say_json(
                {"left": left, "right": right, "said": row.decision, "by": row.by, "at": f"{row.at:%Y-%m-%dT%H:%M:%SZ}"}
            )
        else:
            say(f"{left}  {right}  {row.decision}  (said by {row.by}, {row.at:%Y-%m-%d})")
    if not as_json:
        say(f"{len(found)} pins")


def records(place: Workplace, text: str) -> list[Trace]:
    """Give the records that are meant by what a person typed, in the order of their arrival; raises `NotFound`."""
    union_id = Catalogue(place.database, place.index, place.settings).resolve(text)
    member, colon, local_id = text.partition(":")
    with place.database.read() as session:
        local = traces.of_local(session, member, local_id) if colon and "\0" not in text else []
        found = local or (traces.of_union(session, union_id) if union_id is not None else [])
    if not found:
        raise NotFound("record-unknown", "is no record: use a number, an OAI identifier or MEMBER:local-id", text)
    return found


def settle(place: Workplace, touched: list[Trace]) -> None:
    """Run the stages, and tell where the records stand now."""
    with showing() as show:
        walk(place, progress=show)
    with place.database.read() as session:
        for one in touched:
            for now in traces.of_local(session, one.member, one.local_id):
                if now.raw_id == one.raw_id:
                    say(f"{now.member}:{now.local_id} is in {now.cluster_id or 'no union record'}")


def _beside(place: Workplace, found: list[Trace]) -> list[Trace]:
    with place.database.read() as session:
        clusters = sorted({one.cluster_id for one in found if one.cluster_id is not None})
        return [trace for cluster in clusters for trace in traces.of_union(session, cluster)]


def _ids(found: list[Trace]) -> list[int]:
    return [one.raw_id for one in found]
