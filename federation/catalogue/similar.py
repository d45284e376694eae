"""What else a reader of this title may want: the question that finds it.

In: a record. Out: a question whose best answers share subjects, makers, series or a class with it. What few share
weighs more than what many share; the index sees to that.
"""

from collections.abc import Iterator
from functools import reduce
from typing import Final

from federation.index.document import name
from federation.index.engine import Question
from schemas.bib import Bib
from schemas.query.tree import Node, Or, Term

#: more of one kind costs time and says little
_MOST: Final = 3
#: a class number of so many characters is about one thing
_NARROW: Final = 4
#: subjects that say what kind of thing it is, not what it is about
_NOT_ABOUT: Final = ("genre", "keyword")


def question(bib: Bib, limit: int) -> Question | None:
    """Ask for what is like a record, itself among it; None when it says nothing to go by."""
    terms = list(_terms(bib))
    return Question(reduce(_either, terms), limit=limit) if terms else None


def _either(one: Node, other: Node) -> Node:
    return Or(one, other)


def _terms(bib: Bib) -> Iterator[Node]:
    about = [subject.heading for subject in bib.subjects if subject.heading and subject.kind not in _NOT_ABOUT]
    for heading in dict.fromkeys(about[:_MOST]):
        yield Term("subject", heading, "whole")
        # Whose headings are long shares none of them whole.
        head, divided, _ = heading.partition(" -- ")
        if divided:
            yield Term("subject", head, "begins")
    for maker in dict.fromkeys(name(agent.name) for agent in bib.agents[:_MOST] if agent.name):
        yield Term("creator", maker, "phrase")
    for series in bib.series[:1]:
        yield Term("series", series.title, "phrase")
    numbers = [one.number for one in bib.classes if one.scheme == "ddc" and len(one.number) >= _NARROW]
    for number in numbers[:1]:
        yield Term("class", number)
