"""What is made of records that a target sent, and whether the union has them already."""

from dataclasses import replace
from pathlib import Path

import pytest

from federation.pipeline.workplace import Workplace
from federation.store import unions
from federation.targets.formats import FORMATS, written
from federation.targets.hits import Hit, hits, marked
from harvesters.base import Harvested
from schemas.errors import DecodeError, EncodeError
from schemas.marc import straight, write
from schemas.marc.record import MarcRecord, data_field
from tests.federation.targets.conftest import OURS
from tests.support.house import add_files, add_member, bring
from tests.support.records import isbn, iso2709, record


def harvested(*records: MarcRecord) -> list[Harvested]:
    return [Harvested("", write.marc(one), "iso2709") for one in records]


def found(place: Workplace, *records: MarcRecord) -> list[int | None]:
    """The numbers of the union records that are the same."""
    with place.database.read() as session:
        return [hit.held.id if hit.held else None for hit in marked(session, hits(harvested(*records), 1, {}))]


def with_fields(one: MarcRecord, **instead: str) -> MarcRecord:
    """A record in which some fields have another $a."""
    fields = [
        data_field(field.tag, field.indicators, ("a", instead[f"f{field.tag}"]), *field.subfields[1:])
        if f"f{field.tag}" in instead
        else field
        for field in one.fields
    ]
    return MarcRecord(one.leader, tuple(fields))


def test_the_same_publication_is_found_by_what_it_says_and_by_its_number(union: Workplace) -> None:
    same, unnumbered = record(4), MarcRecord(record(5).leader, tuple(f for f in record(5).fields if f.tag != "020"))
    numbers = found(union, same, unnumbered, record(OURS + 3))
    assert numbers[0] is not None
    assert numbers[1] is not None
    assert numbers[0] != numbers[1]
    assert numbers[2] is None


def test_a_number_alone_does_not_make_another_book_the_same(union: Workplace) -> None:
    other = with_fields(record(33), f020=isbn(4))
    assert found(union, other) == [None]


def test_a_record_said_in_other_words_is_found_by_its_number(union: Workplace) -> None:
    title = next(field.subfields[0][1] for field in record(4).fields if field.tag == "245")
    other = with_fields(record(4), f245=f"{title} : truyện", f300="12 tr.")
    assert found(union, other) == found(union, record(4)) != [None]


def test_all_members_that_have_it_are_named(union: Workplace, tmp_path: Path) -> None:
    path = iso2709(tmp_path / "more.mrc", [record(2)])
    bring(union, add_files(union, add_member(union, "huyen"), "tep-huyen", path))
    with union.database.read() as session:
        (hit,) = marked(session, hits(harvested(record(2)), 1, {}))
    assert hit.held is not None
    assert hit.held.members == ("huyen", "tvt")


def test_what_was_deleted_is_not_had(union: Workplace, tmp_path: Path) -> None:
    assert found(union, record(1)) != [None]
    iso2709(tmp_path / "books.mrc", [record(number) for number in range(2, OURS + 1)])
    for _ in range(2):  # what vanished is believed when it was seen twice
        bring(union, "tep")
    with union.database.read() as session:
        live = unions.live_ids(session, 0, 100)
    told = found(union, record(1))
    assert told == [None] or told[0] in live


def test_an_empty_house_has_nothing(place: Workplace) -> None:
    assert found(place, record(1), record(2)) == [None, None]


@pytest.mark.parametrize(
    "broken",
    [
        Harvested("", b"no record at all", "iso2709"),
        Harvested("", b"<record/>", "marcxml"),
        Harvested("", b"<html><body>login</body></html>", "unknown"),
        Harvested("", b"", "unknown", "the target says no", findings=("record-broken",)),
        Harvested("", write.marc(replace(record(1), leader="00000nz  a2200000   4500")), "iso2709"),
    ],
    ids=["bytes", "xml", "page", "withheld", "authority"],
)
def test_what_cannot_be_read_says_why_and_can_be_written_in_no_format(broken: Harvested) -> None:
    (hit,) = hits([broken], 7, {})
    assert (hit.position, hit.bib) == (7, None)
    assert hit.fault
    for form in FORMATS:
        with pytest.raises(DecodeError):
            written(hit, form)


def test_old_letters_are_read_as_a_harvest_reads_them() -> None:
    title = "L\u00ecch s\u00f6 Vi\u00d6t Nam"  # TCVN3, taken for Latin-1
    old = with_fields(record(1), f245=title)
    (hit,) = hits(harvested(old), 1, {"encoding": "tcvn3"})
    assert hit.bib is not None
    assert "Việt Nam" in str(hit.bib.title)


def test_marc_8_is_told_by_its_leader() -> None:
    old = straight.marc(write.marcxml(with_fields(record(1), f245="Truyện Kiều")).encode(), charset="marc-8")
    assert old[9:10] == b" "
    (hit,) = hits([Harvested("", old, "iso2709")], 1, {})
    assert hit.bib is not None
    assert hit.bib.title.main == "Truyện Kiều"


def test_a_record_too_long_for_iso_2709_is_told_and_can_be_had_as_marcxml() -> None:
    long = MarcRecord(record(1).leader, (*record(1).fields, data_field("520", "  ", ("a", "x" * 10_000))))
    (hit,) = hits([Harvested("", write.marcxml(long).encode(), "marcxml")], 1, {})
    with pytest.raises(EncodeError):
        written(hit, "marc")
    assert b"x" * 10_000 in written(hit, "marcxml")


def test_dublin_core_becomes_marc() -> None:
    dc = (
        '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:title>Truyện Kiều</dc:title><dc:creator>Nguyễn Du</dc:creator></oai_dc:dc>"
    )
    (hit,) = hits([Harvested("", dc.encode(), "oai_dc")], 1, {})
    assert isinstance(hit, Hit)
    assert "Truyện Kiều".encode() in written(hit, "marc")
