"""Commands about targets: other catalogues that cataloguers search (`lienthong search --target`).

In: codes, addresses, options. Out: rows; what a target answers to a few questions of each kind.
"""

from dataclasses import replace
from typing import Final

import click

from federation import clock
from federation.cli import context, ending, passwords
from federation.cli.context import say, say_json, table
from federation.cli.members import checked_code
from federation.store import targets as store
from federation.store.sources import NewSource
from federation.store.targets import NewTarget
from federation.targets import profile
from federation.targets.asked import Asked
from federation.targets.asking import Answer, search
from harvesters.base import SourceSpec
from harvesters.http import masked
from harvesters.login import SECRET
from schemas.query.tree import Term

#: access points that a cataloguer asks for
_ASKED: Final = ("any", "title", "creator", "subject", "publisher", "isbn", "issn", "year", "id")
#: what is asked of those that take no words
_NUMBERS: Final = {"isbn": "9780131103627", "issn": "0028-0836", "year": "2005", "id": "1"}


@click.group()
def targets() -> None:
    """Other catalogues that cataloguers search."""


@targets.command()
@click.argument("code")
@click.option("--kind", required=True, type=click.Choice(store.KINDS))
@click.option("--url", required=True, help="of SRU http(s)://…, of Z39.50 z3950://HOST:PORT/DATABASE")
@click.option("--name", default="", help="what people call it")
@click.option(
    "--option", "options", multiple=True, metavar="K=V", help="more, e.g. wait=40, user=x, password=- (asks for it)"
)
def add(code: str, kind: str, url: str, name: str, options: tuple[str, ...]) -> None:
    """Register a catalogue to be searched; nothing of it is kept."""
    given = passwords.asked(context.pairs(options))
    source = passwords.moved(NewSource(checked_code(code), kind, url, options=given))
    profile.check(SourceSpec(source.code, kind, source.url, options=source.options))
    target = NewTarget(source.code, kind, source.url, name, source.options)
    with context.workplace() as place:
        target = replace(target, options=passwords.locked(place, target.options))
        with place.database.write() as session:
            store.add(session, target, clock.now())
    say(f"{code}: {masked(target.url)}")


@targets.command("list")
def list_all() -> None:
    """List all that can be searched: targets, and the sources that answer questions."""
    with context.workplace() as place, place.database.read() as session:
        rows = [
            {
                "code": row.code,
                "kind": row.kind,
                "name": row.name,
                "source of": row.member,
                "url": masked(row.url),
            }
            for row in store.every(session)
        ]
    table(rows, "code", "kind", "name", "source of", "url")


@targets.command()
@click.argument("code")
def show(code: str) -> None:
    """Show one target."""
    with context.workplace() as place, place.database.read() as session:
        row = store.one(session, code)
    for name in ("code", "name", "kind", "url", "member"):
        value = getattr(row, name)
        say(f"{name:10} {masked(value) if name == 'url' else value or '-'}")
    for name, value in row.options.items():
        say(f"{'option':10} {name}={'*** (encrypted)' if name in SECRET else value}")


@targets.command()
@click.argument("code")
def remove(code: str) -> None:
    """Forget a target, its password with it."""
    with context.workplace() as place, place.database.write() as session:
        store.remove(session, code)
    say(f"{code} is forgotten")


@targets.command()
@click.argument("code")
@click.option("--word", default="history", show_default=True, help="a word that some of its titles and subjects have")
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def probe(code: str, word: str, as_json: bool) -> None:
    """Ask a target a question of each kind, and tell which it understands."""
    rows = []
    with context.workplace() as place:
        for name in _ASKED:
            asked = Asked(_term(name, word), (code,), most=1)
            rows += [_row(name, answer) for answer in search(place.database, place.settings, asked)]
    if as_json:
        say_json({"target": code, "word": word, "asked": rows})
    else:
        table(rows, "asked", "status", "total", "seconds", "first record", "message")
    ending.leave(ending.DONE if any(row["status"] == "answered" for row in rows) else ending.FAILED)


def _term(name: str, word: str) -> Term:
    number = _NUMBERS.get(name, "")
    return Term(name, number, "whole") if number else Term(name, word)


def _row(name: str, answer: Answer) -> dict[str, object]:
    first = answer.hits[0] if answer.hits else None
    shown = (first.fault or str(first.bib.title if first.bib else "")) if first else ""
    return {
        "asked": name,
        "status": answer.status,
        "total": "" if answer.total is None else answer.total,
        "seconds": round(answer.seconds, 2),
        "first record": shown[:60],
        "message": answer.message,
    }
