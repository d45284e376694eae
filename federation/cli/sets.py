"""Commands about the operator's own OAI sets: the records that a query finds, under a name.

In: codes, queries in CQL, names. Out: rows and their members; when a command returns, the sets are what it says and the
doors show it.
"""

import click

from federation import clock
from federation.cli import context
from federation.cli.context import say, say_json, table
from federation.cli.members import checked_code
from federation.cli.progress import showing
from federation.errors import UsageError
from federation.pipeline.stages import membership
from federation.pipeline.stages.walk import walk
from federation.pipeline.workplace import Workplace
from federation.store import memberships, query_sets
from federation.store.query_sets import NewSet, QuerySetRow
from schemas.errors import QuerySyntaxError
from schemas.query import cql


@click.group()
def sets() -> None:
    """Your own OAI sets: what a query finds, for those who harvest."""


@sets.command()
@click.argument("code")
@click.option("--cql", "query", required=True, metavar="QUERY", help="the records that this query finds are in the set")
@click.option("--name", required=True, help="the set's name")
@click.option("--name-en", default="", help="its name in English")
def add(code: str, query: str, name: str, name_en: str) -> None:
    """Make a set, query:CODE. Its code never changes: harvesters know the set by it."""
    with context.workplace() as place:
        _check(place, query)
        with place.database.write() as session:
            query_sets.add(session, NewSet(checked_code(code), query, name, name_en), clock.now())
        _settle(place, code)


@sets.command()
@click.argument("code")
@click.option("--cql", "query", default="", metavar="QUERY", help="another query")
@click.option("--name", default="", help="another name")
@click.option("--name-en", default=None, help="another name in English; empty: none")
def change(code: str, query: str, name: str, name_en: str | None) -> None:
    """Give a set another query or name.

    Harvesters receive what enters, and learn what leaves, as they would of any change.
    """
    values = {"query": query or None, "name_vi": name or None, "name_en": name_en}
    given = {column: value for column, value in values.items() if value is not None}
    if not given:
        raise UsageError("nothing-to-change", "say what to change: --cql, --name, --name-en", code)
    with context.workplace() as place:
        if query:
            _check(place, query)
        with place.database.write() as session:
            query_sets.one(session, code)
            query_sets.alter(session, code, given, clock.now())
        _settle(place, code)


@sets.command()
@click.argument("code")
def remove(code: str) -> None:
    """End a set; harvesters who still read it are told that its records have left it."""
    with context.workplace() as place:
        with place.database.write() as session:
            row = query_sets.one(session, code)
            query_sets.withdraw(session, code)
        with showing() as show:
            walk(place, ("publish",), show)
    say(f"{row.spec} is no set any more")


@sets.command("list")
@click.option("--json", "as_json", is_flag=True, help="as JSON, one set a line")
def list_all(as_json: bool) -> None:
    """List your sets with the number of their records."""
    with context.workplace() as place, place.database.read() as session:
        rows = [
            {"set": row.spec, "records": len(memberships.members(session, row.spec)), **_told(row)}
            for row in query_sets.every(session)
        ]
    if as_json:
        for row in rows:
            say_json(row)
    else:
        table(rows, "set", "records", "state", "name", "query")


@sets.command()
@click.argument("code")
def show(code: str) -> None:
    """Show one set."""
    with context.workplace() as place, place.database.read() as session:
        row = query_sets.one(session, code)
        count = len(memberships.members(session, row.spec))
    told = {"set": row.spec, **_told(row), "records": count, "changed": f"{row.changed_at:%Y-%m-%dT%H:%M:%SZ}"}
    for name, value in told.items():
        say(f"{name:8} {value or '-'}")


def _told(row: QuerySetRow) -> dict[str, str]:
    state = row.fault or ("waits for `lienthong run publish`" if row.pending else "complete")
    return {"name": row.name_vi, "name_en": row.name_en, "query": row.query, "state": state}


def _check(place: Workplace, query: str) -> None:
    """Refuse a query that cannot be answered, or says an order: a set has none."""
    try:
        if cql.read(query).sort:
            raise UsageError("set-sorted", "a set is in no order; leave out sortBy", query)
        membership.everyone(place.index, query)
    except QuerySyntaxError as error:
        raise UsageError("set-query", f"is no query that can be answered: {error}", query) from error


def _settle(place: Workplace, code: str) -> None:
    """Let the stage that follows the index ask the query, and tell what it found."""
    with showing() as show:
        walk(place, ("publish",), show)
    with place.database.read() as session:
        row = query_sets.one(session, code)
        count = len(memberships.members(session, row.spec))
    say(f"{row.spec}: {count} records" + (f"; {row.fault}" if row.fault else ""))
