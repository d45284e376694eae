"""Commands about clusters: why records are one book or are not, and what a person decides about it.

In: two records. Out: what the rules say of them with every reason and the values compared, what a person said, and
what became of their numbers.
"""

from typing import Any

import click

from federation.cli import context
from federation.cli.clusters import dry_run, pinning, review
from federation.cli.clusters.doubles import doubles
from federation.cli.context import say, table
from federation.matching.compare import Reason, Verdict, compare
from federation.matching.profile import profile
from federation.pipeline.stages import pinning as said_by_people
from federation.pipeline.workplace import Workplace
from federation.store import pins, traces
from federation.store.compress import expand
from federation.store.traces import Trace
from schemas.bib import load


@click.group()
def clusters() -> None:
    """Which records are one book, and why."""


for room in (pinning, review, dry_run):
    room.attach(clusters)


@clusters.command()
@click.argument("left")
@click.argument("right")
def explain(left: str, right: str) -> None:
    """Say why two records are, or are not, one publication.

    A number stands for all records of the union record: each is compared with each.
    """
    with context.workplace() as place:
        ours, theirs = pinning.records(place, left), pinning.records(place, right)
        _tell_lineage(place, [*ours, *theirs])
        known = {one.raw_id: one for one in (*ours, *theirs)}
        pairs = said_by_people.across([one.raw_id for one in ours], [one.raw_id for one in theirs])
        with place.database.read() as session:
            said = {(row.raw_a, row.raw_b): row for row in pins.every(session, known)}
    if not pairs:
        say("One record of one library: there is nothing to compare.")
    for pair in pairs:
        if row := said.get(pair):
            say(f"{row.by} said on {row.at:%Y-%m-%d}: {row.decision}. That wins over the rules.")
        _tell(*(known[raw] for raw in pair))


def _tell_lineage(place: Workplace, found: list[Trace]) -> None:
    with place.database.read() as session:
        for union_id in sorted({one.cluster_id for one in found if one.cluster_id is not None}):
            for line in traces.lineage(session, union_id):
                say(f"union record {union_id}: {line}")


def _tell(left: Trace, right: Trace) -> None:
    if left.described is None or right.described is None:
        say(f"{_name(left)} and {_name(right)}: one of them is not in the catalogue, so they cannot be compared")
        return
    verdict = compare(*(profile(load(expand(content))) for content in (left.described, right.described)))
    say(f"{_name(left)} and {_name(right)}: {verdict.decision}, score {verdict.score:.2f}{_besides(verdict)}")
    table([_row(reason) for reason in verdict.reasons], "compared", "speaks", "points", "left", "right")


def _name(one: Trace) -> str:
    return f"{one.member}:{one.local_id} (union {one.cluster_id or '-'})"


def _besides(verdict: Verdict) -> str:
    if verdict.decision == "same":
        return ""
    told = "; editions of one work" if verdict.related else ""
    return f"{told}; nothing may join them" if verdict.vetoed else told


def _row(reason: Reason) -> dict[str, Any]:
    speaks = "for" if reason.weight > 0 else "against" if reason.weight < 0 else "-"
    points = f"{reason.weight:+.2f}" if reason.weight else ""
    return {"compared": reason.name, "speaks": speaks, "points": points, "left": reason.left, "right": reason.right}


clusters.add_command(doubles)
