"""The latest of what a search finds: those that came last, whatever the index can be in the order of.

In: a question and the highest number given out. Out: numbers of records, the last one first. Numbers are given out in
the order in which records come, so the latest are those from some number on; it is sought by halves.
"""

from collections.abc import Callable
from dataclasses import replace

from federation.index.engine import Found, Question
from schemas.query.tree import And, Term


def latest(find: Callable[[Question], Found], wanted: Question, highest: int, most: int) -> tuple[int, ...]:
    """Give so many numbers of records at most; some twenty counts for a million records."""
    low = 1
    while low < highest:
        middle = (low + highest + 1) // 2
        if find(_since(wanted, middle, 0)).total >= most:
            low = middle
        else:
            highest = middle - 1
    return find(_since(wanted, low, most)).ids[::-1]


def _since(wanted: Question, number: int, limit: int) -> Question:
    since = And(wanted.query, Term("id", str(number), "whole", ">="))
    return replace(wanted, query=since, start=0, limit=limit, sort="id", facets=())
