"""`make accuracy`: ask the rules about every labelled pair, print figures, write accuracy.json, compare with what was.

In: options, and LIENTHONG_TEST_DATA. Out: exit 0 when nothing fell, 1 when something did, 2 on wrong usage. Where the
folder of real records is missing only the project's own pairs are asked about, and a note says so.
"""

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from tests.accuracy import baseline, doubts, report, sets, show, union, wild_catalogue, wild_report
from tests.accuracy.figures import Result
from tests.accuracy.judge import FAILURES
from tests.accuracy.measure import measured
from tests.accuracy.pairs import Missing
from tests.accuracy.wild import search

ROOT = Path(__file__).parent.parent.parent
DOUBTS = "doubts"
_SET = click.Choice(sets.NAMES)


@click.group(invoke_without_command=True)
@click.option("--set", "wanted", type=_SET, multiple=True, help="Only this set (repeatable).")
@click.option("--show", "shown", type=(click.Choice((*FAILURES, DOUBTS)), _SET), help="Show single pairs of one set.")
@click.option("--class", "containing", default="", help="With --show: only failures whose class or kind has this text.")
@click.option("--most", default=20, help="With --show: how many.")
@click.option("--renew", is_flag=True, help="Keep the figures of this run as those that must not fall.")
@click.option("--write-docs", is_flag=True, help="Write the tables of docs/reference/accuracy.md from what is kept.")
@click.option("--result", type=click.Path(path_type=Path), default=ROOT / "accuracy.json", help="Where figures go.")
@click.pass_context
def main(context: click.Context, /, **options: Any) -> None:
    """Measure how right matching is."""
    if context.invoked_subcommand is None:
        context.exit(_shown(**options) if options["shown"] else _run(**options))


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--sample", default=20, help="How many pairs of each sort to print.")
@click.option("--seed", default=1, help="Another number draws other pairs.")
def wild(files: tuple[Path, ...], sample: int, seed: int) -> None:
    """Search unlabelled MARC files for harm: read each as a member's, let all records meet that share a key."""
    begun = time.perf_counter()
    catalogue = wild_catalogue.gather(files)
    read = time.perf_counter()
    found = search(catalogue, sample, seed)
    ended = time.perf_counter()
    for line in wild_report.lines(catalogue, found):
        click.echo(line)
    click.echo(f"read in {read - begun:.0f} s, searched in {ended - read:.0f} s", err=True)


@main.command("union")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--home", required=True, type=click.Path(path_type=Path), help="An empty folder for the catalogue.")
@click.option("--holdings", default="", help="Where the records keep holdings, such as 952,location=c,barcode=p.")
@click.option("--sample", default=20, help="How many of each sort to print.")
@click.option("--seed", default=1, help="Another number draws others.")
def unite(files: tuple[Path, ...], home: Path, holdings: str, sample: int, seed: int) -> None:
    """Make one union catalogue of real files by the command line, each file a member's, and look at it."""
    made = union.unite(files, home, holdings)
    for line in union.told(made, sample, seed):
        click.echo(line)
    if made.wrong:
        raise click.ClickException(f"{len(made.wrong)} things are wrong")


def _data() -> Path:
    return Path(os.environ.get("LIENTHONG_TEST_DATA") or ROOT.parent / "shared" / "data")


def _shown(shown: tuple[str, str], containing: str, most: int, **_: Any) -> int:
    word, name = shown
    for found in sets.read(_data(), [name]):
        if isinstance(found, Missing):
            raise click.ClickException(f"{found.name}: {found.reason}")
        result, judged = measured(found, doubts.read())
        if word == DOUBTS:
            show.doubted(result.doubts)
        else:
            show.failures(judged, FAILURES[word], most, containing)
    return 0


def _run(wanted: tuple[str, ...], renew: bool, write_docs: bool, result: Path, **_: Any) -> int:
    results = _measured(wanted or sets.NAMES)
    figures = baseline.plain(results)
    click.echo(report.text(figures))
    baseline.keep(result, figures)
    click.echo(f"Written to {result}")
    if renew:
        baseline.keep(baseline.FILE, baseline.renewed(baseline.read(), results, sets.NAMES))
        click.echo(f"Kept in {baseline.FILE}")
    if write_docs:
        report.PAGE.write_text(report.rendered(report.PAGE.read_text("utf-8"), baseline.read()), "utf-8")
        click.echo(f"Written to {report.PAGE}")
    fallen = baseline.falls(results, baseline.read())
    for fall in fallen:
        click.echo(f"FELL  {fall}", err=True)
    return 1 if fallen else 0


def _measured(names: Iterable[str]) -> list[Result]:
    results, missing = [], dict[str, list[str]]()
    for found in sets.read(_data(), names):
        if isinstance(found, Missing):
            missing.setdefault(found.reason, []).append(found.name)
        else:
            results.append(measured(found, doubts.read())[0])
    for reason, left_out in missing.items():
        click.echo(f"Not measured: {', '.join(left_out)}: {reason}\n")
    return results


if __name__ == "__main__":
    main(prog_name="python -m tests.accuracy")
