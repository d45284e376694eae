"""Other people's SRU clients read our door over real HTTP: yaz-client and zoomsh (YAZ), in the versions they speak.

The application runs as `gunicorn` serves it. What they show is held against what the catalogue has.
"""

import subprocess
import threading
from collections.abc import Iterator
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from flask import Flask

from federation.sru.views import blueprint
from tests.support.catalogues import Shelf
from tests.support.peers import program
from tests.support.sru import index_all


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A door on twelve records; gives its host, port and path."""
    home = tmp_path_factory.mktemp("sru")
    shelf = Shelf.make(f"sqlite:///{home / 'lienthong.db'}", home)
    shelf.put(dict.fromkeys(range(1, 13), ("member:tvt", "type:book")))
    index_all(shelf, home / "index", range(1, 13))
    app = Flask("door")
    app.register_blueprint(blueprint(shelf.catalogue, shelf.settings))
    server = make_server("127.0.0.1", 0, app, handler_class=_Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_port}/sru"
    server.shutdown()
    thread.join()
    server.server_close()
    shelf.close()


def _run(command: list[str], lines: list[str]) -> str:
    script = "\n".join([*lines, "quit", ""])
    done = subprocess.run(command, input=script.encode(), capture_output=True, timeout=60, check=False)
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def yaz(address: str, how: str, *lines: str) -> str:
    """Run yaz-client; `how` is the method and the version."""
    return _run([program("yaz-client", "yaz")], [f"sru {how}", "querytype cql", f"open http://{address}", *lines])


def zoom(address: str, *lines: str) -> str:
    """Run zoomsh."""
    return _run([program("zoomsh", "yaz")], ["set sru get", *lines])


@pytest.mark.parametrize("how", ["get 1.1", "get 1.2", "get 2.0", "post 1.1", "post 1.2", "post 2.0"])
def test_yaz_client_searches_and_shows(address: str, how: str) -> None:
    said = yaz(address, how, "schema marcxml", "find dc.title = sông", "show 3+2")
    assert "Number of hits: 12" in said
    assert said.count("<record xmlns=") == 2
    assert "Sông núi" in said


@pytest.mark.parametrize("how", ["get 1.1", "get 1.2"])
def test_yaz_client_scans_in_both_directions(address: str, how: str) -> None:
    said = yaz(address, how, "scanpos 1", "scan dc.title=sông", "scanpos 2", "scan dc.title=tran")
    assert "Nam 1" in said
    assert "Nam 12" in said


def test_yaz_client_shows_our_diagnostics(address: str) -> None:
    assert "info:srw/diagnostic/1/16" in yaz(address, "get 1.2", "find dc.nothing = a")
    assert "info:srw/diagnostic/1/66" in yaz(address, "get 1.2", "schema nothing", "find nam", "show 1")


@pytest.mark.parametrize("version", ["1.1", "1.2", "2.0"])
@pytest.mark.parametrize("schema", ["marcxml", "mods", "dc"])
def test_zoomsh_searches_and_shows_every_schema(address: str, version: str, schema: str) -> None:
    lines = [f"set sru_version {version}", f"set schema {schema}", f"connect http://{address}"]
    said = zoom(address, *lines, "search cql:dc.title=sông", "show 0 2 xml")
    assert "12 hits" in said
    assert said.count("Nam ") >= 2
