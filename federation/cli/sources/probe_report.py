"""What was seen of a source, as JSON and as lines for people.

In: what a look at a server or at files gave. Out: a table of plain values (`described`), and the lines that are printed
from it (`lines`).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final

from federation.cli.harvest.command import foreseen
from federation.cli.sources import probe_sru, probe_z3950
from harvesters.base import Harvested
from harvesters.encoding import guess
from harvesters.files import look as files
from harvesters.oaipmh import look as oaipmh
from harvesters.oaipmh.skew import described as in_words
from harvesters.probe import Seen
from harvesters.sru import look as sru
from harvesters.z3950 import look as z3950

_SAMPLE: Final = 10
_SETS: Final = 10


def described(seen: Seen, options: Mapping[str, str]) -> dict[str, Any]:
    """Give what was seen, and what would become of the first records."""
    if isinstance(seen, files.Seen):
        found = _of_files(seen)
    elif isinstance(seen, z3950.Seen):
        found = probe_z3950.described(seen)
    else:
        found = probe_sru.described(seen) if isinstance(seen, sru.Seen) else _of_oai(seen)
    return found | _text(seen.records) | _sample(seen.records, options) | {"fault": seen.fault}


def lines(found: Mapping[str, Any]) -> Iterator[str]:
    """Put a report into lines."""
    written = {"files": _files_lines, "sru": _sru_lines, "z3950": _z3950_lines}.get(found["kind"], _oai_lines)
    yield from written(found)
    yield from _ending_lines(found)


def _sru_lines(found: Mapping[str, Any]) -> Iterator[str]:
    yield from (_row(name, *parts) for name, *parts in probe_sru.rows(found))
    yield _row("letters", f"pages in {found['encoding'] or '?'}", _repairs(found))


def _z3950_lines(found: Mapping[str, Any]) -> Iterator[str]:
    yield from (_row(name, *parts) for name, *parts in probe_z3950.rows(found))
    yield _row("letters", _repairs(found))


def _of_oai(seen: oaipmh.Seen) -> dict[str, Any]:
    formats = [
        {"prefix": offer.prefix, "namespace": offer.namespace, "chosen": offer.prefix == seen.chosen}
        for offer in seen.formats
    ]
    return {
        "identify": {
            "name": seen.name,
            "protocol": seen.protocol,
            "emails": seen.emails,
            "earliest": seen.earliest,
        },
        "formats": formats,
        "prefix": seen.chosen,
        "sets": {
            "count": len(seen.sets),
            "more": seen.more_sets,
            "first": [{"spec": spec, "name": name} for spec, name in seen.sets[:_SETS]],
        },
        "deletion": {"claimed": seen.deletions, "seen": seen.deleted, "among": seen.looked_at},
        "granularity": {"declared": seen.granularity, "taken": seen.taken, "minds_dates": seen.minds_dates},
        "clock": {
            "skew_seconds": None if seen.skew is None else round(seen.skew.total_seconds()),
            "datestamps_ahead_seconds": round(seen.ahead.total_seconds()),
        },
        "page": {"records": seen.page_size, "bytes": seen.page_bytes, "list_size": seen.promised},
        "second_page": seen.second_page,
        "encoding": seen.encoding,
        "latency_seconds": round(seen.latency, 3),
        "requests": seen.requests,
        "notes": seen.notes,
    }


def _of_files(seen: files.Seen) -> dict[str, Any]:
    rows = [
        {"name": each.name, "bytes": each.bytes, "kind": each.syntax, "fault": each.fault, "told": dict(each.told)}
        for each in seen.files
    ]
    return {
        "files": {"count": seen.count, "bytes": seen.bytes, "first": rows},
        "first": {
            "name": seen.first,
            "records": seen.total,
            "more": seen.cut,
            "without_id": seen.unnamed,
            "repeated_ids": seen.repeated,
            "damage": seen.damage,
        },
        "notes": [],
    }


def _sample(records: tuple[Harvested, ...], options: Mapping[str, str]) -> dict[str, Any]:
    """Say what would become of some records, and what had to be repaired in them."""
    rows = [{**foreseen(record, options), "datestamp": record.datestamp} for record in records[:_SAMPLE]]
    repairs = Counter(issue["code"] for row in rows for issue in row["issues"] if issue["severity"] == "repaired")
    return {"sample": rows, "repairs": dict(repairs.most_common())}


def _text(records: tuple[Harvested, ...]) -> dict[str, Any]:
    """Say in which old encoding some records are, if in any."""
    found = guess(records)
    said = None if found is None else {**asdict(found), "score": round(found.score, 1)}
    return {"old_encoding": said}


def _row(name: str, *parts: str) -> str:
    told = "; ".join(filter(None, parts)) or "-"
    # What a server says of itself may hold anything; here it is one line.
    return f"{name:12} {''.join(each if each.isprintable() else ' ' for each in told)}"


def _oai_lines(found: Mapping[str, Any]) -> Iterator[str]:
    said, page, dates, sets = (found[name] for name in ("identify", "page", "granularity", "sets"))
    yield _row("server", said["name"], f"OAI-PMH {said['protocol'] or '?'}", ", ".join(said["emails"]))
    yield _row("earliest", said["earliest"])
    for offer in found["formats"]:
        yield _row("format", f"{offer['prefix']} ({offer['namespace']})", "this one is asked for" * offer["chosen"])
    first = ", ".join(each["spec"] for each in sets["first"])
    yield _row("sets", f"{sets['count']}{' and more' * sets['more']}" if sets["count"] else "none", first)
    size = "not told" if page["list_size"] is None else f"{page['list_size']}"
    yield _row("page", f"{page['records']} records, {page['bytes']} bytes", f"list size {size}")
    yield _row("second page", found["second_page"])
    claimed = found["deletion"]["claimed"] or "nothing"
    yield _row(
        "deletions", f"claims {claimed}", f"{found['deletion']['seen']} seen in {found['deletion']['among']} records"
    )
    yield _row("granularity", f"declares {dates['declared'] or 'nothing'}", f"takes {dates['taken']}")
    yield _row("clock", *_clock(found["clock"]))
    yield _row("answers", f"{found['latency_seconds']:.3f} s (median of {found['requests']} requests)")
    yield _row("letters", f"pages in {found['encoding'] or '?'}", _repairs(found))


def _clock(clock: Mapping[str, Any]) -> Iterator[str]:
    if clock["skew_seconds"] is None:
        yield "the server tells no time"
        return
    skew = timedelta(seconds=clock["skew_seconds"])
    yield in_words(skew) if abs(skew) > timedelta(seconds=5) else "agrees with ours"
    if clock["datestamps_ahead_seconds"] > 300:
        ahead = timedelta(seconds=clock["datestamps_ahead_seconds"])
        yield f"datestamps lie up to {ahead} in the future, perhaps local time written as UTC"


def _files_lines(found: Mapping[str, Any]) -> Iterator[str]:
    every, first = found["files"], found["first"]
    yield _row("files", f"{every['count']}, {every['bytes']} bytes")
    for each in every["first"]:
        size = "size not told" if each["bytes"] is None else f"{each['bytes']} bytes"
        told = (f"{name} {text}" for name, text in each["told"].items())
        yield _row("file", each["name"], size, each["fault"] or each["kind"], *told)
    if every["count"] > len(every["first"]):
        yield _row("file", f"and {every['count'] - len(every['first'])} more")
    if first["name"]:
        yield _row("first file", f"{first['records']}{' and more' * first['more']} records", first["damage"])
        yield _row("ids", f"{first['without_id']} records without", f"{first['repeated_ids']} repeated")
        yield _row("letters", _repairs(found))


def _repairs(found: Mapping[str, Any]) -> str:
    told = ", ".join(f"{code} {count}" for code, count in found["repairs"].items())
    return f"repaired in the sample: {told}" if told else "nothing had to be repaired in the sample"


def _ending_lines(found: Mapping[str, Any]) -> Iterator[str]:
    if old := found["old_encoding"]:
        among = f"{old['records']} of {old['among']} records of the sample"
        yield _row("encoding", f"{old['name']}, score {old['score']}", among)
    for row in found["sample"]:
        fate = row["title"] or "(no title)" if row["status"] == "kept" else row["status"]
        yield _row("record", f"{row['local_id']}  {row['datestamp']}".rstrip(), fate)
        yield from (f"{'':15}{each['severity']}: {each['code']} {each['where']}" for each in row["issues"])
    yield from (_row("note", note) for note in found["notes"])
    for each in found["proposed"]:
        yield _row("propose", f"{each['name']}={each['value']}", each["reason"])
    if found["command"]:
        yield ""
        yield found["command"]
    elif not found["fault"]:
        yield _row("propose", "nothing: the source is set well as it is")
