"""One OAI-PMH response: its records cut out as received.

In: the bytes of one answer. Out: the root element, or `SourceBroken`; then `Harvested` records, in their order.
"""

import hashlib
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from lxml import etree

from harvesters import markup
from harvesters.base import Harvested
from harvesters.markup import Language, child, is_utf8, named, payload, texts, written
from harvesters.payload import syntax

OAI: Final = Language("OAI-PMH", "not-oai", ("OAI-PMH",))
_ORIGIN: Final = ("baseURL", "identifier")
_MOST_ORIGINS: Final = 100


def parsed(content: bytes, where: str) -> Any:
    """Give the root element `OAI-PMH` of a whole, well-formed answer; raises `SourceBroken` for anything else."""
    return markup.parsed(content, where, OAI)


def spans(content: bytes) -> list[bytes]:
    """Cut out what stands between the outermost `metadata` tags, in order."""
    return markup.spans(content, "metadata")


def records(root: Any, content: bytes, number: int) -> Iterator[Harvested]:
    """Give the records of ListRecords in their order; `number` is the page's."""
    found = [record for part in root if named(part, "ListRecords") for record in part if named(record, "record")]
    payloads = [child(record, "metadata") for record in found]
    cut = spans(content) if is_utf8(root) else []
    pieces = iter(cut if len(cut) == sum(payload is not None for payload in payloads) else ())
    # Looked for once a page: most sources have no provenance, and a record is looked at only where there is some.
    traced = not is_utf8(root) or b"originDescription" in content
    for count, (record, metadata) in enumerate(zip(found, payloads, strict=True), 1):
        piece = next(pieces, None) if metadata is not None else None
        origins = _origins(record) if traced else ()
        yield _harvested(record, metadata, piece, f"page {number} record {count}", origins)


def _origins(record: Any) -> tuple[str, ...]:
    """Give the addresses and identifiers of the provenance, through however many hands the record went."""
    abouts = (part for part in record if named(part, "about"))
    parts = (part for about in abouts for part in about.iter(etree.Element) if etree.QName(part).localname in _ORIGIN)
    return tuple((part.text or "").strip() for part in islice(parts, _MOST_ORIGINS))


def _harvested(record: Any, metadata: Any, piece: bytes | None, where: str, origins: tuple[str, ...]) -> Harvested:
    header = child(record, "header")
    deleted = header is not None and header.get("status") == "deleted"
    children = [] if metadata is None else list(metadata.iterchildren(etree.Element))
    content = b"" if deleted else written(record) if metadata is None else payload(metadata, piece)
    name = "" if header is None else "".join(texts(header, "identifier")[:1])
    return Harvested(
        # Never dropped: without an identifier a fingerprint of what came stands for it.
        local_id=name or f"sha256:{hashlib.sha256(content or where.encode()).hexdigest()[:32]}",
        content=content,
        syntax=syntax(children[0]) if len(children) == 1 else "unknown",
        where=where,
        datestamp="" if header is None else "".join(texts(header, "datestamp")[:1]),
        deleted=deleted,
        findings=() if name else ("id-missing",),
        origins=origins,
        sets=() if header is None else sets(header),
    )


def sets(header: Any) -> tuple[str, ...]:
    """Give the setSpecs of a header; a blank, which the schema does not allow in them (setSpecType), is encoded."""
    return tuple("%20".join(spec.split()) for spec in texts(header, "setSpec") if spec)
