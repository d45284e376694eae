"""What was seen of an SRU server, as plain values and as rows for people.

In: what a look gave. Out: a table for JSON (`described`), and the rows of a report made from it (`rows`).
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from federation.cli.sources import probe_searched as searched
from harvesters.sru.look import Seen

_INDEXES: Final = 20


def described(seen: Seen) -> dict[str, Any]:
    """Give what was seen as plain values."""
    return {
        "explain": {
            "title": seen.title,
            "version": seen.version,
            "indexes": {"count": len(seen.indexes), "first": list(seen.indexes[:_INDEXES])},
            "defaults": dict(seen.defaults),
        },
        "schemas": [
            {"name": each.name, "uri": each.uri, "chosen": seen.chosen in (each.name, each.uri)}
            for each in seen.schemas
        ],
        "asked": {"version": seen.asked_version, "schema": seen.chosen},
        "records": searched.counted(seen),
        "page": {"records": seen.page_size, "bytes": seen.page_bytes, "tells_next": seen.tells_next},
        "dividing": seen.dividing,
        "changes": seen.changes,
        "encoding": seen.encoding,
        "latency_seconds": round(seen.latency, 3),
        "requests": seen.requests,
        "notes": seen.notes,
    }


def rows(found: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Give a report as rows: a name, and what is told."""
    said, page = found["explain"], found["page"]
    yield "server", said["title"], f"SRU {said['version'] or '?'}"
    for each in found["schemas"]:
        yield "schema", f"{each['name']} ({each['uri']})", "this one is asked for" * each["chosen"]
    indexes = said["indexes"]
    yield "indexes", f"{indexes['count']}" if indexes["count"] else "none are told", ", ".join(indexes["first"])
    for name, value in said["defaults"].items():
        yield "says", f"{name}: {value}"
    yield "asked as", f"SRU {found['asked']['version'] or '?'}", f"schema {found['asked']['schema'] or '?'}"
    yield searched.records(found)
    place = {None: "", True: "tells the next place", False: "does not tell the next place"}[page["tells_next"]]
    yield "page", f"{page['records']} records, {page['bytes']} bytes", place
    yield searched.changes(found)
    yield "answers", f"{found['latency_seconds']:.3f} s (median of {found['requests']} requests)"
