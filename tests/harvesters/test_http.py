"""HTTP to a hostile server: what is waited for, what is refused, what is never taken for an end."""

import gzip
import logging
import socket
import time
import zlib
from datetime import UTC, datetime, timedelta

import pytest
import urllib3
import zstandard

from harvesters.errors import HarvestError, SourceBroken, SourceRefused, SourceUnavailable
from harvesters.http import Http, limits, masked
from harvesters.inflate import CutShort
from harvesters.reach import refuse_private
from harvesters.session import _patience
from tests.support.hostile_oai import Hostile, Reply, compressed
from tests.support.oai_run import QUICK


def get(server: Hostile, **options: str):
    with Http({**QUICK, **options}) as http:
        return http.get(server.url)


def first(times: int, spoiled: Reply):
    """Spoil the first answers."""
    return lambda asked, reply: spoiled if asked.number <= times else Reply(b"good")


# --- waiting ---------------------------------------------------------------------------------------------------------


@pytest.mark.pathology(28, "429 and 5xx are asked again, each time later, give or take a quarter")
@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_throttling_and_server_faults_are_asked_again(server, status):
    server.spoil = first(2, Reply(b"", status))
    assert get(server).content == b"good"
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_stays_busy_is_unavailable(server, status):
    server.spoil = first(99, Reply(b"", status))
    with pytest.raises(SourceUnavailable, match=f"answers {status}") as caught:
        get(server)
    assert caught.value.code == f"http-{status}"
    assert len(server.requests) == 3


def waited(server: Hostile, header: str, **options: str) -> float:
    server.spoil = first(1, Reply(b"", 503, {"Retry-After": header}))
    begun = time.monotonic()
    get(server, **options)
    return time.monotonic() - begun


@pytest.mark.pathology(28, "Retry-After in seconds is honoured")
def test_retry_after_in_seconds_is_honoured(server):
    assert 1.0 <= waited(server, "1", longest_wait="5") < 3


