"""How a page of ListRecords looks by its bytes, for the rescue of pages that are no well-formed XML.

In: nothing. Out: the `Dialect` of OAI-PMH 2.0 (OAI-PMH.xsd).
"""

import re
from typing import Any, Final

from harvesters.base import Harvested
from harvesters.markup import child
from harvesters.oaipmh import page
from harvesters.rescue import Dialect, P


def _tree(content: bytes) -> Any:
    return page.parsed(content, "")


def _records(content: bytes) -> list[Harvested]:
    return list(page.records(_tree(content), content, 1))


def _has_token(frame: Any) -> bool:
    listed = child(frame, "ListRecords")
    return listed is not None and child(listed, "resumptionToken") is not None


DIALECT: Final = Dialect(
    root=re.compile(rb"<" + P + rb"OAI-PMH(?=[\s>])[^<>]*>"),
    listed=re.compile(rb"<" + P + rb"ListRecords(?=[\s>])[^<>]*>"),
    # MARCXML has records of its own; one of OAI-PMH begins with its header (recordType)
    opening=re.compile(rb"<" + P + rb"record(?:\s[^<>]*)?>\s*<" + P + rb"header[\s/>]"),
    tail=re.compile(rb"<" + P + rb"resumptionToken[\s/>]|</" + P + rb"ListRecords\s*>"),
    named=re.compile(
        rb"<" + P + rb"record(?:\s[^<>]*)?>\s*<" + P + rb"header(?:\s[^<>]*)?>"
        # Blanks of XML only: what else Python takes for one would be a part of the name.
        rb"\s*<" + P + rb"identifier>[ \t\r\n]*([^<>]{1,2000}?)[ \t\r\n]*</" + P + rb"identifier\s*>"
    ),
    usual=(
        b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" '
        b'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><ListRecords>',
        b"</ListRecords></OAI-PMH>",
    ),
    tree=_tree,
    records=_records,
    spans=page.spans,
    follows=_has_token,
)
