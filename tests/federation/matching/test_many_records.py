"""A textbook that many schools describe, each in its way: the keys must still bring them together."""

import random
from collections import defaultdict
from collections.abc import Iterator

from federation.matching.compare import compare
from federation.matching.keys import MOST_SHARING, keys
from federation.matching.plan import Bounds, Link, Node, plan
from federation.matching.profile import Profile, profile
from schemas.bib import Agent, Bib, Identifier, Publication, Title

AUTHORS = (
    ("Nguyễn Khắc Phi",),
    ("Nguyễn Khắc Phi", "Nguyễn Đình Chú"),
    ("Nguyễn, Khắc Phi",),
    (),
    ("Bộ Giáo dục và Đào tạo",),
)
PAGES = ("176 tr.", "176tr", "175 tr.", "", "180 tr.")
HOUSES = ("Giáo dục", "GD", "Nxb. Giáo dục", "Giáo dục Việt Nam", "")


def schools(count: int, years: int) -> Iterator[Bib]:
    dice = random.Random(1)
    for _ in range(count):
        year = 2008 + dice.randrange(years)
        yield Bib(
            Title(dice.choice(("Ngữ văn 6", "Ngữ văn lớp 6")), number=dice.choice(("Tập một", "T.1", "Tập I"))),
            languages=("vie",) if dice.random() < 0.7 else (),
            agents=tuple(Agent(name, main=at == 0) for at, name in enumerate(dice.choice(AUTHORS))),
            identifiers=(Identifier("isbn", "9786040000019"),),
            publication=Publication(dice.choice(("H.", "")), dice.choice(HOUSES), str(year), year),
            extent=dice.choice(PAGES),
        )


def years_of_unions(bibs: Iterator[Bib]) -> list[set[int]]:
    """Let all meet that share a key which counts; give the years in each union record."""
    profiles = list(dict.fromkeys(map(profile, bibs)))
    carriers: dict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(profiles):
        for key in keys(one):
            carriers[key].append(at)
    counted = [those for those in carriers.values() if len(those) <= MOST_SHARING]
    pairs = {(one, other) for those in counted for one in those for other in those if one < other}
    links = [Link(one, other, 1.0, True) for one, other in pairs if is_same(profiles[one], profiles[other])]
    nodes = [Node(at, at, ("school", str(at))) for at in range(len(profiles))]
    bounds = Bounds(vetoed=lambda one, other: compare(profiles[one], profiles[other]).vetoed)
    return [{profiles[bib].year for bib in group.bibs} for group in plan(nodes, links, bounds).groups]


def is_same(one: Profile, other: Profile) -> bool:
    return compare(one, other).decision == "same"


def test_what_many_schools_write_of_one_printing_is_one_union_record() -> None:
    assert years_of_unions(schools(130, years=1)) == [{2008}]


def test_each_printing_that_many_schools_hold_is_one_union_record_of_its_own() -> None:
    assert sorted(map(sorted, years_of_unions(schools(130, years=3)))) == [[2008], [2009], [2010]]
