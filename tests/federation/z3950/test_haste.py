"""What is answered at once, and what is given to a thread so that nobody waits for it."""

from typing import Any

import pytest

from federation.z3950.haste import is_soon_done
from schemas.z3950.browsing import DeleteRequest, ScanRequest, SortRequest
from schemas.z3950.retrieval import PresentRequest, SearchRequest
from schemas.z3950.rpn import Attribute, Operand, Operator, OtherQuery, ResultSetOperand, RpnQuery
from schemas.z3950.session import Close, InitRequest


def operand(term: Any, *pairs: tuple[int, int]) -> Operand:
    return Operand(tuple(Attribute(None, *pair) for pair in pairs), term)


def search(root: Any, **others: Any) -> SearchRequest:
    return SearchRequest(query=root if isinstance(root, OtherQuery) else RpnQuery(root), databases=("union",), **others)


def joined(count: int) -> Any:
    found: Any = operand(b"kieu")
    for _ in range(count - 1):
        found = Operator("and", found, operand(b"kieu"))
    return found


@pytest.mark.parametrize(
    "request_",
    [
        search(operand(b"kieu", (1, 1016))),
        search(joined(6)),
        search(operand(b"kie", (1, 4), (5, 1))),
        search(operand(b"9786040000019", (1, 7), (5, 100))),
        search(operand(2000, (1, 31))),
        PresentRequest(start=1, count=20),
        DeleteRequest(names=None),
        Close(),
    ],
    ids=repr,
)
def test_what_takes_a_moment_is_done_at_once(request_: Any) -> None:
    assert is_soon_done(request_)


@pytest.mark.parametrize(
    "request_",
    [
        search(joined(7)),
        search(operand(b"ki", (1, 4), (5, 1))),
        search(operand(b"kieu", (1, 4), (5, 2))),
        search(operand(b"k?eu", (1, 4), (5, 104))),
        search(operand(b"x" * 500)),
        search(ResultSetOperand("default")),
        search(OtherQuery(104, b"kieu")),
        search(operand(b"kieu"), small_set_upper_bound=500),
        PresentRequest(start=1, count=21),
        ScanRequest(start=operand(b"k"), databases=("union",), count=9),
        SortRequest(inputs=("default",), output="default", keys=()),
        InitRequest(),
    ],
    ids=lambda each: type(each).__name__,
)
def test_what_may_take_longer_is_not(request_: Any) -> None:
    assert not is_soon_done(request_)
