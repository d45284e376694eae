"""Is the process alive, and can it answer? For load balancers and monitors.

In: the catalogue. Out: `/healthz` says 200 as long as the process runs; `/readyz` says 200 when the database and the
index both answer, else 503 naming the part that does not. Details go to the log only, because these pages are public.
"""

import logging
from collections.abc import Callable, Iterable

from flask import Blueprint, Response

log = logging.getLogger(__name__)


def blueprint(parts: Iterable[tuple[str, Callable[[], object]]]) -> Blueprint:
    """Make the pages; `parts` are names and what to call to see whether they answer."""
    rooms = Blueprint("health", __name__)
    checks = tuple(parts)

    @rooms.get("/healthz")
    def alive() -> Response:
        return _text(["ok"], 200)

    @rooms.get("/readyz")
    def ready() -> Response:
        states = [(name, _answers(name, check)) for name, check in checks]
        lines = [f"{name}: {'ok' if state else 'does not answer'}" for name, state in states]
        return _text(lines, 200 if all(state for _, state in states) else 503)

    return rooms


def _answers(name: str, check: Callable[[], object]) -> bool:
    try:
        check()
    except Exception:  # whatever the reason, the answer is "no"; a monitor must get it
        log.exception("%s does not answer", name)
        return False
    return True


def _text(lines: list[str], status: int) -> Response:
    response = Response("\n".join(lines) + "\n", status, mimetype="text/plain")
    response.headers["Cache-Control"] = "no-store"
    return response
