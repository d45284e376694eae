"""The Explain record: what a client can ask of this server, in ZeeRex 2.0.

In: who we are and how many records there are. Out: one `explain` element. Indexes come from the table of access points,
schemas from the table of formats, limits from `request`: nothing here has to be kept in step by hand.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from federation.catalogue.formats import FORMATS
from federation.sru import request
from federation.sru.answer import Explanation, scannable
from schemas.crosswalks.xml_text import escaped
from schemas.maps.tables import rows
from schemas.query.access_points import AccessPoint, access_points
from schemas.query.cql_syntax import MOST_CHARACTERS

ZEEREX: Final = "http://explain.z3950.org/dtd/2.0/"
#: access points that results can be sorted by
SORTABLE: Final = ("title", "creator", "year")
_PORTS: Final = {"http": 80, "https": 443}
#: what configInfo says is supported; relations that are signs are among the names
SUPPORTS: Final = (
    *(("relation", name) for name in ("=", "==", "<>", "<", "<=", ">=", ">", "all", "any", "adj", "within")),
    *(("relationModifier", name) for name in ("respectAccents", "unmasked", "string")),
    *(("booleanModifier", name) for name in ("distance", "unit", "ordered", "unordered")),
    *(("maskingCharacter", sign) for sign in "*?"),
    ("anchoring", "true"),
    ("proximity", "true"),
    ("sort", "true"),
    ("scan", "true"),
    ("emptyTerm", "false"),
    ("resultSets", "false"),
)


@dataclass(frozen=True, slots=True)
class House:
    """Who speaks, and at which address."""

    name: str
    base_url: str
    contact: str = ""
    style: str = ""


def explain(house: House, said: Explanation, version: str) -> str:
    """Write the record."""
    return (
        f'<explain xmlns="{ZEEREX}" authoritative="true" id="{escaped(house.base_url)}">'
        f"{_server(house, said, version)}{_database(house)}"
        f"<metaInfo><dateModified>{said.moment}</dateModified></metaInfo>"
        f"<indexInfo>{''.join((*_sets(), *map(_index, access_points())))}</indexInfo>"
        f"<schemaInfo>{''.join(_schemas())}</schemaInfo><configInfo>{''.join(_config())}</configInfo></explain>"
    )


def _server(house: House, said: Explanation, version: str) -> str:
    parts = urlsplit(house.base_url)
    port = parts.port or _PORTS.get(parts.scheme, 80)
    return (
        f'<serverInfo protocol="SRU" version="{version}" transport="{escaped(parts.scheme)}">'
        f"<host>{escaped(parts.hostname or '')}</host><port>{port}</port>"
        f'<database numRecs="{said.records}" lastUpdate="{said.moment}">{escaped(parts.path.strip("/"))}</database>'
        "</serverInfo>"
    )


def _database(house: House) -> str:
    contact = f"<contact>{escaped(house.contact)}</contact>" if house.contact else ""
    return (
        f'<databaseInfo><title lang="vi" primary="true">{escaped(house.name)}: mục lục liên hợp</title>'
        f'<title lang="en">{escaped(house.name)}: union catalogue</title>'
        '<description lang="vi" primary="true">Sách và tài liệu của các thư viện thành viên, mỗi ấn bản một biểu ghi, '
        "kèm nơi lưu giữ. Tìm được có dấu hoặc không dấu.</description>"
        '<description lang="en">Books and other materials of the member libraries, one record per edition, with who '
        "holds it. Words are found with and without tone marks.</description>"
        f'{contact}<langUsage codes="vie eng">vie eng</langUsage>'
        "<implementation><title>Lienthong</title></implementation>"
        "</databaseInfo>"
    )


def _sets() -> Iterator[str]:
    for row in rows("context_sets", "schemas.query"):
        title = f"<title>{escaped(row['title'])}</title>"
        yield f'<set name="{row["prefix"]}" identifier="{escaped(row["uri"])}">{title}</set>'


def _index(point: AccessPoint) -> str:
    names = "".join(
        f'<map{_primary(place)}><name set="{name.partition(".")[0]}">{name.partition(".")[2]}</name></map>'
        for place, name in enumerate(point.cql)
    )
    numbers = "".join(f'<map><attr type="1" set="bib-1">{number}</attr></map>' for number in point.bib1)
    return (
        f'<index id="{point.name}" search="true" scan="{_said(point.name in scannable())}" '
        f'sort="{_said(point.name in SORTABLE)}"><title lang="vi">{escaped(point.label_vi)}</title>'
        f'<title lang="en">{escaped(point.label_en)}</title>{names}{numbers}</index>'
    )


def _primary(place: int) -> str:
    return "" if place else ' primary="true"'


def _said(true: bool) -> str:
    return "true" if true else "false"


def _schemas() -> Iterator[str]:
    for form in FORMATS:
        if form.sru:
            yield (
                f'<schema identifier="{form.sru_uri}" name="{form.sru}" location="{escaped(form.schema)}" sort="false" '
                f'retrieve="true"><title>{escaped(form.label)}</title></schema>'
            )


def _config() -> Iterator[str]:
    defaults = {
        "numberOfRecords": request.DEFAULT_RECORDS,
        "contextSet": "cql",
        "index": "cql.serverChoice",
        "relation": "all",
        "retrieveSchema": "marcxml",
    }
    settings = {
        "maximumRecords": request.MOST_RECORDS,
        "maximumTerms": request.MOST_TERMS,
        "maximumStartRecord": request.DEEPEST,
        "maximumQueryLength": MOST_CHARACTERS,
    }
    for kind, value in defaults.items():
        yield f'<default type="{kind}">{escaped(str(value))}</default>'
    for kind, value in settings.items():
        yield f'<setting type="{kind}">{value}</setting>'
    for kind, name in SUPPORTS:
        yield f'<supports type="{kind}">{escaped(name)}</supports>'
