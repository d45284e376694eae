from pathlib import Path

import pytest

from federation.app import create_app
from federation.errors import SettingsError
from tests.federation.web.fakes import settings
from tests.support.house import house


def test_before_init_the_process_lives_and_pages_say_what_to_run(tmp_path: Path) -> None:
    client = create_app(settings(tmp_path / "nowhere")).test_client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    for path in ("/", "/search?q=a", "/record/1"):
        page = client.get(path)
        assert page.status_code == 503
        assert "lienthong init" in page.text
    assert client.get("/robots.txt").status_code == 200
    assert not (tmp_path / "nowhere").exists()


def test_an_empty_database_is_not_ready_either(tmp_path: Path, database_url: str) -> None:
    client = create_app(settings(tmp_path, LIENTHONG_DATABASE_URL=database_url)).test_client()
    assert client.get("/readyz").status_code == 503
    for path in ("/search?q=a", "/record/1"):
        assert client.get(path).status_code == 503


def test_pages_come_without_a_restart_when_the_home_is_made(tmp_path: Path) -> None:
    client = create_app(settings(tmp_path)).test_client()
    assert client.get("/search?q=a").status_code == 503
    with house(tmp_path):
        assert client.get("/readyz").text == "database: ok\nindex: ok\n"
        assert client.get("/search?q=a").status_code == 200
        assert client.get("/record/1").status_code == 404


def test_every_door_of_the_application_answers_and_asks_to_come_back_before_init(tmp_path: Path) -> None:
    client = create_app(settings(tmp_path)).test_client()
    doors = ("/oai?verb=Identify", "/sru", "/sru?query=a", "/sru?operation=scan&version=1.1&scanClause=dc.title=a")
    assert [client.get(door).status_code for door in doors] == [503] * len(doors)
    with house(tmp_path):
        assert [client.get(door).status_code for door in doors] == [200] * len(doors)


def test_wrong_settings_stop_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LIENTHONG_HOME", str(tmp_path))
    monkeypatch.setenv("LIENTHONG_PUBLIC_URL", "not an address")
    with pytest.raises(SettingsError):
        create_app()
