"""Which requests are so soon done that giving them to a thread, and getting the answer back, would take longer.

In: a request. Out: yes or no. While such a request is answered no other client of this process is; so what may take
more than a few milliseconds is none: many words, patterns, long lists of records, headings, sorting, passwords.
"""

from typing import Any, Final

from schemas.z3950 import attributes
from schemas.z3950.browsing import DeleteRequest
from schemas.z3950.retrieval import PresentRequest, SearchRequest
from schemas.z3950.rpn import Operand, Operator, ResultSetOperand, Rpn, RpnQuery
from schemas.z3950.session import Close

#: records, operands and letters before a truncation
_FEW_RECORDS: Final = 20
_FEW_OPERANDS: Final = 6
_ENOUGH_LETTERS: Final = 3
_SHORT_TERM: Final = 120
_WHOLE, _RIGHT = 100, 1
_AT_ONCE: Final = (Close, DeleteRequest)


def is_soon_done(request: Any) -> bool:
    """Tell whether a request is answered in a moment."""
    if isinstance(request, PresentRequest):
        return request.count <= _FEW_RECORDS
    if isinstance(request, SearchRequest):
        return isinstance(request.query, RpnQuery) and _is_short(request.query.root) and _few_along(request)
    return isinstance(request, _AT_ONCE)


def _few_along(request: SearchRequest) -> bool:
    return max(request.small_set_upper_bound, request.medium_set_present_number) <= _FEW_RECORDS


def _is_short(root: Rpn) -> bool:
    waiting, operands = [root], 0
    while waiting:
        match waiting.pop():
            case Operator(_, left, right):
                waiting += [left, right]
            case Operand() as operand if _is_plain(operand):
                operands += 1
            case ResultSetOperand() | Operand():
                return False
        if operands + len(waiting) > _FEW_OPERANDS:
            return False
    return True


def _is_plain(operand: Operand) -> bool:
    length = len(operand.term) if isinstance(operand.term, bytes | str) else _ENOUGH_LETTERS
    for attribute in operand.attributes:
        if attribute.type == attributes.TRUNCATION and attribute.value != _WHOLE:
            return attribute.value == _RIGHT and _ENOUGH_LETTERS <= length <= _SHORT_TERM
    return length <= _SHORT_TERM
