"""`lienthong harvest`: runs by command, previews that keep nothing, history, and where the next run begins."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from harvesters.base import Ending, Harvested, Page, SourceSpec, Window
from harvesters.errors import SourceUnavailable
from schemas.marc import write
from tests.federation.cli.conftest import Lienthong
from tests.federation.cli.test_import import NAMES
from tests.support.records import record

MOMENT = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass
class FakeServer:
    """A source that gives the same records to every question, and remembers what it was asked."""

    records: tuple[Harvested, ...] = ()
    asked: list[Window] = field(default_factory=list)
    contacts: list[str] = field(default_factory=list)
    fault: BaseException | None = None

    def open(self, _spec: SourceSpec, contact: str = "") -> "FakeServer":
        self.contacts.append(contact)
        return self

    def pages(self, window: Window, _resume: str = "") -> Iterator[Page]:
        self.asked.append(window)
        yield Page(self.records, "here", 100, len(self.records))
        if self.fault:
            raise self.fault
        yield Page((), ending=Ending("success", window == Window(), MOMENT))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, lienthong: Lienthong) -> FakeServer:
    """The source `oai` of member `a`."""
    records = tuple(Harvested(f"oai:x:{n}", write.marc(record(n)), "iso2709", f"page 1, {n}") for n in range(4))
    server = FakeServer((*records, Harvested("oai:x:9", b"", "iso2709", deleted=True)))
    monkeypatch.setattr("federation.pipeline.runs.harvest.open_source", server.open)
    monkeypatch.setattr("federation.cli.harvest.command.open_source", server.open)
    url = "https://thuvien.example.vn/oai"
    assert lienthong("sources", "add", "oai", "--member", "a", "--kind", "oaipmh", "--url", url).code == 0
    return server


def test_the_report_as_json_has_the_shape_of_the_contract(lienthong: Lienthong, server: FakeServer) -> None:
    ended = lienthong("harvest", "run", "oai", "--json", ADMIN_EMAIL="thu@thuvien.example.vn")
    assert (ended.code, list(ended.json)) == (0, NAMES)
    found = {name: ended.json[name] for name in ("run", "status", "seen", "added", "unchanged", "pages", "bytes")}
    assert found == {"run": 1, "status": "success", "seen": 5, "added": 4, "unchanged": 1, "pages": 2, "bytes": 100}
    assert server.contacts == ["thu@thuvien.example.vn"]


def test_the_next_run_asks_for_changes_and_a_full_one_for_everything(lienthong: Lienthong, server: FakeServer) -> None:
    for arguments in ((), (), ("--full",), ("--from", "2026-02-01")):
        assert lienthong("harvest", "run", "oai", *arguments).code == 0
    asked = [window.from_ for window in server.asked]
    assert asked == [None, MOMENT, None, datetime(2026, 2, 1, tzinfo=UTC)]


def test_a_run_from_a_later_day_leaves_no_gap_behind(lienthong: Lienthong, server: FakeServer) -> None:
    lienthong("harvest", "run", "oai", "--from", "2026-02-01T08:00:00Z")
    lienthong("harvest", "run", "oai")
    assert [window.from_ for window in server.asked] == [datetime(2026, 2, 1, 8, tzinfo=UTC), None]


def test_another_address_is_harvested_from_its_beginning(
    lienthong: Lienthong, server: FakeServer, tmp_path: Path
) -> None:
    lienthong("harvest", "run", "oai")
    (tmp_path / "s.toml").write_text('[oai]\nmember = "a"\nkind = "oaipmh"\nurl = "https://new.example.vn/oai"\n')
    lienthong("sources", "apply", tmp_path / "s.toml")
    lienthong("harvest", "run", "oai")
    assert [window.from_ for window in server.asked] == [None, None]


def test_a_trace_shows_the_sets_of_a_record(lienthong: Lienthong, server: FakeServer) -> None:
    server.records = (replace(server.records[0], sets=("khoa:toan", "giao-trinh")), *server.records[1:])
    lienthong("harvest", "run", "oai")
    assert "\n  sets       giao-trinh khoa:toan\n" in lienthong("records", "trace", "a:oai:x:0").text
    assert "sets" not in lienthong("records", "trace", "a:oai:x:1").text


def test_a_dry_run_shows_records_and_keeps_nothing(lienthong: Lienthong, server: FakeServer) -> None:
    server.records = (Harvested("oai:x:7", b"00042nam no record\x1d", "iso2709"), *server.records[3:])
    ended = lienthong("harvest", "run", "oai", "--dry-run", "3")
    assert ended.code == 0
    first, reason, second, third, last = ended.text.splitlines()
    assert (first, second, third) == ("oai:x:7  put aside", "oai:x:3  Làng trăng mùa 3", "oai:x:9  deleted")
    assert "rejected: structure-unreadable" in reason
    assert last == "3 records looked at; nothing was kept"
    rows = lienthong("harvest", "run", "oai", "--dry-run", "2", "--json").json
    assert [row["status"] for row in rows] == ["put aside", "kept"]
    assert rows[1]["title"] == "Làng trăng mùa 3"
    assert lienthong("status", "--json").json["raw"] == 0
    assert len(lienthong("harvest", "history").text.splitlines()) == 1


def test_what_came_before_a_fault_stays_and_the_exit_code_is_one(lienthong: Lienthong, server: FakeServer) -> None:
    server.fault = SourceUnavailable("timeout", "gave no answer for 60 s", "https://thuvien.example.vn/oai")
    ended = lienthong("harvest", "run", "oai", "--json")
    assert (ended.code, ended.json["status"], ended.json["added"]) == (1, "partial", 4)
    assert "gave no answer" in ended.json["message"]
    assert lienthong("search", "van hoc", "--json").json["total"] == 4


@pytest.mark.parametrize(("fault", "code"), [(KeyboardInterrupt(), 1), (OSError(5, "Input/output error", "/x"), 1)])
def test_a_run_that_was_stopped_says_so_in_the_history(
    lienthong: Lienthong, server: FakeServer, fault: BaseException, code: int
) -> None:
    server.fault = fault
    ended = lienthong("harvest", "run", "oai")
    assert ended.code == code
    assert ended.errors.strip() in ("lienthong: stopped; what was kept stays", "lienthong: /x: Input/output error")
    assert " interrupted " in lienthong("harvest", "history").text
    server.fault = None
    assert lienthong("harvest", "run", "oai").code == 0
    assert lienthong("search", "van hoc", "--json").json["total"] == 4


def test_a_paused_source_rests_until_resumed(lienthong: Lienthong, server: FakeServer) -> None:
    assert lienthong("sources", "pause", "oai").text == "oai is paused\n"
    ended = lienthong("harvest", "run", "oai")
    assert (ended.code, server.asked) == (2, [])
    assert "lienthong sources resume" in ended.errors
    assert lienthong("sources", "resume", "oai").text == "oai is active\n"
    assert lienthong("harvest", "run", "oai").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [(("run", "x"), 1, "x: is no source; sources are: oai"), (("history", "x"), 1, "x: is no source"),
     (("run", "oai", "--from", "hôm qua"), 2, "hôm qua: must be a day"),
     (("run", "oai", "--full", "--from", "2026-01-01"), 2, "exclude each other"),
     (("run", "oai", "--dry-run", "0"), 2, "dry-run"), (("run", "x", "--dry-run", "1"), 1, "x: is no source")],
)  # fmt: skip
def test_mistakes_are_named(
    lienthong: Lienthong, server: FakeServer, arguments: tuple[str, ...], code: int, told: str
) -> None:
    ended = lienthong("harvest", *arguments)
    assert (ended.code, told in ended.errors) == (code, True), ended.errors
    assert server.asked == []
