"""How an answer is written: one envelope for all verbs and errors, by joining text.

In: an `Answer`, or the faults of a `Refused`, and the `House` they come from. Out: XML in UTF-8 that follows
OAI-PMH.xsd and the schemas of the containers (oai-identifier, friends, branding, rights, provenance). Building text is
ten times faster than building a tree; that every value is escaped here, and only here, keeps it well-formed.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final
from urllib.parse import urljoin, urlsplit, urlunsplit

from federation.catalogue.formats import FORMATS
from federation.catalogue.records import Origin
from federation.clock import iso
from federation.oaipmh.answer import Answer, Formats, Identity, Listing, Records, Resumption, Sets
from federation.oaipmh.request import Asked, Fault

_OAI: Final = "http://www.openarchives.org/OAI/2.0/"
_DELETED: Final = ' status="deleted"'
_NO_ABOUT: Final = b"</metadata></record>"
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_URI: Final = re.compile(r"[^A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]")
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?", re.ASCII)
_NAMESPACES: Final[Mapping[str, str]] = {
    "marcxml": "http://www.loc.gov/MARC21/slim",
    "oai_dc": "http://www.openarchives.org/OAI/2.0/oai_dc/",
}


@dataclass(frozen=True, slots=True)
class House:
    """Who speaks: what Identify tells of the repository, and the addresses that answers name."""

    name: str
    base_url: str
    repository_id: str
    admin_email: str
    style: str
    friends: tuple[str, ...] = ()
    rights: str = ""
    logo: str = ""


def text(value: str) -> str:
    """Escape a value for element content or a quoted attribute; what XML cannot say becomes U+FFFD."""
    escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return _NOT_XML.sub("\ufffd", escaped)


def answer(house: House, asked: Asked, answered: Answer) -> bytes:
    """Write an answer."""
    said = answered.said
    body: list[bytes | memoryview]
    match said:
        case Identity():
            body = [_identify(house, said).encode()]
        case Formats():
            body = [_formats(said).encode()]
        case Sets():
            body = [_sets(said).encode()]
        case Listing():
            write = _headers if asked.verb == "ListIdentifiers" else _records
            body = [*write(house, said.records), _resumption(said.resumption).encode()]
    opening, closing = f"<{asked.verb}>".encode(), f"</{asked.verb}>".encode()
    return _envelope(house, answered.horizon, asked.echo, [opening, *body, closing])


def refusal(house: House, moment: datetime, echo: Mapping[str, str], faults: Iterable[Fault]) -> bytes:
    """Write errors."""
    errors = (f'<error code="{fault.code}">{text(fault.message)}</error>' for fault in faults)
    return _envelope(house, moment, echo, ["".join(errors).encode()])


def _envelope(house: House, moment: datetime, echo: Mapping[str, str], body: list[bytes | memoryview]) -> bytes:
    attributes = "".join(f' {name}="{text(value)}"' for name, value in echo.items())
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<?xml-stylesheet type="text/xsl" href="{text(house.style)}"?>\n'
        f'<OAI-PMH xmlns="{_OAI}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="{_OAI} {_OAI}OAI-PMH.xsd">'
        f"<responseDate>{iso(moment)}</responseDate><request{attributes}>{text(house.base_url)}</request>"
    )
    return b"".join((head.encode(), *body, b"</OAI-PMH>\n"))


# --- records ----------------------------------------------------------------------------------------------------------


# Identifiers and set names are of characters that need no escaping.


def _headers(house: House, records: Records) -> list[bytes]:
    prefix, standing = _prefix(house), map(_standing, records.datestamps, records.sets)
    return [
        f"<header{_DELETED if metadata is None else ''}>{prefix}{number}{stands}".encode()
        for number, stands, metadata in zip(records.ids, standing, records.metadata, strict=False)
    ]


def _records(house: House, records: Records) -> list[bytes | memoryview]:
    pieces: list[bytes | memoryview] = []
    prefix, standing = _prefix(house), map(_standing, records.datestamps, records.sets)
    for number, stands, metadata in zip(records.ids, standing, records.metadata, strict=False):
        if metadata is None:
            pieces.append(f"<record><header{_DELETED}>{prefix}{number}{stands}</record>".encode())
        else:
            opening, rest = metadata
            about = _about(records.origins[number]) if number in records.origins else _NO_ABOUT
            pieces += (f"<record><header>{prefix}{number}{stands}<metadata>".encode(), opening, rest, about)
    return pieces


def _prefix(house: House) -> str:
    return f"<identifier>oai:{house.repository_id}:"


@lru_cache(maxsize=1024)
def _standing(datestamp: datetime, sets: tuple[str, ...]) -> str:
    # A page has few of these and says each many times.
    specs = "".join(f"<setSpec>{spec}</setSpec>" for spec in sets)
    return f"</identifier><datestamp>{iso(datestamp)}</datestamp>{specs}</header>"


def _about(origins: Iterable[Origin]) -> bytes:
    return f"</metadata>{''.join(map(_provenance, origins))}</record>".encode()


def _provenance(origin: Origin) -> str:
    # Told as it is at the moment of asking: that a source gave its record a new date alone moves no datestamp of ours.
    namespace, base = _NAMESPACES.get(origin.syntax), _public(origin.url)
    if not (namespace and base and origin.local_id and _is_moment(origin.datestamp)):
        return ""
    schema = f"{_OAI}provenance"
    return (
        f'<about><provenance xmlns="{schema}" xsi:schemaLocation="{schema} {schema}.xsd">'
        f'<originDescription harvestDate="{iso(origin.received_at)}" altered="true"><baseURL>{text(base)}</baseURL>'
        f"<identifier>{text(_NOT_URI.sub('_', origin.local_id))}</identifier><datestamp>{origin.datestamp}</datestamp>"
        f"<metadataNamespace>{namespace}</metadataNamespace></originDescription></provenance></about>"
    )


@lru_cache(maxsize=1024)
def _public(url: str) -> str:
    """Give an address without whatever in it is nobody else's business: user, password, query."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    known = parts.scheme in ("http", "https") and host and not _NOT_URI.search(url)
    return urlunsplit((parts.scheme, host, parts.path, "", "")) if known else ""


