"""The OpenSearch description: browsers and other catalogues learn from it how to search here (OpenSearch 1.1, draft 6).

In: the name and address of the catalogue. Out: XML.
"""

from collections.abc import Iterable
from typing import Final

from lxml import etree

SPACE: Final = "http://a9.com/-/spec/opensearch/1.1/"
MEDIA_TYPE: Final = "application/opensearchdescription+xml"
#: characters of a short name and of a description (section 4.2)
_SHORT: Final = 16
_LONG: Final = 1_024
_LONG_NAME: Final = 48


def description(names: tuple[str, str, str], explanation: str, languages: Iterable[str]) -> bytes:
    """Write the description document; `names`: of the catalogue, its address, whom to write to."""
    name, public_url, email = names
    root = etree.Element(f"{{{SPACE}}}OpenSearchDescription", nsmap={None: SPACE})

    def say(tag: str, text: str = "", **attributes: str) -> None:
        etree.SubElement(root, f"{{{SPACE}}}{tag}", attributes).text = text or None

    say("ShortName", short(name))
    say("Description", explanation[:_LONG])
    say("Contact", email)
    for kind, template in (
        ("text/html", "/search?q={searchTerms}&page={startPage?}"),
        ("application/atom+xml", "/feed.atom?q={searchTerms}"),
        ("application/x-suggestions+json", "/search/suggest?q={searchTerms}"),
        ("application/json", "/api/v1/records?q={searchTerms}"),
    ):
        role = {"rel": "suggestions"} if kind.startswith("application/x-suggestions") else {}
        say("Url", type=kind, template=f"{public_url}{template}", **role)
    say("Url", type=MEDIA_TYPE, rel="self", template=f"{public_url}/opensearch.xml")
    say("LongName", _cut(name, _LONG_NAME))
    say("Image", f"{public_url}/static/icon.svg", type="image/svg+xml")
    for code in languages:
        say("Language", code)
    say("InputEncoding", "UTF-8")
    say("OutputEncoding", "UTF-8")
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return content


def short(name: str) -> str:
    """Give the name of the search as browsers show it: whole words, as many as there is room for."""
    return _cut(name, _SHORT)


def _cut(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    return text[: most + 1].rpartition(" ")[0].strip() or text[:most]
