"""Schemas of what the discovery room sends, written by us from the texts of the standards.

In: nothing. Out: compiled RELAX NG: OpenSearch 1.1 (draft 6, section 4.2), Atom (RFC 4287, section 4) with the total of
OpenSearch, sitemaps.org 0.9. They allow what we send and less than the standards do.
"""

from functools import cache

from lxml import etree

_HEAD = (
    '<grammar xmlns="http://relaxng.org/ns/structure/1.0" datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes"'
)
_URI = '<data type="anyURI"/>'
_TIME = '<data type="dateTime"><param name="pattern">[0-9-]{10}T[0-9:]{8}Z</param></data>'


def _text(name: str, most: int = 0) -> str:
    limit = f'<data type="string"><param name="minLength">1</param><param name="maxLength">{most}</param></data>'
    return f'<element name="{name}">{limit if most else "<text/>"}</element>'


_OPENSEARCH = f"""{_HEAD} ns="http://a9.com/-/spec/opensearch/1.1/"><start><element name="OpenSearchDescription">
<interleave>
{_text("ShortName", 16)}{_text("Description", 1024)}
<oneOrMore><element name="Url"><attribute name="template"/><attribute name="type"/>
<optional><attribute name="rel"><choice><value>results</value><value>self</value><value>suggestions</value></choice>
</attribute></optional></element></oneOrMore>
<optional><element name="Contact"><data type="string"><param name="pattern">\\S+@\\S+</param></data></element>
</optional>
<optional>{_text("LongName", 48)}</optional>
<zeroOrMore><element name="Image"><optional><attribute name="type"/></optional>{_URI}</element></zeroOrMore>
<zeroOrMore><element name="Language"><data type="language"/></element></zeroOrMore>
<zeroOrMore><element name="InputEncoding"><value>UTF-8</value></element></zeroOrMore>
<zeroOrMore><element name="OutputEncoding"><value>UTF-8</value></element></zeroOrMore>
</interleave></element></start></grammar>"""

_LINK = f"""<element name="link"><attribute name="rel"/><attribute name="type"/>
<attribute name="href">{_URI}</attribute></element>"""
_AUTHOR = f'<element name="author">{_text("name")}</element>'
_ATOM = f"""{_HEAD} ns="http://www.w3.org/2005/Atom"><start><element name="feed"><interleave>
<element name="id">{_URI}</element>{_text("title")}<element name="updated">{_TIME}</element>{_AUTHOR}
<element name="icon">{_URI}</element><oneOrMore>{_LINK}</oneOrMore>
<element name="totalResults" ns="http://a9.com/-/spec/opensearch/1.1/"><data type="nonNegativeInteger"/></element>
<zeroOrMore><element name="entry"><interleave>
<element name="id">{_URI}</element>{_text("title")}<element name="updated">{_TIME}</element>
<element name="published">{_TIME}</element><optional>{_AUTHOR}</optional><oneOrMore>{_LINK}</oneOrMore>
<zeroOrMore><element name="category"><attribute name="term"/></element></zeroOrMore>{_text("summary")}
</interleave></element></zeroOrMore></interleave></element></start></grammar>"""

_SITEMAP = f"""{_HEAD} ns="http://www.sitemaps.org/schemas/sitemap/0.9"><start><choice>
<element name="sitemapindex"><zeroOrMore><element name="sitemap"><element name="loc">{_URI}</element>
<optional><element name="lastmod">{_TIME}</element></optional></element></zeroOrMore></element>
<element name="urlset"><zeroOrMore><element name="url"><element name="loc">{_URI}</element>
<optional><element name="lastmod">{_TIME}</element></optional></element></zeroOrMore></element>
</choice></start></grammar>"""
_GRAMMARS = {"opensearch": _OPENSEARCH, "atom": _ATOM, "sitemap": _SITEMAP}


@cache
def _schema(name: str) -> etree.RelaxNG:
    return etree.RelaxNG(etree.fromstring(_GRAMMARS[name]))


def valid(name: str, content: bytes) -> etree._Element:
    """Parse a document that must keep to a schema."""
    root = etree.fromstring(content)
    _schema(name).assertValid(root)
    return root
