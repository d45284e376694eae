"""Commands about sources: the endpoints that members' records come from.

In: codes, addresses, options. Out: rows, or a table of them.
"""

from pathlib import Path

import click

from federation import clock
from federation.cli import context
from federation.cli.context import say, table
from federation.cli.members import checked_code, read_toml
from federation.errors import UsageError
from federation.pipeline.stage import Workplace
from federation.store import members as member_store
from federation.store import sources as store
from federation.store.sources import NewSource

#: the kinds this version can fetch from
KINDS = ("oaipmh", "files")


@click.group()
def sources() -> None:
    """Where members' records come from."""


@sources.command()
@click.argument("code")
@click.option("--member", required=True)
@click.option("--kind", required=True, type=click.Choice(KINDS))
@click.option("--url", required=True, help="address; for files a path, folder or glob")
@click.option("--prefix", default="", help="OAI metadataPrefix; empty: the best the server has")
@click.option("--set", "set_spec", default="", help="OAI set")
@click.option("--schedule", default="", help="cron, Asia/Ho_Chi_Minh")
@click.option(
    "--option", "options", multiple=True, metavar="K=V", help="more, e.g. allow_private=true, holdings=…, id=952p"
)
def add(code: str, member: str, **values: str) -> None:
    """Add a source to a member."""
    options = context.pairs(tuple(values.pop("options")))
    with context.workplace() as place:
        write(place, member, NewSource(checked_code(code), options=options, **values))
    say(f"{code}: {values['url']}")


def write(place: Workplace, member: str, source: NewSource) -> None:
    """Make a source."""
    with place.database.write() as session:
        store.add(session, member_store.one(session, member).id, source, clock.now())


@sources.command("list")
def list_all() -> None:
    """List the sources with how their last run ended."""
    with context.workplace() as place, place.database.read() as session:
        rows = []
        for source in store.every(session):
            last = store.last_run(session, source.id)
            rows.append(
                {
                    "code": source.code,
                    "member": source.member,
                    "kind": source.kind,
                    "url": source.url,
                    "last run": f"{last.status} {last.started_at:%Y-%m-%d %H:%M}Z" if last else "never",
                    "paused": "paused" if source.paused else "",
                }
            )
    table(rows, "code", "member", "kind", "last run", "paused", "url")


@sources.command()
@click.argument("code")
def show(code: str) -> None:
    """Show one source."""
    with context.workplace() as place, place.database.read() as session:
        source = store.one(session, code)
    for name in ("code", "member", "kind", "url", "prefix", "set_spec", "schedule", "paused", "next_from"):
        say(f"{name:10} {getattr(source, name)}")
    for name, value in source.options.items():
        say(f"{'option':10} {name}={value}")


def _pause(code: str, paused: bool) -> None:
    with context.workplace() as place, place.database.write() as session:
        store.change(session, store.one(session, code).id, paused=paused)
    say(f"{code} is {'paused' if paused else 'active'}")


@sources.command()
@click.argument("code")
def pause(code: str) -> None:
    """Let a source rest: it is not harvested until resumed."""
    _pause(code, True)


@sources.command()
@click.argument("code")
def resume(code: str) -> None:
    """Harvest a paused source again."""
    _pause(code, False)


@sources.command("apply")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def apply_file(file: Path) -> None:
    """Make or change sources as a TOML file says: [code] member, kind, url, prefix, set, schedule, options."""
    rows = read_toml(file)
    with context.workplace() as place, place.database.write() as session:
        known = {source.code: source for source in store.every(session)}
        for code, row in rows.items():
            if missing := [name for name in ("member", "kind", "url") if name not in row]:
                raise UsageError("source-incomplete", f"[{code}] lacks {', '.join(missing)}", str(file))
            if row["kind"] not in KINDS:
                raise UsageError("kind-unknown", f"[{code}] kind must be one of {', '.join(KINDS)}", str(file))
            options = {name: str(value) for name, value in row.get("options", {}).items()}
            texts = (row.get("prefix", ""), row.get("set", ""), row.get("schedule", ""))
            source = NewSource(checked_code(code), row["kind"], row["url"], *texts, options)
            member = member_store.one(session, row["member"])
            if code in known:
                columns = {name: getattr(source, name) for name in ("kind", "url", "prefix", "set_spec", "schedule")}
                store.change(session, known[code].id, member_id=member.id, options=options, **columns)
            else:
                store.add(session, member.id, source, clock.now())
    say(f"{len(rows)} sources applied")
