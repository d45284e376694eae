"""What became of harvests: how every source stands, the runs one by one, and the log of one of them.

In: the code of a source or the number of a run. Out: tables with the time in Vietnam, or JSON with UTC. The last
attempt and the last success are two things; `partial` is a status of its own: what came is kept, and why is told.
"""

from datetime import datetime
from typing import Any

import click

from federation import clock
from federation.cli import context
from federation.cli.context import say, say_json, table
from federation.errors import NotFound
from federation.store import Session, histories, run_lines, sources
from federation.store.histories import Standing
from federation.store.sources import COUNTS, RunRow


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def status(as_json: bool) -> None:
    """Say how each source stands: its last attempt and its last success, since when it fails, its records."""
    with context.workplace() as place, place.database.read() as session:
        standings = histories.standings(session)
    if as_json:
        say_json([_standing(standing) for standing in standings])
        return
    names = ("source", "status", "last attempt", "last success", "failing since", "next", "live", "absent", "aside")
    table([_shown_standing(standing) for standing in standings], *names, "message")


def _status(standing: Standing) -> str:
    return standing.attempt.status if standing.attempt else "never"


def _next(standing: Standing, now: datetime) -> str:
    """Say in a word when the source is harvested next."""
    if standing.paused:
        return "paused"
    if standing.rest_until and standing.rest_until > now:
        return f"rests until {clock.local(standing.rest_until)}"
    return standing.schedule or "by hand"


def _standing(standing: Standing) -> dict[str, Any]:
    attempt = standing.attempt
    return {
        "source": standing.source,
        "member": standing.member,
        "status": _status(standing),
        "run": attempt.run if attempt else None,
        "last_attempt": _utc(attempt.started_at if attempt else None),
        "last_success": _utc(standing.success_at),
        "failing_since": _utc(standing.failing_since),
        "failures": standing.failures,
        "schedule": standing.schedule,
        "paused": standing.paused,
        "rests_until": _utc(standing.rest_until),
        "live": standing.live,
        "absent": standing.absent,
        "rejected": standing.rejected,
        "message": attempt.message if attempt else "",
    }


def _shown_standing(standing: Standing) -> dict[str, Any]:
    attempt = standing.attempt
    return {
        "source": standing.source,
        "status": _status(standing),
        "last attempt": clock.local(attempt.started_at) if attempt else "never",
        "last success": clock.local(standing.success_at) if standing.success_at else "never",
        "failing since": clock.local(standing.failing_since) if standing.failing_since else "-",
        "next": _next(standing, clock.now()),
        "live": standing.live,
        "absent": standing.absent,
        "aside": standing.rejected,
        "message": " ".join(attempt.message.split()) if attempt else "",
    }


def _utc(moment: datetime | None) -> str | None:
    return clock.iso(moment) if moment else None


@click.command("history")
@click.argument("code", required=False)
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, metavar="N", help="so many runs")
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def history(code: str | None, limit: int, as_json: bool) -> None:
    """List the runs, the latest first, with their counts and why records were put aside."""
    with context.workplace() as place, place.database.read() as session:
        if code:
            sources.one(session, code)
        runs = sources.history(session, code, limit)
        reasons = histories.reasons(session, [run.id for run in runs if run.counts["rejected"]])
    if as_json:
        say_json([_run(run, reasons.get(run.id, {})) for run in runs])
        return
    names = ("run", "source", "started", "status", "kind", "trigger", *COUNTS, "message")
    table([_shown_run(run, reasons.get(run.id, {})) for run in runs], *names)


def _run(run: RunRow, reasons: dict[str, int]) -> dict[str, Any]:
    return {
        "run": run.id,
        "source": run.source,
        "kind": run.kind,
        "trigger": run.trigger,
        "started": _utc(run.started_at),
        "ended": _utc(run.ended_at),
        "seconds": round((run.ended_at - run.started_at).total_seconds(), 3) if run.ended_at else None,
        "status": run.status,
        **run.counts,
        "reasons": reasons,
        "message": run.message,
    }


def _shown_run(run: RunRow, reasons: dict[str, int]) -> dict[str, Any]:
    aside = "put aside: " + ", ".join(f"{code} {count}" for code, count in reasons.items()) if reasons else ""
    said = "; ".join(text for text in (" ".join(run.message.split()), aside) if text)
    shown = {"run": run.id, "started": clock.local(run.started_at), **run.counts, "message": said}
    return shown | {name: getattr(run, name) for name in ("source", "status", "kind", "trigger")}


@click.command("log")
@click.argument("run", type=int)
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def log_of(run: int, as_json: bool) -> None:
    """Show the log of one run, from its beginning.

    RUN is its number in the history.
    """
    with context.workplace() as place, place.database.read() as session:
        _there(session, run)
        lines = run_lines.of_run(session, run)
    if as_json:
        say_json([{"at": _exact(line.at), "level": line.level, "message": line.message} for line in lines])
        return
    for line in lines:
        say(f"{line.at.astimezone(clock.VIETNAM):%Y-%m-%d %H:%M:%S} +07  {line.level:7}  {line.message}")
    if not lines:
        say(f"run {run} has no log")


def _exact(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _there(session: Session, run: int) -> None:
    if not sources.exists(session, run):
        raise NotFound("run-unknown", "there is no such run; `lienthong harvest history` lists them", f"run {run}")
