"""The command that shows what the present rules would change, before they do.

In: the catalogue as it is stored. Out: how many union records would stay, merge, split and lose records to others, with
samples; nothing is written.
"""

from collections.abc import Iterable
from typing import Any

import click

from federation.cli import context
from federation.cli.context import say, say_json
from federation.cli.progress import showing
from federation.pipeline.stages import rederive
from federation.pipeline.stages.rederive import Changes
from federation.store import Session, clusters
from federation.store.clusters import Standing
from federation.store.compress import expand
from schemas.bib import load


def attach(group: click.Group) -> None:
    """Give a group this command."""
    group.add_command(diff)


@click.command()
@click.option("--limit", type=click.IntRange(0, 10_000), default=10, show_default=True, help="samples of each kind")
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def diff(limit: int, as_json: bool) -> None:
    """Show what would merge, split and stay if everything were matched by the present rules; change nothing."""
    with context.workplace() as place, place.database.read() as session:
        waiting = clusters.size(session)
        with showing() as show:
            found = rederive.rederive(session, lambda done: show("match", done, waiting))
        changed = rederive.changes(found)
        counts = {
            "stay": changed.stay,
            "merge": len(changed.merged),
            "split": len(changed.split),
            "move": len(changed.moved),
            "regroup": len(changed.regrouped),
            "unsure": found.unsure,
        }
        samples = _samples(session, changed, limit)
    if as_json:
        say_json({**counts, "samples": samples})
        return
    say(", ".join(f"{name} {count}" for name, count in counts.items()))
    for name, lines in samples.items():
        for line in lines:
            say(f"  {name:8}{line}")


def _samples(session: Session, changed: Changes, limit: int) -> dict[str, list[str]]:
    merged, split = changed.merged[:limit], changed.split[:limit]
    wanted = {cluster for pair in merged for cluster in pair if cluster is not None}
    homes: dict[int | None, str] = {}
    for row in clusters.members(session, wanted | set(changed.regrouped[:limit])):
        homes.setdefault(row.cluster_id, _title(row))
    bibs = clusters.standing(session, {bib for _, group in split for bib in group} | set(changed.moved[:limit]))
    return {
        "merge": [f"{loser} into {heir}: {homes.get(loser, '')} | {homes.get(heir, '')}" for loser, heir in merged],
        "split": [f"from {origin or 'none'}: {_names(bibs[bib] for bib in group)}" for origin, group in split],
        "move": [f"out of {bibs[bib].cluster_id}: {_names([bibs[bib]])}" for bib in changed.moved[:limit]],
        "regroup": [f"{cluster}: {homes.get(cluster, '')}" for cluster in changed.regrouped[:limit]],
    }


def _names(rows: Iterable[Standing]) -> str:
    return "; ".join(f"{row.member}:{row.local_id} {_title(row)}" for row in rows)


def _title(row: Any) -> str:
    return str(load(expand(row.content)).title)
