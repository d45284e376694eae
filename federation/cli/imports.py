"""`lienthong import`: files that a member handed over, into the catalogue.

In: a member and files. Out: a run of the member's own source `MEMBER-files`, told like any harvest. What the operator
got wrong (no such file, no such member, a malformed option) is told before anything is written.
"""

import glob
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from federation import clock, vault
from federation.cli import context
from federation.cli.harvest.command import bring, shown, tell
from federation.cli.options import check
from federation.cli.progress import showing
from federation.errors import UsageError
from federation.pipeline.runs.harvest import HOLDINGS, Order
from federation.pipeline.stages.encoding import ENCODING
from federation.pipeline.stages.own import COPIES
from federation.pipeline.workplace import Workplace
from federation.store import Session, members, raws, sources
from federation.store.sources import NewSource, SourceRow
from harvesters.login import SECRET

_KIND: Final = "files"
#: options that say how records are read
_READING: Final = (HOLDINGS.name, COPIES.name, ENCODING.name)


@click.command("import")
@click.argument("member")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--complete", is_flag=True, help="the files are all the member has: what is not in them is deleted")
@click.option("--option", "options", multiple=True, metavar="K=V", help="e.g. id=952p, holdings=…; kept for next time")
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def import_files(member: str, files: tuple[Path, ...], complete: bool, options: tuple[str, ...], as_json: bool) -> None:
    """Import MARC files of a member.

    FILES are ISO 2709 or MARCXML, plain or .gz, or folders of them. A record whose number is there already is
    brought up to date.
    """
    given = context.pairs(options)
    _there(files)
    with context.workplace() as place:
        code = own_source(place, member, given)
        paths = "\n".join(str(path.absolute()) for path in files)
        with showing() as show:
            extra = {"complete": "true" if complete else "false"}
            order = Order(full=True, url=paths, options=extra, on_page=shown(show))
            report = bring(place, code, order, show)
        tell(place, report, as_json)


def _there(files: tuple[Path, ...]) -> None:
    for path in files:
        if "\n" in str(path):
            raise UsageError("file-name", "a name with a line break cannot be imported", repr(str(path)))
        if not path.exists() and not glob.has_magic(str(path)):
            raise UsageError("no-file", "there is no such file or folder", str(path))


def own_source(place: Workplace, member: str, options: dict[str, str]) -> str:
    """Give the source under which a member's imported files are kept, made when it is not there."""
    code, options = f"{member}-files", vault.lock(place.settings.home, options, SECRET)
    with place.database.write() as session:
        member_id = members.one(session, member).id
        known = {source.code: source for source in sources.every(session)}.get(code)
        if known and (known.member != member or known.kind != _KIND):
            raise UsageError(
                "source-taken",
                f"is a source of {known.member} of the kind {known.kind}, so imports of {member} have no place",
                code,
            )
        stands = known.options if known else {}
        source = NewSource(code, _KIND, known.url if known else "", options={**stands, **options})
        check(source)
        if known is None:
            sources.add(session, member_id, source, clock.now())
        elif options:
            change_options(session, known, source.options)
    return code


def change_options(session: Session, source: SourceRow, options: Mapping[str, str]) -> None:
    """Give a source other options; where its records are now read in another way, they are described anew."""
    sources.change(session, source.id, options=dict(options))
    if any(options.get(name, "") != source.options.get(name, "") for name in _READING):
        raws.redo(session, source.id)
