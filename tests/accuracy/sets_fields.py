"""Labelled sets that come as bare fields: pairs judged by cataloguers at Princeton, and journal articles.

In: the folder `dedup` of the real records. Out: `Pair`s. What a set does not state is empty in the bib. Two articles of
one cluster are duplicates; those that begin with the same words and stand in different clusters are distinct, a sample
of them, chosen without looking at the rules, so that it stays the same when they change.
"""

import ast
import csv
import gzip
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any, Final

from schemas.bib import Agent, Bib, Edition, Publication, Title
from schemas.vietnamese.fold import folded
from tests.accuracy.pairs import Pair

PRINCETON: Final = "princeton-training"
ARTICLES: Final = ("articles-haematology", "articles-respiratory")
_PRINCETON_LABELS: Final = {"match": "duplicate", "distinct": "distinct"}
_FIRST_WORDS, _SAMPLE = 3, 1000


def princeton(folder: Path) -> Iterator[Pair]:
    """Read the pairs of Princeton; those that stand under both labels are left out."""
    said = json.loads((folder / f"{PRINCETON}.json").read_text("utf-8"))
    pairs = {label: [one["__value__"] for one in said[theirs]] for theirs, label in _PRINCETON_LABELS.items()}
    named = {label: [_names(pair) for pair in found] for label, found in pairs.items()}
    both = set(named["duplicate"]) & set(named["distinct"])
    for label, found in pairs.items():
        for number, (left, right) in enumerate(found, 1):
            if _names((left, right)) not in both:
                yield Pair(f"{label}-{number}", label, _book(left), _book(right))


def _names(pair: Any) -> frozenset[str]:
    return frozenset(one["id"] for one in pair)


def _book(said: Mapping[str, Any]) -> Bib:
    main, _, rest = (said["title"] or "").partition(" : ")
    year = said["publication_year"] or ""
    printed = "ebook" if said["is_electronic_resource"] else "book"
    return Bib(
        Title(main, rest),
        material=printed if said["type_of"] == "a" else str(said["type_of"]),
        agents=(Agent(said["author"], main=True),) if said["author"] else (),
        # Their export has the ending of a word twice: "Sixth editiontion".
        edition=Edition((said["edition"] or "").replace("editiontion", "edition")),
        publication=Publication("", said["publisher_name"] or "", year, int(year) if year.isdigit() else 0),
        extent=said["pagination"] or "",
    )


def articles(folder: Path, name: str) -> Iterator[Pair]:
    """Read a set of articles with the clusters that people checked."""
    records = {_origin(row): _article(row) for row in _rows(folder / f"{name}.records_pre_merged.csv.gz")}
    clusters = [ast.literal_eval(row["merged_origins"]) for row in _rows(folder / f"{name}.origins.csv.gz")]
    cluster_of = {origin: number for number, cluster in enumerate(clusters) for origin in cluster}
    for cluster in clusters:
        for left, right in combinations([one for one in cluster if one in records], 2):
            yield Pair(f"{_short(left)}+{_short(right)}", "duplicate", records[left], records[right])
    alike = [
        (left, right) for left, right in _alike(records) if cluster_of.get(left, left) != cluster_of.get(right, right)
    ]
    for left, right in random.Random(1).sample(alike, min(_SAMPLE, len(alike))):
        yield Pair(f"{_short(left)}-{_short(right)}", "distinct", records[left], records[right])


def _rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _origin(row: Mapping[str, str]) -> str:
    return str(ast.literal_eval(row["colrev_origin"])[0])


def _short(origin: str) -> str:
    return origin.rpartition("/")[2].lstrip("0")


def _article(row: Mapping[str, str]) -> Bib:
    names = [name.strip() for name in row["author"].split(" and ") if name.strip()]
    year = row["year"] if row["year"].isdigit() else ""
    place = ", ".join(row[part] for part in ("journal", "volume", "number", "pages") if row.get(part))
    return Bib(
        Title(row["title"]),
        material="article",
        level="b",
        agents=tuple(Agent(name, main=place == 0) for place, name in enumerate(names)),
        publication=Publication(date=year, year=int(year or 0)),
        extent=row["pages"],
        notes=(f"In: {place}",) if place else (),
    )


def _alike(records: Mapping[str, Bib]) -> list[tuple[str, str]]:
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for origin, bib in records.items():
        if words := tuple(folded(str(bib.title)).split()[:_FIRST_WORDS]):
            groups[words].append(origin)
    return [pair for group in groups.values() for pair in combinations(sorted(group), 2)]
