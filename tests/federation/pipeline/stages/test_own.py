"""Our own records that come back through a member: recognised by what they say of themselves, and refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from federation.cli.imports import change_options
from federation.pipeline import check as checking
from federation.pipeline.runs.harvest import Order
from federation.pipeline.stages.normalise import describe
from federation.pipeline.workplace import Workplace
from federation.store import raws, sources
from federation.store.models import RecordIssue
from schemas.marc import marcxml, ours
from schemas.marc.record import Field, MarcRecord, data_field
from tests.support.hostile_oai import DC, Hostile, Item, Reply, items, listing, marc, serving
from tests.support.house import add_files, add_member, bring, step_through
from tests.support.oai_house import add_oai
from tests.support.oai_run import QUICK

OURS = "lienthong.example"
PROVENANCE = "http://www.openarchives.org/OAI/2.0/provenance"
DUBLIN = (
    f'<x:dc xmlns:x="{DC}" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Sách</dc:title>'
    f"<dc:identifier>oai:{OURS}:12</dc:identifier></x:dc>"
)


@pytest.fixture
def server() -> Iterator[Hostile]:
    with serving(Hostile(items(2))) as running:
        yield running


def with_field(field: str) -> str:
    return marc("Của ta", "7").replace('<datafield tag="245"', f'{field}<datafield tag="245"')


def subfield(tag: str, code: str, value: str) -> str:
    return f'<datafield tag="{tag}" ind1=" " ind2=" "><subfield code="{code}">{value}</subfield></datafield>'


def about(base: str, identifier: str, inner: str = "") -> str:
    return (
        f'<originDescription harvestDate="2026-01-01T00:00:00Z" altered="true"><baseURL>{base}</baseURL>'
        f"<identifier>{identifier}</identifier><datestamp>2026-01-01</datestamp>"
        f"<metadataNamespace>x</metadataNamespace>{inner}</originDescription>"
    )


def traced(*origins: str) -> bytes:
    """A list of records with these provenances, in order."""
    parts = []
    for number, origin in enumerate(origins, 1):
        told = f'<about><provenance xmlns="{PROVENANCE}">{origin}</provenance></about>' if origin else ""
        xml = Item(f"oai:y:{number}", payload=marc(f"Sách {number}", str(number))).xml()
        parts.append(xml.replace("</metadata></record>", f"</metadata>{told}</record>"))
    return listing([]).replace(b"<ListRecords>", f"<ListRecords>{''.join(parts)}".encode())


def refused(place: Workplace) -> list[tuple[str, str]]:
    """Of each record put aside: its id, and where it says that it is ours."""
    with place.database.read() as session:
        asides = raws.put_aside(session, 50)
        assert {aside.code for aside in asides} <= {"own-record"}
        reasons = select(RecordIssue.raw_id, RecordIssue.place).where(RecordIssue.severity == "rejected")
        found = dict(session.execute(reasons).all())
        ids = {row[1]: row[0] for row in raws.live(session, 1)}
    return sorted((aside.local_id, found[ids[aside.local_id]]) for aside in asides)


@pytest.mark.pathology(33, "A record that comes back to us is known by its identifier, 003, 035 or 040, and put aside.")
@pytest.mark.parametrize(
    ("identifier", "payload", "where"),
    [
        (f"oai:{OURS}:12", marc("Của ta", "12"), "identifier"),
        ("oai:y:1", with_field(f'<controlfield tag="003">{OURS}</controlfield>'), "003"),
        ("oai:y:1", with_field(subfield("035", "a", f"({OURS})12")), "035"),
        ("oai:y:1", with_field(subfield("040", "d", OURS)), "040"),
        ("oai:y:1", DUBLIN, "identifier"),
    ],
)
def test_a_record_that_names_us_is_put_aside(
    place: Workplace, server: Hostile, identifier: str, payload: str, where: str
) -> None:
    server.listed = [*items(1, 3), Item(identifier, payload=payload)]
    report = bring(place, add_oai(place, server))
    assert (report.status, report.counts["added"], report.counts["rejected"]) == ("success", 2, 1)
    assert refused(place) == [(identifier, where)]
    assert checking.check(place) == []
    assert checking.status(place)["unions"] == 1


@pytest.mark.pathology(33, "The provenance of a record is read through all the hands it went.")
def test_a_record_whose_provenance_names_us_is_put_aside(place: Workplace, server: Hostile) -> None:
    origins = (
        about("http://127.0.0.1:8080/oai", "oai:other:1"),
        about("https://127.0.0.1:8080/oai/", "oai:other:1"),
        about("http://sibling.vn/oai", "oai:sibling:9", about("http://x/oai", f"oai:{OURS}:5")),
        about("http://sibling.vn/oai", "oai:sibling:9"),
        about("http://x/oai", f"oai:{OURS}.vn:5"),
        "",
    )
    body = traced(*origins)
    server.spoil = lambda asked, reply: Reply(body) if asked.verb == "ListRecords" else reply
    report = bring(place, add_oai(place, server))
    assert report.counts["rejected"] == 3
    assert [name for name, _ in refused(place)] == ["oai:y:1", "oai:y:2", "oai:y:3"]
    assert bring(place, "oai", Order(full=True)).counts["unchanged"] == 6


def test_a_record_that_only_speaks_of_us_is_taken(place: Workplace, server: Hostile) -> None:
    note = subfield("500", "a", f"Xem thêm {OURS}, oai:{OURS}:12")
    server.listed = [
        Item("oai:y:1", payload=with_field(note)),
        Item(f"oai:{OURS}.vn:1", payload=with_field(subfield("035", "a", f"({OURS}.vn)12"))),
        Item("oai:y:3", payload=DUBLIN.replace("identifier>", "relation>")),
    ]
    assert bring(place, add_oai(place, server)).counts["rejected"] == 0


def test_a_library_that_copies_from_here_keeps_its_records(place: Workplace, server: Hostile) -> None:
    server.listed = [
        Item("oai:y:1", payload=with_field(f'<controlfield tag="003">{OURS}</controlfield>')),
        Item(f"oai:{OURS}:12", payload=marc("Của ta", "12")),
    ]
    bring(place, add_oai(place, server))
    assert len(refused(place)) == 2
    with place.database.write() as session:
        change_options(session, sources.one(session, "oai"), {**QUICK, "copies": "true"})
    step_through(place)
    assert refused(place) == [(f"oai:{OURS}:12", "identifier")], "what goes by our identifier is no copy"


def test_a_file_from_the_operator_is_taken_at_his_word(place: Workplace, tmp_path: Path) -> None:
    path = tmp_path / "export.xml"
    path.write_text(with_field(f'<controlfield tag="003">{OURS}</controlfield>'), "utf-8")
    assert bring(place, add_files(place, add_member(place, "a"), "files", path)).counts["rejected"] == 0


def test_a_record_of_ours_leaves_the_catalogue_when_it_is_recognised_later(place: Workplace, server: Hostile) -> None:
    server.listed = [Item("oai:y:1", payload=marc("Của ta", "12"))]
    code = add_oai(place, server)
    bring(place, code)
    server.listed = [Item("oai:y:1", payload=with_field(subfield("035", "a", f"({OURS})12")))]
    bring(place, code, Order(full=True))
    assert checking.check(place) == []
    counts = checking.status(place)
    assert (counts["unions"], counts["tombstones"], counts["rejected"]) == (0, 1, 1)


def test_without_a_repository_nothing_is_looked_for() -> None:
    content = with_field(f'<controlfield tag="003">{OURS}</controlfield>').encode()
    assert not describe("marcxml", content, {}).rejected
    assert describe("marcxml", content, {}, OURS).rejected


@pytest.mark.parametrize(
    ("field", "where"),
    [
        (Field("003", f" {OURS} "), "003"),
        (Field("003", "VN-QNg"), ""),
        (data_field("035", "  ", ("a", f"({OURS})5")), "035"),
        (data_field("035", "  ", ("a", OURS)), ""),
        (data_field("035", "  ", ("z", f"({OURS})5")), ""),
        (data_field("040", "  ", ("a", OURS)), "040"),
        (data_field("040", "  ", ("b", OURS)), ""),
        (data_field("245", "  ", ("a", OURS)), ""),
    ],
)
def test_the_field_is_named_by_which_a_record_is_ours(field: Field, where: str) -> None:
    assert ours.field_of(MarcRecord("00000nam a2200000   4500", (field,)), OURS) == where


def test_our_own_union_records_are_known(place: Workplace, server: Hostile) -> None:
    from tests.support.house import catalogue

    bring(place, add_oai(place, server))
    for union in catalogue(place).every():
        assert ours.field_of(marcxml.decode_xml(union.marcxml.encode()).record, OURS) == "003"
