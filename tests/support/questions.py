"""Questions made of records: one query tree, and the text of it that a reader would type into the search box.

In: internal records and a seed. Out: `Question`s, most of which find the record they were made of, in all shapes that
the doors share: words with and without tones, phrases, beginnings, years, numbers, codes, joined and nested.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import cycle
from random import Random

from schemas.bib import Bib
from schemas.query.cql import Sorted
from schemas.query.tree import And, Everything, Node, Not, Or, Term
from schemas.vietnamese.fold import Token, tokens

ORDERS = (None, *(Sorted(name, down) for name in ("title", "creator", "year") for down in (False, True)))
_PREFIXES = {
    "title": "nhan-de",
    "creator": "tác-giả",
    "subject": "subject",
    "publisher": "nxb",
    "place": "place",
    "year": "nam",
    "isbn": "isbn",
    "issn": "issn",
    "class": "ddc",
    "language": "lang",
    "material": "loai",
    "member": "thu-vien",
}


@dataclass(frozen=True)
class Question:
    """A tree, the order wanted, and the text for the search box; `box` is None where the box cannot say it."""

    node: Node
    sort: Sorted | None
    box: str | None


def questions(bibs: Sequence[Bib], count: int, seed: int) -> Iterator[Question]:
    """Make questions of records, in every order."""
    chance = Random(seed)
    orders = cycle(ORDERS)
    for _ in range(count):
        node = _tree(chance, bibs)
        yield Question(node, next(orders), box(node))


def _tree(chance: Random, bibs: Sequence[Bib]) -> Node:
    def term() -> Node:
        return chance.choice(terms(chance.choice(bibs), chance))

    bib = chance.choice(bibs)
    own = terms(bib, chance)
    shapes: tuple[Callable[[], Node], ...] = (
        lambda: chance.choice(own),
        lambda: chance.choice(own),
        lambda: And(chance.choice(own), chance.choice(own)),
        lambda: reduce(And, chance.choices(own, k=3)),
        lambda: Or(chance.choice(own), term()),
        lambda: Not(chance.choice(own), term()),
        lambda: Not(Everything(), chance.choice(own)),
        lambda: And(Or(chance.choice(own), term()), chance.choice(own)),
        lambda: Not(Or(chance.choice(own), term()), And(term(), term())),
    )
    return chance.choice(shapes)()


def terms(bib: Bib, chance: Random) -> list[Node]:
    """Give what can be asked that finds this record."""
    title = tokens(str(bib.title))
    found: list[Node] = []
    if title:
        found += [_words("any", title, chance), _words("title", title, chance), _phrase("title", title, chance)]
        found.append(_begun("any", chance.choice(title)))
        found.append(_begun("title", chance.choice(title)))
    headings = {
        "creator": [bib.creator],
        "subject": [subject.heading for subject in bib.subjects],
        "publisher": [bib.publication.publisher],
        "place": [bib.publication.place],
    }
    for point, texts in headings.items():
        spoken = [said for text in texts if (said := tokens(text))]
        found += [_phrase(point, chance.choice(spoken), chance)] if spoken else []
    return [*found, *_codes(bib, chance)]


def _codes(bib: Bib, chance: Random) -> Iterator[Node]:
    year = bib.publication.year
    if year:
        yield Term("year", str(year), "whole")
        yield And(Term("year", str(year - 2), "whole", ">="), Term("year", str(year + 1), "whole", "<="))
        yield Term("year", str(year), "whole", chance.choice(("<", "<=", ">=", ">")))
        yield Term("year", str(year)[:3], truncated=True)
    yield Term("material", bib.material, "whole")
    yield from (Term("language", code, "whole") for code in bib.languages[:1])
    yield from (Term("isbn", number, "whole") for number in bib.numbers("isbn")[:1])
    yield from (Term("issn", number, "whole") for number in bib.numbers("issn")[:1])
    plain = [each.number for each in bib.classes if each.number and not set(each.number) & set(' "*?^')]
    yield from (Term("class", number[:3], "begins") for number in plain[:1])
    yield from (Term("class", number, "whole") for number in plain[:1])
    yield from (Term("member", held.location, "whole") for held in bib.holdings[:1] if held.location)


def _words(point: str, said: Sequence[Token], chance: Random) -> Node:
    chosen = chance.sample(list(said), min(len(said), chance.randint(1, 3)))
    return Term(point, " ".join(_written(word, chance) for word in chosen))


def _phrase(point: str, said: Sequence[Token], chance: Random) -> Node:
    start = chance.randrange(len(said))
    return Term(point, " ".join(_written(word, chance) for word in said[start : start + 3]), "phrase")


def _begun(point: str, word: Token) -> Node:
    return Term(point, word.toned[: max(1, len(word.toned) - 1)], truncated=True)


def _written(word: Token, chance: Random) -> str:
    return chance.choice((word.toned, word.toned, word.folded, word.toned.upper()))


def box(node: Node) -> str | None:
    """Write a tree as a reader would type it; None where the search box has no brackets for it."""
    groups = [_group(each) for each in _alternatives(node)]
    return " OR ".join(group for group in groups if group) if all(groups) else None


def _alternatives(node: Node) -> Iterator[Node]:
    if isinstance(node, Or):
        yield from _alternatives(node.left)
        yield from _alternatives(node.right)
    else:
        yield node


def _group(node: Node) -> str | None:
    match node:
        case Term():
            return _typed(node)
        case And(left, right):
            both = (_group(left), _group(right))
            return " ".join(filter(None, both)) if all(both) else None
        case Not(Everything(), Term() as right):
            return f"-{typed}" if (typed := _typed(right)) and " " not in _unquoted(typed) else None
        case Not(left, Term() as right):
            kept, typed = _group(left), _typed(right)
            return f"{kept} -{typed}" if kept and typed and " " not in _unquoted(typed) else None
    return None


def _unquoted(typed: str) -> str:
    return typed.partition('"')[0]


def _typed(term: Term) -> str | None:
    prefix = f"{_PREFIXES[term.access_point]}:" if term.access_point != "any" else ""
    star = "*" if term.truncated or term.match == "begins" else ""
    if term.access_point == "year":
        relation = "" if term.relation == "=" else term.relation
        return f"{prefix}{relation}{term.text}{star}"
    if term.match == "words" and " " in term.text:
        words = (_typed(replace(term, text=word)) for word in term.text.split())
        return " ".join(filter(None, words))
    quoted = f'"{term.text}"' if term.match == "phrase" or " " in term.text else term.text
    return f"{prefix}{quoted}{star}"
