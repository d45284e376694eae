"""The files that pages load: one sheet for all of them, a script, an icon.

In: the name of a file. Out: its bytes and its address, which changes with them, so that browsers may keep it for good.
The sheets of all rooms are sent as one, `lienthong.css`: a browser that asks HTTP/1.1 for two opens a second connection
for the other, which on a phone's line costs three round trips before it shows anything; and the next room needs none.
"""

import hashlib
from functools import lru_cache
from mimetypes import guess_type
from pathlib import Path
from typing import Final

from flask import Response, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

FOLDER: Final = Path(__file__).parent / "static"
STATIC: Final = "/static"
SHEET: Final = "lienthong.css"
_YEAR: Final = 365 * 24 * 3600


def served(filename: str) -> AnyResponse:
    """Send a file; raises `NotFound`."""
    response = Response(content(filename), mimetype=guess_type(filename)[0])
    response.cache_control.public = True
    response.cache_control.max_age = _YEAR
    # Weak, because gzip comes after.
    response.set_etag(_digest(filename), weak=True)
    return response.make_conditional(request)


@lru_cache
def content(name: str) -> bytes:
    """Give the bytes of a file; the sheet is those of the rooms and then the common one. Raises `NotFound`."""
    if name not in {path.name for path in FOLDER.iterdir()}:
        raise NotFound
    common = (FOLDER / name).read_bytes()
    if name != SHEET:
        return common
    rooms = (path for path in sorted(FOLDER.glob("*.css")) if path.name != SHEET)
    return b"".join((*(path.read_bytes() for path in rooms), common))


@lru_cache
def address(name: str) -> str:
    """Give the address of a file."""
    return f"{STATIC}/{name}?v={_digest(name)}"


def _digest(name: str) -> str:
    return hashlib.sha256(content(name)).hexdigest()[:12]
