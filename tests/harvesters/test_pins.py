"""Self-made and expired certificates: refused by rule, taken one by one with consent, over real TLS."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from harvesters.certificate import _printable, _read, look
from harvesters.errors import SourceRefused, SourceUnavailable
from harvesters.http import Http
from harvesters.pins import pin
from tests.support.certificates import SelfMade, self_made
from tests.support.hostile_oai import Hostile, Reply, serving
from tests.support.oai_run import QUICK


@pytest.fixture(params=["self-signed", "expired"])
def certificate(tmp_path: Path, request: pytest.FixtureRequest) -> SelfMade:
    return self_made(tmp_path, days=(-10, 10) if request.param == "self-signed" else (-20, -10))


@pytest.fixture
def server(certificate: SelfMade) -> Iterator[Hostile]:
    with serving(Hostile(), certificate.context) as running:
        running.spoil = lambda asked, reply: Reply(b"good")
        yield running


def get(url: str, **options: str) -> bytes:
    with Http({**QUICK, "retries": "0", **options}) as http:
        return http.get(url).content


@pytest.mark.pathology(31, "a certificate that no authority vouches for is refused")
def test_a_certificate_that_nobody_vouches_for_is_refused(server):
    with pytest.raises(SourceRefused, match="sources trust") as caught:
        get(server.url)
    assert caught.value.code == "tls-refused"
    assert server.requests == []


@pytest.mark.pathology(31, "one certificate is accepted with the operator's consent, whatever its name and date")
def test_the_certificate_that_is_trusted_is_accepted(server, certificate, recwarn):
    assert get(server.url, certificate=certificate.fingerprint) == b"good"
    assert not recwarn.list


@pytest.mark.pathology(31, "any other certificate than the trusted one is refused before anything is sent")
@pytest.mark.parametrize("public_only", [False, True])
def test_any_other_certificate_is_refused_before_anything_is_sent(
    server, certificate, tmp_path, public_only, monkeypatch
):
    monkeypatch.setattr("harvesters.reach._is_public", lambda address: True)
    others = self_made(tmp_path).fingerprint
    options = {"certificate": others, "token": "bimat", "allow_private": "false" if public_only else "true"}
    with pytest.raises(SourceRefused, match="renewed") as caught:
        get(server.url, **options)
    assert caught.value.code == "certificate-changed"
    assert certificate.fingerprint in str(caught.value)
    assert server.requests == []


def test_trust_in_a_certificate_opens_no_private_address(server, certificate):
    with pytest.raises(SourceRefused, match="not a public address"):
        get(server.url, certificate=certificate.fingerprint, allow_private="false")
    assert server.connections == 0


def test_a_look_shows_what_the_certificate_says_and_why_it_is_refused(server, certificate):
    found = look(server.url, QUICK)
    assert found.fingerprint == certificate.fingerprint
    assert (found.subject, found.issuer) == ("CN=thuvien.truong.example",) * 2
    assert found.begins is not None
    assert found.ends is not None
    assert (found.ends - found.begins).days in (10, 20)
    assert "certificate" in found.refused
    assert server.requests == []


def test_a_look_goes_only_where_a_harvest_may_go(server):
    with pytest.raises(SourceRefused, match="not a public address"):
        look(server.url, {})
    assert server.connections == 0


def test_a_server_without_tls_has_no_certificate_to_show():
    with serving(Hostile()) as plain, pytest.raises(SourceUnavailable, match="no TLS is spoken there"):
        look(plain.url.replace("http:", "https:"), {**QUICK, "connect_timeout": "1"})


@pytest.mark.parametrize("address", ["https://[::1/", "https://x:port/"])
def test_an_address_that_is_none_is_told(address):
    with pytest.raises(SourceRefused, match="no address"):
        look(address, QUICK)


def test_a_strangers_text_cannot_play_with_the_terminal():
    assert _printable("a\x1b[2Jb\u202ec\n") == "a?[2Jb?c?"
    assert len(_printable("x" * 5000)) == 201


def test_what_is_no_certificate_is_shown_by_its_fingerprint_alone():
    found = _read("x:443", b"\x30\x03\x02\x01\x01", "why")
    assert (found.subject, found.refused) == ("(cannot be read)", "why")
    assert found.fingerprint.startswith("sha256:")


@pytest.mark.parametrize("text", ["sha256:" + "AB" * 32, ":".join(["ab"] * 32), "sha256:" + ":".join(["Ab"] * 32)])
def test_a_fingerprint_may_be_written_as_others_write_it(text):
    assert pin({"certificate": text}) == "sha256:" + "ab" * 32


@pytest.mark.parametrize("text", ["sha1:abcd", "sha256:", "x" * 64, "ab" * 31])
def test_what_is_no_fingerprint_is_refused(text):
    with pytest.raises(SourceRefused, match="64 hexadecimal digits"):
        pin({"certificate": text})
