"""The letters of a term that a peer of Z39.50 sent: in which charset it speaks is settled before, never guessed.

In: a term of a query, and the name of a charset. Out: text. Bytes that the charset does not know are a
`QuerySyntaxError`: a peer that speaks another one would otherwise find nothing and never learn why.
"""

from schemas.errors import QuerySyntaxError
from schemas.marc import marc8
from schemas.query.charset_names import MARC_8, UTF_8
from schemas.z3950.primitives import Oid, Time
from schemas.z3950.rpn import Term


def text(term: Term, charset: str = UTF_8) -> str:
    """Give the text of a term; raises `QuerySyntaxError`."""
    if isinstance(term, bytes):
        return _decoded(term, charset)
    if term is None:
        return ""
    if isinstance(term, int) or (isinstance(term, str) and not isinstance(term, Oid | Time)):
        return str(term)
    what = type(term).__name__
    raise QuerySyntaxError("rpn-term-type", f"a term of the type {what} cannot be searched", what)


def _decoded(content: bytes, charset: str) -> str:
    if charset == MARC_8:
        found, unknown = marc8.decode(content)
        if not unknown:
            return found
    else:
        try:
            return content.decode(charset)
        except UnicodeDecodeError:
            pass
    shown = content.decode("ascii", "backslashreplace")
    message = f"{shown} is no text in {charset}; negotiate another charset, or have it set for your address"
    raise QuerySyntaxError("rpn-charset", message, f"not {charset}: {shown}"[:200])
