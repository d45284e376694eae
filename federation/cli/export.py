"""`lienthong export`: the union records as a file.

In: a format, perhaps a set or a query. Out: records on standard output or in a file that is there whole or not at all.
What ISO 2709 cannot hold (99,999 bytes a record, 9,999 a field) is not lost: it is written as MARCXML beside the file,
as `NAME.toolong.xml`, told on standard error, and the exit code is 3.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

import click

from federation.catalogue.formats import FORMATS, Format, Wrapping, together
from federation.catalogue.records import UnionRecord
from federation.cli import context, ending
from federation.cli.output import whole
from federation.errors import UsageError
from schemas.errors import SchemaError
from schemas.query import cql

_MARCXML: Final = FORMATS[0].many


def row(record: UnionRecord) -> bytes:
    """Give a record as a line of JSON: what it is, whose records it is made of, who holds it."""
    pairs = {(origin.member_code, origin.local_id) for origin in record.sources}
    values: dict[str, Any] = {
        "id": record.id,
        "oai": record.identifier,
        "datestamp": f"{record.datestamp:%Y-%m-%dT%H:%M:%SZ}",
        "deleted": record.deleted,
        "group": record.group_id,
        "title": str(record.bib.title),
        "members": [{"member": code, "local_id": local_id} for code, local_id in sorted(pairs)],
        "holdings": [
            {
                "member": held.member_code,
                "call_number": held.call_number,
                "copies": held.copies,
                "as_of": held.as_of.isoformat(),
            }
            for held in record.holdings
        ],
    }
    return json.dumps(values, ensure_ascii=False).encode()


#: a record a line, for those who read line by line; what the formats of the doors are besides
_JSONL: Final = Format(
    "jsonl", "JSON", "jsonl", "application/jsonl", row, many=Wrapping(inner=lambda one: row(one) + b"\n")
)
_CHOICES: Final = {form.name: form for form in (*FORMATS, _JSONL)}


@click.command()
@click.option("--set", "set_spec", default="", metavar="SPEC", help="only the records of one OAI set, e.g. member:tinh")
@click.option("--cql", "query", default="", metavar="QUERY", help="only the records that a CQL query finds")
@click.option("--format", "form", required=True, type=click.Choice(list(_CHOICES)))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="a file; otherwise standard output"
)
def export(set_spec: str, query: str, form: str, output: Path | None) -> None:
    """Write the catalogue's records to a file.

    Records too long for ISO 2709 are written to NAME.toolong.xml beside the file, and the exit code is 3.
    """
    if set_spec and query:
        raise UsageError("set-or-query", "give a set or a query, not both", "--cql")
    node = cql.read(query).node if query else None
    with context.catalogue() as catalogue, ExitStack() as files:
        if set_spec and set_spec not in (known := {line.spec for line in catalogue.sets()}):
            raise UsageError("set-unknown", f"is no set; sets are: {', '.join(sorted(known)) or 'none yet'}", set_spec)
        found = catalogue.matching(node) if node else catalogue.every(set_spec)
        if output is None:
            left_out = write(found, form, sys.stdout.buffer)
        else:
            aside = Aside(output.with_name(output.name + ".toolong.xml"))
            left_out = write(found, form, files.enter_context(whole(output)), files.enter_context(aside.open()).keep)
    ending.leave(ending.PUT_ASIDE if left_out else ending.DONE)


class Aside:
    """The MARCXML file beside an export, made when the first record needs it; an old one is taken away."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stream: BinaryIO | None = None
        self._stack = ExitStack()

    @contextmanager
    def open(self) -> Iterator["Aside"]:
        """Give it ready to keep records, and close it at the end."""
        with self._stack:
            yield self
            if self._stream:
                self._stream.write(_MARCXML.behind)
            else:
                self.path.unlink(missing_ok=True)

    def keep(self, record: UnionRecord) -> str:
        """Write a record; gives where it is now."""
        if not self._stream:
            self._stream = self._stack.enter_context(whole(self.path))
            self._stream.write(_MARCXML.before)
        self._stream.write(record.exported + b"\n")
        return f"it is in {self.path}"


def _nowhere(_record: UnionRecord) -> str:
    return "export it as marcxml, or to a file with -o"


def write(
    found: Iterator[UnionRecord],
    form: str,
    stream: BinaryIO,
    aside: Callable[[UnionRecord], str] = _nowhere,
) -> int:
    """Write records in a format; gives how many it could not hold, each handed to `aside` and told."""
    left_out = 0

    def refused(record: UnionRecord, error: SchemaError) -> None:
        nonlocal left_out
        left_out += 1
        print(f"record {record.id}: {error}; {aside(record)}", file=sys.stderr)  # noqa: T201

    for piece in together(_CHOICES[form], found, refused):
        stream.write(piece)
    return left_out
