"""Commands that bring records in: harvest a source, import files. Both run the stages that follow.

In: a source or files. Out: counts as text or JSON; exit 3 when records were put aside, 1 when the harvest failed.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import click

from federation import clock
from federation.cli import context
from federation.cli.context import say, say_json, table
from federation.cli.progress import Showing, showing
from federation.errors import UsageError
from federation.pipeline.harvest import Order, Report, settle, spec
from federation.pipeline.harvest import harvest as fetch
from federation.pipeline.normalise import describe
from federation.pipeline.stage import Workplace
from federation.pipeline.walk import walk
from federation.store import members, raws, sources
from federation.store.compress import expand
from federation.store.sources import COUNTS, NewSource
from harvesters import open_source
from harvesters.base import Window
from schemas.bib import load


def bring(place: Workplace, code: str, order: Order, show: Showing) -> Report:
    """Harvest one source and run the stages over what it brought."""
    report = fetch(place, code, order)
    walk(place, progress=show)
    return settle(place, report.run)


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
def run_one(code: str, full: bool, since: str | None, dry_run: int | None, as_json: bool) -> None:
    """Harvest one source, and bring what changed into the catalogue."""
    from_ = _moment(since) if since else None
    with context.workplace() as place:
        if dry_run:
            _preview(place, code, Window(from_), dry_run)
            return
        with showing() as show:
            report = bring(place, code, Order(full=full, from_=from_, on_page=shown(show)), show)
        tell(place, report, as_json)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            "date-malformed", "must be a day or time such as 2026-11-22 or 2026-11-22T08:00:00Z", text
        ) from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _preview(place: Workplace, code: str, window: Window, most: int) -> None:
    with place.database.read() as session:
        source = sources.one(session, code)
    pages = open_source(spec(source)).pages(window)
    for record in islice((record for page in pages for record in page.records), most):
        if record.deleted:
            say(f"{record.local_id}  deleted")
            continue
        found = describe(record.syntax, record.content, source.options)
        title = "put aside" if found.rejected else str(load(expand(found.content)).title)
        say(f"{record.local_id}  {title}")
        for issue in found.issues:
            say(f"    {issue.severity}: {issue.code}: {issue.message}")


def tell(place: Workplace, report: Report, as_json: bool) -> None:
    """Print how a run went, and end the command with the exit code that says it."""
    if as_json:
        row: dict[str, Any] = {"run": report.run, "status": report.status}
        say_json({**row, **report.counts, "seconds": round(report.seconds, 3), "message": report.message})
    else:
        say(f"run {report.run}: {report.status} in {report.seconds:.1f} s")
        say(", ".join(f"{name} {report.counts[name]}" for name in COUNTS))
        if report.message:
            say(report.message)
        with place.database.read() as session:
            for local_id, where, reason in raws.put_aside(session, report.run, 20):
                say(f"put aside: {local_id} ({where}): {reason}")
    if report.status == "failed":
        context.leave(context.FAILED)
    context.leave(context.PUT_ASIDE if report.counts["rejected"] else context.DONE)


@harvest.command("status")
def status() -> None:
    """Say for each source how its last run ended and when the last success was."""
    with context.workplace() as place, place.database.read() as session:
        rows = []
        for source in sources.every(session):
            history = sources.history(session, source.code, 100)
            good = next((run for run in history if run.status == "success"), None)
            rows.append(
                {
                    "source": source.code,
                    "last run": f"{history[0].status} {history[0].started_at:%Y-%m-%d %H:%M}Z" if history else "never",
                    "last success": f"{good.started_at:%Y-%m-%d %H:%M}Z" if good else "never",
                    "message": history[0].message if history else "",
                }
            )
    table(rows, "source", "last run", "last success", "message")


@harvest.command("history")
@click.argument("code", required=False)
def history(code: str | None) -> None:
    """List the runs, the latest first."""
    with context.workplace() as place, place.database.read() as session:
        if code:
            sources.one(session, code)
        rows = [
            {
                "run": run.id,
                "source": run.source,
                "started": f"{run.started_at:%Y-%m-%d %H:%M:%S}Z",
                "status": run.status,
                **run.counts,
                "message": run.message,
            }
            for run in sources.history(session, code)
        ]
    table(rows, "run", "source", "started", "status", *COUNTS, "message")


@click.command("import")
@click.argument("member")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--complete", is_flag=True, help="the files are all the member has: what is not in them is deleted")
@click.option("--option", "options", multiple=True, metavar="K=V", help="e.g. id=952p, holdings=…")
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def import_files(member: str, files: tuple[Path, ...], complete: bool, options: tuple[str, ...], as_json: bool) -> None:
    """Import MARC files (.mrc, .xml, .gz, or a folder of them) of a member."""
    with context.workplace() as place:
        code = own_source(place, member, context.pairs(options))
        extra = {"complete": "true" if complete else "false"}
        paths = "\n".join(str(path.absolute()) for path in files)
        with showing() as show:
            order = Order(full=True, url=paths, options=extra, on_page=shown(show))
            report = bring(place, code, order, show)
        tell(place, report, as_json)


def own_source(place: Workplace, member: str, options: dict[str, str]) -> str:
    """Give the source under which a member's imported files are kept, made when it is not there."""
    code = f"{member}-files"
    with place.database.write() as session:
        member_id = members.one(session, member).id
        known = {source.code: source for source in sources.every(session)}
        if code not in known:
            sources.add(session, member_id, NewSource(code, "files", "", options=options), clock.now())
        elif options:
            sources.change(session, known[code].id, options={**known[code].options, **options})
    return code


COMMANDS = (harvest, import_files)
