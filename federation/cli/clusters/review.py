"""Commands that show a person pairs of records to decide about: those the rules are not sure of, and a sample of those
they joined.

In: the catalogue, and answers typed. Out: both records of a pair side by side with what speaks for and against, and
pins. The answers to a week's sample tell how often the rules are right.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

import click

from federation import clock
from federation.cli import context
from federation.cli.clusters import pinning
from federation.cli.context import say, say_json
from federation.cli.progress import showing
from federation.matching.pins import Said
from federation.pipeline.stages.pinning import pin
from federation.pipeline.stages.walk import walk
from federation.pipeline.workplace import Workplace
from federation.store import doubts, pins
from federation.store.clusters import Standing
from federation.store.compress import expand
from federation.store.doubts import Judged
from schemas.bib import Bib, load

_ANSWERS: Final[dict[str, Said]] = {"s": "same", "d": "different"}
_QUESTION: Final = "(s)ame, (d)ifferent, (l)ater, (q)uit"
_WIDTH: Final = 56


def attach(group: click.Group) -> None:
    """Give a group these commands."""
    group.add_command(review)
    group.add_command(sample)


@click.command()
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True)
@click.option("--answer", is_flag=True, help="ask about each pair, and keep the answers")
@click.option("--json", "as_json", is_flag=True, help="as JSON, one pair a line")
@pinning.BY
def review(limit: int, answer: bool, as_json: bool, by: str) -> None:
    """Show the pairs that may be one book, where the rules are not sure; those nearest to being the same first."""
    with context.workplace() as place:
        with place.database.read() as session:
            found = doubts.unsure(session, limit)
        if as_json:
            _as_json(found)
        elif answer:
            _ask(place, found, by)
        else:
            _show_all(found)
            say(f"{len(found)} pairs" + (" (more may wait: --limit)" if len(found) == limit else ""))


@click.command()
@click.option("--size", type=click.IntRange(1, 1000), default=20, show_default=True)
@click.option("--week", default="", metavar="YYYY-WW", help="the sample of another week than this")
@click.option("--answer", is_flag=True, help="ask about each pair, and keep the answers")
@click.option("--json", "as_json", is_flag=True, help="as JSON, one pair a line")
@pinning.BY
def sample(size: int, week: str, answer: bool, as_json: bool, by: str) -> None:
    """Show some pairs that the rules joined, chosen by chance for this week, and how often they were right so far."""
    week = week or _week(clock.now().date())
    with context.workplace() as place:
        with place.database.read() as session:
            chosen = doubts.sample(session, size, _seed(week))
            raws = {raw for pair in chosen for raw in (pair.left.raw_id, pair.right.raw_id)}
            decided = {(row.raw_a, row.raw_b) for row in pins.every(session, raws) if row.occasion == week}
        open_pairs = [pair for pair in chosen if _ends(pair) not in decided]
        if as_json:
            _as_json(open_pairs)
            return
        if answer:
            _ask(place, open_pairs, by, week)
        else:
            _show_all(open_pairs)
        with place.database.read() as session:
            _tell_precision(week, pins.answers(session, week))


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-{week:02d}"


def _seed(week: str) -> int:
    year, dash, number = week.partition("-")
    if not (dash and year.isdecimal() and number.isdecimal()):
        raise click.BadParameter("is no week like 2026-48", param_hint="--week")
    return int(year) * 100 + int(number)


def _tell_precision(week: str, said: dict[str, int]) -> None:
    right, wrong = said.get("same", 0), said.get("different", 0)
    if right + wrong:
        say(f"week {week}: {right} of {right + wrong} joined rightly ({right / (right + wrong):.1%})")
    else:
        say(f"week {week}: nothing answered yet; `lienthong clusters sample --answer` asks")


def _ask(place: Workplace, found: Sequence[Judged], by: str, occasion: str = "") -> None:
    answered = 0
    for place_of, pair in enumerate(found, 1):
        say(f"--- {place_of} of {len(found)}")
        _show(pair)
        typed = click.prompt(_QUESTION, type=click.Choice(["s", "d", "l", "q"]), show_choices=False)
        if typed == "q":
            break
        if said := _ANSWERS.get(typed):
            pin(place, [_ends(pair)], said, by, occasion)
            answered += 1
    if answered:
        with showing() as show:
            walk(place, progress=show)
    say(f"{answered} answered, {len(found) - answered} left")


def _ends(pair: Judged) -> tuple[int, int]:
    low, high = sorted((pair.left.raw_id, pair.right.raw_id))
    return low, high


def _as_json(found: Iterable[Judged]) -> None:
    for pair in found:
        ends = {side: _line(end) for side, end in (("left", pair.left), ("right", pair.right))}
        say_json({**ends, "decision": pair.decision, "score": round(pair.score, 3), "reasons": pair.reasons})


def _line(end: Standing) -> dict[str, Any]:
    return {"record": f"{end.member}:{end.local_id}", "union": end.cluster_id, **dict(_said(load(expand(end.content))))}


def _show_all(found: Iterable[Judged]) -> None:
    for pair in found:
        _show(pair)
        say()


def _show(pair: Judged) -> None:
    left, right = (
        {"record": f"{end.member}:{end.local_id}"} | dict(_said(load(expand(end.content))))
        for end in (pair.left, pair.right)
    )
    say(f"{pair.decision}, score {pair.score:.2f}")
    for name in dict.fromkeys((*left, *right)):
        mine, theirs = left.get(name, ""), right.get(name, "")
        if mine or theirs:
            say(f"  {name:14}{_cut(mine):{_WIDTH}}  {_cut(theirs)}".rstrip())
    for sign, told in (("for", 1), ("against", -1)):
        if names := [f"{each['name']} {each['weight']:+g}" for each in pair.reasons if each["weight"] * told > 0]:
            say(f"  {sign:14}{', '.join(names)}")


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"


def _said(bib: Bib) -> Iterable[tuple[str, str]]:
    published = bib.publication
    yield "title", str(bib.title)
    yield "responsibility", bib.title.responsibility or bib.creator
    yield "edition", bib.edition.statement
    yield "published", ", ".join(text for text in (published.place, published.publisher, published.date) if text)
    yield "extent", bib.extent
    yield "series", "; ".join(f"{one.title} {one.volume}".strip() for one in bib.series)
    yield "numbers", ", ".join(f"{one.scheme} {one.value}" for one in bib.identifiers if one.valid)
