"""`lienthong clusters doubles`: what a library has catalogued twice.

In: a member. Out: its records that stand in one union record with another of its own, tab separated or as JSON, for the
library to look at: the same book entered twice, or two books with one number.
"""

from typing import Any

import click

from federation.cli import context
from federation.cli.context import say, say_json
from federation.store import correspondence, members
from federation.store.compress import expand
from federation.store.correspondence import Doubled
from schemas.bib import load

COLUMNS = ("union", "local_id", "others", "title", "year")


@click.command()
@click.argument("member")
@click.option("--json", "as_json", is_flag=True, help="as JSON, one record a line")
def doubles(member: str, as_json: bool) -> None:
    """List a member's records that stand for one publication with another record of the same member.

    Columns: union, local_id, others (how many more of its records stand there), title, year.
    """
    with context.workplace() as place, place.database.read() as session:
        members.one(session, member)
        found = list(map(_row, correspondence.doubles(session, member)))
    if not as_json:
        say("\t".join(COLUMNS))
    for row in found:
        if as_json:
            say_json(row)
        else:
            say("\t".join(str(row[name]).replace("\t", " ") for name in COLUMNS))


def _row(one: Doubled) -> dict[str, Any]:
    bib = load(expand(one.title))
    return {
        "union": one.union,
        "local_id": one.local_id,
        "others": one.others,
        "title": str(bib.title),
        "year": bib.publication.year or "",
    }
