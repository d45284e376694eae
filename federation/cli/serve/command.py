"""`lienthong serve`: run the doors and the scheduler until told to stop.

In: the settings and, if wanted, the name of one door or of the scheduler. Out: nothing; the process serves until
SIGTERM or SIGINT, lets what is under way end, and exits 0. Without a name each is a process of its own, supervised by
this one, which then loads neither of them.
"""

import socket
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Final

import click

from federation.cli.serve import supervise
from federation.config import Settings, read
from federation.errors import Unavailable

DOORS: Final = ("web", "z3950", "scheduler")
#: the setting of each door's address, with its value; and what is said when it opens
_BINDS: Final[Mapping[str, Callable[[Settings], tuple[str, str]]]] = {
    "web": lambda settings: ("LIENTHONG_WEB_BIND", settings.web_bind),
    "z3950": lambda settings: ("LIENTHONG_Z3950_BIND", settings.z3950_bind),
}
_SERVING: Final[Mapping[str, Callable[[Settings], str]]] = {
    "web": lambda settings: f"Serving {settings.public_url} on {settings.web_bind}; stop with Ctrl-C.",
    "z3950": lambda settings: f"Serving Z39.50 on {settings.z3950_bind}, database union; stop with Ctrl-C.",
}


@click.command()
@click.argument("door", required=False, type=click.Choice(DOORS))
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=None,
    help="Processes of each door [the cores, at most 4; web: half the cores where that is more].",
)
@click.option(
    "--threads",
    type=click.IntRange(1, 64),
    default=None,
    help="Threads of each door's process [web: 4; z3950: 8].",
)
def serve(door: str | None, workers: int | None, threads: int | None) -> None:
    """Serve the catalogue until stopped; without a name, the doors and the scheduler together, supervised."""
    if door == "scheduler":
        import_module("federation.cli.serve.scheduling").serve()
        return
    settings = read()
    for name in (door,) if door else ("web", "z3950"):
        _check_free(*_BINDS[name](settings))
        click.echo(_SERVING[name](settings))
    if door == "web":
        import_module("federation.cli.serve.webserver").serve(settings, workers, threads)
        return
    if door == "z3950":
        import_module("federation.z3950.serving").serve(settings, workers, threads)
        return
    options = (("--workers", workers), ("--threads", threads))
    web = tuple(part for name, number in options if number for part in (name, str(number)))
    supervise.run({"web": web, "z3950": (), "scheduler": ()})


def _check_free(setting: str, bind: str) -> None:
    host, _, port = bind.rpartition(":")
    try:
        family, kind, _, _, address = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise Unavailable(
            "address-taken", f"cannot listen there: {error}; is another server running?", f"{setting}={bind}"
        ) from error