@pytest.mark.pathology(28, "Retry-After as a date is honoured")
def test_retry_after_as_a_date_is_honoured(server):
    date = (datetime.now(UTC) + timedelta(seconds=3)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert 1.0 <= waited(server, date, longest_wait="10") < 5


@pytest.mark.pathology(28, "Retry-After is honoured up to `longest_wait`")
def test_retry_after_is_honoured_only_up_to_the_cap(server):
    assert 1.0 <= waited(server, "86400", longest_wait="1") < 3


@pytest.mark.pathology(28, "each repeat waits twice as long as the one before, give or take a quarter")
def test_repeats_wait_longer_each_time_and_never_all_clients_alike():
    patience = _patience(limits({"backoff": "2", "longest_wait": "20", "retries": "9"}))
    waits = []
    for _ in range(6):
        patience = patience.increment("GET", "/", urllib3.HTTPResponse(status=503))
        waits.append([patience.get_backoff_time() for _ in range(50)])
    for expected, found in zip([2, 4, 8, 16, 20, 20], waits, strict=True):
        assert expected * 0.75 <= min(found) < max(found) <= expected * 1.25


@pytest.mark.parametrize("status", [200, 400, 404, 422])
def test_other_answers_are_given_as_they_are(server, status):
    server.spoil = lambda asked, reply: Reply(b"said", status)
    answer = get(server)
    assert (answer.status, answer.content, len(server.requests)) == (status, b"said", 1)


def test_nobody_listening_is_unavailable(server):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        server.url = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        with pytest.raises(SourceUnavailable, match="refused") as caught:
            get(server)
    assert caught.value.code == "no-connection"


def test_an_answer_that_does_not_come_is_unavailable(server):
    server.spoil = lambda asked, reply: Reply(b"late", hang=1.0)
    with pytest.raises(SourceUnavailable) as caught:
        get(server, timeout="0.1", retries="1")
    assert caught.value.code in ("timeout", "no-connection")
    assert len(server.requests) == 2


def test_an_answer_that_stops_in_the_middle_is_unavailable(server):
    server.spoil = lambda asked, reply: Reply(b"x" * 100, pause=0.5)
    with pytest.raises(SourceUnavailable, match=r"no byte came for 0.1 s"):
        get(server, timeout="0.1", retries="0")


def test_an_answer_that_drips_for_ever_is_unavailable(server):
    server.spoil = lambda asked, reply: Reply(b"x" * 100, pause=0.1)
    with pytest.raises(SourceUnavailable, match=r"not complete after 0.3 s") as caught:
        get(server, answer_timeout="0.3")
    assert caught.value.code == "answer-too-slow"
    assert len(server.requests) == 1


# --- short answers ---------------------------------------------------------------------------------------------------


@pytest.mark.pathology(27, "a body that is cut short is fetched again")
@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("at", [0, 1, 5000])
def test_a_body_cut_short_is_fetched_again(server, chunked, at):
    server.spoil = first(2, Reply(b"x" * 10_000, cut=at, chunked=chunked))
    assert get(server).content == b"good"


@pytest.mark.pathology(27, "a body that is always cut short is a failure, never an end")
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_always_cut_short_is_never_taken_for_whole(server, chunked):
    server.spoil = first(99, Reply(b"x" * 10_000, cut=5000, chunked=chunked))
    with pytest.raises(SourceUnavailable, match="cut after 5000 bytes"):
        get(server)
    assert len(server.requests) == 3


def test_a_chunked_body_is_read_whole(server):
    server.spoil = lambda asked, reply: Reply(b"x" * 200_000, chunked=True)
    assert len(get(server).content) == 200_000


@pytest.mark.pathology(27, "compression that was cut is noticed")
def test_a_gzip_body_cut_short_before_it_was_sent_is_noticed(server):
    packed = gzip.compress(bytes(range(256)) * 50)
    server.spoil = first(2, Reply(packed[:-9], headers={"Content-Encoding": "gzip"}))
    assert get(server).content == b"good"
    server.requests.clear()
    server.spoil = first(99, Reply(packed[:-9]))
    with pytest.raises(CutShort, match="compressed answer is cut"):
        get(server)


def test_a_damaged_gzip_body_is_fetched_again(server):
    packed = bytearray(gzip.compress(bytes(range(256)) * 50))
    packed[60] ^= 0xFF
    server.spoil = first(1, Reply(bytes(packed)))
    assert get(server).content == b"good"


# --- compression and size --------------------------------------------------------------------------------------------


@pytest.mark.pathology(27, "compression is told by the first bytes, announced or not")
@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(b"text", mtime=0), "gzip"),
        (gzip.compress(b"text", mtime=0), ""),
        (gzip.compress(b"te", mtime=0) + gzip.compress(b"xt", mtime=0), "gzip"),
        (gzip.compress(b"text", mtime=0) + b"\0\0\0", "gzip"),
        (zlib.compress(b"text"), "deflate"),
        (zlib.compress(b"text", wbits=-15), "deflate"),
        (zstandard.compress(b"text"), "zstd"),
        (zstandard.compress(b"text"), ""),
        (gzip.compress(b"", mtime=0) * 3 + gzip.compress(b"text", mtime=0), "gzip"),
        (b"text", "gzip"),
        (b"text", "identity"),
    ],
)
def test_compression_is_told_by_the_bytes(server, body, encoding):
    server.spoil = lambda asked, reply: Reply(body, headers={"Content-Encoding": encoding} if encoding else {})
    assert get(server).content == b"text"


def test_a_compression_that_was_not_asked_for_is_refused(server):
    server.spoil = lambda asked, reply: Reply(b"?", headers={"Content-Encoding": "br"})
    with pytest.raises(SourceBroken, match="'br'"):
        get(server)


@pytest.mark.parametrize("size", [1000, 1001])
def test_the_cap_holds_exactly(server, size):
    server.spoil = lambda asked, reply: Reply(b"x" * size)
    if size == 1000:
        assert len(get(server, max_bytes="1000").content) == 1000
        return
    with pytest.raises(SourceRefused, match="more than 1000 bytes"):
        get(server, max_bytes="1000")


@pytest.mark.parametrize(
    "pack", [gzip.compress, zstandard.compress, zlib.compress, lambda text: gzip.compress(b"x" * 600) * 200]
)
def test_a_decompression_bomb_is_stopped_at_the_cap(server, pack):
    packed = pack(b"\0" * 50_000_000)
    server.spoil = lambda asked, reply: Reply(packed, headers={"Content-Encoding": "deflate"})
    with pytest.raises(SourceRefused, match="max_bytes") as caught:
        get(server, max_bytes="100000")
    assert caught.value.code == "answer-too-large"


def test_an_endless_body_is_stopped_at_the_cap(server):
    server.spoil = lambda asked, reply: Reply(b"x" * 30_000_000, headers={"Content-Length": "30000000"})
    with pytest.raises(SourceRefused, match="more than 100000 bytes"):
        get(server, max_bytes="100000")


# --- where we go -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://x/", "gopher://x/", "x", ""])
def test_only_http_and_https_are_fetched(address):
    with Http(QUICK) as http, pytest.raises(SourceRefused, match="only http and https"):
        http.get(address)


