"""Search, fetch, follow, resolve: what the doors ask of the catalogue; on both dialects."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from federation.catalogue.records import ChangesWindow, Heading
from federation.errors import Inconsistent
from federation.index.document import heading_key
from federation.index.engine import Entry, Found, Question, Scanned
from federation.store.models import Union
from schemas.query.tree import Everything
from tests.support.catalogues import Shelf, Unindexed, bib, marcxml

TVT = ("member:tvt", "type:book")
BOTH = ("member:lqd", "member:tvt", "type:book")


def test_hits_come_in_the_order_of_the_index_without_what_is_gone(shelf: Shelf) -> None:
    shelf.put({1: TVT, 2: BOTH, 3: TVT})
    shelf.bury({3: None})
    shelf.engine.found = Found(4, (3, 2, 99, 1), {"member": (("tvt", 3),)})
    answer = shelf.catalogue.search(Question(Everything()))
    assert [(hit.id, hit.members) for hit in answer.hits] == [(2, ("lqd", "tvt")), (1, ("tvt",))]
    assert answer.hits[0].bib == bib(2)
    assert (answer.total, answer.facets) == (4, {"member": (("tvt", 3),)})


def test_a_record_comes_whole(shelf: Shelf) -> None:
    stamp = shelf.put({7: BOTH})
    shelf.receive(7, "oai:lib.example:a/7")
    record = shelf.catalogue.fetch(7)
    assert record is not None
    assert (record.id, record.group_id, record.datestamp, record.created_at) == (7, 7, stamp, stamp)
    assert (record.deleted, record.successor_id, record.sets) == (False, None, BOTH)
    assert (record.bib, record.marcxml) == (bib(7), marcxml(7))
    assert (record.identifier, record.address) == ("oai:lienthong.example:7", "http://127.0.0.1:8080/record/7")
    assert [(held.member_code, held.call_number, held.copies) for held in record.holdings] == [
        ("lqd", "895.922 7", 2),
        ("tvt", "895.922 7", 2),
    ]
    (source,) = record.sources
    assert (source.member_code, source.kind, source.local_id) == ("tvt", "oaipmh", "oai:lib.example:a/7")


def test_a_tombstone_is_fetched_and_a_number_never_given_is_nothing(shelf: Shelf) -> None:
    shelf.put({1: TVT})
    shelf.bury({1: None})
    record = shelf.catalogue.fetch(1)
    assert record is not None
    assert (record.deleted, record.holdings, record.bib) == (True, (), bib(1))
    for number in (0, -1, 2, 2**63, 10**40):
        assert shelf.catalogue.fetch(number) is None
        assert shelf.catalogue.live(number) is None


def test_successors_are_followed_to_the_living_and_never_in_circles(shelf: Shelf) -> None:
    shelf.put(dict.fromkeys(range(1, 6), TVT))
    shelf.bury({1: 2, 2: 3, 4: 5, 5: 4})
    living = shelf.catalogue.live(1)
    assert living is not None
    assert living.id == 3
    assert shelf.catalogue.live(4) is None


def test_a_record_is_named_by_number_oai_identifier_or_its_librarys_number(shelf: Shelf) -> None:
    shelf.put({7: TVT})
    shelf.receive(7, "oai:lib.example:a/7")
    for name in ("7", " 7 ", "oai:lienthong.example:7", "tvt:oai:lib.example:a/7"):
        assert shelf.catalogue.resolve(name) == 7
    for name in (
        "",
        "0",
        "07",
        "7x",
        "٧",
        "oai:other.example:7",
        "lqd:oai:lib.example:a/7",
        "tvt:",
        "9" * 30,
        "a\0b:c",
    ):
        assert shelf.catalogue.resolve(name) is None


def test_lists_say_where_records_came_from_when_asked(shelf: Shelf) -> None:
    shelf.put({7: TVT, 8: TVT, 9: BOTH})
    shelf.receive(7, "oai:lib.example:a/7")
    shelf.receive(8, "f8", kind="files")
    plain = shelf.catalogue.changes(ChangesWindow())
    asked = shelf.catalogue.changes(ChangesWindow(), origins=True, holdings=True)
    assert [len(change.origins) for change in plain] == [0, 0, 0]
    assert [len(change.origins) for change in asked] == [1, 0, 0]
    assert [len(change.holdings) for change in asked] == [1, 1, 2]


def test_damaged_bytes_are_named(shelf: Shelf) -> None:
    shelf.put({7: TVT})
    with shelf.database.write() as session:
        session.execute(update(Union).where(Union.id == 7).values(marcxml=b"\x01broken"))
    with pytest.raises(Inconsistent, match="record 7"):
        shelf.catalogue.fetch(7)


def test_identifiers_belong_to_the_repository(shelf: Shelf) -> None:
    shelf.settings = replace(shelf.settings, repository_id="a-b.vn")
    shelf.put({7: TVT})
    assert shelf.catalogue.resolve("oai:a-b.vn:7") == 7
    assert shelf.catalogue.resolve("oai:aXb.vn:7") is None


def test_headings_are_written_as_the_records_write_them_and_codes_say_what_they_mean(shelf: Shelf) -> None:
    shelf.put({1: TVT, 2: TVT})
    shelf.engine.scanned = Scanned(
        (Entry(heading_key(str(bib(1).title)), 1, 1),), (Entry(heading_key(str(bib(2).title)), 4, 2), Entry(b"x", 1, 2))
    )
    found = shelf.catalogue.scan("title", "sông", 1, 2)
    assert [each.value for each in (*found.before, *found.after)] == [str(bib(1).title), str(bib(2).title)]
    assert [each.count for each in found.after] == [4]
    shelf.engine.scanned = Scanned((), (Entry(heading_key("An Nguyễn Văn"), 2, 1),))
    assert shelf.catalogue.scan("given", "an", 0, 1).after == (Heading("Nguyễn Văn An", 2),)
    shelf.engine.scanned = Scanned((), (Entry(b"tvt", 2, 0),))
    assert shelf.catalogue.scan("member", "", 0, 1).after == (Heading("tvt", 2, "Thư viện tvt"),)


def test_headings_whose_record_has_gone_are_no_end_of_the_list(shelf: Shelf) -> None:
    shelf.put(dict.fromkeys(range(1, 10), TVT))
    shelf.bury({2: None, 8: None})
    entries = tuple(Entry(heading_key(str(bib(number).title)), 1, number) for number in (*range(1, 10), 77))

    class Sliced(Unindexed):
        def scan(self, access_point: str, text: str, before: int, after: int) -> Scanned:
            return Scanned(entries[max(0, 3 - before) : 3], entries[3 : 3 + after])

    shelf.engine = Sliced()
    shelf.put({5: TVT}, version=1)  # the index does not know its new title yet
    found = shelf.catalogue.scan("title", "", 2, 4)
    titles = [each.value for each in (*found.before, *found.after)]
    assert titles == [str(bib(number).title) for number in (1, 3, 4, 6, 7, 9)]
    assert shelf.catalogue.scan("title", "", 0, 9).before == ()


def test_every_record_of_a_query_comes_in_order_of_number(shelf: Shelf) -> None:
    shelf.put({1: TVT, 2: TVT, 3: TVT})
    shelf.bury({2: None})
    shelf.engine.found = Found(3, (3, 2, 1))
    assert [record.id for record in shelf.catalogue.matching(Everything())] == [1, 3]
