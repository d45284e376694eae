"""Mail by SMTP to a real server: what arrives, encryption, passwords, and what is said when it does not arrive."""

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from federation.errors import FederationError, SettingsError, Unavailable
from federation.telling import mail
from federation.telling.digest import Digest, Item, digest
from federation.telling.mail import Post
from tests.support.listeners import MailServer, mail_server
from tests.support.peers import free_port, missing

FROM, TO = "muclucso@thuvien.example.vn", ("a@thuvien.example.vn", "b@thuvien.example.vn")


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-made certificate for 127.0.0.1, with its key in the same file."""
    if not shutil.which("openssl"):
        missing("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    names = ("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")
    files = ("-keyout", str(folder / "key"), "-out", str(folder / "certificate"))
    made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *files, *names)
    subprocess.run(made, check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_text((folder / "key").read_text() + (folder / "certificate").read_text())
    return both


def serving(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def told() -> Digest:
    at = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)
    return digest([Item(1, "failure", "oai", 3, at, "Lượt thu 3 hỏng", "Run 3 failed")], "Liên Thông", "https://x.vn")


def test_a_mail_arrives_whole_at_everyone(server: MailServer) -> None:
    mail.send(Post(server.url, FROM, TO), told())
    (letter,) = server.letters
    assert server.envelopes == [(FROM, TO, False)]
    assert letter["Subject"] == "Liên Thông: 1 thông báo / 1 notice"
    assert (letter["From"], letter["To"]) == (FROM, ", ".join(TO))
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"].endswith("@thuvien.example.vn>")
    assert letter["Date"].datetime.tzinfo
    assert letter.get_content().replace("\r\n", "\n") == told().text


def test_a_mail_is_encrypted_where_the_server_offers_it(certificate: Path) -> None:
    with mail_server(tls_context=serving(certificate), require_starttls=True) as server:
        mail.send(Post(server.url, FROM, TO, tls=trusting(certificate)), told())
        assert server.envelopes == [(FROM, TO, True)]


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Path) -> None:
    with mail_server(tls_context=serving(certificate)) as server:
        with pytest.raises(Unavailable, match="certificate verify failed"):
            mail.send(Post(server.url, FROM, TO), told())
        assert server.letters == []


def test_user_and_password_are_sent_with_their_strange_letters(certificate: Path) -> None:
    with mail_server(tls_context=serving(certificate), auth_required=True) as server:
        server.password = "gh:e@im/ộ"
        url = server.url.replace("://", "://thu%40x.vn:gh%3Ae%40im%2F%E1%BB%99@")
        mail.send(Post(url, FROM, TO, tls=trusting(certificate)), told())
        assert server.logins == [("thu@x.vn", "gh:e@im/ộ")]
        assert len(server.letters) == 1


def test_a_refused_password_is_a_matter_of_the_settings_and_is_not_told(certificate: Path) -> None:
    with mail_server(tls_context=serving(certificate), auth_required=True) as server:
        url = server.url.replace("://", "://thu:falsch@")
        with pytest.raises(SettingsError, match="refuses user or password") as caught:
            mail.send(Post(url, FROM, TO, tls=trusting(certificate)), told())
        assert "falsch" not in str(caught.value)
        assert server.letters == []


def test_a_password_never_goes_unencrypted_to_another_machine(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(server.url.rpartition(":")[2])
    connect = socket.create_connection
    monkeypatch.setattr(socket, "create_connection", lambda _to, *more, **named: connect(("127.0.0.1", port), *more))
    with pytest.raises(SettingsError, match="offers no encryption") as caught:
        mail.send(Post("smtp://thu:geheim@mail.example.vn:587", FROM, TO), told())
    assert "geheim" not in str(caught.value)
    assert (server.logins, server.letters) == ([], [])


@pytest.mark.parametrize("farewell", ["500 no", "421 too late", "\xff"])
def test_a_mail_that_was_taken_is_sent_whatever_the_farewell(server: MailServer, farewell: str) -> None:
    server.farewell = farewell
    mail.send(Post(server.url, FROM, TO), told())
    assert len(server.letters) == 1


def test_what_the_server_says_is_told(server: MailServer) -> None:
    server.answers = ["451 4.3.0 mailbox busy"]
    with pytest.raises(Unavailable, match=r"smtp://127\.0\.0\.1:\d+: the server answers 451 4\.3\.0 mailbox busy"):
        mail.send(Post(server.url, FROM, TO), told())


def test_addresses_that_the_server_does_not_know_are_named(server: MailServer) -> None:
    server.refused = set(TO)
    with pytest.raises(Unavailable, match=r"takes no mail for a@thuvien\.example\.vn: .*nobody of this name; b@"):
        mail.send(Post(server.url, FROM, TO), told())


def test_one_unknown_address_does_not_keep_the_mail_from_the_others(server: MailServer) -> None:
    server.refused = {TO[0]}
    mail.send(Post(server.url, FROM, TO), told())
    assert server.envelopes == [(FROM, TO[1:], False)]


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_nobody_listening_is_unavailable(scheme: str) -> None:
    port = free_port()
    with pytest.raises(Unavailable, match=rf"{scheme}://127\.0\.0\.1:{port}: the mail was not sent: .*refused"):
        mail.send(Post(f"{scheme}://me:geheim@127.0.0.1:{port}", FROM, TO), told())


@pytest.mark.parametrize(
    "greeting", [b"", b"HTTP/1.1 200 OK\r\n\r\n", b"\xff\xfe\r\n", b"2" * 10_000 + b"\r\n", b"250-" + b"\r\n" * 3]
)
def test_a_server_that_is_none_is_unavailable(greeting: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.sendall(greeting)

        thread = threading.Thread(target=answer)
        thread.start()
        post = Post(f"smtp://127.0.0.1:{listening.getsockname()[1]}", FROM, TO, patience=0.5)
        with pytest.raises(Unavailable):
            mail.send(post, told())
        thread.join(5)


def test_a_server_that_keeps_silent_is_given_up(server: MailServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        post = Post(f"smtp://127.0.0.1:{silent.getsockname()[1]}", FROM, TO, patience=0.2)
        with pytest.raises(FederationError, match="timed out"):
            mail.send(post, told())


def test_a_source_cannot_write_headers_into_a_mail(server: MailServer) -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    evil = "x\r\nBcc: all@example.vn\r\n\r\nhello\r\n.\r\nMAIL FROM:<x>"
    made = digest([Item(1, "failure", "oai", 3, at, evil, evil)], evil, "https://x.vn")
    mail.send(Post(server.url, FROM, TO), made)
    (letter,) = server.letters
    assert letter["Bcc"] is None
    assert server.envelopes == [(FROM, TO, False)]
    assert replace(made, text=letter.get_content().replace("\r\n", "\n")) == made


@pytest.mark.parametrize("changes", [{"recipients": ("thư@x.vn",)}, {"sender": "thư@x.vn"}])
def test_an_address_that_the_server_cannot_take_is_told(changes: dict[str, object]) -> None:
    with mail_server(enable_SMTPUTF8=False) as server:
        with pytest.raises(FederationError, match=r"smtp://127\.0\.0\.1"):
            mail.send(replace(Post(server.url, FROM, TO), **changes), told())
        assert server.letters == []


def test_a_name_that_can_be_no_server_is_told_without_the_password() -> None:
    with pytest.raises(SettingsError, match="cannot be sent as they are written") as caught:
        mail.send(Post(f"smtp://me:geheim@{'x' * 70}.vn", FROM, TO), told())
    assert "geheim" not in str(caught.value)
