"""The webhook: JSON arrives by POST; its address, which is a secret, is in no error and no log."""

import json
import logging
import socket
import threading
from collections.abc import Iterator

import pytest

from federation.errors import Unavailable
from federation.telling import webhook
from federation.telling.digest import trial
from tests.support.listeners import Hook, hook
from tests.support.peers import free_port

TOLD = trial("Liên Thông", "https://x.vn")


@pytest.fixture
def server() -> Iterator[Hook]:
    with hook() as server:
        yield server


def test_the_digest_arrives_as_json(server: Hook) -> None:
    webhook.post(f"{server.url}/services/T0/geheim?room=1", TOLD)
    ((path, headers, body),) = server.posts
    assert path == "/services/T0/geheim?room=1"
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert json.loads(body) == TOLD.rows
    assert "Liên Thông" in body.decode()


def test_a_user_in_the_address_goes_into_the_header(server: Hook) -> None:
    webhook.post(server.url.replace("://", "://me:ge%40heim@"), TOLD)
    ((path, headers, _),) = server.posts
    assert (path, headers["Authorization"]) == ("/", "Basic bWU6Z2VAaGVpbQ==")


@pytest.mark.parametrize("status", [301, 307, 400, 404, 500])
def test_any_answer_but_2xx_is_a_failure_and_a_redirect_is_not_followed(
    server: Hook, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    caplog.set_level(logging.DEBUG)
    server.statuses = [status]
    with pytest.raises(Unavailable, match=f"webhook http://127.0.0.1: the server answers {status}") as caught:
        webhook.post(f"{server.url}/services/geheim", TOLD)
    assert len(server.posts) == 1
    assert "geheim" not in str(caught.value) + caplog.text


def test_nobody_listening_is_unavailable() -> None:
    port = free_port()
    with pytest.raises(Unavailable, match=r"were not taken: .*refused") as caught:
        webhook.post(f"http://127.0.0.1:{port}/geheim", TOLD)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    "answer", [b"", b"no http\r\n\r\n", b"HTTP/1.1 2", b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 1000]
)
def test_an_answer_that_is_none_is_a_failure(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def reply() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        thread = threading.Thread(target=reply)
        thread.start()
        with pytest.raises(Unavailable):
            webhook.post(f"http://127.0.0.1:{listening.getsockname()[1]}/geheim", TOLD, patience=0.5)
        thread.join(5)


@pytest.mark.parametrize("path", ["/bí mật", "/a b", "/x\x7f"])
def test_an_address_that_cannot_be_asked_is_told_without_its_path(server: Hook, path: str) -> None:
    with pytest.raises(Unavailable) as caught:
        webhook.post(f"{server.url}{path}", TOLD)
    assert path not in str(caught.value)
