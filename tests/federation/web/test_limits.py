"""How much one address may ask."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from federation.app import assemble
from federation.errors import SettingsError
from tests.federation.web.fakes import FakeCatalogue, settings

#: some second in the middle of a minute
NOON = 1_780_000_035.0
HERE, ELSEWHERE = "203.0.113.9", "203.0.113.10"


@pytest.fixture(autouse=True)
def within_one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests are counted by the minute; none of them crosses into the next."""
    monkeypatch.setattr("time.time", lambda: NOON)


def opened(catalogue: FakeCatalogue, home: Path, **changes: str) -> FlaskClient:
    chosen = replace(settings(home), **{"web_requests_per_minute": "3", "api_requests_per_minute": "2", **changes})
    return assemble(catalogue, catalogue, chosen).test_client()  # type: ignore[arg-type]


def statuses(client: FlaskClient, path: str, times: int, address: str = HERE, **headers: str) -> list[int]:
    asking = {"environ_base": {"REMOTE_ADDR": address}, "headers": headers}
    return [client.get(path, **asking).status_code for _ in range(times)]  # type: ignore[arg-type]


def test_an_address_that_asks_too_much_is_told_when_to_come_back(catalogue: FakeCatalogue, tmp_path: Path) -> None:
    client = opened(catalogue, tmp_path)
    assert statuses(client, "/search?q=a", 4) == [200, 200, 200, 429]
    refused = client.get("/search?q=a", environ_base={"REMOTE_ADDR": HERE})
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    assert refused.mimetype == "text/html"
    assert f"Xin quay lại sau {refused.headers['Retry-After']} giây." in refused.text
    assert statuses(client, "/search?q=a", 1, ELSEWHERE) == [200]


def test_the_api_has_its_own_count_and_answers_with_a_problem(catalogue: FakeCatalogue, tmp_path: Path) -> None:
    client = opened(catalogue, tmp_path)
    assert statuses(client, "/api/v1", 3) == [200, 200, 429]
    refused = client.get("/api/v1", environ_base={"REMOTE_ADDR": HERE})
    assert refused.mimetype == "application/problem+json"
    assert refused.get_json(force=True)["code"] == "too-many-requests"
    assert int(refused.headers["Retry-After"]) >= 1
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    assert statuses(client, "/", 1) == [200]


def test_what_a_script_asks_while_a_reader_types_takes_no_page_from_him(
    catalogue: FakeCatalogue, tmp_path: Path
) -> None:
    client = opened(catalogue, tmp_path)
    assert statuses(client, "/search/suggest?q=to", 4) == [200, 200, 200, 429]
    assert statuses(client, "/search?q=toan", 3) == [200, 200, 200]


@pytest.mark.parametrize("path", ["/static/icon.svg", "/healthz", "/robots.txt", "/sru"])
def test_what_pages_need_and_what_has_its_own_limits_is_not_counted(
    catalogue: FakeCatalogue, tmp_path: Path, path: str
) -> None:
    assert 429 not in statuses(opened(catalogue, tmp_path), path, 6)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", ""])
def test_this_machine_is_not_counted(catalogue: FakeCatalogue, tmp_path: Path, address: str) -> None:
    assert statuses(opened(catalogue, tmp_path), "/", 5, address) == [200] * 5


def test_a_household_counts_as_one_however_many_addresses_it_has(catalogue: FakeCatalogue, tmp_path: Path) -> None:
    client = opened(catalogue, tmp_path)
    found = [statuses(client, "/", 1, f"2001:db8:1:2::{last}")[0] for last in range(1, 5)]
    assert found == [200, 200, 200, 429]
    assert statuses(client, "/", 1, "2001:db8:1:3::1") == [200]


@pytest.mark.parametrize(
    ("said", "same"),
    [
        (f"{HERE}:4711", HERE),
        ("[2001:db8:1:2::9]:443", "2001:db8:1:2::1"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::1"),
        ("unknown", "_hidden"),
    ],
)
def test_who_comes_through_a_server_in_front_is_counted_however_that_writes_addresses(
    catalogue: FakeCatalogue, tmp_path: Path, said: str, same: str
) -> None:
    client = opened(catalogue, tmp_path, proxies="1")

    def answered(address: str, times: int) -> list[int]:
        return statuses(client, "/", times, "127.0.0.1", **{"X-Forwarded-For": address})

    assert answered(said, 2) == [200, 200]
    assert answered(same, 2) == [200, 429]


@pytest.mark.parametrize("path", ["/oaix", "/healthz-nothing", "/staticky", "/robots.txt.bak"])
def test_addresses_that_only_begin_like_those_are_counted(catalogue: FakeCatalogue, tmp_path: Path, path: str) -> None:
    assert statuses(opened(catalogue, tmp_path), path, 4) == [404, 404, 404, 429]


def test_nought_is_no_limit(catalogue: FakeCatalogue, tmp_path: Path) -> None:
    assert 429 not in statuses(opened(catalogue, tmp_path, web_requests_per_minute="0"), "/", 8)


def test_only_as_many_proxies_are_believed_as_there_are(catalogue: FakeCatalogue, tmp_path: Path) -> None:
    def behind(client: FlaskClient, said: str) -> int:
        return statuses(client, "/", 1, "127.0.0.1", **{"X-Forwarded-For": said})[0]

    trusting = opened(catalogue, tmp_path, proxies="1")
    assert [behind(trusting, f"198.51.100.{n}, {HERE}") for n in range(4)] == [200, 200, 200, 429]
    alone = opened(catalogue, tmp_path)
    assert [statuses(alone, "/", 1, HERE, **{"X-Forwarded-For": f"198.51.100.{n}"})[0] for n in range(4)][-1] == 429


def test_a_store_that_is_away_closes_nothing(
    catalogue: FakeCatalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_: object) -> bool:
        raise ConnectionError("refused")

    monkeypatch.setattr("limits.strategies.SlidingWindowCounterRateLimiter.hit", away)
    assert 429 not in statuses(opened(catalogue, tmp_path), "/", 5)
    assert "cannot be counted" in caplog.text


def test_a_store_whose_library_is_missing_stops_the_start(catalogue: FakeCatalogue, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="LIENTHONG_LIMITS_STORE"):
        opened(catalogue, tmp_path, limits_store="memcached://127.0.0.1:1")
