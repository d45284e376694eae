"""`lienthong sources probe` of a server of ours: what it tells, as JSON, and what it proposes.

In: the command line, a hostile server, its kind, the requests that one look may make of it. Out: the report; whatever
the server does, the look ends without a traceback and within its requests.
"""

import shlex
from collections.abc import Sized
from typing import Any, Protocol

from tests.federation.cli.conftest import Lienthong

QUICK = ("--option", "allow_private=true", "--option", "retries=0", "--option", "per_minute=60000")


class Server(Protocol):
    """What is looked at."""

    @property
    def url(self) -> str: ...

    @property
    def requests(self) -> Sized: ...


def probed(lienthong: Lienthong, server: Server, *more: str, kind: str, most: int, code: int = 0) -> Any:
    """Look at a server, and give what is told of it."""
    ended = lienthong("sources", "probe", "moi", "--kind", kind, "--url", server.url, "--json", *QUICK, *more)
    assert ended.code == code, ended.errors
    assert "Traceback" not in ended.errors
    assert len(server.requests) <= most
    return ended.json


def taken_at_its_word(lienthong: Lienthong, server: Server, kind: str) -> str:
    """Do what a report for people ends with: the command registers the source, which harvests. Give the report."""
    ended = lienthong("sources", "probe", "moi", "--kind", kind, "--url", server.url, *QUICK)
    assert ended.code == 0
    lienthong("members", "add", "huyen", "--name", "Thư viện huyện", "--kind", "public")
    command = shlex.split(ended.text.strip().splitlines()[-1].replace("MEMBER", "huyen"))
    assert command[:2] == ["lienthong", "sources"]
    assert lienthong(*command[1:]).code == 0
    assert lienthong("harvest", "run", "moi").code == 0
    assert kind in lienthong("sources", "list").text
    assert lienthong("sources", "probe", "moi").code == 0
    return ended.text


def proposed(found: Any) -> dict[str, str]:
    """Give the options that a look proposes."""
    return {each["name"]: each["value"] for each in found["proposed"]}
