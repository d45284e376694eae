"""`lienthong serve`: run the doors and the scheduler until told to stop.

In: the settings and, if wanted, the name of one door or of the scheduler. Out: nothing; the process serves until
SIGTERM or SIGINT, lets what is under way end, and exits 0. Without a name each is a process of its own, supervised by
this one, which then loads neither of them.
"""

import socket
from importlib import import_module
from typing import Final

import click

from federation.cli import supervise
from federation.config import read
from federation.errors import Unavailable, UsageError

DOORS: Final = ("web", "z3950", "scheduler")


@click.command()
@click.argument("door", required=False, type=click.Choice(DOORS))
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="Processes of the web door [half the cores].")
@click.option("--threads", type=click.IntRange(1, 64), default=8, show_default=True, help="Threads of each process.")
def serve(door: str | None, workers: int | None, threads: int) -> None:
    """Serve the catalogue until stopped; without a name, the doors and the scheduler together, supervised."""
    if door == "z3950":
        raise UsageError("door-absent", f"{door!r} is not part of this release; there are: web, scheduler", "serve")
    if door == "scheduler":
        import_module("federation.cli.scheduling").serve()
        return
    settings = read()
    _check_free(settings.web_bind)
    click.echo(f"Serving {settings.public_url} on {settings.web_bind}; stop with Ctrl-C.")
    if door == "web":
        import_module("federation.cli.webserver").serve(settings, workers, threads)
        return
    options = (*(("--workers", str(workers)) if workers else ()), "--threads", str(threads))
    supervise.run({"web": options, "scheduler": ()})


def _check_free(bind: str) -> None:
    host, _, port = bind.rpartition(":")
    try:
        family, kind, _, _, address = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise Unavailable(
            "address-taken", f"cannot listen there: {error}; is another server running?", f"LIENTHONG_WEB_BIND={bind}"
        ) from error
