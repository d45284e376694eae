"""`lienthong notices`: what the operator should know, listed or sent.

In: nothing, or what to do. Out: the latest notices with when they were told; `--send` tells what is untold now,
`--test` sends a trial, so that the first mail is not the one that matters.
"""

from typing import Any

import click

from federation import clock
from federation.cli import context
from federation.cli.context import say, say_json, table
from federation.errors import UsageError
from federation.pipeline.runs import notices as pipeline
from federation.pipeline.workplace import Workplace
from federation.store import notices as store
from federation.store.notices import NoticeRow


@click.command()
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, metavar="N", help="so many notices")
@click.option("--json", "as_json", is_flag=True, help="as JSON")
@click.option("--send", "send_now", is_flag=True, help="look for silent sources, and tell what is untold, now")
@click.option("--test", "trial", is_flag=True, help="send a trial by mail and webhook; tells nothing else")
def notices(limit: int, as_json: bool, send_now: bool, trial: bool) -> None:
    """List what the operator should know: failures, silent sources, many deletions, many records put aside.

    The newest first.
    """
    if send_now and trial:
        raise UsageError("notices", "--send and --test exclude each other", "notices")
    with context.workplace() as place:
        if trial:
            say(f"a trial was sent by {' and '.join(pipeline.send_trial(place))}")
        elif send_now:
            _send(place)
        else:
            with place.database.read() as session:
                _list(store.latest(session, limit), as_json)


def _send(place: Workplace) -> None:
    ways = pipeline.require_channels(place.settings)
    now = clock.now()
    pipeline.look(place, now)
    say(f"{pipeline.send(place, now)} notices were told by {' and '.join(ways)}")


def _list(rows: list[NoticeRow], as_json: bool) -> None:
    if as_json:
        say_json([_row(row) for row in rows])
        return
    shown = [
        {
            "notice": row.id,
            "at": clock.local(row.at),
            "kind": row.kind,
            "told": _told(row),
            "what": row.english,
        }
        for row in rows
    ]
    table(shown, "notice", "at", "kind", "told", "what")


def _told(row: NoticeRow) -> str:
    if row.told_at:
        return clock.local(row.told_at)
    return f"{' and '.join(row.told_to)} only" if row.told_to else "no"


def _row(row: NoticeRow) -> dict[str, Any]:
    return {
        "notice": row.id,
        "kind": row.kind,
        "source": row.source or None,
        "run": row.run,
        "at": clock.iso(row.at),
        "told": clock.iso(row.told_at) if row.told_at else None,
        "told_to": list(row.told_to),
        "message": {"vi": row.vietnamese, "en": row.english},
    }
