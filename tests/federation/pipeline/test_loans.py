"""Who borrows what never leaves the library (Library Law 46/2019/QH14): a record full of loans, walked through to every
door. The bytes as received keep everything; nothing behind them, and no door, has any of it.
"""

import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import inspect, select, text

from federation import clock
from federation.app import assemble
from federation.catalogue.formats import FORMATS
from federation.cli import export
from federation.index.engine import Question
from federation.pipeline.stages.origins import provenance
from federation.pipeline.workplace import Workplace
from federation.store.compress import expand
from federation.store.models import Raw
from schemas.marc.record import Field, MarcRecord, data_field
from schemas.query import box
from tests.support.house import add_files, add_member, bring, catalogue, house
from tests.support.records import iso2709, record

#: what only a loan says; each stands somewhere in the records below
SECRETS = (
    *("NGUYENVANMUON", "TRANTHIBAN", "LETHETHU", "PHAMQUAHAN", "VOVETINH", "DOCGIAMOT", "DOCGIAHAI", "DOCGIABA"),
    *("THE-0012345", "2026-12-31", "20261231", "CHECKEDOUT", "0905123456", "muon@example.vn", "THUTHUKHO"),
)


def lent(number: int, **changes: str) -> MarcRecord:
    """Give a record with loans where Koha, Evergreen, OpenBiblio, Aleph and people keep them."""
    plain = record(number, **changes)
    return MarcRecord(
        plain.leader,
        (
            *plain.fields,
            data_field(
                "952",
                "  ",
                *(("a", "TV"), ("b", "TV"), ("c", "Kho đọc"), ("o", "895.1"), ("p", "VN.1"), ("l", "12")),
                *(
                    ("m", "NGUYENVANMUON"),
                    ("n", "TRANTHIBAN"),
                    ("q", "2026-12-31"),
                    ("r", "2026-12-31"),
                    ("s", "20261231"),
                ),
                *(("x", "LETHETHU làm rách"), ("9", "THE-0012345")),
            ),
            data_field(
                "952", "  ", ("c", "Kho đọc"), ("o", "895.1"), ("p", "VN.2"), ("z", "Đang mượn: PHAMQUAHAN, số thẻ 9")
            ),
            data_field(
                "852", "  ", ("b", "Kho mượn"), ("p", "VM.1"), ("x", "VOVETINH"), ("z", "Checked out to VOVETINH")
            ),
            data_field("876", "  ", ("p", "VM.1"), ("j", "CHECKEDOUT"), ("x", "DOCGIAMOT"), ("z", "due 20261231")),
            data_field("901", "  ", ("a", "DOCGIAMOT"), ("t", "patron")),
            data_field("949", "  ", ("a", "out"), ("b", "DOCGIAHAI"), ("d", "20261231")),
            data_field("999", "  ", ("k", "CHECKEDOUT"), ("m", "NGUYENVANMUON"), ("t", "0905123456")),
            data_field("Z36", "  ", ("a", "DOCGIABA"), ("e", "muon@example.vn")),
            data_field("049", "  ", ("a", "DOCGIAHAI")),
            data_field("583", "  ", ("a", "đóng bìa"), ("k", "THUTHUKHO")),
            data_field("590", "  ", ("a", "Bạn đọc DOCGIAMOT đền sách")),
            data_field("650", " 4", ("a", "Biển đảo"), ("9", "4711")),
        ),
    )


def told(content: object) -> list[str]:
    """Give the secrets that stand in a text or bytes."""
    shown = content.decode("utf-8", "replace") if isinstance(content, bytes) else str(content)
    shown = unicodedata.normalize("NFC", shown).casefold()
    return [secret for secret in SECRETS if secret.casefold() in shown]


@pytest.fixture
def place(tmp_path: Path, database_url: str) -> Iterator[Workplace]:
    """Record 1 is at two libraries, record 2 at one, and all three are full of loans."""
    with house(tmp_path / "home", database_url) as place:
        for code, numbers in (("a", (1, 2)), ("b", (1,))):
            path = iso2709(tmp_path / f"{code}.mrc", [lent(number) for number in numbers])
            mapped = {"holdings": "852,location=b,barcode=p,note=z;952,location=c,call_number=o,barcode=p,note=z"}
            bring(place, add_files(place, add_member(place, code), code, path, **(mapped if code == "b" else {})))
        yield place


