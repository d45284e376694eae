"""What librarians ask over Z39.50 and SRU, drawn from the records themselves, always the same ones.

In: a `Sample`, how many, and the number of a round: every round asks what was not asked before. Out: queries by kind,
as a tree of Bib-1 that both servers understand, and as CQL.
"""

import random
import re
from collections.abc import Iterator, Mapping
from functools import partial

from schemas.marc import spec
from schemas.marc.read import decode
from schemas.marc.record import MarcRecord
from schemas.z3950.rpn import Attribute, Operand, Operator, Rpn
from tests.bench.sample import Sample

#: use attributes, and others: type and value
ANY, TITLE, AUTHOR, SUBJECT, ISBN, YEAR = 1016, 4, 1003, 21, 7, 31
_PHRASE, _BEGUN, _OF_A_YEAR, _FROM, _TO = (4, 1), (5, 1), (4, 4), (2, 4), (2, 2)
_END = b"\x1d"
#: how often each record is taken in the hand at most, on average
_ROUNDS = 20
_WORD = re.compile(r"[^\W\d_]{2,}")
_NUMBER = re.compile(r"[0-9]{9}[0-9X]")
_DATE = re.compile(r"[12][0-9]{3}")
#: in this order they are shown
KINDS = ("one word", "two words", "author and title", "ISBN", "subject phrase", "truncated title", "title and years")
YEARS = KINDS[-1]


def queries(sample: Sample, count: int, turn: int = 0) -> Mapping[str, tuple[Rpn, ...]]:
    """Give so many queries of each kind, fewer or none where the records give rise to no more."""
    dice = random.Random(f"librarians {turn}")
    found: dict[str, list[Rpn]] = {kind: [] for kind in KINDS}
    for record in _records(sample, dice):
        for kind, query in _of(record, dice):
            if len(found[kind]) < count:
                found[kind].append(query)
        if all(len(each) == count for each in found.values()):
            break
    return {kind: tuple(each) for kind, each in found.items() if each}


def _records(sample: Sample, dice: random.Random) -> Iterator[MarcRecord]:
    contents = sample.path.read_bytes().split(_END)[:-1]
    for _ in range(len(contents) * _ROUNDS):
        yield decode(dice.choice(contents) + _END).record


def _of(record: MarcRecord, dice: random.Random) -> Iterator[tuple[str, Rpn]]:
    """Give the queries that a record gives rise to: who asks them has it in the hand, or knows half of it."""
    words = partial(_words, record)
    title, author, subject = words("245a"), words("100a"), words("650a")
    dates = _DATE.findall(" ".join(spec.values(record, "260c")))
    numbers = _NUMBER.findall(" ".join(spec.values(record, "020a")))
    if title:
        yield KINDS[0], _operand(ANY, dice.choice(title))
    if len(title) > 1:
        yield KINDS[1], Operator("and", *(_operand(ANY, word) for word in dice.sample(title, 2)))
    if title and author:
        yield KINDS[2], Operator("and", _operand(AUTHOR, author[0]), _operand(TITLE, dice.choice(title)))
    if numbers:
        yield KINDS[3], _operand(ISBN, numbers[0])
    if subject and len(subject) < 6:
        yield KINDS[4], _operand(SUBJECT, " ".join(subject), _PHRASE)
    if long := [word for word in title if len(word) > 5]:
        yield KINDS[5], _operand(TITLE, dice.choice(long)[:5], _BEGUN)
    if title and dates:
        years = (_operand(YEAR, dates[0], _FROM, _OF_A_YEAR), _operand(YEAR, str(int(dates[0]) + 1), _TO, _OF_A_YEAR))
        yield KINDS[6], Operator("and", _operand(TITLE, dice.choice(title)), Operator("and", *years))


def _words(record: MarcRecord, fields: str) -> list[str]:
    return _WORD.findall(" ".join(spec.values(record, fields)[:1]))


def _operand(use: int, term: str, *others: tuple[int, int]) -> Operand:
    return Operand(tuple(Attribute(None, *pair) for pair in ((1, use), *others)), term.encode())


def cql(sample: Sample, count: int, turn: int = 0) -> tuple[str, ...]:
    """Give so many queries in CQL: one word, two words, author and title, in turn."""
    asked = queries(sample, count, turn)
    kinds = [asked[kind] for kind in KINDS[:3] if kind in asked]
    mixed = [query for together in zip(*kinds, strict=False) for query in together]
    return tuple(map(_cql, mixed[:count]))


def _cql(rpn: Rpn) -> str:
    if isinstance(rpn, Operator):
        return f"{_cql(rpn.left)} and {_cql(rpn.right)}"
    assert isinstance(rpn, Operand) and isinstance(rpn.term, bytes)
    index = {TITLE: "dc.title=", AUTHOR: "dc.creator="}.get(int(str(rpn.attributes[0].value)), "")
    return f'{index}"{rpn.term.decode()}"'
