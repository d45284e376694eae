"""The SRU door on a small catalogue with a real index, asked as a careful client would; its schemas.

In: a folder. Out: a Flask test client, parsed answers, compiled schemas. Four schemas that SRU 2.0's imports were found
nowhere: `whole_schema` writes stand-ins with what the standard's text says of them.
"""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from lxml import etree

from federation.index import open_engine
from federation.index.document import Placement, document
from federation.sru.views import blueprint
from tests.support.catalogues import Shelf, bib
from tests.support.xsd import _ByFileName

SRW = "http://www.loc.gov/zing/srw/"
SEARCH_WS = "http://docs.oasis-open.org/ns/search-ws/"
_DIAGNOSTIC = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{ws}diagnostic"
 targetNamespace="{ws}diagnostic" elementFormDefault="qualified">
 <xs:element name="diagnostic"><xs:complexType><xs:sequence><xs:element name="uri" type="xs:anyURI"/>
 <xs:element name="details" type="xs:string" minOccurs="0"/>
 <xs:element name="message" type="xs:string" minOccurs="0"/></xs:sequence></xs:complexType></xs:element></xs:schema>"""
_FACET = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{ws}facetedResults"
 targetNamespace="{ws}facetedResults" elementFormDefault="qualified">
 <xs:complexType name="facetedResultsDefinition"><xs:sequence><xs:element name="facets"><xs:complexType><xs:sequence>
 <xs:element name="facet" maxOccurs="unbounded"><xs:complexType><xs:sequence>
 <xs:element name="facetDisplayLabel" type="xs:string" minOccurs="0"/>
 <xs:element name="facetDescription" type="xs:string" minOccurs="0"/><xs:element name="index" type="xs:string"/>
 <xs:element name="relation" type="xs:string"/><xs:element name="terms"><xs:complexType><xs:sequence>
 <xs:element name="term" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:sequence>
 <xs:element name="actualTerm" type="xs:string"/><xs:element name="query" type="xs:string" minOccurs="0"/>
 <xs:element name="requestUrl" type="xs:anyURI" minOccurs="0"/><xs:element name="count" type="xs:nonNegativeInteger"/>
 </xs:sequence></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element></xs:sequence></xs:complexType>
 </xs:element></xs:sequence></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:schema>"""
_SCAN = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{ws}scan" xmlns:d="{ws}diagnostic"
 targetNamespace="{ws}scan" elementFormDefault="qualified">
 <xs:import namespace="{ws}diagnostic" schemaLocation="diagnostic.xsd"/>
 <xs:complexType name="scanResponseDefinition"><xs:sequence><xs:element name="terms" minOccurs="0"><xs:complexType>
 <xs:sequence><xs:element name="term" maxOccurs="unbounded"><xs:complexType><xs:sequence>
 <xs:element name="value" type="xs:string"/>
 <xs:element name="numberOfRecords" type="xs:nonNegativeInteger" minOccurs="0"/>
 <xs:element name="displayTerm" type="xs:string" minOccurs="0"/>
 <xs:element name="whereInList" minOccurs="0"><xs:simpleType>
 <xs:restriction base="xs:string"><xs:enumeration value="first"/><xs:enumeration value="last"/>
 <xs:enumeration value="only"/><xs:enumeration value="inner"/></xs:restriction></xs:simpleType></xs:element>
 </xs:sequence></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>
 <xs:element name="echoedScanRequest" minOccurs="0"><xs:complexType><xs:sequence>
 <xs:element name="scanClause" type="xs:string" minOccurs="0"/>
 <xs:element name="responsePosition" type="xs:nonNegativeInteger" minOccurs="0"/>
 <xs:element name="maximumTerms" type="xs:positiveInteger" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>
 <xs:element name="diagnostics" minOccurs="0"><xs:complexType><xs:sequence>
 <xs:element ref="d:diagnostic" maxOccurs="unbounded"/></xs:sequence></xs:complexType></xs:element>
 </xs:sequence></xs:complexType></xs:schema>"""
_EMPTY = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{ws}{name}" targetNamespace="{ws}{name}">
 <xs:complexType name="{type}Definition"><xs:sequence/></xs:complexType></xs:schema>"""


