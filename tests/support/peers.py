"""Programs of others that tests run. Missing ones are a skip with a reason, and a failure under REQUIRE_ALL=1."""

import os
import random
import shutil
import socket
import time
from contextlib import suppress
from typing import Final, NoReturn

import pytest

#: below those that Linux gives out by itself (ip(7), ip_local_port_range)
_PORTS: Final = range(15_000, 32_000)


def missing(reason: str, data: bool = False) -> NoReturn:
    """Skip, or fail when everything is required. Data that cannot be installed (`data`) is only ever skipped."""
    if os.environ.get("REQUIRE_ALL") == "1" and not data:
        pytest.fail(f"REQUIRE_ALL=1: {reason}")
    pytest.skip(reason)


def program(name: str, package: str) -> str:
    """Give the path of a program, or skip naming the Debian package that brings it."""
    path = shutil.which(name)
    return path if path else missing(f"{name} is not installed (Debian package {package})")


def free_port() -> int:
    """Give a loopback port that nobody listens on, and that the system gives to nobody who asks for any port.

    Tests that run beside each other would otherwise take it away before the server is there that it is meant for.
    """
    for port in random.SystemRandom().sample(_PORTS, 100):
        with socket.socket() as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port
    raise OSError(f"no port is free between {_PORTS.start} and {_PORTS.stop}")


def wait_for_port(port: int, seconds: float = 15.0) -> None:
    """Wait until something listens on a loopback port."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket() as client:
            client.settimeout(0.2)
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on 127.0.0.1:{port} after {seconds} s")
