"""How a page of SRU looks by its bytes, for the rescue of pages that are no well-formed XML.

In: how the records of a source are named. Out: the `Dialect` of searchRetrieve, of any version.
"""

import re
from functools import partial
from typing import Any, Final

from harvesters.base import Harvested
from harvesters.names import Names
from harvesters.rescue import Dialect, P
from harvesters.sru import answer

#: MARCXML has records of its own, which begin with a leader
_PARTS: Final = rb"(?:recordSchema|recordPacking|recordXMLEscaping|recordData|recordIdentifier)"
_RECORD: Final = rb"<" + P + rb"record(?:\s[^<>]*)?>\s*"
_NEVER: Final = re.compile(rb"(?!)")
#: what a record begins with up to the value that names it
_NAMED: Final = {
    "001": re.compile(
        rb"(?s)" + _RECORD + rb".{0,20000}?<" + P + rb"controlfield[^<>]{0,200}?\stag=[\"']001[\"'][^<>]{0,200}>"
        rb"[ \t\r\n]*([^<>]{1,200}?)[ \t\r\n]*</" + P + rb"controlfield\s*>"
    ),
    "identifier": re.compile(
        rb"(?s)" + _RECORD + rb".{0,1000000}?<" + P + rb"recordIdentifier>[ \t\r\n]*([^<>]{1,2000}?)[ \t\r\n]*</"
    ),
}


def dialect(names: Names) -> Dialect:
    """Give the dialect of a source."""
    return Dialect(
        root=re.compile(rb"<" + P + rb"searchRetrieveResponse(?=[\s>])[^<>]*>"),
        listed=re.compile(rb"<" + P + rb"records(?=[\s>])[^<>]*>"),
        opening=re.compile(_RECORD + rb"<" + P + _PARTS + rb"[\s/>]"),
        tail=re.compile(rb"</" + P + rb"records\s*>"),
        named=_NAMED.get(names.way, _NEVER),
        usual=(
            b'<searchRetrieveResponse xmlns="http://www.loc.gov/zing/srw/" '
            b'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><records>',
            b"</records></searchRetrieveResponse>",
        ),
        tree=_tree,
        records=partial(_records, names),
        spans=answer.spans,
        follows=_follows,
    )


def _tree(content: bytes) -> Any:
    return answer.parsed(content, "")


def _records(names: Names, content: bytes) -> list[Harvested]:
    return list(answer.records(_tree(content), content, 1, names))


def _follows(frame: Any) -> bool:
    """Whether what stood around the records says how many there are: the list goes on by counting."""
    return answer.said(frame).hits is not None