@cache
def whole_schema(shared_data: Path, version: str) -> etree.XMLSchema:
    """Compile the schema of a version's answers together with those of what stands in them."""
    with TemporaryDirectory() as folder:
        resolver = _ByFileName(shared_data / "xsd")
        stands = {
            "diagnostic.xsd": _DIAGNOSTIC,
            "facetedResults.xsd": _FACET,
            "scan.xsd": _SCAN,
            "searchResultAnalysis.xsd": _EMPTY.replace("{name}", "searchResultAnalysis").replace(
                "{type}", "searchResultAnalysis"
            ),
            "xcql.xsd": _EMPTY.replace("{name}", "xcql").replace("{type}", "xcql"),
        }
        if version == "2.0":
            for name, text in stands.items():
                path = Path(folder) / name
                path.write_text(text.replace("{ws}", SEARCH_WS), "utf-8")
                resolver.files[name] = path
        files = {"1.1": (SRW, "srw-types.xsd"), "1.2": (SRW, "srw-types-2006.xsd")}
        # The addresses these imports have in sruResponse.xsd have a blank in them, so they must be there before.
        places = {f"{SEARCH_WS}{name.removesuffix('.xsd')}": name for name in stands} if version == "2.0" else {}
        places |= dict([files.get(version, (f"{SEARCH_WS}sruResponse", "sruResponse.xsd"))])
        places |= {
            "http://explain.z3950.org/dtd/2.0/": "zeerex-2.0.xsd",
            "http://www.loc.gov/MARC21/slim": "MARC21slim.xsd",
            "http://www.loc.gov/mods/v3": "mods-3-7.xsd",
        }
        parser = etree.XMLParser(no_network=True)
        parser.resolvers.add(resolver)
        imports = "".join(f'<import namespace="{space}" schemaLocation="{file}"/>' for space, file in places.items())
        driver = f'<schema xmlns="http://www.w3.org/2001/XMLSchema">{imports}</schema>'
        return etree.XMLSchema(etree.fromstring(driver, parser))


@dataclass(frozen=True)
class Told:
    """One answer, taken apart."""

    content: bytes
    status: int
    headers: dict[str, str]

    @property
    def root(self) -> etree._Element:
        """The document element."""
        return etree.fromstring(self.content)

    def all(self, name: str) -> list[str]:
        """The texts of all elements with this local name."""
        return [str(found.text or "") for found in self.root.iter(f"{{*}}{name}")]

    @property
    def diagnostics(self) -> list[int]:
        """The numbers of the diagnostics, in order."""
        return [int(uri.rpartition("/")[2]) for uri in self.all("uri") if uri.startswith("info:srw/diagnostic/")]


def ask(client: FlaskClient, text: str = "", /, **parameters: str) -> Told:
    """Ask by GET."""
    response = client.get(f"/sru?{text or urlencode(parameters)}")
    return Told(response.data, response.status_code, dict(response.headers))


def one(version: str, **parameters: str) -> dict[str, str]:
    """Give the parameters of a search in a version."""
    return parameters if version == "2.0" else {"operation": "searchRetrieve", "version": version, **parameters}


def index_all(shelf: Shelf, folder: Path, numbers: range) -> None:
    """Give the catalogue a real index of its records."""
    engine = open_engine(f"tantivy:{folder}", create=True)
    engine.publish(
        [document(number, b"12345678", bib(number), Placement(("tvt",), ("public",))) for number in numbers], []
    )
    shelf.engine = engine  # type: ignore[assignment]


def open_door(shelf: Shelf) -> FlaskClient:
    """Open the door alone."""
    app = Flask("door")
    app.register_blueprint(blueprint(shelf.catalogue, replace(shelf.settings, admin_email="admin@example.org")))
    return app.test_client()
