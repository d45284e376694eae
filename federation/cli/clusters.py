"""Commands about clusters: why records are one book, or are not.

In: two record ids. Out: the verdict of the rules with every reason and the values compared.
"""

from typing import Any

import click

from federation.catalogue.catalogue import Catalogue
from federation.cli import context
from federation.cli.context import say, table
from federation.cli.doubles import doubles
from federation.errors import NotFound
from federation.matching.compare import Reason, compare
from federation.matching.profile import profile
from federation.pipeline.stage import Workplace
from federation.store import traces
from federation.store.compress import expand
from schemas.bib import load


@click.group()
def clusters() -> None:
    """Which records are one book, and why."""


@clusters.command()
@click.argument("left")
@click.argument("right")
def explain(left: str, right: str) -> None:
    """Say why two records are, or are not, one publication."""
    with context.workplace() as place:
        first, second = (_resolved(place, text) for text in (left, right))
        with place.database.read() as session:
            pairs = [
                (one, other)
                for one in traces.described_bibs(session, first)
                for other in traces.described_bibs(session, second)
                if one[0] < other[0] or first != second
            ]
            for text, union_id in ((left, first), (right, second)):
                for line in traces.lineage(session, union_id):
                    say(f"{text}: {line}")
    if not pairs:
        say("One record of one library: there is nothing to compare.")
    for (bib_a, content_a), (bib_b, content_b) in pairs:
        verdict = compare(*(profile(load(expand(content))) for content in (content_a, content_b)))
        say(f"bib {bib_a} (union {first}) and bib {bib_b} (union {second}): {verdict.decision}, {verdict.score:.2f}")
        table([_row(reason) for reason in verdict.reasons], "compared", "speaks", "left", "right")


def _resolved(place: Workplace, text: str) -> int:
    catalogue = Catalogue(place.database, place.index, place.settings)
    union_id = catalogue.resolve(text)
    if union_id is None or catalogue.fetch(union_id) is None:
        raise NotFound("record-unknown", "is no record: use a number, an OAI identifier or MEMBER:local-id", text)
    return union_id


def _row(reason: Reason) -> dict[str, Any]:
    speaks = "for" if reason.weight > 0 else "against" if reason.weight < 0 else "-"
    return {"compared": reason.name, "speaks": speaks, "left": reason.left, "right": reason.right}


clusters.add_command(doubles)