def client(place: Workplace) -> FlaskClient:
    return assemble(catalogue(place), place.index, place.settings).test_client()


def test_the_bytes_as_received_keep_everything(place: Workplace, tmp_path: Path) -> None:
    with place.database.read() as session:
        kept = [expand(content) for content in session.scalars(select(Raw.content).order_by(Raw.id))]
    assert b"".join(kept) == (tmp_path / "a.mrc").read_bytes() + (tmp_path / "b.mrc").read_bytes()
    assert set(told(kept[0])) == set(SECRETS)


def test_no_other_table_has_any_of_it(place: Workplace) -> None:
    with place.database.read() as session:
        tables = inspect(session.connection()).get_table_names()
        for table in set(tables) - {"raw", "received_page"}:
            for row in session.execute(text(f"SELECT * FROM {table}")):
                assert not told(" ".join(_plain(cell) for cell in row)), table


def _plain(cell: object) -> str:
    if isinstance(cell, bytes | memoryview):
        try:
            return expand(bytes(cell)).decode("utf-8", "replace")
        except Exception:  # a hash is no compressed text
            return ""
    return str(cell)


def test_no_format_has_any_of_it(place: Workplace) -> None:
    records = list(catalogue(place).every())
    assert sorted(len(each.sources) for each in records) == [1, 2]
    for each in records:
        for form in FORMATS:
            assert not told(form.write(each)), form.name
        assert not told(export.row(each))
        assert "4711" not in each.marcxml
        with place.database.read() as session:
            assert not told(provenance(session, each.id, "r"))


def test_oai_pmh_has_none_of_it(place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    later = clock.now() + timedelta(minutes=5)
    monkeypatch.setattr(clock, "now", lambda: later)
    for prefix in (form.prefix for form in FORMATS if form.prefix):
        answer = client(place).get(f"/oai?verb=ListRecords&metadataPrefix={prefix}")
        assert answer.data.count(b"<record>") == 2
        assert not told(answer.data), prefix


def test_no_page_has_any_of_it(place: Workplace) -> None:
    door, language = client(place), "vi"
    for one in catalogue(place).every():
        for way in ("", *(f".{form.extension}" for form in FORMATS)):
            answer = door.get(f"/record/{one.id}{way}?lang={language}")
            assert answer.status_code == 200
            assert not told(answer.data), way
    assert not told(door.get(f"/search?q=van+hoc&lang={language}").data)


def test_nobody_can_search_for_it(place: Workplace) -> None:
    found = {secret: catalogue(place).search(Question(box.parse(f'"{secret}"'))).total for secret in SECRETS}
    assert not any(found.values()), found


def test_the_copies_themselves_are_told(place: Workplace) -> None:
    held = [(each.member_code, each.location, each.copies) for one in catalogue(place).every() for each in one.holdings]
    assert ("a", "TV / Kho đọc", 1) in held
    assert ("b", "Kho đọc", 2) in held
    assert ("b", "Kho mượn", 1) in held


def test_a_loan_changes_no_bib_and_no_datestamp(place: Workplace, tmp_path: Path) -> None:
    before = {one.id: one.datestamp for one in catalogue(place).every()}
    back = lent(2)
    fields = tuple(each._replace(subfields=each.subfields[:6]) if each.tag == "952" else each for each in back.fields)
    iso2709(tmp_path / "a.mrc", [lent(1), MarcRecord(back.leader, fields)])
    assert bring(place, "a").counts["changed"] == 1
    assert {one.id: one.datestamp for one in catalogue(place).every()} == before


def test_a_field_that_is_read_for_copies_and_is_not_of_marc_21_goes_with_them(place: Workplace, tmp_path: Path) -> None:
    made = record(7)
    odd = MarcRecord(
        made.leader,
        (*made.fields, Field("395", "", "  ", data_field("395", "  ", ("a", "Kho X"), ("m", "DOCGIABA")).subfields)),
    )
    path = iso2709(tmp_path / "c.mrc", [odd])
    bring(place, add_files(place, add_member(place, "c"), "c", path, holdings="395,location=a"))
    found = catalogue(place).fetch(catalogue(place).resolve("c:t000007") or 0)
    assert found
    assert [each.location for each in found.holdings] == ["Kho X"]
    assert not told(found.marcxml)
