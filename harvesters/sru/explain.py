"""What a server says of itself in its Explain record, and which record schema to ask for.

In: an explainResponse. Out: `Offered`: title, version, schemas, indexes, defaults (ZeeRex 2.0 and 2.1, whatever the
namespace). MARCXML is chosen before Dublin Core; what cannot be read is not chosen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from harvesters.errors import SourceRefused
from harvesters.markup import child, named, texts
from harvesters.sru.answer import diagnostics

VERSIONS: Final = ("1.1", "1.2", "2.0")
_SRU2: Final = "http://docs.oasis-open.org/ns/search-ws/"
_MARC_NAMES: Final = ("marcxml", "marc21-xml", "marc21xml", "marc21", "marc")
_MARC_URIS: Final = ("info:srw/schema/1/marcxml-v1.1", "http://www.loc.gov/marc21/slim")
#: short names and URIs to be tried in turn where a server does not say what it has
USUAL: Final = ("marcxml", "info:srw/schema/1/marcxml-v1.1", "marc21-xml", "dc", "info:srw/schema/1/dc-v1.1")


@dataclass(frozen=True, slots=True)
class Schema:
    """A record schema: its short name, its URI, its title."""

    name: str
    uri: str
    title: str = ""

    @property
    def asked(self) -> str:
        """What to ask for: the short name, which servers know best."""
        return self.name or self.uri


@dataclass(frozen=True, slots=True)
class Offered:
    """What a server says of itself; empty where it does not say."""

    title: str = ""
    version: str = ""
    schemas: tuple[Schema, ...] = ()
    indexes: tuple[str, ...] = ()
    defaults: tuple[tuple[str, str], ...] = ()
    fault: str = ""


def read(root: Any) -> Offered:
    """Read an answer to explain; `fault` says why there is nothing to read in it."""
    said = next((part for part in root.iter(etree.Element) if named(part, "explain")), None)
    if said is None:
        told = "; ".join(map(str, diagnostics(root)))
        return Offered(version=_version(root, ""), fault=told or "the answer holds no Explain record")
    server = child(said, "serverInfo")
    return Offered(
        title=" ".join("".join(texts(said, "databaseInfo", "title")[:1]).split())[:200],
        version=_version(root, "" if server is None else server.get("version", "")),
        schemas=tuple(_schemas(said)),
        indexes=tuple(dict.fromkeys(_indexes(said))),
        defaults=tuple(_defaults(said)),
    )


def _version(root: Any, claimed: str) -> str:
    if (etree.QName(root).namespace or "").startswith(_SRU2):
        return "2.0"
    found = [*texts(root, "version"), claimed.strip().removeprefix("SRU").strip()]
    return next((each for each in found if each in VERSIONS), "")


def _schemas(said: Any) -> Iterable[Schema]:
    holder = child(said, "schemaInfo")
    for row in () if holder is None else holder:
        if named(row, "schema") and row.get("retrieve", "true").lower() != "false":
            yield Schema(row.get("name", ""), row.get("identifier", ""), "".join(texts(row, "title")[:1])[:200])


def _indexes(said: Any) -> Iterable[str]:
    holder = child(said, "indexInfo")
    for row in () if holder is None else holder.iter(etree.Element):
        if named(row, "name") and row.get("set") and (row.text or "").strip():
            yield f"{row.get('set')}.{(row.text or '').strip()}"


def _defaults(said: Any) -> Iterable[tuple[str, str]]:
    holder = child(said, "configInfo")
    for row in () if holder is None else holder:
        if isinstance(row.tag, str) and row.get("type"):
            yield f"{etree.QName(row).localname} {row.get('type')}", (row.text or "").strip()[:100]


def choose(offered: Iterable[Schema], where: str) -> tuple[str, ...]:
    """Give the schemas to ask for, the best first; the usual ones where none is told. Raises `SourceRefused`."""
    schemas = list(offered)
    if not schemas:
        return USUAL
    found = [schema for fits in (_is_marc, _is_dc) for schema in sorted(filter(fits, schemas), key=_rank)]
    if not found:
        told = ", ".join(f"{schema.name} ({schema.uri})" for schema in schemas)[:500]
        message = f"no schema that we can read is offered; offered: {told}; name one of them in the option schema"
        raise SourceRefused("no-known-schema", message, where)
    return tuple(dict.fromkeys(each for schema in found for each in (schema.asked, schema.uri) if each))


def _is_marc(schema: Schema) -> bool:
    uri, name = schema.uri.lower().rstrip("/"), schema.name.lower()
    return uri.startswith(_MARC_URIS) or "marc21slim" in uri or name in _MARC_NAMES or "marc21" in name


def _is_dc(schema: Schema) -> bool:
    return schema.name.lower() in ("dc", "oai_dc", "srw_dc") or "/dc-v1" in schema.uri.lower()


def _rank(schema: Schema) -> tuple[int, str]:
    name = schema.name.lower()
    return (_MARC_NAMES.index(name) if name in _MARC_NAMES else len(_MARC_NAMES), name)
