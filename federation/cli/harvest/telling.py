"""How a run went, as it is told on the command line: a row for programs, lines for people.

In: a `Report`. Out: a row of JSON with the counts, or printed lines.
"""

from typing import Any

import click

from federation.cli.context import say
from federation.pipeline.runs.order import Report


def told(report: Report) -> dict[str, Any]:
    """Give a run as JSON, with the sweep that followed it where one did."""
    row: dict[str, Any] = {"run": report.run, "status": report.status, **report.counts}
    row |= {"seconds": round(report.seconds, 3), "message": report.message}
    return row | ({"sweep": told(report.sweep)} if report.sweep else {})


def say_sweep(report: Report, name: str) -> None:
    """Say how a run went that looked for what is gone, or that carried out what was decided about it."""
    say(f"{name}: {report.status}")
    if report.counts["seen"]:
        say(f"listed {report.counts['seen']}, withdrawn {report.counts['deleted']}")
    if report.message:
        click.echo(report.message, err=report.status == "failed")
