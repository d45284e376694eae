"""Commands that bring records in from sources; the stages that follow are run too.

In: a source. Out: counts as text or JSON; exit 3 when records were put aside, 1 when the harvest failed.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Any, Final

import click
from msgspec.structs import asdict

from federation.cli import context, ending
from federation.cli.context import say, say_json
from federation.cli.harvest import history, queueing, vanished
from federation.cli.harvest.telling import say_sweep, told
from federation.cli.progress import Showing, showing
from federation.errors import UsageError
from federation.pipeline.runs.harvest import Order, Report, settle
from federation.pipeline.runs.harvest import harvest as fetch
from federation.pipeline.runs.manners import spec
from federation.pipeline.runs.notices import consider
from federation.pipeline.runs.replay import source_of
from federation.pipeline.stages.normalise import describe
from federation.pipeline.stages.own import foreseen_repository
from federation.pipeline.stages.walk import walk_beside
from federation.pipeline.workplace import Workplace
from federation.store import raws, sources
from federation.store.compress import expand
from federation.store.sources import COUNTS
from harvesters import open_source
from harvesters.base import Harvested, Window
from schemas.bib import load
from schemas.issues import BROKEN, issue

#: records put aside that a report names
_SHOWN: Final = 20


def bring(place: Workplace, code: str, order: Order, show: Showing) -> Report:
    """Harvest one source and run the stages over what it brought."""
    report = walk_beside(place, partial(fetch, place, code, order), show)
    report = replace(settle(place, report.run), sweep=report.sweep)
    consider(place, report)
    return report


def shown(show: Showing) -> Callable[[int, int | None], None]:
    """Give what tells a bar how many records were fetched."""
    return lambda seen, expected: show("fetch", seen, expected)


@click.group()
def harvest() -> None:
    """Fetch records from sources."""


@harvest.command("run")
@click.argument("code")
@click.option("--full", is_flag=True, help="everything, not only changes")
@click.option("--from", "since", metavar="DATE", help="changes since this day or time (UTC)")
@click.option("--dry-run", type=click.IntRange(1, 1000), metavar="N", help="show the first N records, keep nothing")
@click.option("--json", "as_json", is_flag=True, help="as JSON")
@click.option("--queue", is_flag=True, help="let the scheduler do it, and return at once")
def run_one(code: str, full: bool, since: str | None, dry_run: int | None, as_json: bool, queue: bool) -> None:
    """Harvest one source, and bring what changed into the catalogue."""
    if queue and (since or dry_run or as_json):
        raise UsageError("queue", "--queue goes with --full only", "harvest run")
    if queue:
        queueing.ask(code, full)
        return
    if full and since:
        raise UsageError("window", "--full and --from exclude each other", "harvest run")
    from_ = _moment(since) if since else None
    with context.workplace() as place:
        if dry_run:
            _preview(place, code, Window(from_), dry_run, as_json)
            return
        with showing() as show:
            report = bring(place, code, Order(full=full, from_=from_, on_page=shown(show)), show)
        tell(place, report, as_json)


@harvest.command("replay")
@click.argument("run", type=int)
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def replay(run: int, as_json: bool) -> None:
    """Read the answers kept of a run once more, without the network, as a run of its own."""
    with context.workplace() as place:
        code = source_of(place, run)
        with showing() as show:
            report = bring(place, code, Order(replay=run, on_page=shown(show)), show)
        tell(place, report, as_json)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            "date-malformed", "must be a day or time such as 2026-11-22 or 2026-11-22T08:00:00Z", text
        ) from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _preview(place: Workplace, code: str, window: Window, most: int, as_json: bool) -> None:
    with place.database.read() as session:
        source = sources.one(session, code)
    repository = foreseen_repository(place.settings, source)
    pages = open_source(spec(place, source), place.settings.admin_email).pages(window)
    rows = [
        foreseen(record, source.options, repository)
        for record in islice((record for page in pages for record in page.records), most)
    ]
    if as_json:
        say_json(rows)
        return
    for row in rows:
        say(f"{row['local_id']}  {row['status'] if row['status'] != 'kept' else row['title'] or '(no title)'}")
        for each in row["issues"]:
            say(f"    {each['severity']}: {each['code']} {each['where']}: {each['message']}")
    say(f"{len(rows)} records looked at; nothing was kept")


def foreseen(record: Harvested, options: Mapping[str, str], repository: str = "") -> dict[str, Any]:
    """Say what would become of a record; `repository` is who we are, where records of ours are looked for."""
    row: dict[str, Any] = {"local_id": record.local_id, "status": "deleted", "title": "", "issues": []}
    if not record.deleted:
        found = describe(record.syntax, record.content, options, repository)
        broken = BROKEN in record.findings
        row["status"] = "put aside" if found.rejected or broken else "kept"
        row["title"] = "" if found.rejected or broken else str(load(expand(found.content)).title)
        issues = (issue(BROKEN, record.where),) if broken else found.issues
        row["issues"] = [asdict(each) for each in issues]
    return row


def tell(place: Workplace, report: Report, as_json: bool) -> None:
    """Print how a run went, and end the command with the exit code that says it."""
    if as_json:
        say_json(told(report))
    else:
        say(f"run {report.run}: {report.status}, fetched in {report.seconds:.1f} s")
        say(", ".join(f"{name} {report.counts[name]}" for name in COUNTS))
        if report.message:
            click.echo(report.message, err=report.status == "failed")
        with place.database.read() as session:
            for aside in raws.put_aside(session, _SHOWN, report.run):
                say(f"put aside: {aside.local_id} ({aside.place}): {aside.reason}")
        if report.counts["rejected"] > _SHOWN:
            say(f"and {report.counts['rejected'] - _SHOWN} more are put aside; `lienthong records aside` lists them")
        if report.sweep:
            say_sweep(report.sweep, f"sweep (run {report.sweep.run})")
    if report.status != "success":
        ending.leave(ending.FAILED)
    ending.leave(ending.PUT_ASIDE if report.counts["rejected"] else ending.DONE)


harvest.add_command(queueing.list_queue)
harvest.add_command(queueing.cancel)
harvest.add_command(history.status)
harvest.add_command(history.history)
harvest.add_command(history.log_of)
vanished.attach(harvest)