def _is_moment(stamp: str) -> bool:
    if not _MOMENT.fullmatch(stamp):
        return False
    try:
        datetime.fromisoformat(stamp)
    except ValueError:
        return False
    return True


def _resumption(resumption: Resumption | None) -> str:
    if resumption is None:
        return ""
    expires = f' expirationDate="{iso(resumption.expires)}"' if resumption.expires else ""
    size, cursor = max(1, resumption.size), resumption.cursor
    return f'<resumptionToken{expires} completeListSize="{size}" cursor="{cursor}">{resumption.token}</resumptionToken>'


# --- what the repository says of itself -------------------------------------------------------------------------------


def _formats(said: Formats) -> str:
    return "".join(
        f"<metadataFormat><metadataPrefix>{form.prefix}</metadataPrefix><schema>{text(form.schema)}</schema>"
        f"<metadataNamespace>{text(form.namespace)}</metadataNamespace></metadataFormat>"
        for form in said.formats
    )


def _sets(said: Sets) -> str:
    return "".join(
        f"<set><setSpec>{line.spec}</setSpec><setName>{text(line.name)}</setName></set>" for line in said.sets
    )


def _identify(house: House, said: Identity) -> str:
    descriptions = (_oai_identifier(house), _branding(house), _friends(house), _rights(house))
    return (
        f"<repositoryName>{text(house.name)}</repositoryName><baseURL>{text(house.base_url)}</baseURL>"
        f"<protocolVersion>2.0</protocolVersion><adminEmail>{text(house.admin_email)}</adminEmail>"
        f"<earliestDatestamp>{iso(said.earliest)}</earliestDatestamp><deletedRecord>persistent</deletedRecord>"
        "<granularity>YYYY-MM-DDThh:mm:ssZ</granularity><compression>gzip</compression>"
        + "".join(f"<description>{description}</description>" for description in descriptions if description)
    )


def _container(name: str, namespace: str, schema: str, inner: str, attributes: str = "") -> str:
    return f'<{name} xmlns="{namespace}"{attributes} xsi:schemaLocation="{namespace} {_OAI}{schema}">{inner}</{name}>'


def _oai_identifier(house: House) -> str:
    inner = (
        f"<scheme>oai</scheme><repositoryIdentifier>{house.repository_id}</repositoryIdentifier>"
        f"<delimiter>:</delimiter><sampleIdentifier>oai:{house.repository_id}:1</sampleIdentifier>"
    )
    return _container("oai-identifier", f"{_OAI}oai-identifier", "oai-identifier.xsd", inner)


def _branding(house: House) -> str:
    if not house.logo:
        return ""
    style = text(urljoin(house.base_url, house.style))
    icon = f"<url>{text(house.logo)}</url><title>{text(house.name)}</title>"
    renderings = "".join(
        f'<metadataRendering metadataNamespace="{form.namespace}" mimeType="text/xsl">{style}</metadataRendering>'
        for form in FORMATS
        if form.prefix
    )
    inner = f"<collectionIcon>{icon}</collectionIcon>{renderings}"
    return _container("branding", f"{_OAI}branding/", "branding.xsd", inner)


def _friends(house: House) -> str:
    inner = "".join(f"<baseURL>{text(friend)}</baseURL>" for friend in house.friends)
    return _container("friends", f"{_OAI}friends/", "friends.xsd", inner) if inner else ""


def _rights(house: House) -> str:
    if not house.rights:
        return ""
    inner = f'<rights><rightsReference ref="{text(house.rights)}"/></rights>'
    applies = ' appliesTo="http://www.openarchives.org/OAI/2.0/entity#metadata"'
    return _container("rightsManifest", f"{_OAI}rights/", "rightsManifest.xsd", inner, applies)
