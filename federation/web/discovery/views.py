"""Files for those who look around by machine: robots.txt, sitemap, OpenSearch, Atom.

In: HTTP requests. Out: what may be crawled and where all of it is, how to search here, what is new.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from isal import isal_zlib
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from federation.catalogue.records import UnionRecord
from federation.index.engine import Question
from federation.store.spans import Span
from federation.web.delivery import checked
from federation.web.discovery import atom, opensearch, sitemap
from federation.web.discovery.latest import latest
from federation.web.ground import Ground
from federation.web.language import languages
from federation.web.search.request import Asked, address, question, read
from schemas.query.tree import Everything

#: addresses crawlers leave alone: the endless combinations of searches, and other forms of the same page; a record has
#: a dozen of those, and a drawer leads to nothing but searches
CLOSED: Final = (
    "/search?f.",
    "/search?*&f.",
    "/search?*sort=",
    "/search?*toned=",
    "/search/facet",
    "/search/suggest",
    "/browse/*?",
    "/*?lang=",
    "/*&lang=",
    "/record/*?",
    "/record/*.",
    "/feed.atom?",
    "/api/v1/",
    "/basket",
    "/unapi",
    "/oai",
    "/sru",
)
#: what is open though it looks like something closed (RFC 9309, section 2.2.2: the longer rule wins)
OPEN: Final = ("/record/*/cover.svg",)
FEED: Final = "/feed.atom"
#: entries of a feed
ENTRIES: Final = 50
#: seconds for which the list of sitemaps is kept: to make it, an index of a million rows is read
KEPT_SECONDS: Final = 600
#: spans that numbers of the database can fill
MOST_SPANS: Final = 1_000_000
_HOUR: Final = "public, max-age=3600"
_DAY: Final = "public, max-age=86400"
_GZIP: Final = 31  # zlib's number for the format of gzip
#: pages that are no records
_PAGES: Final = ("/", "/libraries", "/browse", "/open-data", "/api/")


def blueprint(ground: Ground) -> Blueprint:
    """Make the files of this room."""
    room, files = Blueprint("discovery", __name__), _Files(ground)
    for path, view in (
        ("/robots.txt", files.robots),
        ("/opensearch.xml", files.opensearch),
        (FEED, files.feed),
        ("/sitemap.xml", files.sitemap),
        ("/sitemap-pages.xml", files.pages),
        ("/sitemap-<int:number>.xml", files.span),
    ):
        room.add_url_rule(path, view.__name__, view)
    # Firefox shows the title of the link, and files the search under the name in the file: they must be one.
    search_name = opensearch.short(ground.settings.repository_name)
    room.app_context_processor(lambda: {"feed_address": feed_address, "search_name": search_name})
    return room


def feed_address(asked: Asked) -> str:
    """Write the link to the feed of a search."""
    return address(replace(asked, page=1)).replace("/search", FEED, 1)


class _Files:
    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._settings = ground.settings
        self._url = ground.settings.public_url
        self._spans: tuple[float, list[Span]] = (float("-inf"), [])

    def robots(self) -> AnyResponse:
        """Tell crawlers what to leave alone, and where the rest is."""
        allowed, closed = (f"Allow: {path}" for path in (*OPEN, "/")), (f"Disallow: {path}" for path in CLOSED)
        lines = ["User-agent: *", *closed, *allowed, "", f"Sitemap: {self._url}/sitemap.xml\n"]
        return Response("\n".join(lines), mimetype="text/plain")

    def opensearch(self) -> AnyResponse:
        """Describe the search."""
        settings = self._settings
        explanation = _("Search the union catalogue: titles, authors, subjects, ISBN.")
        names = settings.repository_name, self._url, settings.admin_email
        content = opensearch.description(names, explanation, [each.code for each in languages()])
        return _file(content, opensearch.MEDIA_TYPE, _DAY)

    def feed(self) -> AnyResponse:
        """Tell what is new, in all or in what a search finds."""
        asked = read(request.args.to_dict(flat=False))
        catalogue = self._ground.catalogue
        if asked == Asked():
            records, total = catalogue.newest(ENTRIES), catalogue.find(Question(Everything(), limit=0)).total
            title, page = _("New titles"), f"{self._url}/"
        else:
            records, total = self._found(asked)
            title = _("New titles: %(search)s", search=self._named(asked))
            page = self._url + address(asked)
        horizon = catalogue.horizon()
        query = urlencode([(name, value) for name, value in request.args.items(multi=True) if name != "lang"])
        feed = atom.Feed(
            title=f"{self._settings.repository_name}: {title}",
            publisher=self._settings.repository_name,
            address=f"{self._url}{FEED}" + (f"?{query}" if query else ""),
            page=page,
            icon=f"{self._url}/static/icon.svg",
            # Of a list that is empty nothing is known but that it is so now.
            updated=max((record.datestamp for record in records), default=horizon),
            total=total,
        )
        return _file(atom.write(feed, records, _("[no title]")), atom.MEDIA_TYPE, "no-cache")

    def sitemap(self) -> AnyResponse:
        """List the sitemaps."""
        made, spans = self._spans
        if made < time.monotonic() - KEPT_SECONDS:
            spans = self._ground.catalogue.spans()
            self._spans = time.monotonic(), spans
        return _file(sitemap.index(self._url, spans), "application/xml", _HOUR)

    def pages(self) -> AnyResponse:
        """List the pages that are no records."""
        libraries = (f"/library/{quote(member.code)}" for member in self._ground.catalogue.members())
        found = (f"{self._url}{path}" for path in (*_PAGES, *libraries))
        return _file(sitemap.pages(found), "application/xml", _HOUR)

    def span(self, number: int) -> AnyResponse:
        """List the records of a span."""
        found = self._ground.catalogue.span(number) if number < MOST_SPANS else None
        if found is None:
            raise NotFound
        return _streamed(sitemap.records(self._url, found))

    def _found(self, asked: Asked) -> tuple[tuple[UnionRecord, ...], int]:
        """Give what came last of what a search finds; in another order when one was asked for."""
        catalogue = self._ground.catalogue
        wanted = replace(question(asked), start=0, limit=ENTRIES, facets=())
        found = catalogue.find(wanted)
        ids = found.ids if asked.sort != "relevance" else self._latest(asked, wanted)
        return tuple(record for record in catalogue.readable(ids) if not record.deleted), found.total

    def _latest(self, asked: Asked, wanted: Question) -> tuple[int, ...]:
        catalogue, chosen = self._ground.catalogue, asked.filters.get("member", ())
        members = {member.code: member for member in self._ground.members()}
        if asked == Asked(filters={"member": chosen[:1]}) and chosen[0] in members:
            # What is new in a library may have been in others for long.
            return tuple(hit.id for hit in catalogue.latest(members[chosen[0]], ENTRIES))
        highest = max((record.id for record in catalogue.newest(1)), default=1)
        return latest(catalogue.find, wanted, highest, ENTRIES)

    def _named(self, asked: Asked) -> str:
        labels = self._ground.labels()
        values = (labels.of(facet, value) for facet, chosen in asked.filters.items() for value in chosen)
        return ", ".join(filter(None, (asked.text, *values)))


def _file(content: bytes, media_type: str, caching: str) -> AnyResponse:
    response = Response(content, mimetype=media_type)
    response.headers["Cache-Control"] = caching
    return checked(response)


def _streamed(pieces: Iterable[bytes]) -> Response:
    """Send piece by piece, compressed for who accepts it."""
    packed = request.accept_encodings.quality("gzip") > 0
    response = Response(_packed(pieces) if packed else pieces, mimetype="application/xml")
    response.headers["Cache-Control"] = _HOUR
    response.vary.add("Accept-Encoding")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _packed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    packer = isal_zlib.compressobj(wbits=_GZIP)
    yield from (packed for piece in pieces if (packed := packer.compress(piece)))
    yield packer.flush()
