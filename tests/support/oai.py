"""Asking an OAI-PMH door as a careful client would, and the schemas its answers must follow.

In: a Flask test client. Out: parsed answers. `whole_schema` is OAI-PMH.xsd together with the schemas of everything that
may stand in its open places, so that `processContents="strict"` is meant strictly.
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from flask.testing import FlaskClient
from lxml import etree

from tests.support.xsd import _ByFileName

OAI = "http://www.openarchives.org/OAI/2.0/"
NAMES = {"o": OAI, "m": "http://www.loc.gov/MARC21/slim", "dc": "http://purl.org/dc/elements/1.1/"}
OWN = Path(__file__).parent.parent / "data" / "oai"
_PLACES = {
    OAI: "OAI-PMH.xsd",
    f"{OAI}oai_dc/": "oai_dc.xsd",
    f"{OAI}oai-identifier": "oai-identifier.xsd",
    f"{OAI}branding/": "branding.xsd",
    f"{OAI}provenance": "provenance.xsd",
    f"{OAI}friends/": "friends.xsd",
    f"{OAI}rights/": "rightsManifest.xsd",
    "http://www.loc.gov/MARC21/slim": "MARC21slim.xsd",
    "http://www.loc.gov/mods/v3": "mods-3-7.xsd",
}


@cache
def whole_schema(shared_data: Path) -> etree.XMLSchema:
    """Compile OAI-PMH.xsd with the schemas of all that may stand in its open places."""
    resolver = _ByFileName(shared_data / "xsd")
    resolver.files.update({path.name: path for path in OWN.glob("*.xsd")})
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(resolver)
    imports = "".join(f'<import namespace="{space}" schemaLocation="{file}"/>' for space, file in _PLACES.items())
    driver = f'<schema xmlns="http://www.w3.org/2001/XMLSchema">{imports}</schema>'
    return etree.XMLSchema(etree.fromstring(driver, parser))


@dataclass(frozen=True)
class Told:
    """One answer, taken apart."""

    root: etree._Element
    content: bytes
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def errors(self) -> list[str]:
        """The error codes, in order."""
        return [str(code) for code in self.root.xpath("o:error/@code", namespaces=NAMES)]

    @property
    def date(self) -> str:
        """The responseDate."""
        return str(self.root.findtext(f"{{{OAI}}}responseDate"))

    @property
    def echo(self) -> dict[str, str]:
        """The attributes of the request element."""
        return {str(name): str(value) for name, value in self.root.find(f"{{{OAI}}}request").attrib.items()}

    @property
    def headers_told(self) -> list[tuple[str, str, bool, tuple[str, ...]]]:
        """Of every header: identifier, datestamp, whether it is deleted, sets."""
        return [
            (
                str(one.findtext(f"{{{OAI}}}identifier")),
                str(one.findtext(f"{{{OAI}}}datestamp")),
                one.get("status") == "deleted",
                tuple(str(spec.text) for spec in one.findall(f"{{{OAI}}}setSpec")),
            )
            for one in self.root.iter(f"{{{OAI}}}header")
        ]

    @property
    def ids(self) -> list[int]:
        """The numbers of the records, in order."""
        return [int(header[0].rpartition(":")[2]) for header in self.headers_told]

    @property
    def token(self) -> str | None:
        """The resumption token, empty on a last page, None when there is no such element."""
        element = self.root.find(f".//{{{OAI}}}resumptionToken")
        return None if element is None else (element.text or "")

    def text(self, path: str) -> list[str]:
        """Give the texts at an XPath with the prefixes of `NAMES`."""
        return [str(found) for found in self.root.xpath(path, namespaces=NAMES)]


def ask(client: FlaskClient, query: str = "", post: bool = False, **arguments: str) -> Told:
    """Ask one question; arguments ending in _ lose it (`from_`). Status must be 200 and the answer XML."""
    text = query or urlencode({name.rstrip("_"): value for name, value in arguments.items()})
    if post:
        response = client.post("/oai", data=text, content_type="application/x-www-form-urlencoded")
    else:
        response = client.get(f"/oai?{text}")
    assert response.status_code == 200, response.get_data(as_text=True)[:500]
    assert response.content_type == "text/xml; charset=UTF-8"
    return Told(etree.fromstring(response.data), response.data, dict(response.headers))


def walk(client: FlaskClient, **arguments: str) -> list[Told]:
    """Read a list to its end; give its pages."""
    pages = [ask(client, **arguments)]
    while pages[-1].token:
        pages.append(ask(client, verb=arguments["verb"], resumptionToken=pages[-1].token))
    return pages
