"""The web door: its rooms under one roof, with the templates and files they share.

In: a catalogue and settings. Out: a Flask blueprint. A new room is one line of `ROOMS`. Errors are left to
`problems`; how pages travel is `delivery`'s.
"""

from collections.abc import Callable
from typing import Final

from flask import Blueprint

from federation.catalogue.catalogue import Catalogue
from federation.config import Settings
from federation.web import files
from federation.web.basket.views import blueprint as basket
from federation.web.browse.views import blueprint as browse
from federation.web.discovery.open_data import blueprint as open_data
from federation.web.discovery.views import blueprint as discovery
from federation.web.ground import Ground
from federation.web.members.views import blueprint as members
from federation.web.record.views import blueprint as record
from federation.web.search.views import blueprint as search

ROOMS: Final[tuple[Callable[[Ground], Blueprint], ...]] = (
    search,
    record,
    members,
    browse,
    basket,
    discovery,
    open_data,
)


def blueprint(catalogue: Catalogue, settings: Settings) -> Blueprint:
    """Make the pages of one catalogue."""
    ground = Ground(catalogue, settings)
    door = Blueprint("web", __name__, template_folder="templates")
    door.app_context_processor(ground.everywhere)
    door.add_url_rule(f"{files.STATIC}/<filename>", "static", files.served)
    for room in ROOMS:
        door.register_blueprint(room(ground))
    return door
