"""The open data described for catalogues of data: one catalogue, one data set, its files, and the doors as services.

In: the current dump, if there is one, and the settings. Out: a `Node` to be written. DCAT 3 (W3C Recommendation 2024),
with the properties that DCAT-AP 3 makes mandatory or recommends, in Vietnamese and English; what is named says of what
class it is, for validators that know nothing else. Portals that run CKAN, and so the national one, read it as it is.
"""

from collections.abc import Iterator
from typing import Final

from federation.catalogue.dumps import Dump, File
from federation.clock import iso
from federation.config import Settings
from federation.web.discovery.rdf import Node, Text, Thing, Value

_EU: Final = "http://publications.europa.eu/resource/authority"
_IANA: Final = "https://www.iana.org/assignments/media-types"
_SHA256: Final = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
_LOC: Final = "http://id.loc.gov/vocabulary"
#: how formats are called where formats are named for everybody
_FORMATS: Final = {"marc": f"{_LOC}/mediaTypes", "marcxml": f"{_EU}/file-type/XML", "jsonl": f"{_EU}/file-type/JSON"}
_STANDARDS: Final = {"marc": "https://www.loc.gov/marc/bibliographic/", "marcxml": "http://www.loc.gov/MARC21/slim"}
_KEYWORDS: Final = (
    ("thư viện", "vi"),
    ("mục lục liên hợp", "vi"),
    ("biểu ghi thư mục", "vi"),
    ("libraries", "en"),
    ("union catalogue", "en"),
    ("bibliographic records", "en"),
    ("MARC 21", "en"),
)
_TITLES: Final = (("{}: biểu ghi thư mục", "vi"), ("{}: bibliographic records", "en"))
_EXPLANATIONS: Final = (
    ("Biểu ghi thư mục của các thư viện, đã gộp trùng, kèm nơi lưu giữ; được làm lại mỗi đêm khi có thay đổi.", "vi"),
    ("Bibliographic records of libraries, merged, with holdings; made anew every night when something changed.", "en"),
)


def catalogue(dump: Dump | None, settings: Settings) -> Node:
    """Describe all there is."""
    url = settings.public_url
    said = (
        *_texts("dct:title", (("{}: dữ liệu mở", "vi"), ("{}: open data", "en")), settings.repository_name),
        *_texts("dct:description", _EXPLANATIONS),
        ("dct:publisher", _publisher(settings)),
        ("dct:language", Node("dct:LinguisticSystem", f"{_EU}/language/VIE")),
        ("foaf:homepage", Node("foaf:Document", f"{url}/open-data")),
        ("dcat:themeTaxonomy", Node("skos:ConceptScheme", f"{_EU}/data-theme")),
        *_licence(settings),
        *((("dct:modified", _moment(iso(dump.made_at))),) if dump else ()),
        ("dcat:dataset", _dataset(dump, settings)),
        *(("dcat:service", service) for service in _services(settings)),
    )
    return Node("dcat:Catalog", f"{url}/open-data#catalog", said)


def _dataset(dump: Dump | None, settings: Settings) -> Node:
    url = settings.public_url
    said: list[tuple[str, Value]] = [
        *_texts("dct:title", _TITLES, settings.repository_name),
        *_texts("dct:description", _EXPLANATIONS),
        ("dct:identifier", Text(f"{url}/open-data")),
        ("dct:publisher", _publisher(settings)),
        ("dcat:contactPoint", _contact(settings)),
        *(("dcat:keyword", Text(word, lang)) for word, lang in _KEYWORDS),
        ("dcat:theme", Node("skos:Concept", f"{_EU}/data-theme/EDUC")),
        ("dct:accrualPeriodicity", Node("dct:Frequency", f"{_EU}/frequency/DAILY")),
        ("dct:accessRights", Node("dct:RightsStatement", f"{_EU}/access-right/PUBLIC")),
        ("dct:spatial", Node("dct:Location", f"{_EU}/country/VNM")),
        ("dcat:landingPage", Node("foaf:Document", f"{url}/open-data")),
        *_licence(settings),
    ]
    if dump:
        said.append(("dct:modified", _moment(iso(dump.made_at))))
        said += [("dcat:distribution", _distribution(dump, file, settings)) for file in dump.files]
    return Node("dcat:Dataset", f"{url}/open-data#records", tuple(said))


def _distribution(dump: Dump, file: File, settings: Settings) -> Node:
    address = f"{settings.public_url}/open-data/{file.name}"
    checksum = Node(
        "spdx:Checksum",
        "",
        (
            ("spdx:algorithm", Node("spdx:ChecksumAlgorithm", _SHA256)),
            ("spdx:checksumValue", Text(file.sha256, type="xsd:hexBinary")),
        ),
    )
    standard = _STANDARDS.get(file.format)
    said = (
        ("dct:title", Text(f"{file.label} ({file.name})")),
        ("dcat:accessURL", Thing(f"{settings.public_url}/open-data")),
        ("dcat:downloadURL", Thing(address)),
        ("dcat:mediaType", Node("dct:MediaType", f"{_IANA}/{file.media_type}")),
        ("dcat:compressFormat", Node("dct:MediaType", f"{_IANA}/application/gzip")),
        ("dct:format", Node("dct:MediaTypeOrExtent", _FORMATS[file.format])),
        *((("dct:conformsTo", Node("dct:Standard", standard)),) if standard else ()),
        ("dcat:byteSize", Text(str(file.bytes), type="xsd:nonNegativeInteger")),
        ("dct:modified", _moment(iso(dump.made_at))),
        ("spdx:checksum", checksum),
        *_licence(settings),
    )
    return Node("dcat:Distribution", address, said)


def _services(settings: Settings) -> Iterator[Node]:
    url = settings.public_url
    services = (
        ("API", "/api/v1", "/api/openapi.json"),
        ("OAI-PMH", "/oai", "/oai?verb=Identify"),
        ("SRU", "/sru", "/sru"),
    )
    for name, door, explained in services:
        said = (
            ("dct:title", Text(f"{settings.repository_name}: {name}")),
            ("dcat:endpointURL", Thing(f"{url}{door}")),
            ("dcat:endpointDescription", Thing(f"{url}{explained}")),
            ("dcat:servesDataset", Thing(f"{url}/open-data#records")),
        )
        yield Node("dcat:DataService", f"{url}{door}#service", said)


def _publisher(settings: Settings) -> Node:
    return Node("foaf:Agent", f"{settings.public_url}/#publisher", (("foaf:name", Text(settings.repository_name)),))


def _contact(settings: Settings) -> Node:
    said = (
        ("vcard:fn", Text(settings.repository_name)),
        ("vcard:hasEmail", Thing(f"mailto:{settings.admin_email}")),
    )
    return Node("vcard:Kind", f"{settings.public_url}/#contact", said)


def licence(settings: Settings) -> str:
    """Give the address of the licence, or nothing."""
    return settings.dumps_licence or settings.oai_rights


def _licence(settings: Settings) -> tuple[tuple[str, Value], ...]:
    return (("dct:license", Node("dct:LicenseDocument", licence(settings))),) if licence(settings) else ()


def _texts(name: str, texts: tuple[tuple[str, str], ...], of: str = "") -> Iterator[tuple[str, Value]]:
    yield from ((name, Text(text.format(of), lang)) for text, lang in texts)


def _moment(text: str) -> Text:
    return Text(text, type="xsd:dateTime")