@pytest.mark.parametrize("address", ["http://", "http://:80/", "http://[::1/", "http://x:port/", "http://*x/"])
def test_an_address_that_is_none_is_refused(address):
    with Http({**QUICK, "retries": "0"}) as http, pytest.raises(HarvestError):
        http.get(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0", "127.1", "2130706433"])
def test_a_loopback_server_is_not_asked_unless_that_is_allowed(server, host):
    server.url = server.url.replace("127.0.0.1", host)
    with pytest.raises(SourceRefused, match=r"not a public address.*allow_private=true") as caught:
        get(server, allow_private="false")
    assert caught.value.code == "address-private"
    assert (server.requests, server.connections) == ([], 0)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
        "64:ff9b::a00:1", "2002:7f00:1::", "::ffff:10.0.0.1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public_are_refused(address):
    with pytest.raises(SourceRefused, match="not a public address"):
        refuse_private(address, "host")


@pytest.mark.parametrize("address", ["113.160.1.1", "2001:ee0:1::1", "64:ff9b::71a0:101", "::ffff:113.160.1.1"])
def test_public_addresses_are_not_refused(address):
    refuse_private(address, "host")


def test_a_name_that_leads_to_a_private_address_only_when_connecting_is_caught(server, monkeypatch):
    honest, count = socket.getaddrinfo, iter(range(100))

    def rebinding(host, port, *more, **named):
        return honest("8.8.8.8" if next(count) == 0 else host, port, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    with pytest.raises(SourceRefused, match="not a public address"):
        get(server, allow_private="false")
    assert server.requests == []


def test_a_redirect_is_followed_and_its_body_not_read(server):
    endless = {"Location": "/other?a=1", "Content-Length": "5000000000"}
    server.spoil = first(1, Reply(b"x" * 1000, 302, endless))
    assert get(server, timeout="0.5").content == b"good"
    assert server.requests[1].arguments == {"a": "1"}


def test_redirects_that_go_round_end(server):
    server.spoil = lambda asked, reply: Reply(b"", 307, {"Location": "/oai"})
    with pytest.raises(SourceRefused, match="over 3 redirects"):
        get(server, redirects="3")
    assert len(server.requests) == 4


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/", "http://[::1/"])
def test_a_redirect_to_what_is_no_http_address_is_refused(server, target):
    server.spoil = lambda asked, reply: Reply(b"", 302, {"Location": target})
    with pytest.raises(SourceRefused, match=r"only http and https|no address"):
        get(server)


def test_a_redirect_to_a_private_address_is_refused(server, monkeypatch):
    # The first host passes for a public one; the redirect leads to another name of the same machine.
    monkeypatch.setattr("harvesters.reach._is_public", lambda address: str(address) != "127.0.0.2")
    server.spoil = lambda asked, reply: Reply(b"", 302, {"Location": server.url.replace("127.0.0.1", "127.0.0.2")})
    with pytest.raises(SourceRefused, match=r"127.0.0.2, which is not a public address"):
        get(server, allow_private="false")
    assert len(server.requests) == 1


# --- secrets ---------------------------------------------------------------------------------------------------------


def test_user_and_password_are_sent_and_never_shown(server, caplog):
    caplog.set_level(logging.DEBUG)
    server.url = server.url.replace("http://", "http://thu:mat%40khau@") + "?api_key=bimat&x=1"
    server.spoil = lambda asked, reply: Reply(b"", 503)
    with pytest.raises(SourceUnavailable) as caught:
        get(server)
    assert server.requests[0].headers["Authorization"].startswith("Basic ")
    shown = str(caught.value) + caplog.text
    assert "mat%40khau" not in shown
    assert "bimat" not in shown
    assert "x=1" in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://a:b@x/oai?verb=Identify", "http://***@x/oai?verb=Identify"),
        ("ftp://a@x/", "ftp://***@x/"),
        ("http://x/?password=p&user=u", "http://x/?password=***&user=u"),
        ("GET /oai?x=1&api_key=k HTTP/1.1", "GET /oai?x=1&api_key=*** HTTP/1.1"),
        ("http://x/oai?resumptionToken=a@b", "http://x/oai?resumptionToken=a@b"),
    ],
)
def test_secrets_are_masked(text, shown):
    assert masked(text) == shown


def test_an_announced_gzip_answer_is_asked_for(server):
    server.spoil = lambda asked, reply: compressed(Reply(b"text"))
    assert get(server).content == b"text"
    assert server.requests[0].headers["Accept-Encoding"] == "gzip"
