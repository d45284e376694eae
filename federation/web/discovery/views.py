"""Files for those who crawl: robots.txt.

In: HTTP requests. Out: what may be crawled.
"""

from typing import Final

from flask import Blueprint, Response

from federation.web.ground import Ground

#: addresses crawlers leave alone: the endless combinations of searches, and other forms of the same page
CLOSED: Final = (
    "/search?*f.",
    "/search?*sort=",
    "/search?*toned=",
    "/*?lang=",
    "/*&lang=",
    "/record/*?format=",
    "/oai",
)


def blueprint(_ground: Ground) -> Blueprint:
    """Make the files of this room."""
    room = Blueprint("discovery", __name__)
    room.add_url_rule("/robots.txt", "robots", _robots)
    return room


def _robots() -> Response:
    """Tell crawlers what to leave alone."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), "Allow: /"]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
