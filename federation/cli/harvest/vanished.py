"""Commands about records that are gone from their source: look for them, decide what becomes of them, take it back.

In: a source or a run. Out: what is absent, with titles; or what was done, and the stages have run when it is told.
"""

from typing import Final

import click

from federation.cli import context, ending
from federation.cli.context import say, say_json
from federation.cli.harvest.telling import say_sweep, told
from federation.cli.progress import showing
from federation.errors import UsageError
from federation.pipeline.runs import rekey, sweep, vanished
from federation.pipeline.runs.harvest import report
from federation.pipeline.stages.walk import walk, walk_beside
from federation.pipeline.workplace import Workplace
from federation.store import absences, rekeyings, sources
from federation.store.compress import expand
from federation.store.sources import SourceRow
from schemas.bib import load

_SAMPLE: Final = 20


def attach(group: click.Group) -> None:
    """Give a group these commands."""
    for command in (sweep_one, absent, rekey_one, restore):
        group.add_command(command)


def _source(place: Workplace, code: str) -> SourceRow:
    with place.database.read() as session:
        return sources.one(session, code)


def _tell(place: Workplace, run_id: int, as_json: bool = False) -> None:
    """Say how a run went; one that leaves something to decide ends the command with 1, as a harvest does."""
    found = report(place, run_id)
    if as_json:
        say_json(told(found))
    else:
        say_sweep(found, f"run {found.run}")
    if found.status != "success":
        ending.leave(ending.FAILED)


@click.command("sweep")
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def sweep_one(code: str, as_json: bool) -> None:
    """List all identifiers of a source, and find which of its records are gone."""
    with context.workplace() as place:
        source = _source(place, code)
        with showing() as show:
            run_id = walk_beside(place, lambda: sweep.by_hand(place, source), show)
        _tell(place, run_id, as_json)


@click.command("absent")
@click.argument("code")
@click.option("--withdraw", is_flag=True, help="they are gone: take them out of the catalogue")
@click.option("--keep", is_flag=True, help="they are not gone: forget that they were missed")
@click.option("--limit", type=click.IntRange(1, 10_000), default=_SAMPLE, show_default=True, help="records shown")
def absent(code: str, withdraw: bool, keep: bool, limit: int) -> None:
    """Show the records that a whole look at a source did not find, or decide what becomes of them."""
    if withdraw and keep:
        raise UsageError("decision", "--withdraw and --keep exclude each other", "harvest absent")
    with context.workplace() as place:
        source = _source(place, code)
        if keep:
            say(f"{vanished.keep(place, source)} records stay in the catalogue")
        elif withdraw:
            run_id = vanished.withdraw(place, source)
            _walk(place)
            _tell(place, run_id)
            say(f"`lienthong harvest restore {run_id}` takes it back for {vanished.RESTORABLE.days} days")
        else:
            _list_absent(place, source, limit)


def _walk(place: Workplace) -> None:
    with showing() as show:
        walk(place, progress=show)


def _list_absent(place: Workplace, source: SourceRow, limit: int) -> None:
    with place.database.read() as session:
        live, missing, quarantined = absences.count(session, source.id)
        found = absences.shown(session, source.id, limit)
        pairs = len(rekeyings.standing(session, source.id))
    say(f"{source.code}: {missing} of {live} records are absent, {quarantined} of them held for a decision")
    for one in found:
        held = ", held" if one.held else ""
        say(f"  {one.local_id}  {_title(one.content)}  (since {one.since:%Y-%m-%d %H:%M}Z{held})")
    if missing > len(found):
        say(f"  and {missing - len(found)} more")
    if pairs:
        say(f"{pairs} of them seem to be back under other ids: `lienthong harvest rekey {source.code}` shows them")


def _title(content: bytes | None) -> str:
    return "(put aside)" if content is None else str(load(expand(content)).title) or "(no title)"


@click.command("rekey")
@click.argument("code")
@click.option("--yes", is_flag=True, help="they are the same records: give them their new ids")
@click.option("--no", is_flag=True, help="they are not: the old ones are merely absent")
@click.option("--limit", type=click.IntRange(1, 10_000), default=_SAMPLE, show_default=True, help="records shown")
def rekey_one(code: str, yes: bool, no: bool, limit: int) -> None:
    """Show the records that seem to have come back under other ids, or decide whether they have."""
    if yes and no:
        raise UsageError("decision", "--yes and --no exclude each other", "harvest rekey")
    with context.workplace() as place:
        source = _source(place, code)
        if yes:
            run_id = rekey.accept(place, source)
            _walk(place)
            _tell(place, run_id)
        elif no:
            count = rekey.refuse(place, source)
            say(f"{count} pairs refused; `lienthong harvest absent {code}` decides about the old ones")
        else:
            _list_pairs(place, source, limit)


def _list_pairs(place: Workplace, source: SourceRow, limit: int) -> None:
    with place.database.read() as session:
        pairs = rekeyings.standing(session, source.id)
        contents = rekeyings.contents(session, pairs[:limit])
    say(f"{source.code}: {len(pairs)} records seem to be back under other ids")
    for pair in pairs[:limit]:
        say(f"  {pair.old} -> {pair.new}  {_title(contents.get(pair.old_id))}")
    if len(pairs) > limit:
        say(f"  and {len(pairs) - limit} more")


@click.command("restore")
@click.argument("run", type=click.IntRange(1))
def restore(run: int) -> None:
    """Take back what a run withdrew, for 30 days: the records are in the catalogue again."""
    with context.workplace() as place:
        run_id = vanished.restore(place, run)
        _walk(place)
        _tell(place, run_id)
