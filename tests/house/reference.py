"""Writes the tables of the reference pages from the code, so that no page can say anything else than the code does.

In: the Markdown pages under `docs/reference`, in which `<!-- table: NAME -->` and `<!-- end -->` stand around a table.
Out: the same pages with every such table made anew; what stands outside is prose and left alone. `make docs` runs it,
`test_docs` holds that nothing is left to do.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import click

from federation import config, journal
from federation.api import parameters as api
from federation.catalogue import catalogue, formats, sets
from federation.catalogue import values as facet_values
from federation.cli import cli, ending
from federation.cli.harvest.command import COUNTS
from federation.index.engine import MOST_VALUES
from federation.matching import fixed, keys, quality, uniting
from federation.oaipmh import answer, views
from federation.oaipmh import request as oai
from federation.pipeline.check import ASTRAY, SETS_ASTRAY
from federation.pipeline.runs import harvest, run_log
from federation.sru import answer as sru_answer
from federation.sru import explain
from federation.sru import request as sru
from federation.sru import views as sru_views
from federation.store import base, checks, engine, models, seeds
from federation.targets import profile as targets
from federation.telling import digest
from federation.web.discovery import views as discovery
from federation.web.search import drawers
from federation.web.search import request as web
from federation.z3950 import answer as z3950_answer
from federation.z3950 import browsing, wanted
from federation.z3950 import door as z3950_door
from federation.z3950 import limits as z3950_limits
from harvesters import asking, known_options
from harvesters.files import look as file_look
from harvesters.oaipmh import cutting, look
from harvesters.options import Option
from harvesters.quirks import QUIRKS
from harvesters.sru import look as sru_look
from harvesters.z3950 import look as z3950_look
from schemas.issues import CODES
from schemas.maps.materials import material_label
from schemas.maps.tables import rows
from schemas.query import box, cql_syntax, rpn, rpn_terms
from schemas.query import diagnostics as query_diagnostics
from schemas.query.access_points import access_points
from schemas.z3950 import attributes, ber, connection, diagnostics, oid
from schemas.z3950.session import Close
from tests.house import api_tables, pathologies

ROOT: Final = Path(__file__).parent.parent.parent
REFERENCE: Final = ROOT / "docs" / "reference"
_BLOCK: Final = re.compile(r"(<!-- table: ([a-z0-9-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_VIETNAMESE_SEVERITY: Final = {"repaired": "đã sửa", "warning": "cảnh báo", "rejected": "để riêng"}


def pages() -> list[Path]:
    """Give the pages that may hold tables."""
    return sorted(REFERENCE.glob("*.md"))


def rendered(text: str) -> str:
    """Give a page with its tables as the code has them now."""
    return _BLOCK.sub(lambda found: f"{found[1]}\n{TABLES[found[2]]().strip()}\n\n{found[3]}", text)


def blocks(text: str) -> list[str]:
    """Name the tables of a page."""
    return [found[2] for found in _BLOCK.finditer(text)]


def commands(group: click.Group = cli, path: tuple[str, ...] = ("lienthong",)) -> Iterator[tuple[str, click.Command]]:
    """Yield every command that does something, with the words that call it."""
    context = click.Context(group)
    for name in sorted(group.list_commands(context)):
        command = group.get_command(context, name)
        assert command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


def _grid(head: Iterable[str], lines: Iterable[Iterable[Any]]) -> str:
    names = list(head)
    cells = [[str(cell).replace("|", "\\|").replace("\n", " ") for cell in line] for line in lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in (names, ["---"] * len(names), *cells))


def _code(text: object) -> str:
    return f"`{text}`" if str(text) else ""


def _codes(texts: Iterable[object]) -> str:
    return ", ".join(map(_code, texts))


def _commands() -> str:
    return "\n\n".join(_command(path, command) for path, command in commands())


def _command(path: str, command: click.Command) -> str:
    usage = " ".join(command.collect_usage_pieces(click.Context(command, info_name=path, **cli.context_settings)))
    described = [f"### {path}", " ".join((command.help or "").split()), f"    {path} {usage}".rstrip()]
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    if options:
        described.append(_grid(("option", "meaning", "default"), map(_option, options)))
    return "\n\n".join(described)


def _option(option: click.Option) -> tuple[str, str, str]:
    name = ", ".join(option.opts)
    if not option.is_flag:
        name += f" {option.make_metavar(click.Context(cli))}"
    meaning = (option.help or "") + (" (required)" if option.required else "")
    stands = isinstance(option.default, str | int) and not option.is_flag and option.default != ""
    default = option.default if stands and not option.required else ""
    return _code(name), meaning.strip(), _code(default) + (" (repeatable)" if option.multiple else "")


def _settings() -> str:
    head = ("setting", "in `lienthong.toml`", "default", "meaning")
    lines = (
        (
            _code(each.name),
            "" if each is config.SETTINGS[0] else _code(each.key),
            _code(each.default) or "*derived*",
            each.explanation,
        )
        for each in config.SETTINGS
    )
    return _grid(head, lines)


def _formats() -> str:
    head = ("format", "called", "OAI-PMH prefix", "SRU schema", "ending of a record's address", "media type")
    lines = (
        (
            _code(form.name),
            form.label,
            _code(form.prefix),
            _code(form.sru),
            _code(f".{form.extension}"),
            _code(form.media_type),
        )
        for form in formats.FORMATS
    )
    return _grid(head, lines)


def _points() -> str:
    head = ("access point", "nhãn / label", "in the search box", "kind", "CQL index", "Bib-1 use")
    lines = (
        (
            _code(point.name),
            f"{point.label_vi} / {point.label_en}",
            _codes(f"{prefix}:" for prefix in point.prefixes),
            point.kind,
            _codes(point.cql),
            ", ".join(map(str, point.bib1)),
        )
        for point in access_points()
    )
    return _grid(head, lines)


def _sru_indexes() -> str:
    head = ("index", "nhãn / label", "also called", "scan", "sort", "facet")
    lines = (
        (
            _code(point.cql[0]),
            f"{point.label_vi} / {point.label_en}",
            _codes(point.cql[1:]),
            _yes(point.name in sru_answer.scannable()),
            _yes(point.name in explain.SORTABLE),
            _yes(point.name in sru_answer.FACETS),
        )
        for point in access_points()
    )
    return _grid(head, lines)


def _yes(true: bool) -> str:
    return "yes" if true else ""


def _sru_schemas() -> str:
    lines = ((_code(form.sru), form.label, _code(form.sru_uri)) for form in formats.FORMATS if form.sru)
    return _grid(("schema", "called", "identifier"), lines)


def _sru_sets() -> str:
    known = rows("context_sets", "schemas.query")
    return _grid(
        ("prefix", "context set", "identifier"), ((_code(r["prefix"]), r["title"], _code(r["uri"])) for r in known)
    )


def _sru_diagnostics() -> str:
    return _grid(
        ("number", "words"), ((_code(number), words) for number, words in query_diagnostics.sru_words().items())
    )


def _issues() -> str:
    head = ("code", "severity / mức", "meaning", "nghĩa")
    lines = (
        (_code(code), f"{severity} / {_VIETNAMESE_SEVERITY[severity]}", english, vietnamese)
        for code, (severity, english, vietnamese) in CODES.items()
    )
    return _grid(head, lines)


def _options(options: Iterable[Option]) -> str:
    lines = ((_code(each.name), _code(each.default), _limits(each), each.meaning) for each in options)
    return _grid(("option", "default", "from – to", "meaning"), lines)


def _limits(option: Option) -> str:
    if option.high == float("inf"):
        return f"{option.low:g} –" if option.low else ""
    return f"{option.low:g} – {option.high:.0f}"


def _quirks() -> str:
    head = ("quirk", "seen at", "what we do", "option")
    return _grid(head, ((_code(quirk.name), quirk.server, quirk.answer, _code(quirk.option)) for quirk in QUIRKS))


def table_classes() -> list[Any]:
    """Give the models of all tables, in the order in which the module has them."""
    return [mapper.class_ for mapper in base.Base.registry.mappers]


def _tables() -> str:
    ordered = sorted(table_classes(), key=lambda model: list(vars(models)).index(model.__name__))
    return "\n\n".join(map(_table, ordered))


def _table(model: Any) -> str:
    meaning = " ".join((model.__doc__ or "").split())
    columns = _grid(("column", "type", "notes"), map(_column, model.__table__.columns))
    return f"### {model.__tablename__}\n\n{meaning}\n\n{columns}"


def _column(column: Any) -> tuple[str, str, str]:
    notes = ["key"] if column.primary_key else []
    notes += [f"→ `{key.target_fullname}`" for key in column.foreign_keys]
    notes += ["may be empty"] if column.nullable else []
    kind = {"Utc": "time (UTC)", "BigInteger": "number", "Integer": "number", "LargeBinary": "bytes"}.get(
        type(column.type).__name__
    )
    return (
        _code(column.name),
        kind or type(column.type).__name__.lower().replace("largebinary", "bytes"),
        ", ".join(notes),
    )


def _exit_codes() -> str:
    meanings = {
        ending.DONE: ("done", "xong"),
        ending.FAILED: (
            "failed: the line on standard error says what and why",
            "không thành: dòng báo lỗi nói rõ lý do",
        ),
        ending.USAGE: (
            "wrong usage or wrong settings; nothing was done",
            "gõ sai lệnh hoặc sai cấu hình; chưa làm gì",
        ),
        ending.PUT_ASIDE: ("done, and records were put aside", "xong, nhưng có biểu ghi bị để riêng"),
    }
    return _grid(("exit code", "meaning", "nghĩa"), ((_code(code), *said) for code, said in meanings.items()))


def _faults() -> str:
    found = [(code, what) for code, what, _ in checks._rules(1, 1)]
    found += [*ASTRAY.items(), *SETS_ASTRAY.items()]
    found += [
        ("index-missing", "published but not in the index"),
        ("index-stale", "in the index in another version"),
        ("index-surplus", "in the index but not in the catalogue"),
        ("database-drift", "the database has another shape than this version expects"),
    ]
    return _grid(("fault", "meaning"), ((_code(code), what) for code, what in found))


def _families() -> str:
    said = {
        "member": "one library",
        "kind": "all libraries of a legal kind",
        "type": "one type of material",
        "collection": "a collection that crosses libraries",
        "query": "what a query of yours finds (`lienthong sets add`)",
    }
    return _grid(("set", "holds"), ((_code(f"{family}:CODE"), said[family]) for family in sets.FAMILIES))


def _collections() -> str:
    head = ("set", "tên", "name")
    return _grid(head, ((_code(f"collection:{code}"), *names) for code, names in sets.COLLECTIONS.items()))


def _materials() -> str:
    codes = dict.fromkeys(row["code"] for row in rows("material_types"))
    lines = ((_code(code), material_label(code, "vi"), material_label(code, "en")) for code in codes)
    return _grid(("code", "tên", "name"), lines)


def _kinds() -> str:
    lines = ((_code(kind["code"]), kind["name_vi"], kind["name_en"]) for kind in seeds.library_kinds())
    return _grid(("kind", "tên", "name"), lines)


def _counts() -> str:
    meanings = {
        "seen": "records that came",
        "added": "not known before",
        "changed": "known, with other content",
        "unchanged": "known, with the same content: nothing is written",
        "deleted": "withdrawn by the library, or gone from a source that was seen whole",
        "rejected": "put aside, with the reason",
        "repaired": "kept after a repair that is recorded",
        "pages": "answers of the server, or portions of a file",
        "bytes": "bytes that came",
    }
    return _grid(("count", "meaning"), ((_code(count), meanings[count]) for count in COUNTS))


def _limits_table() -> str:
    lines = (
        ("characters of a query in the search box or `lienthong search`", f"{box.MOST_CHARACTERS:,}"),
        ("words of a query", box.MOST_TERMS),
        ("characters of a query in an address of the web door", web.MAX_TEXT),
        ("pages of a search result, of 20 each", web.MAX_PAGE),
        ("values of one filter", web.MAX_VALUES),
        ("values shown of a facet on the web page", web.FACET_SIZE),
        ("values of a facet on one page of all of them", drawers.PAGE),
        ("creators or subjects of a search that can be paged through, the commonest", f"{MOST_VALUES:,}"),
        ("creators or subjects listed from A to Z, or found by their words", f"{facet_values.MOST:,}"),
        ("bytes of the arguments of an OAI-PMH request", f"{oai.MOST_BYTES:,}"),
        ("arguments of an OAI-PMH request", oai.MOST_ARGUMENTS),
        ("days a resumption token lives", answer.TOKEN_LIVES.days),
        ("bytes after which a page of an OAI-PMH list ends early", f"{answer.PAGE_BYTES:,}"),
        ("OAI-PMH lists read at once, per process", views.LISTS_AT_ONCE),
        ("characters of a CQL query", f"{cql_syntax.MOST_CHARACTERS:,}"),
        ("brackets within brackets of a CQL query", cql_syntax.MOST_NESTED),
        ("booleans of a CQL query", cql_syntax.MOST_BOOLEANS),
        ("records in one SRU answer", sru.MOST_RECORDS),
        ("place of the last record of a result that SRU gives", f"{sru.DEEPEST:,}"),
        ("terms in one SRU scan", sru.MOST_TERMS),
        ("values of a facet by SRU", sru.MOST_FACET_VALUES),
        ("bytes of the parameters of an SRU request", f"{sru.MOST_BYTES:,}"),
        ("SRU requests answered at once, per process", sru_views.AT_ONCE),
        ("bytes of the parameters of a request to the API", f"{api.MOST_BYTES:,}"),
        ("place of the last record of a result that the API gives", f"{api.DEEPEST:,}"),
        ("entries of an Atom feed", discovery.ENTRIES),
        ("addresses in one file of the sitemap", f"{catalogue.SPAN:,}"),
        ("bytes of the log of searches of one day", f"{journal.MOST_BYTES:,}"),
        ("characters of a search in it", journal.MOST_TEXT),
        ("bytes of a record in ISO 2709 on the way out", "99,999"),
        ("bytes of one record on the way in", "10 MB"),
        ("requests that `lienthong sources probe` makes of OAI-PMH", look.MOST),
        ("requests that `lienthong sources probe` makes of SRU", sru_look.MOST),
        ("questions that `lienthong sources probe` asks of Z39.50", z3950_look.MOST),
        ("records of the first file that `lienthong sources probe` counts", f"{file_look.MOST:,}"),
        ("date windows in a row that a run passes over before it ends", cutting.PATIENCE),
        ("records in a row that a run over SRU or Z39.50 passes over before it ends", asking.PATIENCE),
        ("profiles that may share a match key before it is ignored", keys.MOST_SHARING),
        ("seconds a writer waits for another one (SQLite)", engine.BUSY_SECONDS),
        ("lines that the log of a run keeps", f"{run_log.MOST:,}"),
        ("characters of a line of it", f"{run_log.LONGEST:,}"),
        ("notices written out in one mail", digest.MOST),
        ("ids shown for one fault of `lienthong check`", checks.MOST),
    )
    return _grid(("what", "limit"), lines)


def _z3950_limits() -> str:
    limits = ber.DEFAULT_LIMITS
    lines = (
        ("bytes of one message", f"{limits.message:,}"),
        ("elements inside one another", limits.depth),
        ("elements of one message", f"{limits.elements:,}"),
        ("bytes that wait to be read", f"{limits.waiting:,}"),
    )
    return _grid(("what", "limit"), lines)


def _z3950_profile() -> str:
    lines = (
        (
            f"{kind} {attributes.TYPES[kind]}",
            ", ".join(_named(kind, value) for value in sorted(values) if value),
            query_diagnostics.bib1(f"rpn-{attributes.TYPES[kind]}"),
        )
        for kind, values in rpn_terms.VALUES.items()
    )
    uses = sorted(number for point in access_points() for number in point.bib1)
    return _grid(("attribute", "supported", "else"), [("1 use", ", ".join(map(str, uses)), 114), *lines])


def _named(kind: int, value: int) -> str:
    return f"{value} {attributes.names()[kind, value].lower()}"


def _z3950_syntaxes() -> str:
    lines = (
        (oid.label(syntax), _code(syntax), ", ".join(_schemas(form) for form in forms) or "F, B")
        for syntax, forms in wanted.syntaxes().items()
    )
    return _grid(("record syntax", "object identifier", "element sets and schemas"), lines)


def _schemas(form: formats.Format) -> str:
    sizes = "F, B, " if form.name == "marcxml" else "F, B" if form.name == "marc" else ""
    return sizes + (" or ".join(map(_code, wanted.names(form))) if form.syntax == "XML" else "")


def _z3950_door_limits() -> str:
    usual, messages = z3950_limits.Limits(), z3950_limits.of_messages()
    lines = (
        ("bytes of one message of a client", f"{messages.message:,}"),
        ("elements of one message; inside one another", f"{messages.elements:,}; {messages.depth}"),
        (
            "bytes of an answer; of one with a single record",
            f"{z3950_limits.MESSAGE_OUT:,}; {z3950_limits.RECORD_OUT:,}",
        ),
        ("operands of a query; operators inside one another", f"{rpn.MOST_OPERANDS}; {rpn.MOST_NESTED}"),
        ("characters of a term", f"{rpn_terms.MOST_CHARACTERS:,}"),
        ("sessions; of one address", f"{usual.sessions}; {usual.sessions_of_address}"),
        ("searches, scans and sorts a minute of one address", usual.searches),
        ("records a minute of one address", f"{usual.records:,}"),
        ("wrong passwords a minute of one address", z3950_door.WRONG_PASSWORDS),
        ("result sets of a session", usual.result_sets),
        ("records of one answer; segments", f"{z3950_answer.MOST_RECORDS:,}; {z3950_answer.MOST_SEGMENTS}"),
        ("terms of a scan", browsing.MOST_TERMS),
        ("seconds until Init has come", f"{usual.opening:g}"),
        ("seconds until a message is whole", f"{usual.message:g}"),
        ("seconds between two messages", f"{usual.idle:g}"),
        ("seconds until an answer is taken", f"{usual.writing:g}"),
        ("seconds until an unused result set is dropped", f"{usual.result_set:,g}"),
    )
    return _grid(("what", "limit"), lines)


def _z3950_messages() -> str:
    pairs = [*connection.OPERATIONS.items(), (Close, Close)]
    lines = (
        (_code(ask.__name__), _code(reply.__name__), (ask.__doc__ or "").partition("\n")[0]) for ask, reply in pairs
    )
    return _grid(("request", "answer", "what for"), lines)


def _z3950_oids() -> str:
    lines = ((_code(row["oid"]), row["label"], row["class"]) for row in rows("oids", "schemas.z3950"))
    return _grid(("object identifier", "called", "what it is"), lines)


def _z3950_attributes() -> str:
    types = (f"{kind} {attributes.TYPES[kind]}" for kind in attributes.TYPES)
    found = attributes.names().items()
    values = (", ".join(f"{value} {name}" for (of, value), name in found if of == kind) for kind in attributes.TYPES)
    return _grid(("attribute", "values"), zip(types, values, strict=True))


def _z3950_diagnostics() -> str:
    lines = ((code, message.en, message.vi) for code, message in diagnostics.messages().items())
    return _grid(("number", "English", "Tiếng Việt"), lines)


def _pathologies() -> str:
    head = ("no.", "what sources do", "what we do", "shown by")
    return _grid(head, pathologies.table_rows(pathologies.shown()))


def _quality() -> str:
    head = ("feature", "points", "at most", "what counts", "why")
    lines = ((_code(each.name), f"{each.points:+}", each.most, each.what, each.why) for each in quality.FEATURES)
    return _grid(head, lines)


def _treatments() -> str:
    said = {"unite": "every one that says something new", "fill": "where the base has none: those of the best record"}
    lines = ((each.what, _codes(each.tags.split()), said[each.how], each.why) for each in uniting.TREATMENTS)
    return _grid(("fields", "tags", "what is added", "why"), lines)


def _gaps() -> str:
    return _grid(
        ("positions", "what", "when it is a gap, and when not"), ((_code(g.place), g.what, g.why) for g in fixed.GAPS)
    )


TABLES: Final[dict[str, Callable[[], str]]] = {
    "commands": _commands,
    "exit-codes": _exit_codes,
    "counts": _counts,
    "faults": _faults,
    "settings": _settings,
    "formats": _formats,
    "access-points": _points,
    "sru-indexes": _sru_indexes,
    "sru-schemas": _sru_schemas,
    "sru-sets": _sru_sets,
    "sru-diagnostics": _sru_diagnostics,
    "issues": _issues,
    "options-every": lambda: _options(harvest.OPTIONS),
    "options-oaipmh": lambda: _options(known_options("oaipmh")),
    "options-sru": lambda: _options(known_options("sru")),
    "options-z3950": lambda: _options(known_options("z3950")),
    "options-files": lambda: _options(known_options("files")),
    "options-target-sru": lambda: _options(targets.OPTIONS["sru"]),
    "options-target-z3950": lambda: _options(targets.OPTIONS["z3950"]),
    "quirks": _quirks,
    "tables": _tables,
    "set-families": _families,
    "collections": _collections,
    "materials": _materials,
    "kinds": _kinds,
    "limits": _limits_table,
    "api-addresses": lambda: _grid(*api_tables.addresses()),
    "api-parameters": lambda: _grid(*api_tables.parameters()),
    "api-problems": lambda: _grid(*api_tables.problems()),
    "pathologies": _pathologies,
    "quality": _quality,
    "treatments": _treatments,
    "gaps": _gaps,
    "z3950-profile": _z3950_profile,
    "z3950-syntaxes": _z3950_syntaxes,
    "z3950-door-limits": _z3950_door_limits,
    "z3950-limits": _z3950_limits,
    "z3950-messages": _z3950_messages,
    "z3950-attributes": _z3950_attributes,
    "z3950-oids": _z3950_oids,
    "z3950-diagnostics": _z3950_diagnostics,
}


def main() -> None:
    """Bring every page up to date and say which changed."""
    for page in pages():
        before = page.read_text("utf-8")
        after = rendered(before)
        if after != before:
            page.write_text(after, "utf-8")
            print(page.relative_to(ROOT))


if __name__ == "__main__":
    main()
