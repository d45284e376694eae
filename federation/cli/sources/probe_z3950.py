"""What was seen of a target of Z39.50, as plain values and as rows for people.

In: what a look gave. Out: a table for JSON (`described`), and the rows of a report made from it (`rows`).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from federation.cli.sources import probe_searched as searched
from harvesters.z3950.look import Seen
from schemas.z3950 import oid


def described(seen: Seen) -> dict[str, Any]:
    """Give what was seen as plain values."""
    return {
        "greeting": {
            "name": seen.name,
            "version": seen.version,
            "protocol": seen.protocol,
            "services": list(seen.services),
            "charset": seen.charset,
        },
        "query": seen.query,
        "syntaxes": [
            {"name": each.name, "elements": each.elements, "came": each.came, "holdings": each.holdings}
            for each in seen.syntaxes
        ],
        "asked": {"syntax": oid.label(seen.asked.syntax), "elements": seen.asked.elements},
        "records": searched.counted(seen),
        "page": {"records": seen.page_size, "bytes": seen.page_bytes},
        "dividing": seen.dividing,
        "changes": seen.changes,
        "latency_seconds": round(seen.latency, 3),
        "requests": seen.requests,
        "notes": seen.notes,
    }


def rows(found: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Give a report as rows: a name, and what is told."""
    said, page = found["greeting"], found["page"]
    yield "server", said["name"], said["version"], f"Z39.50 version {said['protocol']}"
    yield "services", ", ".join(said["services"])
    yield "queries", f"in {said['charset']}" if said["charset"] else "no charset was agreed on; utf-8 is sent"
    yield "everything", found["query"]
    for each in found["syntaxes"]:
        copies = f"{each['holdings']} holdings with the first record" if each["holdings"] else ""
        yield "syntax", _asked(each["name"], each["elements"]), f"{each['came']} came", copies
    yield "asked as", _asked(found["asked"]["syntax"], found["asked"]["elements"])
    yield searched.records(found)
    yield "page", f"{page['records']} records, {page['bytes']} bytes"
    yield searched.changes(found)
    yield "answers", f"{found['latency_seconds']:.3f} s (median of {found['requests']} questions)"


def _asked(syntax: str, elements: str) -> str:
    return f"{syntax} with elements {elements}" if elements else f"{syntax} without an element set"
