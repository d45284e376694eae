from pathlib import Path
from typing import Any

import pytest

from federation.app import Awaited, create_app
from federation.errors import SettingsError, Unavailable
from federation.index.engine import Engine
from tests.federation.web.fakes import FakeCatalogue, settings


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


def test_a_home_without_database_is_not_ready_either(tmp_path: Path) -> None:
    client = create_app(settings(tmp_path)).test_client()
    assert client.get("/readyz").status_code == 503
    assert client.get("/search?q=a").status_code == 503


def test_wrong_settings_stop_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LIENTHONG_HOME", str(tmp_path))
    monkeypatch.setenv("LIENTHONG_PUBLIC_URL", "not an address")
    with pytest.raises(SettingsError):
        create_app()


def test_an_index_that_could_not_be_opened_is_tried_again_and_then_kept() -> None:
    answers: list[Any] = [Unavailable("index-missing", "no index"), FakeCatalogue()]

    def opener() -> Engine:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]

    engine = Awaited(opener)
    with pytest.raises(Unavailable):
        engine.count()
    assert engine.count() == 0
    assert engine.count() == 0


def test_an_index_never_opened_can_be_closed() -> None:
    Awaited(lambda: pytest.fail("must not be opened")).close()
