"""Passwords and tokens: sent to the source's own server, to nobody else, and shown to nobody."""

import base64
import logging
from collections.abc import Iterator

import pytest

from harvesters.errors import HarvestError, SourceRefused
from harvesters.http import Http
from harvesters.login import is_home, login
from tests.support.certificates import SelfMade, self_made
from tests.support.hostile_oai import Hostile, Reply, serving
from tests.support.oai_run import QUICK

BASIC = {"user": "thu", "password": "mật khẩu"}
TOKEN = {"token": "abc.DEF-123"}


@pytest.fixture
def other() -> Iterator[Hostile]:
    with serving(Hostile()) as running:
        yield running


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> SelfMade:
    return self_made(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def secured(certificate: SelfMade) -> Iterator[Hostile]:
    with serving(Hostile(), certificate.context) as running:
        yield running


def get(url: str, **options: str) -> bytes:
    with Http({**QUICK, "retries": "0", **options}) as http:
        return http.get(url).content


def sent(server: Hostile) -> list[str | None]:
    return [asked.headers.get("Authorization") for asked in server.requests]


def test_user_and_password_go_along_with_every_request(server):
    server.spoil = lambda asked, reply: Reply(b"good")
    with Http({**QUICK, **BASIC}) as http:
        http.get(server.url)
        http.get(server.url, {"verb": "Identify"})
    assert sent(server) == ["Basic " + base64.b64encode("thu:mật khẩu".encode()).decode()] * 2


def test_a_token_goes_along(server):
    server.spoil = lambda asked, reply: Reply(b"good")
    get(server.url, **TOKEN)
    assert sent(server) == ["Bearer abc.DEF-123"]


@pytest.mark.parametrize("secret", [BASIC, TOKEN])
def test_another_host_never_gets_them(server, other, secret):
    server.spoil = lambda asked, reply: Reply(b"", 302, {"Location": other.url})
    other.spoil = lambda asked, reply: Reply(b"good")
    assert get(server.url, **secret) == b"good"
    assert sent(server) != [None]
    assert sent(other) == [None]


def test_a_redirect_on_the_same_host_keeps_them(server):
    server.spoil = lambda asked, reply: Reply(b"good") if asked.number > 1 else Reply(b"", 302, {"Location": "/b"})
    get(server.url, **TOKEN)
    assert sent(server) == ["Bearer abc.DEF-123"] * 2


def test_another_host_that_leads_back_gets_them_only_at_home(server, other):
    server.spoil = lambda asked, reply: Reply(b"good") if asked.number > 1 else Reply(b"", 302, {"Location": other.url})
    other.spoil = lambda asked, reply: Reply(b"", 302, {"Location": server.url})
    get(server.url, **TOKEN)
    assert (sent(server), sent(other)) == (["Bearer abc.DEF-123"] * 2, [None])


@pytest.mark.parametrize("secret", [BASIC, TOKEN, {}])
def test_a_redirect_that_would_send_a_password_unencrypted_is_refused(secured, certificate, other, secret):
    secured.spoil = lambda asked, reply: Reply(b"", 302, {"Location": other.url})
    other.spoil = lambda asked, reply: Reply(b"good")
    options = {**secret, "certificate": certificate.fingerprint}
    if not secret:
        assert get(secured.url, **options) == b"good"
        secured.url = secured.url.replace("https://", "https://thu:khau@")
    with pytest.raises(SourceRefused, match="a password would go unencrypted") as caught:
        get(secured.url, **options)
    assert caught.value.code == "redirect-downgrade"
    assert len(other.requests) == (0 if secret else 1)


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/", "data:text/xml,x", "gopher://x/"])
def test_a_redirect_to_what_is_no_server_gets_nothing(server, target):
    server.spoil = lambda asked, reply: Reply(b"", 302, {"Location": target})
    with pytest.raises(HarvestError):
        get(server.url, **TOKEN)
    assert len(server.requests) == 1


@pytest.mark.parametrize("secret", [BASIC, TOKEN])
@pytest.mark.parametrize("status", [401, 503])
def test_no_message_and_no_line_of_the_log_shows_them(server, secret, status, caplog):
    caplog.set_level(logging.DEBUG)
    server.spoil = lambda asked, reply: Reply(b"", status)
    try:
        get(server.url, **secret)
    except HarvestError as error:
        assert not [value for value in secret.values() if value in str(error)]
    encoded = login(secret).split()[1]
    assert not [value for value in (*secret.values(), encoded) if value in caplog.text]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"user": "thu"}, "belong together"),
        ({"password": "bimat"}, "belong together"),
        ({"user": "a:b", "password": "bimat"}, "no colon"),
        ({"user": "a", "password": "bimat\r\nX: y"}, "line breaks"),
        ({"token": "bimat\r\nX: y"}, "no token has"),
        ({"token": "bi mat"}, "no token has"),
        ({"user": "a", "password": "bimat", "token": "x"}, "not both"),
    ],
)
def test_what_cannot_be_sent_is_refused_without_repeating_it(options, told):
    with pytest.raises(SourceRefused, match=told) as caught:
        login(options)
    assert "bimat" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "home", "yes"),
    [
        ("https://x.example/b", "https://x.example/a", True),
        ("https://x.example:443/b", "https://X.example/a", True),
        ("https://x.example/b", "http://x.example/a", True),
        ("http://x.example/b", "https://x.example/a", False),
        ("https://x.example:8443/b", "https://x.example/a", False),
        ("https://x.example.evil.example/", "https://x.example/", False),
        ("https://x.example@evil.example/", "https://x.example/", False),
        ("https://y.example/", "https://x.example/", False),
        ("https://x.example:port/", "https://x.example/", False),
    ],
)
def test_what_is_home_is_told_by_scheme_host_and_port(address, home, yes):
    assert is_home(address, home) is yes
