"""A folder of real files as one union catalogue: every file a member library, imported by the real command line.

In: files of MARC and an empty folder for the catalogue. Out: `Made`: how many records there were, what the records of
each union record and of each title group say, and what is wrong: `check` must find nothing, every record must have its
holdings, and every library's own record must stand in exactly one union record.
"""

import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from click.testing import CliRunner, Result
from sqlalchemy import select

from federation import config
from federation.cli import cli
from federation.matching import RULES
from federation.store import Database
from federation.store.compress import expand
from federation.store.models import Bib, Cluster, UnionHolding
from schemas.bib import load
from tests.accuracy.wild_catalogue import described

T = TypeVar("T")


@dataclass(frozen=True)
class Made:
    """What came of it. Union records are lists of lines, one for each record in them; groups are lists of those."""

    records: int
    unions: dict[int, list[str]]
    titles: list[list[int]]
    wrong: list[str]

    @property
    def sizes(self) -> Counter[int]:
        """Count the union records by how many records they are made of."""
        return Counter(map(len, self.unions.values()))

    @property
    def title_sizes(self) -> Counter[int]:
        """Count the title groups by how many union records they hold."""
        return Counter(map(len, self.titles))


def unite(files: Iterable[Path], home: Path, holdings: str = "") -> Made:
    """Import each file as a member's, and look at what stands in the catalogue."""
    house = _House(home)
    house.told("init")
    records = 0
    for path in files:
        code = path.name.partition(".")[0]
        house.told("members", "add", code, "--name", code)
        options = ("--option", f"holdings={holdings}") if holdings else ()
        records += json.loads(house.told("import", code, str(path), "--json", *options))["seen"]
    return looked_at(home, records)


def looked_at(home: Path, records: int) -> Made:
    """Look at a catalogue that should hold so many records."""
    house = _House(home)
    stands = house.standing()
    unions: dict[int, list[str]] = defaultdict(list)
    for union, line in stands.lines.values():
        unions[union].append(line)
    wrong = [] if (told := house.ran("check")).exit_code == 0 else [told.output]
    wrong += _astray(house.told("records", "ids", "--all", "--json").splitlines(), records)
    wrong += [f"record without a holding: {line}" for bib, (_, line) in stands.lines.items() if bib not in stands.held]
    return Made(records, dict(unions), stands.titles, wrong)


def _astray(lines: Sequence[str], records: int) -> list[str]:
    pairs = [json.loads(line) for line in lines]
    live = Counter((pair["member"], pair["local_id"]) for pair in pairs if pair["state"] == "live")
    wrong = [
        f"{member}:{local} stands in {times} union records" for (member, local), times in live.items() if times > 1
    ]
    return wrong + ([] if len(live) == records else [f"`records ids` tells of {len(live)} records, not of {records}"])


@dataclass(frozen=True)
class _Standing:
    lines: dict[int, tuple[int, str]]
    titles: list[list[int]]
    held: set[int]


class _House:
    def __init__(self, home: Path) -> None:
        self._env = {"LIENTHONG_HOME": str(home)}

    def ran(self, *words: str) -> Result:
        return CliRunner().invoke(cli, words, env=self._env)

    def told(self, *words: str) -> str:
        ran = self.ran(*words)
        if ran.exit_code:
            raise RuntimeError(f"lienthong {' '.join(words)} ended with {ran.exit_code}: {ran.output}")
        return ran.stdout

    def standing(self) -> _Standing:
        """Read what each record says and where it stands."""
        opened = Database(config.read(self._env).database_url)
        try:
            with opened.read() as session:
                rows = session.execute(select(Bib.id, Bib.cluster_id, Bib.content).where(Bib.cluster_id.is_not(None)))
                lines = {bib: (union, described(load(expand(content)))) for bib, union, content in rows if union}
                titles: dict[int, list[int]] = defaultdict(list)
                for union, group in session.execute(select(Cluster.id, Cluster.group_id)):
                    if group is not None:
                        titles[group].append(union)
                held = set(session.scalars(select(UnionHolding.bib_id)))
        finally:
            opened.close()
        return _Standing(lines, sorted(titles.values(), key=len, reverse=True), held)


def told(made: Made, most: int, seed: int) -> Iterator[str]:
    """Write figures, the largest, and samples to look at by eye."""
    dice = random.Random(seed)
    saved, grouped = made.records - len(made.unions), sum(map(len, made.titles)) - len(made.titles)
    yield f"Rules {RULES}: {made.records:,} records, {len(made.unions):,} union records ({saved:,} rows saved)"
    yield f"{len(made.titles):,} title groups of several union records; {len(made.unions) - grouped:,} rows for readers"
    for what, sizes in (("records in a union record", made.sizes), ("union records in a group", made.title_sizes)):
        yield f"{what}: " + ", ".join(f"{size}: {count:,}" for size, count in sorted(sizes.items()))
    yield f"wrong: {len(made.wrong)}"
    yield from made.wrong[:most]
    unions = sorted(made.unions.values(), key=len, reverse=True)
    merged = [lines for lines in unions if len(set(lines)) > 1]
    for title, chosen in (
        ("Largest union records", unions[:most]),
        (f"Union records of differing records: {len(merged):,}; some by chance", _some(merged, most, dice)),
    ):
        yield f"\n## {title}"
        for lines in chosen:
            yield f"{len(lines)} records"
            yield from (f"    {line}" for line in sorted(set(lines)))
    for title, groups in (
        ("Largest title groups", made.titles[:most]),
        ("Title groups by chance", _some(made.titles, most, dice)),
    ):
        yield f"\n## {title}"
        for group in groups:
            yield f"{len(group)} union records"
            yield from (f"    {made.unions[union][0]}" for union in group)


def _some(many: Sequence[T], most: int, dice: random.Random) -> Sequence[T]:
    return dice.sample(many, min(most, len(many)))
