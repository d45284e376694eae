"""The open data on the web: a page for people, files to download, and descriptions for catalogues of data.

In: HTTP requests and the current dump. Out: pages and files; a download can be gone on with (RFC 9110, section 14),
since a file's ETag is its checksum.
"""

from typing import Final

from flask import Blueprint, Response, send_file
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from federation import clock
from federation.catalogue import dumps
from federation.web.delivery import checked
from federation.web.discovery import dcat, rdf
from federation.web.ground import Ground, page

_HOUR: Final = "public, max-age=3600"


def blueprint(ground: Ground) -> Blueprint:
    """Make the addresses of the open data."""
    room, files = Blueprint("open_data", __name__), _OpenData(ground)
    for path, view in (
        ("/open-data", files.page),
        ("/open-data/catalog.jsonld", files.json_ld),
        ("/open-data/catalog.rdf", files.rdf_xml),
        ("/open-data/SHA256SUMS", files.checksums),
        ("/open-data/<name>", files.file),
    ):
        room.add_url_rule(path, view.__name__, view)
    return room


class _OpenData:
    def __init__(self, ground: Ground) -> None:
        self._settings = ground.settings
        self._folder = dumps.folder(ground.settings)

    def page(self) -> AnyResponse:
        """Show what there is."""
        dump = dumps.current(self._folder)
        day = dump.horizon.astimezone(clock.VIETNAM) if dump else None
        return page("open_data.html", dump=dump, day=day, licence=dcat.licence(self._settings))

    def json_ld(self) -> AnyResponse:
        """Describe the open data as JSON-LD."""
        return _described(rdf.json_ld(self._described()), "application/ld+json")

    def rdf_xml(self) -> AnyResponse:
        """Describe the open data as RDF/XML."""
        return _described(rdf.rdf_xml(self._described()), "application/rdf+xml")

    def checksums(self) -> AnyResponse:
        """Give the checksums as `sha256sum -c` reads them."""
        dump = dumps.current(self._folder)
        if dump is None:
            raise NotFound
        return _described("".join(f"{file.sha256}  {file.name}\n" for file in dump.files).encode(), "text/plain")

    def file(self, name: str) -> AnyResponse:
        """Give a file, or a part of it."""
        dump = dumps.current(self._folder)
        found = dumps.path(self._folder, dump, name) if dump else None
        if dump is None or found is None or not found.is_file():
            raise NotFound
        checksum = next(file.sha256 for file in dump.files if file.name == name)
        response = send_file(
            found, dumps.MEDIA_TYPE, as_attachment=True, download_name=name, etag=checksum, last_modified=dump.made_at
        )
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Accept-Ranges"] = "bytes"
        return response

    def _described(self) -> rdf.Node:
        return dcat.catalogue(dumps.current(self._folder), self._settings)


def _described(content: bytes, media_type: str) -> AnyResponse:
    response = Response(content, mimetype=media_type)
    response.headers["Cache-Control"] = _HOUR
    response.headers["Access-Control-Allow-Origin"] = "*"
    return checked(response)
