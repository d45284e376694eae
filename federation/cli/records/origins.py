"""Commands about where a union record comes from: `records provenance` and `records ids`.

In: an id (`1234`, an OAI identifier, `MEMBER:local-id`). Out: the records it is made of with their scores and the
origin of each field; the correspondence of union ids and local ids, tab separated or as JSON.
"""

from collections.abc import Iterable
from dataclasses import asdict, fields

import click

from federation.catalogue.catalogue import Catalogue
from federation.cli import context
from federation.cli.context import say, say_json
from federation.cli.records.named import resolved
from federation.errors import NotFound, UsageError
from federation.matching.attribution import Line
from federation.pipeline.stages.origins import Provenance
from federation.pipeline.stages.origins import provenance as told
from federation.pipeline.workplace import Workplace
from federation.store import correspondence
from federation.store.correspondence import Pair


@click.command()
@click.argument("record")
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def provenance(record: str, as_json: bool) -> None:
    """Say which record is the base of a union record and why, and whose each field is.

    RECORD is a number, an OAI identifier, or MEMBER:local-id.
    """
    with context.workplace() as place:
        catalogue = Catalogue(place.database, place.index, place.settings)
        found = catalogue.live(resolved(place, catalogue, record))
        if found is None:
            raise NotFound("record-deleted", "was deleted; `lienthong records ids` tells what it was made of", record)
        with place.database.read() as session:
            answer = told(session, found.id, place.settings.repository_id)
    if as_json:
        say_json(_values(found.id, answer))
        return
    say(f"union record {found.id}")
    for number, one in enumerate(answer.contributors):
        say(f"  {'base ' if not number else 'other'}  {one.member}:{one.local_id}  {one.score}")
    for line in answer.lines:
        say(f"{_whose(line):12}  {_text(line)}")


def _values(union_id: int, answer: Provenance) -> dict[str, object]:
    contributors = [
        {"member": one.member, "local_id": one.local_id, "score": one.score.total, "parts": dict(one.score.parts)}
        for one in answer.contributors
    ]
    lines = [
        {"field": _text(line), "member": line.member, "filled": [{"place": p, "member": m} for p, m in line.filled]}
        for line in answer.lines
    ]
    return {"id": union_id, "records": contributors, "fields": lines}


def _whose(line: Line) -> str:
    return "; ".join([line.member or "-", *(f"{place} {member}" for place, member in line.filled)])


def _text(line: Line) -> str:
    field = line.field
    if not field.subfields:
        return f"{field.tag}    {field.value}"
    content = "".join(f"${code}{text}" for code, text in field.subfields)
    return f"{field.tag} {field.indicators.replace(' ', '_')} {content}"


@click.command()
@click.argument("record", required=False)
@click.option("--all", "everything", is_flag=True, help="every union record there is or was")
@click.option("--json", "as_json", is_flag=True, help="as JSON, one pair a line")
def ids(record: str | None, everything: bool, as_json: bool) -> None:
    """Tell which union record a library's own record is in, and which records a union record is made of.

    RECORD is a number, an OAI identifier, or MEMBER:local-id. Columns: union, state (live, merged, deleted), successor,
    origin, member, local_id, source. A tombstone has the records it was last made of.
    """
    if bool(record) == everything:
        raise UsageError("ids-of-what", "name a record, or say --all", "records ids")
    with context.workplace() as place, place.database.read() as session:
        pairs = correspondence.every(session) if record is None else iter(_pairs(place, record))
        _write(pairs, as_json)


def _pairs(place: Workplace, record: str) -> list[Pair]:
    member, colon, local_id = record.partition(":")
    with place.database.read() as session:
        if colon and "\0" not in record and (found := correspondence.of_local(session, member, local_id)):
            return found
        union_id = resolved(place, Catalogue(place.database, place.index, place.settings), record)
        return correspondence.of_unions(session, [union_id])


def _write(pairs: Iterable[Pair], as_json: bool) -> None:
    names = [field.name for field in fields(Pair)]
    if not as_json:
        say("\t".join(names))
    for pair in pairs:
        if as_json:
            say_json(asdict(pair))
        else:
            say("\t".join(_cell(getattr(pair, name)) for name in names))


def _cell(value: object) -> str:
    # A tab in an id would be one column more.
    return "" if value is None else str(value).replace("\t", " ").replace("\n", " ")
