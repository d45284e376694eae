"""Commands that look at records: search, show, trace, export.

In: a query or an id (`1234`, an OAI identifier, `MEMBER:local-id`). Out: text, JSON, or records in a format.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

import click

from federation.catalogue.catalogue import Catalogue
from federation.catalogue.formats import FORMATS
from federation.catalogue.records import UnionRecord
from federation.cli import context
from federation.cli.context import say, say_json
from federation.errors import NotFound, UsageError
from federation.index.engine import Question
from federation.store import traces
from schemas.errors import EncodeError
from schemas.query import box

#: what search --json counts
FACETS: Final = ("member", "kind", "material", "language", "year")
_WRITERS: Final[dict[str, Callable[[UnionRecord], bytes]]] = {form.name: form.write for form in FORMATS}
#: format of an export -> what stands before, between and after its records
_WRAPPING: Final = {
    "marcxml": (b'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim">\n', b"\n", b"\n</collection>\n"),
    "mods": (b'<?xml version="1.0" encoding="UTF-8"?>\n<modsCollection xmlns="http://www.loc.gov/mods/v3">\n', b"\n", b"\n</modsCollection>\n"),
    "oai_dc": (b'<?xml version="1.0" encoding="UTF-8"?>\n<records>\n', b"\n", b"\n</records>\n"),
    "marc": (b"", b"", b""),
    "jsonl": (b"", b"\n", b"\n"),
}  # fmt: skip


@click.command()
@click.argument("query")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def search(query: str, limit: int, as_json: bool) -> None:
    """Search the catalogue as the search box does: words, "phrases", -word, field:word."""
    with context.catalogue() as catalogue:
        answer = catalogue.search(Question(box.parse(query), limit=limit, facets=FACETS))
    hits: list[dict[str, Any]] = [
        {
            "id": hit.id,
            "title": str(hit.bib.title),
            "author": hit.bib.creator,
            "year": hit.bib.publication.year or None,
            "members": list(hit.members),
        }
        for hit in answer.hits
    ]
    if as_json:
        facets = {name: dict(values) for name, values in answer.facets.items()}
        say_json({"query": query, "total": answer.total, "hits": hits, "facets": facets})
        return
    for hit in hits:
        say(f"{hit['id']:>8}  {hit['title']} / {hit['author']} ({hit['year'] or '?'})  [{', '.join(hit['members'])}]")
    say(f"{answer.total} records")


@click.group()
def records() -> None:
    """Single records."""


@records.command()
@click.argument("record")
@click.option("--format", "form", type=click.Choice(list(_WRITERS)), default="marcxml", show_default=True)
def show(record: str, form: str) -> None:
    """Show a union record in a format; a merged one shows its successor."""
    with context.catalogue() as catalogue:
        union_id = _resolved(catalogue, record)
        found = catalogue.live(union_id)
        if found is None:
            raise NotFound("record-deleted", "was deleted; `lienthong records trace` tells more", record)
        click.get_binary_stream("stdout").write(_WRITERS[form](found) + b"\n")


def _resolved(catalogue: Catalogue, text: str) -> int:
    union_id = catalogue.resolve(text)
    if union_id is None or catalogue.fetch(union_id) is None:
        raise NotFound("record-unknown", "is no record: use a number, an OAI identifier or MEMBER:local-id", text)
    return union_id


@records.command()
@click.argument("record")
def trace(record: str) -> None:
    """Follow a record from the bytes received to the union record."""
    with context.workplace() as place:
        catalogue = Catalogue(place.database, place.index, place.settings)
        member, colon, local_id = record.partition(":")
        with place.database.read() as session:
            found = traces.of_local(session, member, local_id) if colon else []
        if not found:
            union_id = _resolved(catalogue, record)
            with place.database.read() as session:
                found = traces.of_union(session, union_id)
                for line in traces.lineage(session, union_id):
                    say(f"union record {union_id}: {line}")
    for one in found:
        _tell(one)


def _tell(trace_of: traces.Trace) -> None:
    state = "deleted" if trace_of.deleted else "put aside" if trace_of.rejected else "kept"
    waiting = ", waits for normalise" if trace_of.pending else ""
    say(f"{trace_of.member}:{trace_of.local_id}")
    say(f"  received   by {trace_of.source}, runs {trace_of.first_run} to {trace_of.last_run}, {trace_of.place or '-'}")
    say(
        f"  raw        {trace_of.syntax}, {trace_of.bytes_kept} bytes kept, changed {trace_of.changed_at:%Y-%m-%d %H:%M:%S}Z, {state}{waiting}"
    )
    for code, severity, where, message in trace_of.issues:
        say(f"  issue      {severity}: {code} {where}: {message}")
    say(f"  bib        {trace_of.bib_id or 'none'}; keys: {', '.join(trace_of.keys) or 'none'}")
    stamp = f"{trace_of.union_datestamp:%Y-%m-%dT%H:%M:%SZ}" if trace_of.union_datestamp else "not merged yet"
    say(f"  union      {trace_of.cluster_id or 'none'} ({stamp})")


@click.command()
@click.option("--set", "set_spec", default="", help="only the records of one OAI set")
@click.option("--format", "form", required=True, type=click.Choice(list(_WRAPPING)))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="a file; otherwise standard output"
)
def export(set_spec: str, form: str, output: Path | None) -> None:
    """Write the union records to a file; records that the format cannot hold are told, and the exit code is 3."""
    with context.catalogue() as catalogue:
        if set_spec and set_spec not in {line.spec for line in catalogue.sets()}:
            raise UsageError("set-unknown", "is no set; sets are listed by OAI-PMH ListSets", set_spec)
        if output is None:
            left_out = write(catalogue.every(set_spec), form, click.get_binary_stream("stdout"))
        else:
            partial = output.with_name(output.name + ".part")
            with partial.open("wb") as stream:
                left_out = write(catalogue.every(set_spec), form, stream)
            partial.replace(output)
    context.leave(context.PUT_ASIDE if left_out else context.DONE)


def write(found: Iterator[UnionRecord], form: str, stream: BinaryIO) -> int:
    """Write records in a format; gives how many it could not hold, each told on standard error."""
    before, between, after = _WRAPPING[form]
    writer = _WRITERS["json" if form == "jsonl" else form]
    stream.write(before)
    left_out, first = 0, True
    for record in found:
        try:
            content = writer(record)
        except EncodeError as error:
            left_out += 1
            print(f"record {record.id}: {error}; export it as marcxml", file=sys.stderr)  # noqa: T201
            continue
        stream.write(content if first else between + content)
        first = False
    stream.write(after)
    return left_out


COMMANDS = (search, records, export)
