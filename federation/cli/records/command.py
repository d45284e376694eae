"""Commands that look at records: search, show, list those put aside or with an issue, trace; and those of `origins`.

In: a query or an id (`1234`, an OAI identifier, `MEMBER:local-id`). Out: text, JSON, or a record in a format.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import click

from federation.catalogue.catalogue import Catalogue
from federation.catalogue.formats import FORMATS
from federation.catalogue.records import UnionRecord
from federation.cli import context
from federation.cli.context import say, say_json
from federation.cli.records import origins
from federation.cli.records.named import received, resolved
from federation.errors import NotFound, UsageError
from federation.index.engine import Question, sorting
from federation.matching.keys import keys
from federation.matching.profile import profile
from federation.store import members, raws, traces
from federation.store.compress import expand
from federation.targets.asked import FORMS, WITHIN
from schemas.bib import load
from schemas.issues import CODES
from schemas.query import box, cql

_SECONDS: Final = click.FloatRange(0.1, 600)
#: what search --json counts
FACETS: Final = ("member", "kind", "material", "language", "year")
_WRITERS: Final[dict[str, Callable[[UnionRecord], bytes]]] = {form.name: form.write for form in FORMATS}

#: why a record was withdrawn (`store.models.Raw.withdrawal`), as it is told
_WITHDRAWN: Final = {
    "source": "the source says that it is deleted",
    "absent": "two looks at the whole source did not find it",
    "complete": "it was not in what is said to be complete",
    "operator": "it was absent, and the operator withdrew it",
    "rekeyed": "its source gave it another id",
}


@click.command()
@click.argument("query")
@click.option("--cql", "as_cql", is_flag=True, help="QUERY is CQL, as SRU takes it")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="as JSON")
@click.option("--target", "targets", multiple=True, metavar="CODE", help="ask this other catalogue instead of ours")
@click.option("--timeout", type=_SECONDS, help="seconds that each target has; otherwise what its option wait says")
@click.option("--within", type=_SECONDS, default=WITHIN, show_default=True, help="seconds that all targets have")
@click.option("--take", multiple=True, metavar="[CODE:]PLACE", help="write the record at this place of a target's list")
@click.option("--format", "form", type=click.Choice(FORMS), help="write the targets' records; marcxml with --take")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="a file for these records")
def search(query: str, as_cql: bool, limit: int, as_json: bool, targets: tuple[str, ...], **abroad: Any) -> None:
    """Search the catalogue as readers do, or those of others (`lienthong targets list`).

    QUERY is what the search box takes: words, "phrases", -word, field:word.
    """
    asked = cql.read(query) if as_cql else cql.Asked(box.parse(query))
    if targets:
        # What speaks with servers is loaded when one is asked.
        from federation.cli.targets.abroad import Wanted, find  # noqa: PLC0415

        find(Wanted(query, asked.node, targets, limit, as_json=as_json, **{**abroad, "form": abroad["form"] or ""}))
    if given := [name for name in ("timeout", "take", "form", "output") if abroad[name]]:
        raise UsageError("target-missing", f"{given[0]} is of other catalogues: name one", "--target")
    question = Question(asked.node, limit=limit, sort=sorting(asked.sort), facets=FACETS)
    with context.catalogue() as catalogue:
        answer = catalogue.search(question)
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
        by = f" / {hit['author']}" if hit["author"] else ""
        say(f"{hit['id']:>8}  {hit['title'] or '(no title)'}{by} ({hit['year'] or '?'})  [{', '.join(hit['members'])}]")
    more = f", the first {len(hits)} shown" if answer.total > len(hits) else ""
    say(f"{answer.total} {'record' if answer.total == 1 else 'records'}{more}")


@click.group()
def records() -> None:
    """Single records: show one, follow its way."""


@records.command()
@click.argument("record")
@click.option("--format", "form", type=click.Choice(list(_WRITERS)), default="marcxml", show_default=True)
def show(record: str, form: str) -> None:
    """Show a union record in a format; a merged one shows its successor.

    RECORD is a number, an OAI identifier, or MEMBER:local-id.
    """
    with context.workplace() as place:
        catalogue = Catalogue(place.database, place.index, place.settings)
        found = catalogue.live(resolved(place, catalogue, record))
        if found is None:
            raise NotFound("record-deleted", "was deleted; `lienthong records trace` tells more", record)
        # ISO 2709 has an end of its own; a line end behind it would be the beginning of another record.
        end = b"" if form == "marc" else b"\n"
        sys.stdout.buffer.write(_WRITERS[form](found) + end)


@records.command("aside")
@click.argument("member", required=False)
@click.option("--limit", type=click.IntRange(1, 100_000), default=1000, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="as JSON, one record a line")
def list_aside(member: str | None, limit: int, as_json: bool) -> None:
    """List the records that were put aside, of one member or of all, with the reason."""
    with context.workplace() as place, place.database.read() as session:
        if member:
            members.one(session, member)
        found = raws.put_aside(session, limit, member=member or "")
    _list(found, as_json, "records put aside")


@records.command()
@click.argument("code", type=click.Choice(sorted(CODES)), metavar="CODE")
@click.argument("member", required=False)
@click.option("--limit", type=click.IntRange(1, 100_000), default=1000, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="as JSON, one record a line")
def having(code: str, member: str | None, limit: int, as_json: bool) -> None:
    """List the records that have an issue, of one member or of all, such as encoding-doubtful."""
    with context.workplace() as place, place.database.read() as session:
        if member:
            members.one(session, member)
        found = raws.with_issue(session, code, limit, member or "")
    _list(found, as_json, f"records with {code}")


def _list(found: Sequence[raws.Aside], as_json: bool, what: str) -> None:
    for each in found:
        if as_json:
            say_json(asdict(each))
        else:
            say(f"{each.member}:{each.local_id}  {each.place}")
            say(f"    {each.code}: {each.reason}")
    if not as_json:
        say(f"{len(found)} {what}")


@records.command()
@click.argument("record")
def trace(record: str) -> None:
    """Follow a record from the bytes received to the union record.

    RECORD is a number, an OAI identifier, or MEMBER:local-id.
    """
    with context.workplace() as place:
        catalogue = Catalogue(place.database, place.index, place.settings)
        found = received(place, record)
        if not found:
            union_id = resolved(place, catalogue, record)
            with place.database.read() as session:
                found = traces.of_union(session, union_id)
                history = traces.lineage(session, union_id)
            for line in history:
                say(f"union record {union_id}: {line}")
            if not found:
                say(f"union record {union_id}: deleted; no library has it any more" if not history else "")
                with place.database.read() as session:
                    found = traces.of_tombstone(session, union_id)
    for one in found:
        _tell(one)


def _gone(trace_of: traces.Trace) -> str:
    reason = _WITHDRAWN.get(trace_of.withdrawal, "")
    return f"deleted ({reason})" if reason else "deleted"


def _tell(trace_of: traces.Trace) -> None:
    state = _gone(trace_of) if trace_of.deleted else "put aside" if trace_of.rejected else "kept"
    waiting = ", waits for normalise" if trace_of.pending else ""
    runs = f"run {trace_of.first_run}"
    if trace_of.last_run != trace_of.first_run:
        runs += f", changed by run {trace_of.last_run}"
    say(f"{trace_of.member}:{trace_of.local_id}")
    say(f"  received   from source {trace_of.source}, {runs}: {trace_of.place or '-'}")
    say(
        f"  raw        {trace_of.syntax}, {trace_of.bytes_kept} bytes on disk, "
        f"changed {trace_of.changed_at:%Y-%m-%d %H:%M:%S}Z, {state}{waiting}"
    )
    if trace_of.sets:
        say(f"  sets       {trace_of.sets}")
    for code, severity, where, message in trace_of.issues:
        say(f"  issue      {severity}: {code} {where}: {message}")
    carried = keys(profile(load(expand(trace_of.described)))) if trace_of.described else ()
    say(f"  bib        {trace_of.bib_id or 'none'}; keys: {', '.join(carried) or 'none'}")
    if trace_of.cluster_id is None:
        say("  union      none")
    else:
        stamp = f"{trace_of.union_datestamp:%Y-%m-%dT%H:%M:%SZ}" if trace_of.union_datestamp else "not merged yet"
        say(f"  union      {trace_of.cluster_id} ({stamp})")


records.add_command(origins.provenance)
records.add_command(origins.ids)
