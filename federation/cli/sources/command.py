"""Commands about sources: the endpoints that members' records come from.

In: codes, addresses, options. Out: rows, or a table of them.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import click

from federation import clock
from federation.cli import context, passwords
from federation.cli.context import say, table
from federation.cli.imports import change_options
from federation.cli.members import checked_code
from federation.cli.options import check
from federation.cli.sources.clockwork import described
from federation.cli.sources.login import login
from federation.cli.sources.probe import probe
from federation.cli.sources.trust import trust
from federation.cli.tables import read_tables
from federation.errors import UsageError
from federation.pipeline.runs import breaker
from federation.pipeline.workplace import Workplace
from federation.store import Session
from federation.store import members as member_store
from federation.store import sources as store
from federation.store.sources import NewSource, SourceRow
from harvesters import KINDS
from harvesters.http import masked

_NEEDED: Final = ("member", "kind", "url")
_MORE: Final = ("prefix", "set", "schedule", "options")


@click.group()
def sources() -> None:
    """Where members' records come from."""


sources.add_command(probe)


@sources.command()
@click.argument("code")
@click.option("--member", required=True)
@click.option("--kind", required=True, type=click.Choice(KINDS))
@click.option("--url", required=True, help="address; for files a path, folder or glob")
@click.option("--prefix", default="", help="OAI metadataPrefix; empty: the best the server has")
@click.option("--set", "set_spec", default="", help="OAI set")
@click.option("--schedule", default="", help="cron, Asia/Ho_Chi_Minh, such as '30 2 * * *'")
@click.option(
    "--option", "options", multiple=True, metavar="K=V", help="more, e.g. allow_private=true, password=- (asks for it)"
)
def add(code: str, member: str, **values: str) -> None:
    """Add a source to a member."""
    options = passwords.asked(context.pairs(tuple(values.pop("options"))))
    source = passwords.moved(NewSource(checked_code(code), options=options, **values))
    check(source)
    with context.workplace() as place:
        write(place, member, source)
    say(f"{code}: {masked(source.url)}")


def write(place: Workplace, member: str, source: NewSource) -> None:
    """Make a source."""
    source = replace(source, options=passwords.locked(place, source.options))
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
                    "url": masked(source.url),
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
        value = getattr(source, name)
        say(f"{name:10} {masked(value) if name == 'url' else value if value not in ('', None) else '-'}")
    if source.rest_until:
        say(f"{'rests':10} until {source.rest_until:%Y-%m-%d %H:%M}Z after {source.failures} failed runs in a row")
    for line in [*passwords.shown(source), *described(source, clock.now())]:
        say(line)


def _pause(code: str, paused: bool) -> None:
    with context.workplace() as place, place.database.write() as session:
        source = store.one(session, code)
        # What passed while it rested is not caught up with.
        since = {} if paused else {"fired_at": clock.now()}
        store.change(session, source.id, paused=paused, **since)
        breaker.forgive(session, source.id)
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
    """Make or change sources as a TOML file says.

    FILE has a table [code] for each with member, kind, url, and where wanted prefix, set, schedule, options.
    """
    with context.workplace() as place:
        rows = read_tables(file, (*_NEEDED, *_MORE))
        with place.database.alone(), place.database.write() as session:
            known = {source.code: source for source in store.every(session)}
            done = [
                _applied(session, known.get(code), _secured(place, known.get(code), _described(code, row, file)))
                for code, row in rows.items()
            ]
    told = ", ".join(f"{done.count(what)} {what}" for what in ("added", "changed", "unchanged"))
    waits = (
        "; `lienthong run` describes records anew where holdings are read in another way" if "changed" in done else ""
    )
    say(f"{told}{waits}")


def _described(code: str, row: dict[str, Any], file: Path) -> tuple[str, NewSource]:
    where = f"{file} [{code}]"
    if missing := [name for name in _NEEDED if not row.get(name)]:
        raise UsageError("source-incomplete", f"lacks {', '.join(missing)}", where)
    if row["kind"] not in KINDS:
        raise UsageError("kind-unknown", f"kind must be one of {', '.join(KINDS)}", where)
    texts = (row.get("prefix", ""), row.get("set", ""), row.get("schedule", ""))
    source = passwords.moved(NewSource(checked_code(code), row["kind"], row["url"], *texts, row.get("options", {})))
    check(source)
    return row["member"], source


def _secured(place: Workplace, old: SourceRow | None, described: tuple[str, NewSource]) -> tuple[str, NewSource]:
    member, source = described
    options = passwords.settled(place, old, source.url, source.options, source.code)
    return member, replace(source, options=options)


def _applied(session: Session, old: SourceRow | None, described: tuple[str, NewSource]) -> str:
    member, source = described
    if old is None:
        store.add(session, member_store.one(session, member).id, source, clock.now())
        return "added"
    if (old.member, old.kind) != (member, source.kind):
        raise UsageError(
            "source-moved",
            f"is of {old.member} and of the kind {old.kind}, and its records with it; give the new one another code",
            source.code,
        )
    new = {name: getattr(source, name) for name in ("url", "prefix", "set_spec", "schedule")}
    stood = {name: getattr(old, name) for name in new}
    if new == stood and dict(source.options) == dict(old.options):
        return "unchanged"
    if {**new, "schedule": ""} != {**stood, "schedule": ""}:
        new["next_from"] = None  # another place or list: what changed there before is not here yet
    if source.schedule != old.schedule:
        new["fired_at"] = clock.now()  # no time of the new schedule was missed before there was one
    store.change(session, old.id, **new)
    change_options(session, old, source.options)
    breaker.forgive(session, old.id)
    return "changed"


sources.add_command(login)
sources.add_command(trust)
